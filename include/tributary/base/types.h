// Strong types shared by every row: numbers and hashes that do not convert into each other.
#ifndef TRIBUTARY_BASE_TYPES_H_
#define TRIBUTARY_BASE_TYPES_H_

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace tributary::base {

using Bytes = std::span<const uint8_t>;

// The bytes of `text`, without a copy. The view lives as long as `text`.
inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A number with a meaning. Two Strong types never mix; arithmetic goes through value().
template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}
  constexpr Rep value() const { return value_; }
  constexpr Strong Next() const { return Strong(static_cast<Rep>(value_ + 1)); }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  Rep value_{};
};

// Number of block headers on the chain up to and including this one: the genesis block's is 1.
using Height = Strong<struct HeightTag, uint64_t>;
// Position of a leaf in the log, from 0 (the genesis).
using EntryIndex = Strong<struct EntryIndexTag, uint64_t>;
// Row of an account in the accounts table, in order of registration.
using AccountIndex = Strong<struct AccountIndexTag, uint32_t>;
// Row of a record in the records table. Order of admission, hence a topological order:
// every parent has a lower number than its children.
using RecordSeq = Strong<struct RecordSeqTag, uint32_t>;
// Row of a currency in the currencies table.
using CurrencyIndex = Strong<struct CurrencyIndexTag, uint16_t>;
// Number of an epoch; the genesis starts epoch 0.
using Epoch = Strong<struct EpochTag, uint64_t>;
// Block time: milliseconds since 1970-01-01 UTC, leap seconds ignored.
using TimeMs = Strong<struct TimeMsTag, uint64_t>;
// Row of a payout in the payouts table.
using PayoutIndex = Strong<struct PayoutIndexTag, uint64_t>;
// Parts per billion, 0..1'000'000'000.
using Ppb = Strong<struct PpbTag, uint32_t>;
// Whole minor units of a currency as reported or paid; below 2^63 for one event.
using MinorUnits = Strong<struct MinorUnitsTag, uint64_t>;

inline constexpr uint32_t kPpbOne = 1'000'000'000;

// 32 bytes of SHA-256, tagged by what was hashed.
template <class Tag>
struct Digest {
  std::array<uint8_t, 32> bytes{};

  static constexpr size_t kSize = 32;
  Bytes view() const { return bytes; }
  bool IsZero() const { return *this == Digest{}; }
  // Requires: `from` holds exactly 32 bytes.
  static Digest From(Bytes from) {
    Digest out;
    std::memcpy(out.bytes.data(), from.data(), kSize);
    return out;
  }
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

using Hash = Digest<struct HashTag>;            // anything hashed that has no type of its own
using AccountId = Digest<struct AccountIdTag>;  // SHA-256(tag || registration bytes)
using RecordId = Digest<struct RecordIdTag>;    // SHA-256(tag || record bytes)
using TxId = Digest<struct TxIdTag>;            // SHA-256(tag || body bytes)

// An Ed25519 public key as libsodium takes it.
struct PublicKey {
  std::array<uint8_t, 32> bytes{};
  bool IsZero() const { return *this == PublicKey{}; }
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

// An Ed25519 signature.
struct SignatureBytes {
  std::array<uint8_t, 64> bytes{};
  friend auto operator<=>(const SignatureBytes&, const SignatureBytes&) = default;
};

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_TYPES_H_
