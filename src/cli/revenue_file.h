// Files of revenue events: one JSON object on each line.
#ifndef TRIBUTARY_CLI_REVENUE_FILE_H_
#define TRIBUTARY_CLI_REVENUE_FILE_H_

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::cli {

struct RevenueLine {
  std::string asset;  // as a person writes a record
  std::string currency;
  uint64_t amount_minor = 0;
  std::string reference;
  uint64_t occurred_at_ms = 0;  // 0: when it is sent
};

// Errors: kInvalidArgument with file, line and what is wrong, for the first few bad lines; a
// reference that stands twice. Nothing of a bad file is used.
absl::StatusOr<std::vector<RevenueLine>> ReadRevenueFile(const std::string& path);
absl::StatusOr<std::vector<RevenueLine>> ParseRevenue(std::istream& in, const std::string& path);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_REVENUE_FILE_H_
