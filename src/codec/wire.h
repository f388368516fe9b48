// The protobuf wire format, one token at a time, without its laxity: varints are minimal, there are
// no groups and no fixed-width fields (ledger.proto uses none).
// Source: protobuf.dev/programming-guides/encoding.
#ifndef TRIBUTARY_CODEC_WIRE_H_
#define TRIBUTARY_CODEC_WIRE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::codec {

enum class WireType : uint8_t { kVarint = 0, kBytes = 2 };

// Reads tokens from the front of a span. A token that breaks a rule leaves the reader as it was.
class WireReader {
 public:
  explicit WireReader(base::Bytes bytes) : left_(bytes) {}

  bool AtEnd() const { return left_.empty(); }
  size_t left() const { return left_.size(); }

  // Each returns the rule that the next token breaks, or nothing and the token.
  // kWireTruncated, or kWireVarint: longer than needed, or above 2^64-1.
  std::optional<base::RejectionCode> ReadVarint(uint64_t& value);
  // Also kWireTrailing for field number 0 (zero padding), kWireUnknownField above 2^29-1, and
  // kWireType for a group or a fixed-width field.
  std::optional<base::RejectionCode> ReadTag(uint32_t& number, WireType& type);
  // A length and as many bytes: kWireTruncated, kWireVarint. The view lives as long as the input.
  std::optional<base::RejectionCode> ReadBytes(base::Bytes& value);

 private:
  base::Bytes left_;
};

void AppendVarint(std::string& out, uint64_t value);
void AppendTag(std::string& out, uint32_t number, WireType type);
// Tag, length and bytes.
void AppendField(std::string& out, uint32_t number, base::Bytes value);

// sint64: small magnitudes become small numbers.
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ (value < 0 ? ~uint64_t{0} : 0);
}
constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_WIRE_H_
