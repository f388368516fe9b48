// From a balance's row to the checkpoint: row, state root, header, log root, signature.
#include <vector>

#include "codec/header.h"
#include "codec/text.h"
#include "crypto/hash.h"
#include "state/row_proof.h"
#include "state/rows.h"
#include "tributary/base/base64.h"
#include "tributary/client/proof.h"
#include "tributary/client/transaction.h"
#include "tributary/merkle/checkpoint.h"
#include "tributary/merkle/verify.h"

namespace tributary::client {
namespace {

using base::RejectionCode;

constexpr std::string_view kFirstLine = "tributary-balance-proof-v1\n";
constexpr size_t kFileBytesMax = 64u << 10;
constexpr size_t kLineCharacters = 76;
constexpr std::string_view kOriginPrefix = "tributary/";

template <class Repeated>
bool TakeHashes(const Repeated& fields, std::vector<base::Hash>& to) {
  for (const std::string& field : fields) {
    const auto hash = FromField<base::Hash>(field);
    if (!hash) return false;
    to.push_back(*hash);
  }
  return true;
}

// Checks one row up to the state root and gives its bytes back.
base::Verdict CheckRow(const v1::RowProof& from, state::TableId table, std::string_view name,
                       const base::Hash& state_root) {
  const std::string field(name);
  if (from.table() != table.Packed() || from.data().size() != state::RowBytes(table.kind)) {
    return base::Reject(RejectionCode::kProofRange, field, "not a row of the table that it is for");
  }
  state::RowProof proof;
  proof.table = table;
  proof.row = from.row();
  proof.row_count = from.row_count();
  proof.bytes = from.data();
  proof.table_position = from.table_position();
  proof.table_count = from.table_count();
  if (!TakeHashes(from.page_path(), proof.page_path) ||
      !TakeHashes(from.table_path(), proof.table_path) ||
      !TakeHashes(from.state_path(), proof.state_path)) {
    return base::Reject(RejectionCode::kProofLength, field, "a hash is not 32 bytes");
  }
  const auto root = state::StateRootOf(proof);
  if (!root) return base::Reject(root.rejection().code, field, root.rejection().detail);
  if (*root != state_root) {
    return base::Reject(RejectionCode::kProofMismatch, field,
                        "the row does not lead to the header's state root");
  }
  return std::nullopt;
}

base::Verdict CheckRows(const v1::BalanceProof& proof, const base::Hash& state_root) {
  using state::TableKind;
  if (auto bad = CheckRow(proof.account(), {TableKind::kAccounts, 0}, "account", state_root)) {
    return bad;
  }
  if (auto bad = CheckRow(proof.currency(), {TableKind::kCurrencies, 0}, "currency", state_root)) {
    return bad;
  }
  // A currency's row number is below the number of currencies that there can be: it fits.
  const state::TableId balances{TableKind::kBalances,
                                static_cast<uint16_t>(proof.currency().row())};
  if (auto bad = CheckRow(proof.balance(), balances, "balance", state_root)) return bad;
  if (proof.balance().row() != proof.account().row()) {
    return base::Reject(RejectionCode::kProofMismatch, "balance", "the row of another account");
  }
  return std::nullopt;
}

// The header is the entry of the log that the checkpoint covers.
base::Verdict CheckLog(const v1::BalanceProof& proof, const codec::BlockHeader& header,
                       const merkle::Checkpoint& checkpoint) {
  std::vector<base::Hash> path;
  if (!TakeHashes(proof.log_path(), path)) {
    return base::Reject(RejectionCode::kProofLength, "log_path", "a hash is not 32 bytes");
  }
  if (proof.tree_size() != checkpoint.size) {
    return base::Reject(RejectionCode::kProofMismatch, "tree_size",
                        "the checkpoint is over a log of another size");
  }
  auto bad = merkle::VerifyInclusion(header.log_size, checkpoint.size,
                                     crypto::LeafHash(base::AsBytes(proof.header())), path,
                                     checkpoint.root);
  if (bad) bad->field = "log_path";
  return bad;
}

template <class Row>
Row RowOf(const v1::RowProof& proof) {
  return state::LoadRow<Row>(reinterpret_cast<const uint8_t*>(proof.data().data()));
}

ProvenBalance Show(const v1::BalanceProof& proof, const codec::BlockHeader& header,
                   const merkle::Checkpoint& checkpoint) {
  const auto account = RowOf<state::AccountRow>(proof.account());
  const auto currency = RowOf<state::CurrencyRow>(proof.currency());
  const auto balance = RowOf<state::BalanceRow>(proof.balance());
  ProvenBalance shown;
  shown.chain_id = checkpoint.origin.substr(kOriginPrefix.size());
  shown.height = header.height;
  shown.time = header.time_ms;
  shown.log_size = checkpoint.size;
  shown.account = account.id;
  shown.handle = std::string(account.Handle());
  for (const uint8_t c : currency.code) {
    if (c != 0) shown.currency.push_back(static_cast<char>(c));
  }
  shown.decimals = currency.decimals;
  shown.available = balance.available;
  shown.reserved = balance.reserved;
  shown.escrowed = balance.escrowed;
  shown.bonded = balance.bonded;
  shown.paid = balance.paid;
  shown.credited = balance.credited;
  return shown;
}

}  // namespace

base::Checked<ProvenBalance> VerifyBalance(const v1::BalanceProof& proof,
                                           const merkle::NoteKey& log_key) {
  const auto checkpoint =
      merkle::VerifyCheckpoint(proof.checkpoint(), {log_key.name, log_key, {}, 0});
  if (!checkpoint) return checkpoint.rejection();
  const merkle::Checkpoint& log = checkpoint->checkpoint;
  if (!log.origin.starts_with(kOriginPrefix)) {
    return base::Reject(RejectionCode::kCheckpointOrigin, "checkpoint", log.origin);
  }
  const auto header = codec::DecodeHeader(base::AsBytes(proof.header()));
  if (!header) {
    return base::Reject(RejectionCode::kProofMismatch, "header", "not a block header");
  }
  if (auto bad = CheckLog(proof, *header, log)) return *std::move(bad);
  if (auto bad = CheckRows(proof, header->state_root)) return *std::move(bad);
  return Show(proof, *header, log);
}

std::string BalanceProofFile(const v1::BalanceProof& proof) {
  const std::string text = base::ToBase64(base::AsBytes(proof.SerializeAsString()));
  std::string file(kFirstLine);
  for (size_t at = 0; at < text.size(); at += kLineCharacters) {
    file += text.substr(at, kLineCharacters) + "\n";
  }
  return file;
}

base::Checked<v1::BalanceProof> ParseBalanceProofFile(std::string_view text) {
  const auto bad = [](std::string detail) {
    return base::Reject(RejectionCode::kProofFileMalformed, "file", std::move(detail));
  };
  if (text.size() > kFileBytesMax) return bad("more than 64 KiB");
  if (!text.starts_with(kFirstLine)) {
    return bad("the first line is not \"tributary-balance-proof-v1\"");
  }
  text.remove_prefix(kFirstLine.size());
  std::string base64;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return bad("the last line does not end");
    base64 += text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const auto bytes = base::FromBase64(base64);
  v1::BalanceProof proof;
  if (!bytes || !proof.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()))) {
    return bad("not a proof in base64");
  }
  return proof;
}

}  // namespace tributary::client
