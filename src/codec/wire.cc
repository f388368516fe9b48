#include "codec/wire.h"

namespace tributary::codec {
namespace {

using base::RejectionCode;

constexpr size_t kVarintBytesMax = 10;
constexpr uint32_t kFieldNumberMax = (1u << 29) - 1;

}  // namespace

std::optional<RejectionCode> WireReader::ReadVarint(uint64_t& value) {
  uint64_t sum = 0;
  for (size_t i = 0; i < kVarintBytesMax; ++i) {
    if (i == left_.size()) return RejectionCode::kWireTruncated;
    const uint8_t byte = left_[i];
    // The tenth byte holds bit 63 alone.
    if (i == kVarintBytesMax - 1 && byte > 1) return RejectionCode::kWireVarint;
    sum |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte & 0x80) continue;
    if (byte == 0 && i > 0) return RejectionCode::kWireVarint;
    value = sum;
    left_ = left_.subspan(i + 1);
    return std::nullopt;
  }
  return RejectionCode::kWireVarint;
}

std::optional<RejectionCode> WireReader::ReadTag(uint32_t& number, WireType& type) {
  const base::Bytes before = left_;
  uint64_t tag = 0;
  if (const auto broken = ReadVarint(tag)) return broken;
  const uint64_t field = tag >> 3;
  const uint8_t wire = tag & 7;
  std::optional<RejectionCode> broken;
  if (field == 0)
    broken = RejectionCode::kWireTrailing;
  else if (field > kFieldNumberMax)
    broken = RejectionCode::kWireUnknownField;
  else if (wire != 0 && wire != 2)
    broken = RejectionCode::kWireType;
  if (broken) {
    left_ = before;
    return broken;
  }
  number = static_cast<uint32_t>(field);
  type = static_cast<WireType>(wire);
  return std::nullopt;
}

std::optional<RejectionCode> WireReader::ReadBytes(base::Bytes& value) {
  const base::Bytes before = left_;
  uint64_t size = 0;
  if (const auto broken = ReadVarint(size)) return broken;
  if (size > left_.size()) {
    left_ = before;
    return RejectionCode::kWireTruncated;
  }
  value = left_.first(size);
  left_ = left_.subspan(size);
  return std::nullopt;
}

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(0x80 | (value & 0x7f)));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void AppendTag(std::string& out, uint32_t number, WireType type) {
  AppendVarint(out, uint64_t{number} << 3 | static_cast<uint64_t>(type));
}

void AppendField(std::string& out, uint32_t number, base::Bytes value) {
  AppendTag(out, number, WireType::kBytes);
  AppendVarint(out, value.size());
  out += base::AsText(value);
}

}  // namespace tributary::codec
