// The ledger's values as messages of tributary.v1.
#ifndef TRIBUTARY_API_ENCODE_H_
#define TRIBUTARY_API_ENCODE_H_

#include <optional>
#include <string>
#include <string_view>

#include "api/read_context.h"
#include "node/decision.h"
#include "node/ledger.h"
#include "state/tables.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

template <class D>
std::string AsString(const D& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

// Exact minor units, up to nine decimals, no trailing zeros.
std::string FormatMinor(base::Atoms atoms);
void EncodeAmount(base::Atoms atoms, const state::CurrencyRow& currency, v1::Amount* to);
// With a leading "-" where it is below zero.
void EncodeSignedAmount(base::Int128 atoms, const state::CurrencyRow& currency, v1::Amount* to);
void EncodeAsOf(const node::ReadView& view, v1::AsOf* to);
void EncodePosition(ReadContext& context, base::EntryIndex entry, v1::Position* to);
void EncodeBalance(const state::BalanceRow& row, const state::CurrencyRow& currency,
                   v1::Balance* to);
void EncodeParameters(const state::ParametersRow& row, v1::Parameters* to);

void EncodeEdge(ReadContext& context, const state::EdgeRow& edge, v1::EdgeView* to);
void EncodeRecord(ReadContext& context, base::RecordSeq seq, bool with_bytes, v1::RecordView* to);
void EncodeAttestation(ReadContext& context, const state::AttestationRow& row,
                       v1::AttestationView* to);
// What the owner of `parent` says of the edge from `child`. nullopt: the child never named it.
struct EdgeMarks {
  v1::EdgeStance stance = v1::EDGE_STANCE_UNSPECIFIED;
  bool countersigned = false;
};
std::optional<EdgeMarks> MarksOf(ReadContext& context, base::RecordSeq child,
                                 base::RecordSeq parent);
void EncodeCurrency(const state::CurrencyRow& currency, v1::Currency* to);
void EncodeAuthor(ReadContext& context, const lineage::AuthorShare& author, v1::AuthorView* to);
void EncodeRoles(uint16_t roles, google::protobuf::RepeatedField<int>* to);
// Those who signed the transaction, in the order of its signatures.
void EncodeSigners(ReadContext& context, base::EntryIndex entry,
                   google::protobuf::RepeatedPtrField<v1::SignerView>* to);
void EncodeAccount(ReadContext& context, base::AccountIndex index, v1::AccountView* to);

void EncodeKnown(ReadContext& context, const base::TxId& id, const node::Ledger::Known& known,
                 v1::TransactionStatus* to);
void EncodeCommitted(ReadContext& context, const node::Committed& committed,
                     v1::TransactionStatus::Committed* to);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_ENCODE_H_
