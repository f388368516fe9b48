// Files of revenue events and refunds: JSON lines, or CSV with a header.
#ifndef TRIBUTARY_CLI_REVENUE_FILE_H_
#define TRIBUTARY_CLI_REVENUE_FILE_H_

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tributary/v1/api.pb.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::cli {

struct RevenueLine {
  std::string asset;  // as a person writes a record; of a refund it may be empty
  std::string currency;
  uint64_t amount_minor = 0;
  std::string reference;
  uint64_t occurred_at_ms = 0;  // 0: when it is sent
  std::string refund_of;        // a refund of the event with this reference
  // Of an event that an attributor has signed about.
  std::vector<v1::Attribution> attribution;  // none or one

  // Whether it stands in a batch with others of its asset and currency.
  bool IsPlain() const { return refund_of.empty() && attribution.empty(); }
};

// Errors: kInvalidArgument with file, line and what is wrong, for the first few bad lines; a
// reference that stands twice. Nothing of a bad file is used. Attributions are read from the files
// that the lines name, beside the file itself.
// A file whose name ends with ".csv" is CSV; amounts in major units need the chain's currencies.
absl::StatusOr<std::vector<RevenueLine>> ReadRevenueFile(const std::string& path,
                                                         const v1::NodeStatus& status);
absl::StatusOr<std::vector<RevenueLine>> ParseRevenue(std::istream& in, const std::string& path);
absl::StatusOr<std::vector<RevenueLine>> ParseRevenueCsv(std::string_view text,
                                                         const std::string& path,
                                                         const v1::NodeStatus& status);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_REVENUE_FILE_H_
