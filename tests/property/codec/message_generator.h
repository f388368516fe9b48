// Fills any message of ledger.proto with random values within its rules: a visitor of the schemas.
#ifndef TRIBUTARY_TESTS_PROPERTY_CODEC_MESSAGE_GENERATOR_H_
#define TRIBUTARY_TESTS_PROPERTY_CODEC_MESSAGE_GENERATOR_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "codec/ledger.h"
#include "codec/message_writer.h"
#include "codec/schema.h"

namespace tributary::testing {

class MessageGenerator {
 public:
  // Views in the messages point into the generator. Inner repeated fields hold at most
  // `elements_max` elements, or their own minimum.
  explicit MessageGenerator(uint64_t seed, size_t elements_max = 4)
      : random_(seed), elements_max_(elements_max) {}

  template <class T>
  T Make() {
    T message{};
    codec::Schema<T>::Visit(*this, message);
    return message;
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool Chance(uint64_t one_in) { return Below(one_in) == 0; }

  void Text(uint32_t, std::string_view, std::string_view& out, const codec::Length& rule) {
    if (MayLeaveOut(rule)) return;
    std::string text;
    const size_t size = Size(rule);
    while (text.size() < size) AppendCharacter(text, size - text.size());
    out = Keep(std::move(text));
  }
  void Text(uint32_t, std::string_view, std::string_view& out, const codec::Form& rule) {
    if (!rule.required && Chance(2)) return;
    std::string text = rule.matches == codec::IsCurrencyCode ? "CUR" : "abc:def-";
    if (rule.matches == codec::IsChainId) text = "chain-";
    for (uint64_t i = Below(6); i > 0; --i) text.push_back(static_cast<char>('0' + Below(10)));
    out = Keep(std::move(text));
  }
  void Blob(uint32_t, std::string_view name, base::Bytes& out, const codec::Length& rule) {
    if (MayLeaveOut(rule)) return;
    out = base::AsBytes(Keep(MakeBlob(name, rule)));
  }
  template <class F>
  void Fixed(uint32_t, std::string_view, F& out) {
    for (uint8_t& byte : out.bytes) byte = static_cast<uint8_t>(random_());
  }
  template <class F>
  void Fixed(uint32_t number, std::string_view name, std::optional<F>& out) {
    if (Chance(2)) Fixed(number, name, out.emplace());
  }
  void SignedNumber(uint32_t, std::string_view, int64_t& out) {
    out = static_cast<int64_t>(Spread(std::numeric_limits<uint64_t>::max()));
    if (Chance(2)) out = -out;
  }
  void Flag(uint32_t, std::string_view, bool& out) { out = Chance(2); }
  template <class N>
  void Number(uint32_t number, std::string_view name, N& out, const codec::Range& rule) {
    if constexpr (requires { typename N::rep; }) {
      typename N::rep value = 0;
      Number(number, name, value, rule);
      out = N(value);
    } else {
      const uint64_t max = std::min<uint64_t>(rule.max, std::numeric_limits<N>::max());
      out = static_cast<N>(Chance(8) ? (Chance(2) ? rule.min : max)
                                     : std::max(rule.min, Spread(max)));
    }
  }
  template <class E>
  void Enum(uint32_t, std::string_view, E& out) {
    out = static_cast<E>(1 + Below(static_cast<uint64_t>(codec::LastOf(E{}))));
  }
  template <class T>
  void Message(uint32_t, std::string_view, T& out, codec::Presence) {
    out = Make<T>();
  }
  template <class T>
  void Message(uint32_t, std::string_view, std::optional<T>& out) {
    if (Chance(2)) out = Make<T>();
  }
  template <class T>
  void Repeated(uint32_t, std::string_view, std::vector<T>& out, const codec::Count& rule) {
    const size_t most = std::max(rule.min, std::min(rule.max, elements_max_));
    const size_t size = rule.min + Below(most - rule.min + 1);
    for (size_t i = 0; i < size; ++i) out.push_back(Make<T>());
  }
  template <class... Ts>
  void OneOf(std::variant<Ts...>& out, const std::string_view*) {
    const size_t chosen = Below(sizeof...(Ts));
    Choose(out, chosen, std::index_sequence_for<Ts...>());
  }

 private:
  static bool NeedsOne(const codec::Length& rule) { return rule.min > 0 && !rule.optional; }
  bool MayLeaveOut(const codec::Length& rule) { return !NeedsOne(rule) && Chance(3); }
  size_t Size(const codec::Length& rule) {
    const size_t min = std::max<size_t>(rule.min, 1);
    const size_t most = std::min(rule.max, min + 40);
    return (min + Below(most - min + 1)) / rule.step * rule.step;
  }
  // Values of every magnitude, not only great ones.
  uint64_t Spread(uint64_t max) {
    const uint64_t value = random_() >> Below(64);
    return value <= max ? value : value % (max + 1);
  }
  void AppendCharacter(std::string& text, size_t room) {
    static constexpr std::string_view kLonger[] = {"\u00e9", "\u20ac", "\U0001F30A", "\u0080"};
    const std::string_view longer = kLonger[Below(4)];
    if (Chance(8) && longer.size() <= room) {
      text += longer;
    } else {
      text.push_back(static_cast<char>(0x20 + Below(0x7f - 0x20)));
    }
  }
  std::string MakeBlob(std::string_view name, const codec::Length& rule) {
    if (name == "record") return codec::Encode(Make<codec::Record>());
    if (name == "registration") return codec::Encode(Make<codec::Registration>());
    if (name == "claim") return codec::Encode(Make<codec::AttributionClaim>());
    if (name == "body") return codec::Encode(Make<codec::TransactionBody>());
    std::string bytes(Size(rule), '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    return bytes;
  }
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }

  template <class V, size_t... I>
  void Choose(V& out, size_t chosen, std::index_sequence<I...>) {
    ((chosen == I ? void(out.template emplace<I>(Make<std::variant_alternative_t<I, V>>()))
                  : void()),
     ...);
  }

  std::mt19937_64 random_;
  size_t elements_max_;
  std::deque<std::string> kept_;  // what views point to; a deque does not move its elements
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_PROPERTY_CODEC_MESSAGE_GENERATOR_H_
