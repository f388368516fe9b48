#include <map>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kIncidentsScannedMax = 20'000;
constexpr uint64_t kFrozenRowsMax = 100'000;

// The operation of this kind on the incident in a transaction; nullptr where it cannot be read.
// Valid until the next transaction is.
template <class Operation>
const Operation* OperationOn(ReadContext& c, uint64_t incident, uint64_t entry) {
  const codec::TransactionBody* body = c.Transaction(base::EntryIndex(entry));
  if (body == nullptr) return nullptr;
  for (const codec::Operation& one : body->operations) {
    const auto* operation = std::get_if<Operation>(&one);
    if (operation != nullptr && operation->incident == incident) return operation;
  }
  return nullptr;
}

void EncodeReport(ReadContext& c, const state::IncidentRow& incident, v1::IncidentView* to) {
  const auto subject = c.Named(base::RecordSeq(incident.subject));
  to->set_subject(subject.id);
  to->set_subject_name(subject.name);
  const base::AccountIndex reporter(incident.reporter);
  to->set_reporter(AsString(c.view().Account(reporter).id));
  to->set_reporter_handle(c.Handle(reporter));
  const auto* category = reinterpret_cast<const char*>(incident.category.data());
  to->set_category(std::string(category, incident.category_bytes));
  to->set_severity(incident.severity);
  to->set_evidence_sha256(AsString(incident.evidence_sha256));
  EncodePosition(c, base::EntryIndex(incident.entry), to->mutable_reported());
  const codec::TransactionBody* body = c.Transaction(base::EntryIndex(incident.entry));
  if (body == nullptr || incident.operation >= body->operations.size()) return;
  const auto* report = std::get_if<codec::ReportIncident>(&body->operations[incident.operation]);
  if (report != nullptr) to->set_evidence_uri(std::string(report->evidence_uri));
}

// What is frozen of the asset's gross, by currency.
void EncodeFrozen(ReadContext& c, const state::FrozenAssetRow& asset, v1::FreezeView* to) {
  std::map<uint16_t, base::Uint128> gross;
  uint64_t visited = 0;
  for (uint32_t at = asset.last; at != state::kNone32 && visited < kFrozenRowsMax; ++visited) {
    const auto row = c.view().Get<state::FrozenRow>(at);
    if (row.kind == static_cast<uint8_t>(state::PendingKind::kGross)) {
      gross[row.currency] += row.amount.value();
    }
    at = row.previous;
  }
  for (const auto& [currency, minor] : gross) {
    EncodeAmount(base::Atoms(minor * base::kPpbOne), c.Currency(base::CurrencyIndex(currency)),
                 to->add_frozen());
  }
}

void EncodeFreeze(ReadContext& c, uint64_t number, const state::IncidentRow& incident,
                  v1::FreezeView* to) {
  const base::RecordSeq asset(incident.frozen_asset);
  const auto named = c.Named(asset);
  to->set_asset(named.id);
  to->set_asset_name(named.name);
  EncodePosition(c, base::EntryIndex(incident.frozen_entry), to->mutable_since());
  to->set_until_ms(incident.frozen_until_ms);
  EncodeSigners(c, base::EntryIndex(incident.frozen_entry), to->mutable_signers());
  const auto row = c.view().FindFrozenAsset(asset);
  if (!row) return;
  const auto frozen = c.view().Get<state::FrozenAssetRow>(*row);
  if (frozen.frozen == 0 || frozen.incident != number) return;
  to->set_in_force(true);
  EncodeFrozen(c, frozen, to);
}

void EncodeRuling(ReadContext& c, uint64_t number, const state::IncidentRow& incident,
                  v1::IncidentRuling* to) {
  to->set_upheld(incident.state == static_cast<uint8_t>(state::IncidentState::kUpheld));
  to->set_reasons_sha256(AsString(incident.reasons_sha256));
  EncodePosition(c, base::EntryIndex(incident.ruled_entry), to->mutable_position());
  EncodeSigners(c, base::EntryIndex(incident.ruled_entry), to->mutable_signers());
  const auto* ruling = OperationOn<codec::RuleIncident>(c, number, incident.ruled_entry);
  if (ruling == nullptr) return;
  for (const codec::Compensation& one : ruling->compensations) {
    v1::CompensationView* compensation = to->add_compensations();
    compensation->set_account(AsString(one.account));
    if (const auto account = c.view().FindAccount(one.account)) {
      compensation->set_handle(c.Handle(*account));
    }
    if (const auto currency = c.view().FindCurrency(one.currency)) {
      EncodeAmount(base::Atoms::FromMinor(one.amount_minor), c.Currency(*currency),
                   compensation->mutable_amount());
    }
  }
}

}  // namespace

void EncodeIncident(ReadContext& c, uint64_t number, v1::IncidentView* to) {
  const auto incident = c.view().Get<state::IncidentRow>(number);
  to->set_number(number);
  to->set_state(static_cast<v1::IncidentState>(incident.state));
  EncodeReport(c, incident, to);
  if (incident.frozen_asset != state::kNone32) {
    EncodeFreeze(c, number, incident, to->mutable_freeze());
  }
  if (incident.state != static_cast<uint8_t>(state::IncidentState::kOpen)) {
    EncodeRuling(c, number, incident, to->mutable_ruling());
  }
}

grpc::Status GetIncident(ReadContext& c, const v1::GetIncidentRequest& q, v1::IncidentView* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const uint64_t count = c.view().RowCount(state::TableKind::kIncidents);
  if (q.number() >= count) {
    return NotFound("there is no incident " + std::to_string(q.number()) + "; there are " +
                    std::to_string(count) + ", from 0");
  }
  EncodeIncident(c, q.number(), r);
  return grpc::Status::OK;
}

// A token holds the number of the last one shown or looked at.
grpc::Status ListIncidents(ReadContext& c, const v1::ListIncidentsRequest& q,
                           v1::ListIncidentsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.state() < 0 || q.state() > v1::INCIDENT_STATE_DISMISSED) {
    return BadRequest("state", "not a state of incidents");
  }
  base::RecordSeq record;
  if (q.has_record()) TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &record));
  const PageQuery query = QueryOf('i', q);
  const uint64_t count = c.view().RowCount(state::TableKind::kIncidents);
  std::vector<uint64_t> token = {count};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > count) return BadRequest("page_token", "not a token of this list");
  size_t bytes = 0;
  uint64_t scanned = 0;
  for (uint64_t next = token[0]; next > 0; --next, ++scanned) {
    const bool full = r->incidents_size() >= static_cast<int>(PageSize(q.page_size()));
    if (full || bytes > kResponseBytesMax || scanned >= kIncidentsScannedMax) {
      r->set_next_page_token(MakeToken(query, {next}));
      break;
    }
    const auto row = c.view().Get<state::IncidentRow>(next - 1);
    if (q.state() != v1::INCIDENT_STATE_UNSPECIFIED && row.state != q.state()) continue;
    const bool names = row.subject == record.value() || row.frozen_asset == record.value();
    if (q.has_record() && !names) continue;
    EncodeIncident(c, next - 1, r->add_incidents());
    bytes += r->incidents().rbegin()->ByteSizeLong();
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
