#include <algorithm>
#include <array>
#include <map>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "state/disputes.h"
#include "state/versions.h"

namespace tributary::api {
namespace {

constexpr uint64_t kCasesScannedMax = 5'000;

bool IsOnAuthors(const state::CaseRow& one) {
  return one.level == static_cast<uint8_t>(state::CaseLevel::kAuthors);
}

void EncodeLine(ReadContext& c, bool authors, uint32_t subject, base::Ppb share, v1::CaseLine* to) {
  if (authors) {
    const base::AccountIndex account(subject);
    to->set_subject(AsString(c.view().Account(account).id));
    to->set_name(c.Handle(account));
  } else {
    const base::RecordSeq record(subject);
    to->set_subject(AsString(c.view().Record(record).id));
    to->set_name(c.RecordName(record));
  }
  to->set_share_ppb(share.value());
}

void EncodeClaim(ReadContext& c, const state::CaseRow& one, const state::CaseClaim& claim,
                 v1::CaseClaim* to) {
  const state::CaseClaimRow& row = claim.value;
  to->set_number(row.number);
  to->set_agreement(row.claimant == state::kNone32);
  if (!to->agreement()) {
    const base::AccountIndex claimant(row.claimant);
    to->set_claimant(AsString(c.view().Account(claimant).id));
    to->set_handle(c.Handle(claimant));
    EncodeAmount(row.bond, c.Currency(base::CurrencyIndex(row.currency)), to->mutable_bond());
    to->set_evidence_sha256(AsString(row.evidence));
  }
  to->set_state(static_cast<v1::ClaimState>(row.state));
  for (const auto& line : claim.vector.lines) {
    EncodeLine(c, IsOnAuthors(one), line.subject, line.share, to->add_lines());
  }
  to->set_kept_ppb(row.kept_ppb);
  to->set_first_segment(row.first_segment);
  if (row.end_segment != UINT8_MAX) to->set_end_segment(row.end_segment);
  EncodePosition(c, base::EntryIndex(row.entry), to->mutable_position());
}

// The shares in force in the current epoch.
state::VersionLines LinesInForce(ReadContext& c, base::RecordSeq record) {
  uint32_t at = state::kNone32;
  if (const auto row = c.view().FindAmended(record)) {
    at = c.view().Get<state::AmendedRow>(*row).last;
  }
  while (at != state::kNone32) {
    const auto version = c.view().Get<state::VersionRow>(at);
    if (version.effective_epoch <= c.epoch().value()) {
      return state::LinesOfVersion(c.view(), version);
    }
    at = version.older;
  }
  return state::AdmittedLines(c.view(), c.view().Record(record));
}

void EncodeStatusQuo(ReadContext& c, const state::CaseRow& one, base::RecordSeq record,
                     v1::CaseView* to) {
  const state::VersionLines lines = LinesInForce(c, record);
  if (IsOnAuthors(one)) {
    for (const lineage::AuthorShare& author : lines.authors) {
      EncodeLine(c, true, author.account.value(), author.share, to->add_status_quo());
    }
    return;
  }
  to->set_status_quo_kept_ppb(base::kPpbOne - lines.pass_through.value());
  for (const state::EdgeRow& edge : lines.edges) {
    EncodeLine(c, false, edge.parent, base::Ppb(edge.share_ppb), to->add_status_quo());
  }
}

void EncodePot(ReadContext& c, const state::DisputedRow& disputed, v1::CaseView* to) {
  std::map<uint16_t, base::Atoms> held;
  for (uint32_t row = disputed.last_pot; row != state::kNone32;) {
    const auto pot = c.view().Get<state::PotRow>(row);
    held[pot.currency] += pot.held;
    row = pot.previous;
  }
  for (const auto& [currency, atoms] : held) {
    EncodeAmount(atoms, c.Currency(base::CurrencyIndex(currency)), to->add_pot());
  }
}

void EncodeEnd(ReadContext& c, const state::CaseRow& one, v1::CaseView* to) {
  if (one.respondent != state::kNone32) {
    const base::AccountIndex respondent(one.respondent);
    to->set_respondent(AsString(c.view().Account(respondent).id));
    to->set_respondent_handle(c.Handle(respondent));
    to->set_statement_sha256(AsString(one.statement));
  }
  if (one.state != static_cast<uint8_t>(state::CaseState::kEnded)) return;
  to->set_outcome(static_cast<v1::CaseOutcome>(one.outcome));
  for (uint8_t segment = 0; segment < one.segments; ++segment) {
    to->add_choices(one.choices[segment]);
  }
  to->set_ended_ms(one.ended_ms);
  to->set_waits(one.released == 0);
  if (!one.reasons.IsZero()) to->set_reasons_sha256(AsString(one.reasons));
}

void EncodeCase(ReadContext& c, uint64_t number, v1::CaseView* to) {
  const auto one = c.view().Get<state::CaseRow>(number);
  const auto disputed = c.view().Get<state::DisputedRow>(one.disputed);
  const base::RecordSeq record(disputed.subject);
  to->set_number(number);
  to->set_kind(static_cast<v1::CaseKind>(one.kind));
  to->set_record(AsString(c.view().Record(record).id));
  to->set_record_name(c.RecordName(record));
  to->set_authors(IsOnAuthors(one));
  to->set_state(static_cast<v1::CaseState>(one.state));
  to->set_segments(one.segments);
  for (const state::CaseClaim& claim : state::ClaimsOf(c.view(), one)) {
    EncodeClaim(c, one, claim, to->add_claims());
  }
  EncodeStatusQuo(c, one, record, to);
  if (one.released == 0) EncodePot(c, disputed, to);
  to->set_opened_ms(one.opened_ms);
  to->set_due_ms(one.due_ms);
  EncodePosition(c, base::EntryIndex(one.opened_entry), to->mutable_opened());
  EncodeEnd(c, one, to);
}

struct Filter {
  uint8_t state = 0;
  std::optional<base::AccountIndex> account;
};

bool Matches(ReadContext& c, const state::CaseRow& one, const Filter& filter) {
  if (filter.state != 0 && one.state != filter.state) return false;
  if (!filter.account || one.respondent == filter.account->value()) return true;
  for (uint32_t row = one.last_claim; row != state::kNone32;) {
    const auto claim = c.view().Get<state::CaseClaimRow>(row);
    if (claim.claimant == filter.account->value()) return true;
    row = claim.previous;
  }
  return false;
}

}  // namespace

grpc::Status GetCase(ReadContext& c, const v1::GetCaseRequest& q, v1::CaseView* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const uint64_t count = c.view().RowCount(state::TableKind::kCases);
  if (q.number() >= count) {
    return NotFound("there is no case " + std::to_string(q.number()) + "; there are " +
                    std::to_string(count) + ", from 0");
  }
  EncodeCase(c, q.number(), r);
  return grpc::Status::OK;
}

// A token holds the row to go on from, plus one; 0: the end.
grpc::Status ListCases(ReadContext& c, const v1::ListCasesRequest& q, v1::ListCasesResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.state() < 0 || q.state() > v1::CASE_STATE_ENDED) {
    return BadRequest("state", "not a state of cases");
  }
  Filter filter;
  filter.state = static_cast<uint8_t>(q.state());
  if (q.has_account()) {
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &filter.account.emplace()));
  }
  const uint64_t count = c.view().RowCount(state::TableKind::kCases);
  std::optional<uint64_t> disputed;
  uint64_t newest = count;
  if (q.has_record()) {
    base::RecordSeq record;
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &record));
    disputed = c.view().FindDisputed(record);
    newest = 0;
    if (disputed) newest = c.view().Get<state::DisputedRow>(*disputed).newest_case + uint64_t{1};
  }
  const PageQuery query = QueryOf('w', q);
  std::vector<uint64_t> token = {newest};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > count) return BadRequest("page_token", "not a token of this list");
  uint64_t scanned = 0;
  size_t bytes = 0;
  for (uint64_t next = token[0]; next > 0; ++scanned) {
    const bool full = r->cases_size() >= static_cast<int>(PageSize(q.page_size()));
    if (full || bytes > kResponseBytesMax || scanned >= kCasesScannedMax) {
      r->set_next_page_token(MakeToken(query, {next}));
      return grpc::Status::OK;
    }
    const auto one = c.view().Get<state::CaseRow>(next - 1);
    if (Matches(c, one, filter)) {
      EncodeCase(c, next - 1, r->add_cases());
      bytes += r->cases().rbegin()->ByteSizeLong();
    }
    next = q.has_record() ? (one.previous == state::kNone32 ? 0 : one.previous + uint64_t{1})
                          : next - 1;
  }
  return grpc::Status::OK;
}

grpc::Status SimulateRuling(ReadContext& c, const v1::SimulateRulingRequest& q,
                            v1::SimulateRulingResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const std::vector<uint32_t> choices(q.choices().begin(), q.choices().end());
  const auto answer = c.view().SimulateRuling(q.number(), choices);
  if (!answer) return Busy("a block was committed meanwhile");
  if (!answer->ok()) return FaultStatus(answer->status());
  const base::Checked<state::SimulatedRuling>& simulated = **answer;
  if (!simulated.ok()) return RefusedStatus(simulated.rejection());
  r->set_pays_out(simulated->pays_out);
  for (const state::SimulatedChange& change : simulated->changes) {
    v1::SimulatedChange* to = r->add_changes();
    const state::CurrencyRow& currency = c.Currency(change.currency);
    to->set_account(AsString(c.view().Account(change.account).id));
    to->set_handle(c.Handle(change.account));
    EncodeSignedAmount(change.available, currency, to->mutable_available());
    EncodeSignedAmount(change.bonded, currency, to->mutable_bonded());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
