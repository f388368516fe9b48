// Small valid messages for tests to break, and how to ask what the codec says about them.
#ifndef TRIBUTARY_TESTS_UNIT_CODEC_MESSAGES_H_
#define TRIBUTARY_TESTS_UNIT_CODEC_MESSAGES_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "codec/ledger.h"
#include "codec/wire.h"

namespace tributary::codec {

using enum base::RejectionCode;

template <class D>
D Filled(uint8_t byte) {
  D digest;
  digest.bytes.fill(byte);
  return digest;
}

inline std::string Wide(size_t size) { return std::string(size, 'x'); }

// "ok", or "<number> <field>" of the rejection.
template <class T>
std::string Say(const base::Checked<T>& checked) {
  if (checked.ok()) return "ok";
  return std::to_string(checked.rejection().number()) + " " + checked.rejection().field;
}
inline std::string Refused(base::RejectionCode code, std::string_view field) {
  return std::to_string(static_cast<int>(code)) + " " + std::string(field);
}

template <class T>
std::string DecodeAs(std::string_view bytes, std::string_view path = {}) {
  return Say(Decode<T>(base::AsBytes(bytes), path));
}
template <class T>
std::string Verdict(const T& message) {
  return DecodeAs<T>(Encode(message));
}

inline Author OneAuthor() { return {Filled<base::AccountId>(1), base::Ppb(base::kPpbOne)}; }
inline Parent OneParent() { return {Filled<base::RecordId>(2), Relation::kTrainedOn, 1, {}}; }
inline Record SmallRecord() {
  Record record;
  record.kind = RecordKind::kModel;
  record.authors = {OneAuthor()};
  record.external_id = "hf:owner/name";
  return record;
}
inline Parameters SmallParameters() {
  Parameters parameters;
  parameters.epoch_ms = 60'000;
  parameters.validity_window_ms = 100'000;
  parameters.horizon_epochs = 10;
  return parameters;
}
inline TransactionBody SmallBody(Operation operation = Reserve{Filled<base::Hash>(3)}) {
  TransactionBody body;
  body.chain_id = "test";
  body.sender = Filled<base::AccountId>(1);
  body.valid_until_ms = base::TimeMs(1'000);
  body.operations.push_back(std::move(operation));
  return body;
}

// What the codec says about one operation, the field relative to it; "ok" when it is accepted.
inline std::string OperationVerdict(Operation operation) {
  const std::string prefix = "operations[0]." + std::string(OperationName(operation)) + ".";
  std::string said = Verdict(SmallBody(std::move(operation)));
  const size_t at = said.find(prefix);
  if (at != std::string::npos) said.erase(at, prefix.size());
  return said;
}

// `base` with one member changed: With(ReportRevenue(), &ReportRevenue::currency, "EUR").
template <class T, class M, class V>
T With(T message, M T::*member, V value) {
  message.*member = std::move(value);
  return message;
}

}  // namespace tributary::codec

#endif  // TRIBUTARY_TESTS_UNIT_CODEC_MESSAGES_H_
