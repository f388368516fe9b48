#include "api/balance_proof.h"

#include <vector>

#include "api/encode.h"
#include "api/errors.h"
#include "api/read_context.h"
#include "api/resolve.h"
#include "merkle/log_proofs.h"

namespace tributary::api {
namespace {

using state::TableKind;

// A view lives until the next block: under load a second one is often needed, a tenth never is.
constexpr int kViewsMax = 10;

void EncodeRow(const state::RowProof& proof, v1::RowProof* to) {
  to->set_table(proof.table.Packed());
  to->set_row(proof.row);
  to->set_row_count(proof.row_count);
  to->set_data(proof.bytes);
  for (const base::Hash& hash : proof.page_path) to->add_page_path(AsString(hash));
  for (const base::Hash& hash : proof.table_path) to->add_table_path(AsString(hash));
  to->set_table_position(proof.table_position);
  to->set_table_count(proof.table_count);
  for (const base::Hash& hash : proof.state_path) to->add_state_path(AsString(hash));
}

grpc::Status AddLog(const node::ReadView& view, const LogSigner& signer, v1::BalanceProof* to) {
  to->set_header(view.header_bytes());
  to->set_tree_size(view.log_size());
  const auto path =
      merkle::InclusionProof(view.snapshot(), view.header().log_size, view.log_size());
  if (!path.ok()) return FaultStatus(path.status());
  for (const base::Hash& hash : *path) to->add_log_path(AsString(hash));
  to->set_checkpoint(signer.Sign(view));
  return grpc::Status::OK;
}

// `done` stays false where a block came between.
grpc::Status TryProve(ReadContext& c, const LogSigner& signer, const v1::GetBalanceProofRequest& q,
                      v1::BalanceProof* to, bool* done) {
  base::AccountIndex account;
  base::CurrencyIndex currency;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &account));
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
  const node::ReadView& view = c.view();
  if (account.value() >= view.RowCount(TableKind::kBalances, currency.value())) {
    return NotFound("nothing was ever credited to the account in this currency: it has no row");
  }
  const auto proofs = view.ProveRows({{{TableKind::kAccounts, 0}, account.value()},
                                      {{TableKind::kCurrencies, 0}, currency.value()},
                                      {{TableKind::kBalances, currency.value()}, account.value()}});
  if (!c.status().ok()) return FaultStatus(c.status());
  if (!proofs) return grpc::Status::OK;
  EncodeRow((*proofs)[0], to->mutable_account());
  EncodeRow((*proofs)[1], to->mutable_currency());
  EncodeRow((*proofs)[2], to->mutable_balance());
  *done = true;
  return AddLog(view, signer, to);
}

}  // namespace

grpc::Status ProveBalance(const SubmitContext& context, const LogSigner* signer,
                          const v1::GetBalanceProofRequest& request, v1::BalanceProof* to) {
  if (signer == nullptr) return NoLogKey();
  for (int i = 0; i < kViewsMax; ++i) {
    ReadContext c(context.ledger.view(), context.lineages);
    bool done = false;
    const grpc::Status status = TryProve(c, *signer, request, to, &done);
    if (!c.status().ok()) return FaultStatus(c.status());
    if (done || !status.ok()) return status;
  }
  return Busy("blocks are committed faster than the proof is made");
}

}  // namespace tributary::api
