// Files of attribution: what an attributor has signed about one event, and lists of influences.
#ifndef TRIBUTARY_CLI_ATTRIBUTION_FILE_H_
#define TRIBUTARY_CLI_ATTRIBUTION_FILE_H_

#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::cli {

inline constexpr size_t kAttributionFileBytesMax = size_t{1} << 20;

// One JSON object with the members claim and signature, both in hexadecimal.
std::string WriteAttribution(const v1::Attribution& attribution);
// Errors: kInvalidArgument where the text is no such object, or its bytes are none, or there are
// more than kAttributionFileBytesMax.
absl::StatusOr<v1::Attribution> ParseAttribution(std::string_view text);
absl::StatusOr<v1::Attribution> ReadAttributionFile(const std::string& path);

struct InfluenceLine {
  std::string record;  // as a person writes a record
  uint32_t weight = 0;
};

// "RECORD=WEIGHT"; without "=WEIGHT" the weight is 1.
absl::StatusOr<InfluenceLine> ParseInfluence(const std::string& text);
// JSON lines of record and weight. Errors: as ReadRevenueFile.
absl::StatusOr<std::vector<InfluenceLine>> ParseInfluences(std::istream& in,
                                                           const std::string& path);
absl::StatusOr<std::vector<InfluenceLine>> ReadInfluenceFile(const std::string& path);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_ATTRIBUTION_FILE_H_
