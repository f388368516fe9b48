#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "api/encode.h"
#include "api/errors.h"
#include "api/governance_history.h"
#include "api/handlers.h"
#include "api/logged_event.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/split_encoder.h"
#include "rewards/explain.h"
#include "state/versions.h"

namespace tributary::api {
namespace {

// 10^18 atoms: a line's atoms are its parts per 10^18.
constexpr base::MinorUnits kWhole(1'000'000'000);
constexpr uint32_t kAttestationsShown = 8;
constexpr int kReportersShown = 100;
constexpr uint64_t kReporterRowsMax = 20'000;
constexpr int kIncidentsShown = 20;
constexpr uint64_t kIncidentsTracedMax = 10'000;
// A page ends, whatever its size, with so many bytes of records, accounts, or rows of versions.
constexpr size_t kRecordBytesMax = 1'500'000;
constexpr size_t kAccountsMax = 3'000;
constexpr uint64_t kVersionEdgesMax = 500'000;
// A sponsor is an admin or a steward, and may have been sponsored itself.
constexpr int kSponsorsMax = 64;

std::string E18(base::Atoms atoms) { return base::ToDecimal(atoms.value()); }

// Evidence of the edges of a record, by parent: of the amendment in force, or as submitted.
using EvidenceOf = std::map<base::RecordId, codec::Evidence>;

void TakeEvidence(const std::vector<codec::Parent>& parents, EvidenceOf* to) {
  for (const codec::Parent& parent : parents) {
    if (parent.evidence) to->insert_or_assign(parent.record, *parent.evidence);
  }
}

// One page.
class TracePage {
 public:
  TracePage(ReadContext& c, const SplitQuery& query, const SplitInput& input,
            const rewards::Explanation& flow, v1::TraceResponsibilityResponse* r)
      : c_(c), query_(query), input_(input), flow_(flow), history_(c), r_(r) {}

  bool HasRoom() const {
    return bytes_ < kRecordBytesMax && accounts_.size() < kAccountsMax &&
           version_edges_ < kVersionEdgesMax && !c_.IsStopped();
  }

  void AddRecord(const rewards::ExplainedRecord& traced) {
    const base::RecordSeq seq = traced.record;
    v1::TracedRecord* to = r_->add_records();
    const state::RecordRow row = c_.view().Record(seq);
    const auto named = c_.Named(seq);
    to->set_id(named.id);
    to->set_sequence(seq.value());
    to->set_kind(static_cast<v1::RecordKind>(row.kind));
    to->set_name(named.name);
    to->set_depth_min(traced.depth_min);
    to->set_depth_max(traced.depth_max);
    to->set_reaches_e18(E18(traced.inflow));
    to->set_kept_e18(E18(traced.kept));
    to->set_royalty_e18(E18(traced.extra));
    to->set_attributed_ppb(AttributedTo(seq).value());
    to->set_amended((row.flags & state::kRecordAmended) != 0);
    AddAuthors(seq, to);
    AddEdges(seq, row, to);
    AddAttestations(seq, to);
    AddCommit(row, to);
    bytes_ += to->ByteSizeLong();
  }

  void AddReporters() {
    std::set<uint32_t> known;
    const uint64_t rows = c_.view().RowCount(state::TableKind::kReceivables);
    for (uint64_t row = 0; row < std::min(rows, kReporterRowsMax); ++row) {
      const auto receivable = c_.view().Get<state::ReceivableRow>(row);
      if (r_->reporters_size() >= kReportersShown) return;
      if (!known.insert(receivable.reporter).second) continue;
      const base::AccountIndex reporter(receivable.reporter);
      if (HasReported(reporter)) r_->add_reporters(Name(reporter));
    }
  }

  void AddIncidents() {
    const uint64_t count = c_.view().RowCount(state::TableKind::kIncidents);
    for (uint64_t number = count; number > 0; --number) {
      const bool enough = r_->incidents_size() >= kIncidentsShown;
      if (enough || number + kIncidentsTracedMax <= count) return;
      const auto row = c_.view().Get<state::IncidentRow>(number - 1);
      const uint32_t asset = query_.asset.value();
      if (row.subject != asset && row.frozen_asset != asset) continue;
      EncodeIncident(c_, number - 1, r_->add_incidents());
      Name(base::AccountIndex(row.reporter));
    }
  }

  void AddEvent(const LoggedEvent& event, const LoggedPlace& place) {
    v1::TracedEvent* to = r_->mutable_event();
    if (const auto reporter = c_.view().FindAccount(event.reporter)) {
      to->set_reporter(Name(*reporter));
      to->set_reporter_handle(c_.Handle(*reporter));
    }
    to->set_reference(event.reference);
    to->mutable_place()->set_entry(place.entry.value());
    to->mutable_place()->set_operation(place.operation);
    to->mutable_place()->set_item(place.item);
    EncodeAmount(base::Atoms::FromMinor(event.amount), c_.Currency(event.currency),
                 to->mutable_amount());
    to->set_occurred_at_ms(event.occurred_at.value());
    EncodePosition(c_, place.entry, to->mutable_position());
    if (!event.attribution) return;
    EncodeAttribution(c_, *event.attribution, event.amount, event.currency, false,
                      to->mutable_attribution());
    if (const auto attributor = c_.view().FindAccount(event.attribution->attributor)) {
      Name(*attributor);
    }
  }

  // Everybody who was named, with who admitted them.
  void Finish() {
    for (const uint64_t since : sets_) history_.EncodeValidators(since, r_->add_validator_sets());
    for (const v1::ValidatorSetView& set : r_->validator_sets()) {
      for (const v1::TracedValidator& validator : set.validators()) NameId(validator.account());
    }
    AddSponsors();
    std::set<uint64_t> acts;
    for (const uint32_t account : accounts_) {
      v1::TracedAccount* to = r_->add_accounts();
      EncodeAccountOf(base::AccountIndex(account), to);
      for (const uint64_t act : history_.ActsOn(to->account())) {
        to->add_acts(act);
        acts.insert(act);
      }
    }
    for (const uint64_t act : acts) history_.EncodeAct(act, r_->add_acts());
    r_->set_governance_complete(history_.complete());
  }

 private:
  // Its id; the account is among those of the page from now on.
  std::string Name(base::AccountIndex account) {
    accounts_.insert(account.value());
    return AsString(c_.view().Account(account).id);
  }
  void NameId(const std::string& id) {
    if (id.size() != base::AccountId::kSize) return;
    const auto account = c_.view().FindAccount(base::AccountId::From(base::AsBytes(id)));
    if (account) Name(*account);
  }

  void AddSponsors() {
    std::set<uint32_t> next = accounts_;
    for (int steps = 0; !next.empty() && steps < kSponsorsMax; ++steps) {
      std::set<uint32_t> sponsors;
      for (const uint32_t account : next) {
        const uint32_t sponsor = c_.view().Account(base::AccountIndex(account)).sponsor;
        if (sponsor == state::kNone32) continue;
        if (accounts_.insert(sponsor).second) sponsors.insert(sponsor);
      }
      next = std::move(sponsors);
    }
  }

  void EncodeAccountOf(base::AccountIndex index, v1::TracedAccount* to) {
    v1::AccountView view;
    EncodeAccount(c_, index, &view);
    to->set_account(view.id());
    to->set_handle(view.handle());
    to->set_sponsor(view.sponsor());
    to->set_sponsor_handle(view.sponsor_handle());
    *to->mutable_roles() = view.roles();
    to->set_custodial(view.custodial());
    *to->mutable_registered() = view.registered();
  }

  base::Ppb AttributedTo(base::RecordSeq seq) const {
    if (!query_.attribution) return {};
    for (const AttributedShare& part : query_.attribution->parts) {
      if (part.record == seq) return part.share;
    }
    return {};
  }

  // What each author gets of the record: the flow's lines stand by descending record.
  base::Atoms AmountOf(base::RecordSeq seq, base::AccountIndex account) const {
    const auto first = flow_.lines.begin() + (input_.flow.fee.IsZero() ? 0 : 1);
    auto line =
        std::partition_point(first, flow_.lines.end(),
                             [seq](const rewards::ExplainedLine& one) { return one.record > seq; });
    base::Atoms amount;
    for (; line != flow_.lines.end() && line->record == seq; ++line) {
      if (line->account == account) amount += line->amount;
    }
    return amount;
  }

  void AddAuthors(base::RecordSeq seq, v1::TracedRecord* to) {
    for (const lineage::AuthorShare author : c_.graph().AuthorsOf(seq, query_.epoch)) {
      v1::TracedAuthor* traced = to->add_authors();
      traced->set_account(Name(author.account));
      traced->set_handle(c_.Handle(author.account));
      traced->set_share_ppb(author.share.value());
      traced->set_amount_e18(E18(AmountOf(seq, author.account)));
    }
  }

  // The edges' rows by parent: stance and countersignature stand with the first version that has
  // the edge.
  std::map<uint32_t, state::EdgeRow> EdgeRows(base::RecordSeq seq, const state::RecordRow& row) {
    std::map<uint32_t, state::EdgeRow> rows;
    const auto take = [&](const state::VersionLines& lines) {
      for (const state::EdgeRow& edge : lines.edges) rows[edge.parent] = edge;
      version_edges_ += lines.edges.size();
    };
    if (const auto amended = c_.view().FindAmended(seq)) {
      uint32_t at = c_.view().Get<state::AmendedRow>(*amended).newest;
      for (uint32_t count = 0; at != state::kNone32 && count < state::kVersionsMax; ++count) {
        const auto version = c_.view().Get<state::VersionRow>(at);
        take(state::LinesOfVersion(c_.view(), version));
        at = version.previous;
      }
    }
    take(state::AdmittedLines(c_.view(), row));
    return rows;
  }

  // Copies: the transactions that it is read from may go.
  std::map<base::RecordId, v1::Evidence> Evidence(base::RecordSeq seq) {
    EvidenceOf found;
    const auto record = codec::Decode<codec::Record>(c_.RecordBytes(seq));
    if (record.ok()) TakeEvidence(record->parents, &found);
    if (const auto amended = c_.view().FindAmended(seq)) {
      TakeAmended(c_.view().Get<state::AmendedRow>(*amended), &found);
    }
    std::map<base::RecordId, v1::Evidence> copies;
    for (const auto& [parent, evidence] : found) {
      v1::Evidence& copy = copies[parent];
      copy.set_method(std::string(evidence.method));
      copy.set_score_nano(evidence.score_nano);
      if (evidence.report_sha256) copy.set_report_sha256(AsString(*evidence.report_sha256));
      if (evidence.evaluator) copy.set_evaluator(AsString(*evidence.evaluator));
    }
    return copies;
  }
  void TakeAmended(const state::AmendedRow& amended, EvidenceOf* to) {
    for (uint32_t at = amended.last; at != state::kNone32;) {
      const auto version = c_.view().Get<state::VersionRow>(at);
      if (version.effective_epoch > query_.epoch.value()) {
        at = version.older;
        continue;
      }
      const codec::TransactionBody* body = c_.Transaction(base::EntryIndex(version.entry));
      if (body == nullptr || version.operation >= body->operations.size()) return;
      // A version may also be the end of a case, which states no evidence.
      const auto* amend = std::get_if<codec::AmendRecord>(&body->operations[version.operation]);
      if (amend != nullptr) TakeEvidence(amend->parents, to);
      return;
    }
  }

  void AddEdges(base::RecordSeq seq, const state::RecordRow& row, v1::TracedRecord* to) {
    const std::map<uint32_t, state::EdgeRow> rows = EdgeRows(seq, row);
    const std::map<base::RecordId, v1::Evidence> evidence = Evidence(seq);
    for (const lineage::Edge edge : c_.graph().EdgesOf(seq, query_.epoch)) {
      v1::TracedEdge* traced = to->add_parents();
      const auto named = c_.Named(edge.parent);
      traced->set_record(named.id);
      traced->set_record_name(named.name);
      traced->set_relation(static_cast<v1::Relation>(edge.relation));
      traced->set_share_ppb(edge.share.value());
      if (const auto found = rows.find(edge.parent.value()); found != rows.end()) {
        traced->set_stance(static_cast<v1::EdgeStance>(found->second.stance));
        traced->set_countersigned((found->second.flags & state::kEdgeCountersigned) != 0);
      }
      const auto stated = evidence.find(c_.view().Record(edge.parent).id);
      if (stated == evidence.end()) continue;
      *traced->mutable_evidence() = stated->second;
      SetEvaluator(traced);
    }
  }
  void SetEvaluator(v1::TracedEdge* edge) {
    const std::string& id = edge->evidence().evaluator();
    if (id.size() != base::AccountId::kSize) return;
    const auto account = c_.view().FindAccount(base::AccountId::From(base::AsBytes(id)));
    if (!account) return;
    Name(*account);
    edge->set_evaluator_handle(c_.Handle(*account));
  }

  void AddAttestations(base::RecordSeq seq, v1::TracedRecord* to) {
    const auto row = c_.view().FindAttested(seq);
    if (!row) return;
    const auto attested = c_.view().Get<state::AttestedRow>(*row);
    to->set_attestations_total(attested.count);
    uint32_t at = attested.last;
    for (uint32_t i = 0; i < std::min(attested.count, kAttestationsShown); ++i) {
      const auto one = c_.view().Get<state::AttestationRow>(at);
      v1::TracedAttestation* view = to->add_attestations();
      view->set_steward(Name(base::AccountIndex(one.steward)));
      view->set_handle(c_.Handle(base::AccountIndex(one.steward)));
      view->set_verdict(static_cast<v1::AttestationVerdict>(one.verdict));
      view->set_report_sha256(AsString(one.report_sha256));
      EncodePosition(c_, base::EntryIndex(one.entry), view->mutable_position());
      at = one.previous;
    }
  }

  void AddCommit(const state::RecordRow& row, v1::TracedRecord* to) {
    const base::EntryIndex entry(row.entry);
    EncodePosition(c_, entry, to->mutable_position());
    to->set_operation(row.operation);
    EncodeSigners(c_, entry, to->mutable_signers());
    for (const v1::SignerView& signer : to->signers()) NameId(signer.account());
    const uint64_t since = history_.ValidatorsSince(to->position().height());
    to->set_validators_since(since);
    if (since != 0) sets_.insert(since);
  }

  bool HasReported(base::AccountIndex reporter) {
    bool found = false;
    const auto visit = [&](const index::ReportedPlace& place, const index::ReportedSums&) {
      found = place.reporter == reporter && place.asset == query_.asset;
      return false;
    };
    const absl::Status status =
        c_.view().snapshot().ReportedFrom({reporter, query_.asset, {}, {}}, visit);
    if (!status.ok()) c_.Fail(status);
    return found;
  }

  ReadContext& c_;
  const SplitQuery& query_;
  const SplitInput& input_;
  const rewards::Explanation& flow_;
  GovernanceHistory history_;
  v1::TraceResponsibilityResponse* r_;
  std::set<uint32_t> accounts_;
  std::set<uint64_t> sets_;  // of validators, by the height from which on they stood
  size_t bytes_ = 0;
  uint64_t version_edges_ = 0;
};

// What is traced: the asset, or an event of one.
struct Traced {
  SplitQuery query;
  LoggedPlace place;
  std::optional<LoggedEvent> event;
};

grpc::Status ResolveTraced(ReadContext& c, const v1::TraceResponsibilityRequest& q, Traced* to) {
  to->query.amount = kWhole;
  if (q.has_asset()) {
    if (q.has_reporter() || !q.reference().empty() || q.has_place()) {
      return BadRequest("asset", "an asset or an event, not both");
    }
    to->query.epoch = q.has_epoch() ? base::Epoch(q.epoch()) : c.epoch();
    return Resolve(c, q.asset(), "asset", &to->query.asset);
  }
  if (q.has_epoch()) return BadRequest("epoch", "an event has the shares of its own epoch");
  v1::ExplainRevenueRequest event;
  if (q.has_reporter()) *event.mutable_reporter() = q.reporter();
  event.set_reference(q.reference());
  if (q.has_place()) *event.mutable_place() = q.place();
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveEvent(c, event, &to->place));
  to->event = ReadEvent(c, to->place);
  if (!to->event || to->event->is_refund()) {
    return NotFound("there is no event of revenue at this place of the log");
  }
  to->query.asset = to->event->asset;
  to->query.epoch = c.Header(c.HeightOf(to->place.entry)).epoch;
  to->query.attribution = to->event->attribution;
  return grpc::Status::OK;
}

}  // namespace

// A token holds the epoch of the first page, and the position to go on from.
grpc::Status TraceResponsibility(ReadContext& c, const v1::TraceResponsibilityRequest& q,
                                 v1::TraceResponsibilityResponse* r) {
  Traced traced;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveTraced(c, q, &traced));
  const PageQuery page = QueryOf('t', q);
  std::vector<uint64_t> token = {traced.query.epoch.value(), 0};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), page, &token));
  traced.query.epoch = base::Epoch(token[0]);
  const SplitInput input = InputOf(c, traced.query);
  lineage::WalkLimits limits;
  limits.stop = c.stop();
  const rewards::Explanation flow =
      rewards::Explain(c.graph(), traced.query.epoch, input.flow, limits);
  if (flow.stopped) return CallerGone();
  if (flow.limit_reached) {
    return LimitReached(
        "the asset has more than 1,000,000 ancestors or 10,000,000 edges, more than one request "
        "may look at: trace one of its parents");
  }
  TracePage out(c, traced.query, input, flow, r);
  size_t next = std::min<uint64_t>(token[1], flow.records.size());
  const size_t end = std::min<size_t>(next + PageSize(q.page_size()), flow.records.size());
  for (; next < end && out.HasRoom(); ++next) out.AddRecord(flow.records[next]);
  if (next < flow.records.size()) {
    r->set_next_page_token(MakeToken(page, {traced.query.epoch.value(), next}));
  }
  if (traced.event) out.AddEvent(*traced.event, traced.place);
  if (q.page_token().empty()) {
    out.AddReporters();
    out.AddIncidents();
  }
  out.Finish();
  const auto named = c.Named(traced.query.asset);
  r->set_asset(named.id);
  r->set_asset_name(named.name);
  r->set_epoch(traced.query.epoch.value());
  r->set_fee_e18(E18(input.flow.fee));
  r->set_rounding_e18(E18(flow.dust));
  r->set_total(flow.records.size());
  r->set_edges(flow.edges);
  r->set_depth(flow.depth);
  EncodeAsOf(c.view(), r->mutable_as_of());
  return c.IsStopped() ? CallerGone() : grpc::Status::OK;
}

}  // namespace tributary::api
