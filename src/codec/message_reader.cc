#include "codec/message_reader.h"

#include <cstring>

namespace tributary::codec {
namespace {

using base::Bytes;
using base::RejectionCode;

std::string Bounds(std::string_view what, uint64_t value, uint64_t min, uint64_t max) {
  return std::string(what) + " " + std::to_string(value) + ", allowed " + std::to_string(min) +
         ".." + std::to_string(max);
}

}  // namespace

void Failure::Set(RejectionCode code, std::string_view field, std::string detail) {
  code_ = code;
  path_ = field;
  detail_ = std::move(detail);
}

void Failure::Prefix(std::string_view field) {
  if (field.empty()) return;
  path_ = path_.empty() ? std::string(field) : std::string(field) + "." + path_;
}

base::Rejection Failure::ToRejection() const { return base::Reject(*code_, path_, detail_); }

std::string MessageReader::ElementName(std::string_view name, size_t index) {
  return std::string(name) + "[" + std::to_string(index) + "]";
}

// Reads the next tag unless that is done. False when the tag breaks a rule.
bool MessageReader::Peek() {
  if (peeked_) return true;
  if (wire_.AtEnd()) {
    next_ = kNoField;
  } else if (const auto broken = wire_.ReadTag(next_, next_type_)) {
    failure_.Set(*broken, {}, "in the tag of a field");
    return false;
  }
  peeked_ = true;
  return true;
}

bool MessageReader::Begin(uint32_t number, std::string_view name, WireType type) {
  if (failure_ || !Peek()) return false;
  known_ |= uint64_t{1} << number;
  if (next_ > number) return false;
  if (next_ < number) {
    RejectOutOfOrder();
    return false;
  }
  if (next_type_ != type) {
    failure_.Set(RejectionCode::kWireType, name, {});
    return false;
  }
  peeked_ = false;
  return true;
}

void MessageReader::RejectOutOfOrder() {
  const bool known = next_ < 64 && (known_ >> next_ & 1);
  failure_.Set(known ? RejectionCode::kWireRepeatedField : RejectionCode::kWireUnknownField, {},
               "field number " + std::to_string(next_));
}

void MessageReader::Absent(uint32_t number, std::string_view name, RejectionCode code) {
  if (failure_) return;
  if (StandsLater(number)) {
    failure_.Set(RejectionCode::kWireRepeatedField, name, "the field stands too late");
  } else {
    failure_.Set(code, name, {});
  }
}

// Whether a field that should have come stands further back: for a better message only.
bool MessageReader::StandsLater(uint32_t number) const {
  WireReader rest = wire_;
  uint32_t at = next_;
  WireType type = next_type_;
  uint64_t value = 0;
  Bytes bytes;
  while (at != kNoField && at != number) {
    if (type == WireType::kVarint ? rest.ReadVarint(value) : rest.ReadBytes(bytes)) return false;
    if (rest.AtEnd() || rest.ReadTag(at, type)) return false;
  }
  return at == number;
}

void MessageReader::Over(const Count& rule, std::string_view name) {
  failure_.Set(rule.over, name, "more than " + std::to_string(rule.max));
}

void MessageReader::Finish() {
  if (!failure_ && Peek() && next_ != kNoField) RejectOutOfOrder();
}

bool MessageReader::ReadBytes(uint32_t number, std::string_view name, Bytes& out) {
  if (!Begin(number, name, WireType::kBytes)) return false;
  const auto broken = wire_.ReadBytes(out);
  if (broken) failure_.Set(*broken, name, {});
  return !broken;
}

// Bytes that are left out when they are empty.
bool MessageReader::ReadFilledBytes(uint32_t number, std::string_view name, Bytes& out) {
  if (!ReadBytes(number, name, out)) return false;
  if (out.empty()) failure_.Set(RejectionCode::kWireDefault, name, {});
  return !out.empty();
}

bool MessageReader::ReadVarint(uint32_t number, std::string_view name, uint64_t& out) {
  if (!Begin(number, name, WireType::kVarint)) return false;
  if (const auto broken = wire_.ReadVarint(out)) {
    failure_.Set(*broken, name, {});
  } else if (out == 0) {
    failure_.Set(RejectionCode::kWireDefault, name, {});
  }
  return !failure_;
}

bool MessageReader::ReadFixed(uint32_t number, std::string_view name, std::span<uint8_t> out) {
  Bytes bytes;
  if (!ReadFilledBytes(number, name, bytes)) return false;
  if (!CheckLength(name, bytes.size(), {out.size(), out.size()})) return false;
  std::memcpy(out.data(), bytes.data(), out.size());
  return true;
}

void MessageReader::ReadNumber(uint32_t number, std::string_view name, uint64_t& out,
                               const Range& rule, uint64_t type_max) {
  uint64_t value = 0;
  if (!ReadVarint(number, name, value)) {
    if (rule.min > 0) Absent(number, name, rule.absent);
    return;
  }
  const uint64_t max = std::min(rule.max, type_max);
  if (value < rule.min || value > max) {
    return failure_.Set(rule.beyond, name, Bounds("value", value, rule.min, max));
  }
  out = value;
}

void MessageReader::SignedNumber(uint32_t number, std::string_view name, int64_t& out) {
  uint64_t value = 0;
  if (ReadVarint(number, name, value)) out = UnZigZag(value);
}

void MessageReader::Flag(uint32_t number, std::string_view name, bool& out) {
  uint64_t value = 0;
  ReadNumber(number, name, value, {0, 1}, 1);
  out = value == 1;
}

bool MessageReader::CheckLength(std::string_view name, size_t size, const Length& rule) {
  if (size >= rule.min && size <= rule.max && size % rule.step == 0) return true;
  failure_.Set(RejectionCode::kWireLength, name, Bounds("length", size, rule.min, rule.max));
  return false;
}

bool MessageReader::CheckPlain(std::string_view name, std::string_view text) {
  if (IsPlainText(text)) return true;
  failure_.Set(RejectionCode::kWireUtf8, name, {});
  return false;
}

void MessageReader::Blob(uint32_t number, std::string_view name, Bytes& out, const Length& rule) {
  Bytes bytes;
  if (!ReadFilledBytes(number, name, bytes)) {
    if (rule.min > 0 && !rule.optional) Absent(number, name);
    return;
  }
  if (CheckLength(name, bytes.size(), rule)) out = bytes;
}

void MessageReader::Text(uint32_t number, std::string_view name, std::string_view& out,
                         const Length& rule) {
  Bytes bytes;
  Blob(number, name, bytes, rule);
  if (!failure_ && CheckPlain(name, base::AsText(bytes))) out = base::AsText(bytes);
}

void MessageReader::Text(uint32_t number, std::string_view name, std::string_view& out,
                         const Form& rule) {
  Bytes bytes;
  if (!ReadFilledBytes(number, name, bytes)) {
    if (rule.required) Absent(number, name, rule.absent);
    return;
  }
  const std::string_view text = base::AsText(bytes);
  if (!CheckPlain(name, text)) return;
  if (!rule.matches(text)) return failure_.Set(rule.broken, name, {});
  out = text;
}

}  // namespace tributary::codec
