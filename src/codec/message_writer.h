// Writes one message by its schema: the visitor that mirrors MessageReader. Fields ascend and
// defaults are left out, as libprotobuf does. It checks no limits: the reader does.
#ifndef TRIBUTARY_CODEC_MESSAGE_WRITER_H_
#define TRIBUTARY_CODEC_MESSAGE_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/field_rules.h"
#include "codec/schema_base.h"
#include "codec/wire.h"
#include "tributary/base/types.h"

namespace tributary::codec {

class MessageWriter {
 public:
  explicit MessageWriter(std::string& out) : out_(out) {}

  template <class Rule>
  void Text(uint32_t number, std::string_view, std::string_view value, const Rule&) {
    if (!value.empty()) AppendField(out_, number, base::AsBytes(value));
  }
  void Blob(uint32_t number, std::string_view, base::Bytes value, const Length&) {
    if (!value.empty()) AppendField(out_, number, value);
  }
  void SignedNumber(uint32_t number, std::string_view, int64_t value) {
    Varint(number, ZigZag(value));
  }
  void Flag(uint32_t number, std::string_view, bool value) { Varint(number, value ? 1 : 0); }

  template <class F>
  void Fixed(uint32_t number, std::string_view, const F& value) {
    AppendField(out_, number, value.bytes);
  }
  template <class F>
  void Fixed(uint32_t number, std::string_view name, const std::optional<F>& value) {
    if (value) Fixed(number, name, *value);
  }
  template <class N>
  void Number(uint32_t number, std::string_view, const N& value, const Range&) {
    if constexpr (requires { typename N::rep; }) {
      Varint(number, value.value());
    } else {
      Varint(number, value);
    }
  }
  template <class E>
  void Enum(uint32_t number, std::string_view, E value) {
    Varint(number, static_cast<uint64_t>(value));
  }
  template <class T>
  void Message(uint32_t number, std::string_view, const T& value, Presence presence) {
    const std::string inner = Inner(value);
    if (presence == Presence::kDefaultLeftOut && inner.empty()) return;
    AppendField(out_, number, base::AsBytes(inner));
  }
  template <class T>
  void Message(uint32_t number, std::string_view, const std::optional<T>& value) {
    if (value) AppendField(out_, number, base::AsBytes(Inner(*value)));
  }
  template <class T>
  void Repeated(uint32_t number, std::string_view, const std::vector<T>& values, const Count&) {
    for (const T& value : values) AppendField(out_, number, base::AsBytes(Inner(value)));
  }
  template <class... Ts>
  void OneOf(const std::variant<Ts...>& value, const std::string_view*) {
    const std::string inner = std::visit([](const auto& chosen) { return Inner(chosen); }, value);
    AppendField(out_, static_cast<uint32_t>(value.index() + 1), base::AsBytes(inner));
  }

 private:
  template <class T>
  static std::string Inner(const T& value) {
    std::string bytes;
    MessageWriter writer(bytes);
    Schema<T>::Visit(writer, value);
    return bytes;
  }
  void Varint(uint32_t number, uint64_t value) {
    if (value == 0) return;
    AppendTag(out_, number, WireType::kVarint);
    AppendVarint(out_, value);
  }

  std::string& out_;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_MESSAGE_WRITER_H_
