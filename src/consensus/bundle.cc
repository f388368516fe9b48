#include "consensus/bundle.h"

#include "codec/bytes.h"
#include "codec/limits.h"
#include "crypto/hash.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

constexpr std::string_view kMagic{"TB\x01", 3};

const uint8_t* Data(std::string_view bytes) { return base::AsBytes(bytes).data(); }

}  // namespace

std::string EncodeBundle(uint32_t attempt, const std::vector<std::string_view>& transactions) {
  TRIBUTARY_CHECK(!transactions.empty() && transactions.size() <= kBundleTransactionsMax,
                  "a bundle of no or of too many transactions");
  std::string out(kMagic);
  codec::AppendLittle(out, attempt);
  codec::AppendLittle(out, static_cast<uint16_t>(transactions.size()));
  for (const std::string_view transaction : transactions) {
    codec::AppendLittle(out, static_cast<uint32_t>(transaction.size()));
    out.append(transaction);
  }
  TRIBUTARY_CHECK(out.size() <= kBundleBytesMax, "a bundle above its bound");
  return out;
}

absl::StatusOr<Bundle> DecodeBundle(std::string_view bytes) {
  if (bytes.size() > kBundleBytesMax) return base::InvalidArgument("a bundle above 128 KiB");
  if (bytes.size() < kBundleHeaderBytes) return base::InvalidArgument("a bundle that is cut off");
  if (bytes.substr(0, kMagic.size()) != kMagic) return base::InvalidArgument("not a bundle");
  Bundle bundle;
  bundle.attempt = codec::LoadLittle<uint32_t>(Data(bytes) + kMagic.size());
  const uint16_t count = codec::LoadLittle<uint16_t>(Data(bytes) + kMagic.size() + 4);
  if (count == 0) return base::InvalidArgument("a bundle of no transactions");
  if (count > kBundleTransactionsMax) {
    return base::InvalidArgument("a bundle of more than 1,024 transactions");
  }
  bytes.remove_prefix(kBundleHeaderBytes);
  for (uint16_t i = 0; i < count; ++i) {
    if (bytes.size() < 4) return base::InvalidArgument("a bundle that is cut off");
    const uint32_t size = codec::LoadLittle<uint32_t>(Data(bytes));
    bytes.remove_prefix(4);
    if (size == 0 || size > codec::kTransactionBytesMax) {
      return base::InvalidArgument("a transaction in a bundle has a length out of bounds");
    }
    if (bytes.size() < size) return base::InvalidArgument("a bundle that is cut off");
    bundle.transactions.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) return base::InvalidArgument("bytes after the end of a bundle");
  return bundle;
}

base::Hash BundleHash(std::string_view bytes) { return crypto::Sha256(base::AsBytes(bytes)); }

}  // namespace tributary::consensus
