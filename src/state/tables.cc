#include "state/tables.h"

#include "tributary/base/check.h"

namespace tributary::state {
namespace {

struct TableInfo {
  TableKind kind;
  size_t row_bytes;
  std::string_view name;
};

template <class Row>
constexpr TableInfo Info(std::string_view name) {
  static_assert(Row::kBytes <= kPageBytes);
  return {Row::kKind, Row::kBytes, name};
}

constexpr TableInfo kTables[kTableKinds] = {
    Info<ChainRow>("chain"),
    Info<ParametersRow>("parameters"),
    Info<CurrencyRow>("currencies"),
    Info<TotalsRow>("totals"),
    Info<AccountRow>("accounts"),
    Info<RecordRow>("records"),
    Info<EdgeRow>("edges"),
    Info<AuthorLineRow>("author_lines"),
    Info<ExternalIdRow>("external_ids"),
    Info<FlowRow>("flows"),
    Info<BalanceRow>("balances"),
    Info<PendingRow>("pending"),
    Info<EventRow>("events"),
    Info<TxIdRow>("transaction_ids"),
    Info<EpochStartRow>("epoch_starts"),
    Info<ReceivableRow>("receivables"),
    Info<FundingRow>("fundings"),
    Info<PayoutRow>("payouts"),
    Info<DueRow>("due"),
    Info<ClaimRow>("claims"),
    Info<AmendedRow>("amended"),
    Info<VersionRow>("versions"),
    Info<VersionLineRow>("version_lines"),
    Info<FlowVersionRow>("flow_versions"),
    Info<RoyaltyStackRow>("royalty_stacks"),
    Info<RoyaltyEntryRow>("royalty_entries"),
    Info<LoweredTermsRow>("lowered_terms"),
    Info<DebitRow>("debits"),
    Info<InfluenceRow>("influences"),
    Info<StatementRow>("statements"),
    Info<ProposalRow>("proposals"),
    Info<ProposalBytesRow>("proposal_bytes"),
    Info<ApprovalRow>("approvals"),
    Info<ValidatorRow>("validators"),
    Info<ReservationRow>("reservations"),
    Info<AttestedRow>("attested"),
    Info<AttestationRow>("attestations"),
    Info<IncidentRow>("incidents"),
    Info<FrozenAssetRow>("frozen_assets"),
    Info<FrozenRow>("frozen"),
    Info<DisputedRow>("disputed"),
    Info<CaseRow>("cases"),
    Info<CaseClaimRow>("case_claims"),
    Info<CandidateLineRow>("candidate_lines"),
    Info<PotRow>("pots"),
};

constexpr bool InOrder() {
  for (int i = 0; i < kTableKinds; ++i) {
    if (static_cast<int>(kTables[i].kind) != i) return false;
  }
  return true;
}
static_assert(InOrder());

const TableInfo& InfoOf(TableKind kind) {
  const auto index = static_cast<size_t>(kind);
  TRIBUTARY_CHECK(index < kTableKinds, "no such table");
  return kTables[index];
}

}  // namespace

size_t RowBytes(TableKind kind) { return InfoOf(kind).row_bytes; }

bool RowsHashedAlone(TableKind kind) {
  return kind == TableKind::kBalances || kind == TableKind::kPayouts ||
         kind == TableKind::kAccounts || kind == TableKind::kCurrencies;
}

std::string_view TableName(TableKind kind) { return InfoOf(kind).name; }

}  // namespace tributary::state
