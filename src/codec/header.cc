#include "codec/header.h"

#include "codec/bytes.h"
#include "crypto/hash.h"

namespace tributary::codec {
namespace {

using base::RejectionCode;

constexpr uint8_t kVersion = 1;

base::Verdict CheckLayout(base::Bytes bytes) {
  if (bytes.size() < kHeaderBytes) {
    return base::Reject(RejectionCode::kWireTruncated, "header", std::to_string(bytes.size()));
  }
  if (bytes.size() > kHeaderBytes) {
    return base::Reject(RejectionCode::kWireTrailing, "header", std::to_string(bytes.size()));
  }
  if (bytes[0] != static_cast<uint8_t>(EntryKind::kHeader)) {
    return base::Reject(RejectionCode::kWireEnum, "header.kind", std::to_string(bytes[0]));
  }
  if (bytes[1] != kVersion) {
    return base::Reject(RejectionCode::kWireEnum, "header.version", std::to_string(bytes[1]));
  }
  return std::nullopt;
}

}  // namespace

base::Checked<EntryKind> KindOf(base::Bytes entry) {
  if (entry.empty()) return base::Reject(RejectionCode::kWireTruncated, "entry.kind");
  const auto kind = static_cast<EntryKind>(entry[0]);
  switch (kind) {
    case EntryKind::kGenesis:
    case EntryKind::kHeader:
    case EntryKind::kTransaction: return kind;
  }
  return base::Reject(RejectionCode::kWireEnum, "entry.kind", std::to_string(entry[0]));
}

std::array<uint8_t, kHeaderBytes> EncodeHeader(const BlockHeader& header) {
  std::array<uint8_t, kHeaderBytes> bytes;
  RowWriter(bytes)
      .Put(static_cast<uint8_t>(EntryKind::kHeader))
      .Put(kVersion)
      .Put(header.first_entry)
      .Put(header.chain_hash)
      .Put(header.height)
      .Put(header.time_ms)
      .Put(header.previous_header)
      .Put(header.log_size)
      .Put(header.log_root)
      .Put(header.results_root)
      .Put(header.state_root)
      .Put(header.settlement_root)
      .Put(header.epoch)
      .Done();
  return bytes;
}

base::Checked<BlockHeader> DecodeHeader(base::Bytes bytes) {
  if (auto broken = CheckLayout(bytes)) return *broken;
  BlockHeader header;
  RowReader reader(bytes.subspan(2));
  reader.Get(header.first_entry)
      .Get(header.chain_hash)
      .Get(header.height)
      .Get(header.time_ms)
      .Get(header.previous_header)
      .Get(header.log_size)
      .Get(header.log_root)
      .Get(header.results_root)
      .Get(header.state_root)
      .Get(header.settlement_root)
      .Get(header.epoch)
      .Done();
  if (header.height.value() == 0) return base::Reject(RejectionCode::kWireRange, "header.height");
  if (header.first_entry.value() > header.log_size) {
    return base::Reject(RejectionCode::kWireRange, "header.first_entry");
  }
  return header;
}

base::Hash HeaderHash(base::Bytes header) {
  return crypto::TaggedHash(crypto::Tag::kHeader, {header});
}

std::string GenesisEntry(base::Bytes genesis) {
  std::string entry(1, static_cast<char>(EntryKind::kGenesis));
  AppendBytes(entry, genesis);
  return entry;
}

base::Hash ChainHash(base::Bytes genesis_entry) { return crypto::Sha256(genesis_entry); }

}  // namespace tributary::codec
