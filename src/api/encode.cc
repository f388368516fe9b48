#include "api/encode.h"

#include "api/errors.h"
#include "state/edges.h"
#include "state/keys_in_force.h"

namespace tributary::api {

std::string FormatMinor(base::Atoms atoms) {
  std::string text = base::ToDecimal(atoms.value() / base::kPpbOne);
  const auto fraction = static_cast<uint64_t>(atoms.value() % base::kPpbOne);
  if (fraction == 0) return text;
  std::string digits = std::to_string(fraction);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

void EncodeAmount(base::Atoms atoms, const state::CurrencyRow& currency, v1::Amount* to) {
  to->set_currency(std::string(node::CurrencyCode(currency)));
  to->set_atoms(base::ToDecimal(atoms.value()));
  to->set_minor(FormatMinor(atoms));
  to->set_major(base::FormatAtoms(atoms, currency.decimals));
}

void EncodeSignedAmount(base::Int128 atoms, const state::CurrencyRow& currency, v1::Amount* to) {
  EncodeAmount(base::Atoms(static_cast<base::Uint128>(atoms < 0 ? -atoms : atoms)), currency, to);
  if (atoms >= 0) return;
  for (std::string* text : {to->mutable_atoms(), to->mutable_minor(), to->mutable_major()}) {
    text->insert(0, 1, '-');
  }
}

void EncodeAsOf(const node::ReadView& view, v1::AsOf* to) {
  to->set_height(view.header().height.value());
  to->set_time_ms(view.header().time_ms.value());
  to->set_log_size(view.log_size());
}

void EncodePosition(ReadContext& context, base::EntryIndex entry, v1::Position* to) {
  const base::Height height = context.HeightOf(entry);
  to->set_entry(entry.value());
  to->set_height(height.value());
  to->set_time_ms(context.Header(height).time_ms.value());
}

void EncodeBalance(const state::BalanceRow& row, const state::CurrencyRow& currency,
                   v1::Balance* to) {
  to->set_currency(std::string(node::CurrencyCode(currency)));
  EncodeAmount(row.available, currency, to->mutable_available());
  EncodeAmount(row.reserved, currency, to->mutable_reserved());
  EncodeAmount(row.escrowed, currency, to->mutable_escrowed());
  EncodeAmount(row.bonded, currency, to->mutable_bonded());
  EncodeAmount(row.paid, currency, to->mutable_paid());
  EncodeAmount(row.credited, currency, to->mutable_credited());
  const base::Uint128 unit = base::Uint128{currency.payout_unit_minor} * base::kPpbOne;
  const base::Uint128 payable = unit == 0 ? 0 : row.available.value() / unit * unit;
  EncodeAmount(base::Atoms(payable), currency, to->mutable_payable_now());
  to->set_automatic_above_minor(row.automatic_above_minor);
}

void EncodeParameters(const state::ParametersRow& row, v1::Parameters* to) {
  to->set_epoch_ms(row.epoch_ms);
  to->set_maturity_epochs(row.maturity_epochs);
  to->set_fee_ppb(row.fee_ppb);
  to->set_fee_max_ppb(row.fee_max_ppb);
  to->set_royalty_max_ppb(row.royalty_max_ppb);
  to->set_validity_window_ms(row.validity_window_ms);
  to->set_claim_notice_ms(row.claim_notice_ms);
  to->set_key_overlap_ms_max(row.key_overlap_ms_max);
  to->set_horizon_epochs(row.horizon_epochs);
  to->set_reserve_ms(row.reserve_ms);
  to->set_case_response_ms(row.case_response_ms);
  to->set_case_ruling_ms(row.case_ruling_ms);
  to->set_freeze_ms(row.freeze_ms);
  to->set_bond_floor_minor(row.bond_floor_minor);
  to->set_bond_ppb(row.bond_ppb);
  to->set_sponsor_quota(row.sponsor_quota);
  to->set_new_identity_records(row.new_identity_records);
  to->set_attestation_required(row.attestation_required != 0);
  to->set_countersign_required(row.countersign_required != 0);
}

void EncodeAuthor(ReadContext& context, const lineage::AuthorShare& author, v1::AuthorView* to) {
  to->set_account(AsString(context.view().Account(author.account).id));
  to->set_handle(context.Handle(author.account));
  to->set_share_ppb(author.share.value());
}

void EncodeEdge(ReadContext& context, const state::EdgeRow& edge, v1::EdgeView* to) {
  to->set_record(AsString(context.view().Record(base::RecordSeq(edge.parent)).id));
  to->set_sequence(edge.parent);
  to->set_relation(static_cast<v1::Relation>(edge.relation));
  to->set_weight(edge.weight);
  to->set_share_ppb(edge.share_ppb);
  to->set_stance(static_cast<v1::EdgeStance>(edge.stance));
  to->set_countersigned((edge.flags & state::kEdgeCountersigned) != 0);
}

std::optional<EdgeMarks> MarksOf(ReadContext& context, base::RecordSeq child,
                                 base::RecordSeq parent) {
  const node::ReadView& view = context.view();
  uint32_t newest = state::kNone32;
  if (const auto amended = view.FindAmended(child)) {
    newest = view.Get<state::AmendedRow>(*amended).newest;
  }
  const auto row = state::FindEdgeRow(view, view.Record(child), newest, parent);
  if (!row) return std::nullopt;
  const auto edge = view.Get<state::EdgeRow>(*row);
  return EdgeMarks{static_cast<v1::EdgeStance>(edge.stance),
                   (edge.flags & state::kEdgeCountersigned) != 0};
}

void EncodeAttestation(ReadContext& context, const state::AttestationRow& row,
                       v1::AttestationView* to) {
  const base::AccountIndex steward(row.steward);
  to->set_steward(AsString(context.view().Account(steward).id));
  to->set_handle(context.Handle(steward));
  to->set_verdict(static_cast<v1::AttestationVerdict>(row.verdict));
  to->set_report_sha256(AsString(row.report_sha256));
  to->set_attested_ms(row.attested_ms);
  to->set_entry(row.entry);
}

void EncodeCurrency(const state::CurrencyRow& currency, v1::Currency* to) {
  to->set_code(std::string(node::CurrencyCode(currency)));
  to->set_decimals(currency.decimals);
  to->set_payout_unit_minor(currency.payout_unit_minor);
  to->set_minimum_payout_minor(currency.minimum_payout_minor);
}

namespace {

constexpr int kLoweredTermsMax = 100;

void SetTerms(const state::Terms& terms, v1::Terms* to) {
  to->set_alpha_max_ppb(terms.alpha_max.value());
  to->set_royalty_ppb(terms.royalty.value());
  to->set_min_share_ppb(terms.min_share.value());
}

void EncodeTerms(ReadContext& context, base::RecordSeq seq, const state::RecordRow& row,
                 v1::RecordView* to) {
  const node::ReadView& view = context.view();
  SetTerms(view.TermsAt(seq, context.epoch()), to->mutable_terms());
  uint32_t next = row.last_lowered;
  while (next != state::kNone32 && to->lowered_terms_size() < kLoweredTermsMax) {
    const auto lowered = view.Get<state::LoweredTermsRow>(next);
    v1::TermsVersion* version = to->add_lowered_terms();
    SetTerms(state::TermsOf(lowered), version->mutable_terms());
    version->set_effective_epoch(lowered.effective_epoch);
    version->set_entry(lowered.entry);
    next = lowered.previous;
  }
  uint64_t total = 0;
  const auto royalties = view.RoyaltiesOn(seq, context.epoch());
  for (const rewards::Royalty& royalty : royalties) total += royalty.share.value();
  to->set_royalties_ppb(static_cast<uint32_t>(total));
  to->set_royalty_claimants(static_cast<uint32_t>(royalties.size()));
}

// Who was first, whether it counts, who has looked at its lineage, and what is in dispute.
void EncodeStanding(ReadContext& context, base::RecordSeq seq, const state::RecordRow& row,
                    v1::RecordView* to) {
  const node::ReadView& view = context.view();
  to->set_reserved((row.flags & state::kRecordReserved) != 0);
  to->set_preceded((row.flags & state::kRecordPreceded) != 0);
  to->set_counts(view.parameters().countersign_required == 0 ||
                 !state::FirstUncountersigned(view, row));
  if (const auto attested = view.FindAttested(seq)) {
    const auto all = view.Get<state::AttestedRow>(*attested);
    to->set_attestations(all.count);
    EncodeAttestation(context, view.Get<state::AttestationRow>(all.last), to->mutable_attested());
  }
  if (const auto found = view.FindDisputed(seq)) {
    const auto disputed = view.Get<state::DisputedRow>(*found);
    for (const uint32_t number : {disputed.lines_case, disputed.authors_case}) {
      if (number != state::kNone32) to->add_open_cases(number);
    }
  }
}

void EncodeQuotas(const node::ReadView& view, const state::AccountRow& row, v1::AccountView* to) {
  const uint64_t limit =
      row.sponsor_quota == 0 ? view.parameters().sponsor_quota : row.sponsor_quota;
  const bool current = row.quota_epoch == view.chain().epoch;
  v1::OperationQuota* quota = to->mutable_quota();
  quota->set_limit(limit == UINT64_MAX ? 0 : limit);
  quota->set_as_set(row.sponsor_quota);
  quota->set_used(current ? row.quota_used : 0);
  const bool raised = row.records_per_epoch != state::kNone32;
  const uint32_t records = raised ? row.records_per_epoch : view.parameters().new_identity_records;
  to->set_records_per_epoch(row.sponsor == state::kNone32 ? 0 : records);
  to->set_records_in_epoch(current ? row.records_in_epoch : 0);
}

}  // namespace

void EncodeRecord(ReadContext& context, base::RecordSeq seq, bool with_bytes, v1::RecordView* to) {
  const node::ReadView& view = context.view();
  const state::RecordRow row = view.Record(seq);
  const base::Bytes bytes = context.RecordBytes(seq);
  to->set_id(AsString(row.id));
  to->set_sequence(seq.value());
  to->mutable_record()->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (with_bytes) to->set_record_bytes(bytes.data(), bytes.size());
  to->set_kept_ppb(base::kPpbOne - row.pass_through_ppb);
  to->set_amended((row.flags & state::kRecordAmended) != 0);
  for (uint32_t i = 0; i < row.edge_count; ++i) {
    const auto edge = view.Get<state::EdgeRow>(uint64_t{row.first_edge} + i);
    EncodeEdge(context, edge, to->add_parents());
  }
  for (uint32_t i = 0; i < row.author_count; ++i) {
    const auto line = view.Get<state::AuthorLineRow>(uint64_t{row.first_author_line} + i);
    EncodeAuthor(context, {base::AccountIndex(line.account), base::Ppb(line.share_ppb)},
                 to->add_authors());
  }
  EncodePosition(context, base::EntryIndex(row.entry), to->mutable_position());
  to->set_operation(row.operation);
  EncodeTerms(context, seq, row, to);
  EncodeStanding(context, seq, row, to);
}

void EncodeRoles(uint16_t roles, google::protobuf::RepeatedField<int>* to) {
  for (int bit = 0; bit < 16; ++bit) {
    if ((roles >> bit & 1) != 0) to->Add(bit + 1);
  }
}

void EncodeSigners(ReadContext& context, base::EntryIndex entry,
                   google::protobuf::RepeatedPtrField<v1::SignerView>* to) {
  for (const base::AccountId& id : context.Signers(entry)) {
    v1::SignerView* signer = to->Add();
    signer->set_account(AsString(id));
    const auto index = context.view().FindAccount(id);
    if (!index) continue;
    const state::AccountRow row = context.view().Account(*index);
    signer->set_handle(std::string(row.Handle()));
    EncodeRoles(row.roles, signer->mutable_roles());
  }
}

void EncodeAccount(ReadContext& context, base::AccountIndex index, v1::AccountView* to) {
  const node::ReadView& view = context.view();
  const state::AccountRow row = view.Account(index);
  to->set_id(AsString(row.id));
  to->set_index(index.value());
  to->set_handle(std::string(row.Handle()));
  if (row.sponsor != state::kNone32) {
    const state::AccountRow sponsor = view.Account(base::AccountIndex(row.sponsor));
    to->set_sponsor(AsString(sponsor.id));
    to->set_sponsor_handle(std::string(sponsor.Handle()));
  }
  EncodeRoles(row.roles, to->mutable_roles());
  const std::vector<base::PublicKey> keys = state::KeysInForce(row, view.header().time_ms);
  to->set_custodial(keys.empty());
  to->set_commons((row.flags & state::kAccountCommons) != 0);
  if (!keys.empty()) to->set_public_key(AsString(keys.front()));
  if (keys.size() > 1) {
    to->set_old_public_key(AsString(keys[1]));
    to->set_old_key_until_ms(row.key_until_ms);
  }
  if (row.pending_claim != state::kNone32) {
    const auto claim = view.Get<state::ClaimRow>(row.pending_claim);
    to->mutable_pending_claim()->set_public_key(AsString(claim.key));
    to->mutable_pending_claim()->set_in_force_at_ms(claim.due_ms);
    to->mutable_pending_claim()->set_entry(claim.entry);
  }
  to->set_record_count(row.record_count);
  EncodeQuotas(view, row, to);
  EncodePosition(context, base::EntryIndex(row.registered_entry), to->mutable_registered());
}

void EncodeCommitted(ReadContext& context, const node::Committed& committed,
                     v1::TransactionStatus::Committed* to) {
  to->mutable_position()->set_entry(committed.entry.value());
  to->mutable_position()->set_height(committed.height.value());
  to->mutable_position()->set_time_ms(committed.time.value());
  for (const base::RecordSeq seq : committed.records) {
    to->add_records(AsString(context.view().Record(seq).id));
  }
  to->set_skipped_records(committed.skipped_records);
  for (const uint64_t payout : committed.payouts) to->add_payouts(payout);
}

void EncodeKnown(ReadContext& context, const base::TxId& id, const node::Ledger::Known& known,
                 v1::TransactionStatus* to) {
  to->set_id(AsString(id));
  if (std::holds_alternative<node::Ledger::Pending>(known)) to->mutable_pending();
  if (std::holds_alternative<node::Ledger::Expired>(known)) to->mutable_expired();
  if (std::holds_alternative<node::Ledger::Unknown>(known)) to->mutable_unknown();
  if (const auto* committed = std::get_if<node::Committed>(&known)) {
    EncodeCommitted(context, *committed, to->mutable_committed());
  }
  if (const auto* refused = std::get_if<node::Refused>(&known)) {
    EncodeRefusal(refused->rejection, to->mutable_refused()->mutable_refusal());
    to->mutable_refused()->set_at_height(refused->height.value());
  }
}

}  // namespace tributary::api
