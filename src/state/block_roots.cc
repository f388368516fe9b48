#include "state/block_roots.h"

#include <string>

#include "codec/bytes.h"
#include "crypto/hash.h"
#include "merkle/table_tree.h"

namespace tributary::state {
namespace {

base::Hash ResultHash(const AppliedTransaction& applied) {
  std::string bytes;
  codec::AppendBytes(bytes, applied.id.view());
  codec::AppendLittle<uint32_t>(bytes, applied.sender.value());
  codec::AppendLittle<uint64_t>(bytes, applied.skipped);
  codec::AppendLittle<uint32_t>(bytes, static_cast<uint32_t>(applied.records.size()));
  for (const base::RecordSeq seq : applied.records) {
    codec::AppendLittle<uint32_t>(bytes, seq.value());
  }
  codec::AppendLittle<uint32_t>(bytes, static_cast<uint32_t>(applied.payouts.size()));
  for (const uint64_t payout : applied.payouts) codec::AppendLittle<uint64_t>(bytes, payout);
  return crypto::LeafHash(base::AsBytes(bytes));
}

}  // namespace

base::Hash ResultsRoot(const std::vector<AppliedTransaction>& transactions) {
  std::vector<base::Hash> leaves;
  leaves.reserve(transactions.size());
  for (const AppliedTransaction& applied : transactions) leaves.push_back(ResultHash(applied));
  return crypto::TaggedHash(crypto::Tag::kResults, {merkle::TableTree(leaves).Root().view()});
}

base::Hash SettlementRoot(const std::vector<Settlement>& settlements) {
  std::string bytes;
  for (const Settlement& s : settlements) {
    codec::AppendLittle<uint64_t>(bytes, s.number);
    codec::AppendLittle<uint64_t>(bytes, s.epoch.value());
    codec::AppendLittle<uint16_t>(bytes, s.currency.value());
    codec::AppendLittle<base::Uint128>(bytes, s.gross.value());
    codec::AppendLittle<base::Uint128>(bytes, s.netted.value());
    codec::AppendLittle<base::Uint128>(bytes, s.fee.value());
    codec::AppendLittle<base::Uint128>(bytes, s.credited.value());
    codec::AppendLittle<base::Uint128>(bytes, static_cast<base::Uint128>(s.dust_change));
    codec::AppendLittle<uint64_t>(bytes, s.records_touched);
  }
  return crypto::TaggedHash(crypto::Tag::kSettlement, {base::AsBytes(bytes)});
}

}  // namespace tributary::state
