// A consensus transaction: several transactions of clients that one node gathered.
//
//   "TB" || u8 version = 1 || u32 attempt || u16 count || count x (u32 length || bytes)
//
// numbers little-endian. `attempt` counts how often the node has sent the same transactions, so
// that a bundle that was lost is not taken for one that is still known. A bundle is no entry of the
// log: its transactions are, each for itself.
#ifndef TRIBUTARY_CONSENSUS_BUNDLE_H_
#define TRIBUTARY_CONSENSUS_BUNDLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tributary/base/types.h"

namespace tributary::consensus {

inline constexpr size_t kBundleBytesMax = 128u << 10;   // whole
inline constexpr size_t kBundleCloseBytes = 64u << 10;  // of transactions: then it is sent
inline constexpr size_t kBundleTransactionsMax = 1024;
inline constexpr size_t kBundleHeaderBytes = 2 + 1 + 4 + 2;

struct Bundle {
  uint32_t attempt = 0;
  std::vector<std::string_view> transactions;  // views into what was decoded
};

// Requires: 1..kBundleTransactionsMax transactions that fit into kBundleBytesMax.
std::string EncodeBundle(uint32_t attempt, const std::vector<std::string_view>& transactions);

// Strict: exactly what EncodeBundle makes. The transactions themselves are not looked at, but none
// is empty or longer than a signed transaction may be. Errors: InvalidArgument, saying what is
// wrong.
absl::StatusOr<Bundle> DecodeBundle(std::string_view bytes);

// What CometBFT calls the hash of a transaction: SHA-256 of the bundle.
base::Hash BundleHash(std::string_view bytes);

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_BUNDLE_H_
