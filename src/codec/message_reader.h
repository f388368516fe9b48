// Reads one message by its schema: a visitor that is shown the fields in ascending order.
//
// Because fields stand in ascending order, each is either next in the bytes or left out. After the
// first broken rule every call does nothing, and what was read is not to be used.
#ifndef TRIBUTARY_CODEC_MESSAGE_READER_H_
#define TRIBUTARY_CODEC_MESSAGE_READER_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "codec/field_rules.h"
#include "codec/schema_base.h"
#include "codec/wire.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::codec {

// The first rule that was broken, and where. The path grows at its front while readers return.
class Failure {
 public:
  explicit operator bool() const { return code_.has_value(); }
  void Set(base::RejectionCode code, std::string_view field, std::string detail);
  void Prefix(std::string_view field);
  base::Rejection ToRejection() const;

 private:
  std::optional<base::RejectionCode> code_;
  std::string path_;
  std::string detail_;
};

class MessageReader {
 public:
  MessageReader(base::Bytes bytes, Failure& failure) : wire_(bytes), failure_(failure) {}

  void Text(uint32_t number, std::string_view name, std::string_view& out, const Length& rule);
  void Text(uint32_t number, std::string_view name, std::string_view& out, const Form& rule);
  void Blob(uint32_t number, std::string_view name, base::Bytes& out, const Length& rule);
  void SignedNumber(uint32_t number, std::string_view name, int64_t& out);
  void Flag(uint32_t number, std::string_view name, bool& out);

  // Bytes of a fixed size that must be there: ids, hashes, keys, signatures.
  template <class F>
  void Fixed(uint32_t number, std::string_view name, F& out) {
    if (!ReadFixed(number, name, out.bytes)) Absent(number, name);
  }
  template <class F>
  void Fixed(uint32_t number, std::string_view name, std::optional<F>& out) {
    F value;
    if (ReadFixed(number, name, value.bytes)) out = value;
  }

  template <class N>
  void Number(uint32_t number, std::string_view name, N& out, const Range& rule) {
    if constexpr (requires { typename N::rep; }) {
      typename N::rep value = 0;
      Number(number, name, value, rule);
      out = N(value);
    } else {
      uint64_t value = 0;
      ReadNumber(number, name, value, rule, std::numeric_limits<N>::max());
      out = static_cast<N>(value);
    }
  }

  // An enum that must be there.
  template <class E>
  void Enum(uint32_t number, std::string_view name, E& out) {
    const Range rule{1, static_cast<uint64_t>(LastOf(E{})), base::RejectionCode::kWireMissing,
                     base::RejectionCode::kWireEnum};
    uint64_t value = 0;
    ReadNumber(number, name, value, rule, kMax64);
    out = static_cast<E>(value);
  }

  template <class T>
  void Message(uint32_t number, std::string_view name, T& out, Presence presence) {
    base::Bytes bytes;
    if (!ReadBytes(number, name, bytes)) {
      if (presence == Presence::kRequired) Absent(number, name);
    } else if (presence == Presence::kDefaultLeftOut && bytes.empty()) {
      failure_.Set(base::RejectionCode::kWireDefault, name, "an empty message");
    } else {
      ReadMessage(bytes, name, out);
    }
  }
  template <class T>
  void Message(uint32_t number, std::string_view name, std::optional<T>& out) {
    base::Bytes bytes;
    if (ReadBytes(number, name, bytes)) ReadMessage(bytes, name, out.emplace());
  }

  template <class T>
  void Repeated(uint32_t number, std::string_view name, std::vector<T>& out, const Count& rule) {
    base::Bytes bytes;
    while (ReadBytes(number, name, bytes)) {
      const size_t index = out.size();
      if (index == rule.max) return Over(rule, name);
      ReadMessage(bytes, std::string_view(), out.emplace_back());
      if (failure_) return failure_.Prefix(ElementName(name, index));
      // Elements are mostly alike: room for as many more as the bytes that are left can hold.
      if (index == 0) out.reserve(std::min(rule.max, 1 + wire_.left() / (bytes.size() + 2)));
    }
    if (out.size() < rule.min) Absent(number, name, rule.none);
  }

  // One alternative, whose field number is its index + 1 and whose name is names[index].
  template <class... Ts>
  void OneOf(std::variant<Ts...>& out, const std::string_view* names) {
    ReadOneOf(out, names, std::index_sequence_for<Ts...>());
  }

  // What is left in the bytes breaks a rule.
  void Finish();

 private:
  static std::string ElementName(std::string_view name, size_t index);

  // Whether field `number` is next; if so its tag is taken.
  bool Begin(uint32_t number, std::string_view name, WireType type);
  bool Peek();
  void RejectOutOfOrder();
  void Absent(uint32_t number, std::string_view name,
              base::RejectionCode code = base::RejectionCode::kWireMissing);
  bool StandsLater(uint32_t number) const;
  void Over(const Count& rule, std::string_view name);

  bool ReadBytes(uint32_t number, std::string_view name, base::Bytes& out);
  bool ReadFilledBytes(uint32_t number, std::string_view name, base::Bytes& out);
  bool ReadVarint(uint32_t number, std::string_view name, uint64_t& out);
  bool ReadFixed(uint32_t number, std::string_view name, std::span<uint8_t> out);
  void ReadNumber(uint32_t number, std::string_view name, uint64_t& out, const Range& rule,
                  uint64_t type_max);
  bool CheckLength(std::string_view name, size_t size, const Length& rule);
  bool CheckPlain(std::string_view name, std::string_view text);

  template <class T>
  void ReadMessage(base::Bytes bytes, std::string_view name, T& out) {
    MessageReader inner(bytes, failure_);
    Schema<T>::Visit(inner, out);
    inner.Finish();
    if (failure_) failure_.Prefix(name);
  }

  template <class V, size_t... I>
  void ReadOneOf(V& out, const std::string_view* names, std::index_sequence<I...>) {
    if (failure_ || !Peek()) return;
    const uint32_t chosen = next_;
    const bool found = ((chosen == I + 1 && (ReadAlternative<I>(out, names[I]), true)) || ...);
    if (failure_) return;
    known_ = (uint64_t{1} << (sizeof...(I) + 1)) - 1;
    if (chosen == kNoField)
      failure_.Set(base::RejectionCode::kWireMissing, {}, "nothing is chosen");
    else if (!found)
      RejectOutOfOrder();
  }
  template <size_t I, class V>
  void ReadAlternative(V& out, std::string_view name) {
    base::Bytes bytes;
    if (ReadBytes(I + 1, name, bytes)) ReadMessage(bytes, name, out.template emplace<I>());
  }

  static constexpr uint32_t kNoField = ~uint32_t{0};  // greater than every field number

  WireReader wire_;
  Failure& failure_;
  uint64_t known_ = 0;   // bit n: field n belongs to the message and its turn has come
  bool peeked_ = false;  // next_ and next_type_ are read
  uint32_t next_ = 0;    // number of the next field, kNoField at the end
  WireType next_type_ = WireType::kVarint;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_MESSAGE_READER_H_
