#include "api/entry_scan.h"

#include "codec/wire.h"

namespace tributary::api {
namespace {

// Field numbers of ledger.proto.
constexpr uint32_t kBody = 1;          // of SignedTransaction
constexpr uint32_t kOperations = 5;    // of TransactionBody
constexpr uint32_t kSubmitRecord = 5;  // of Operation
constexpr uint32_t kRecord = 1;        // of SubmitRecord

// The field's value at this position among those of its number; empty where there is none.
base::Bytes FieldAt(base::Bytes message, uint32_t wanted, size_t position) {
  codec::WireReader reader(message);
  while (!reader.AtEnd()) {
    uint32_t number = 0;
    codec::WireType type = codec::WireType::kVarint;
    base::Bytes value;
    uint64_t ignored = 0;
    if (reader.ReadTag(number, type)) return {};
    const bool is_bytes = type == codec::WireType::kBytes;
    if (is_bytes ? reader.ReadBytes(value) : reader.ReadVarint(ignored)) return {};
    if (is_bytes && number == wanted && position-- == 0) return value;
  }
  return {};
}

}  // namespace

base::Bytes SubmittedRecord(base::Bytes entry, size_t operation) {
  const base::Bytes body = FieldAt(entry, kBody, 0);
  const base::Bytes found = FieldAt(body, kOperations, operation);
  return FieldAt(FieldAt(found, kSubmitRecord, 0), kRecord, 0);
}

}  // namespace tributary::api
