#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "codec/ids.h"
#include "crypto/hash.h"
#include "merkle/log_proofs.h"

namespace tributary::api {
namespace {

constexpr uint64_t kBlockTransactionsMax = 1'000;
constexpr uint64_t kEntriesBytesMax = 3u << 20;

grpc::Status FindBlock(ReadContext& c, const v1::GetBlockRequest& q, base::Height* to) {
  const node::ReadView& view = c.view();
  switch (q.block_case()) {
    case v1::GetBlockRequest::kHeight:
      if (q.height() == 0 || q.height() > view.header().height.value()) {
        return NotFound("no block of this height");
      }
      *to = base::Height(q.height());
      return grpc::Status::OK;
    case v1::GetBlockRequest::kEntry:
      if (q.entry() >= view.log_size()) return NotFound("no entry of this index yet");
      *to = c.HeightOf(base::EntryIndex(q.entry()));
      return grpc::Status::OK;
    case v1::GetBlockRequest::kLatest: *to = view.header().height; return grpc::Status::OK;
    case v1::GetBlockRequest::BLOCK_NOT_SET: break;
  }
  return BadRequest("block", "a height, an entry or latest is needed");
}

void EncodeHeader(const codec::BlockHeader& header, v1::Block* to) {
  to->set_height(header.height.value());
  to->set_time_ms(header.time_ms.value());
  to->set_epoch(header.epoch.value());
  to->set_first_entry(header.first_entry.value());
  to->set_header_entry(header.log_size);  // the header stands right behind what it covers
  to->set_chain_hash(AsString(header.chain_hash));
  to->set_previous_header(AsString(header.previous_header));
  to->set_log_size(header.log_size);
  to->set_log_root(AsString(header.log_root));
  to->set_results_root(AsString(header.results_root));
  to->set_state_root(AsString(header.state_root));
  to->set_settlement_root(AsString(header.settlement_root));
}

}  // namespace

void EncodeEntry(std::string_view data, v1::Entry* to) {
  const base::Bytes bytes = base::AsBytes(data);
  to->set_data(data.data(), data.size());
  to->set_leaf_hash(AsString(crypto::LeafHash(bytes)));
  const auto kind = codec::KindOf(bytes);
  if (!kind.ok()) return;
  switch (*kind) {
    case codec::EntryKind::kGenesis: to->set_kind(v1::ENTRY_KIND_GENESIS); break;
    case codec::EntryKind::kHeader: to->set_kind(v1::ENTRY_KIND_HEADER); break;
    case codec::EntryKind::kTransaction: {
      to->set_kind(v1::ENTRY_KIND_TRANSACTION);
      const auto envelope = codec::Decode<codec::SignedTransaction>(bytes);
      if (envelope.ok()) to->set_transaction_id(AsString(codec::TxIdOf(envelope->body)));
      break;
    }
  }
}

grpc::Status GetBlock(ReadContext& c, const v1::GetBlockRequest& q, v1::Block* r) {
  base::Height height;
  TRIBUTARY_API_RETURN_IF_ERROR(FindBlock(c, q, &height));
  const storage::ReadSnapshot& snapshot = c.view().snapshot();
  const codec::BlockHeader header = c.Header(height);
  const auto bytes = snapshot.ReadEntry(base::EntryIndex(header.log_size));
  if (!bytes.ok()) return FaultStatus(bytes.status());
  EncodeHeader(header, r);
  r->set_header_bytes(*bytes);
  r->set_header_hash(AsString(codec::HeaderHash(base::AsBytes(*bytes))));
  // Block 1 holds the genesis and no transaction.
  const bool genesis = header.first_entry.value() == 0;
  const uint64_t transactions = genesis ? 0 : header.log_size - header.first_entry.value();
  r->set_transactions(transactions);
  const absl::Status status =
      snapshot.ReadEntries(header.first_entry, std::min(transactions, kBlockTransactionsMax),
                           UINT64_MAX, [r](base::EntryIndex, std::string_view data) {
                             v1::Entry entry;
                             EncodeEntry(data, &entry);
                             r->add_transaction_ids(entry.transaction_id());
                             return true;
                           });
  EncodeAsOf(c.view(), r->mutable_as_of());
  return FaultStatus(status);
}

grpc::Status GetEntry(ReadContext& c, const v1::GetEntryRequest& q, v1::Entry* r) {
  const auto bytes = c.view().snapshot().ReadEntry(base::EntryIndex(q.index()));
  if (!bytes.ok()) return FaultStatus(bytes.status());
  r->set_index(q.index());
  EncodeEntry(*bytes, r);
  return grpc::Status::OK;
}

grpc::Status ListEntries(ReadContext& c, const v1::ListEntriesRequest& q,
                         v1::ListEntriesResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.first() > c.view().log_size()) return BadRequest("first", "beyond the end of the log");
  r->set_next(q.first());
  const absl::Status status = c.view().snapshot().ReadEntries(
      base::EntryIndex(q.first()), PageSize(q.page_size()), kEntriesBytesMax,
      [r](base::EntryIndex index, std::string_view data) {
        v1::Entry* entry = r->add_entries();
        entry->set_index(index.value());
        EncodeEntry(data, entry);
        r->set_next(index.value() + 1);
        return true;
      });
  return FaultStatus(status);
}

grpc::Status GetInclusionProof(ReadContext& c, const v1::GetInclusionProofRequest& q,
                               v1::InclusionProof* r) {
  const storage::ReadSnapshot& tiles = c.view().snapshot();
  const uint64_t size = q.tree_size() == 0 ? c.view().log_size() : q.tree_size();
  if (size > c.view().log_size()) return BadRequest("tree_size", "beyond the end of the log");
  if (q.index() >= size) return BadRequest("index", "not below the tree's size");
  const auto proof = merkle::InclusionProof(tiles, q.index(), size);
  if (!proof.ok()) return FaultStatus(proof.status());
  const auto leaf = merkle::LeafAt(tiles, q.index(), size);
  if (!leaf.ok()) return FaultStatus(leaf.status());
  const auto root = merkle::RootAt(tiles, size);
  if (!root.ok()) return FaultStatus(root.status());
  r->set_index(q.index());
  r->set_tree_size(size);
  r->set_leaf_hash(AsString(*leaf));
  for (const base::Hash& hash : *proof) r->add_hashes(AsString(hash));
  r->set_root(AsString(*root));
  return grpc::Status::OK;
}

grpc::Status GetConsistencyProof(ReadContext& c, const v1::GetConsistencyProofRequest& q,
                                 v1::ConsistencyProof* r) {
  const storage::ReadSnapshot& tiles = c.view().snapshot();
  const uint64_t second = q.second_size() == 0 ? c.view().log_size() : q.second_size();
  if (second > c.view().log_size()) return BadRequest("second_size", "beyond the end of the log");
  if (q.first_size() > second) return BadRequest("first_size", "above the second size");
  const auto proof = merkle::ConsistencyProof(tiles, q.first_size(), second);
  if (!proof.ok()) return FaultStatus(proof.status());
  const auto first_root = merkle::RootAt(tiles, q.first_size());
  if (!first_root.ok()) return FaultStatus(first_root.status());
  const auto second_root = merkle::RootAt(tiles, second);
  if (!second_root.ok()) return FaultStatus(second_root.status());
  r->set_first_size(q.first_size());
  r->set_second_size(second);
  for (const base::Hash& hash : *proof) r->add_hashes(AsString(hash));
  r->set_first_root(AsString(*first_root));
  r->set_second_root(AsString(*second_root));
  return grpc::Status::OK;
}

}  // namespace tributary::api
