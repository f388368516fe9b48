#include "property/state/hostile_operations.h"

#include <algorithm>
#include <map>
#include <set>

#include "codec/ids.h"
#include "crypto/hash.h"
#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kEpochMs = 10'000;
constexpr uint64_t kUnit = 100;
constexpr base::Epoch kEver{uint64_t{1} << 40};

bool HasKey(const state::AccountRow& row) { return row.key != base::PublicKey{}; }

}  // namespace

ChainOptions HostileOptions(uint64_t seed) {
  ChainOptions options;
  options.chain_id = "hostile/1";
  options.parameters.epoch_ms = kEpochMs;
  options.parameters.maturity_epochs = static_cast<uint32_t>(seed % 3);
  options.parameters.royalty_max_ppb = base::Ppb(300'000'000);
  options.parameters.validity_window_ms = 100'000;
  options.parameters.claim_notice_ms = kEpochMs / 2;
  options.parameters.horizon_epochs = 100;
  options.parameters.case_response_ms = 3 * kEpochMs;
  options.parameters.case_ruling_ms = 4 * kEpochMs;
  options.parameters.freeze_ms = 2 * kEpochMs;
  options.parameters.bond_floor_minor = base::MinorUnits(seed % 2);
  options.currencies = {{"USD", 6, base::MinorUnits(kUnit), base::MinorUnits(0)},
                        {"EUR", 6, base::MinorUnits(kUnit), base::MinorUnits(10 * kUnit)}};
  const std::map<std::string, uint64_t> much = {{"USD", 1'000'000'000'000},
                                                {"EUR", 1'000'000'000'000}};
  options.people = {{"admin1", {codec::Role::kAdmin}, {}},
                    {"admin2", {codec::Role::kAdmin}, {}},
                    {"steward1", {codec::Role::kSteward}, {}},
                    {"steward2", {codec::Role::kSteward}, {}},
                    {"reporter1", {codec::Role::kReporter}, much},
                    {"reporter2", {codec::Role::kReporter}, {{"USD", 30'000'000}}},
                    {"oracle1", {codec::Role::kAttributor}, {}},
                    {"oracle2", {codec::Role::kAttributor}, {}},
                    {"judge1", {codec::Role::kArbiter}, {}},
                    {"judge2", {codec::Role::kArbiter}, {}},
                    {"treasurer1", {codec::Role::kTreasurer}, {}},
                    {"treasurer2", {codec::Role::kTreasurer}, {}},
                    {"auditor1", {codec::Role::kAuditor}, {}},
                    {"plain1", {}, {}},
                    {"plain2", {}, {}}};
  options.admin_threshold = 2;
  options.arbiter_threshold = 2;
  return options;
}

// ------------------------------------------------------------------------------------------------
// Who and what

std::string HostileOperations::Somebody() {
  for (int i = 0; i < 8; ++i) {
    const std::string& handle = One(chain_.handles());
    if (chain_.IsCommitted(handle) && HasKey(chain_.Row(handle))) return handle;
  }
  return "plain1";
}

std::string HostileOperations::WithRole(const char* first, const char* second) {
  if (Chance(6)) return Somebody();
  return Chance(50) ? first : second;
}

std::string HostileOperations::SignerFor(const std::string& handle) const {
  if (!chain_.IsCommitted(handle)) return handle;
  const state::AccountRow row = chain_.Row(handle);
  if (HasKey(row) || row.sponsor == state::kNone32) return handle;
  return chain_.HandleOf(row.sponsor);
}

std::optional<uint64_t> HostileOperations::CommittedRecord() {
  const uint64_t count = chain_.graph().size();
  if (count == 0) return std::nullopt;
  return Chance(50) ? count - 1 - Below(std::min<uint64_t>(count, 20)) : Below(count);
}

std::vector<std::string> HostileOperations::OwnersOf(uint64_t seq) {
  std::set<std::string> owners;
  const base::RecordSeq record(static_cast<uint32_t>(seq));
  for (const lineage::AuthorShare author : chain_.graph().SplitOf(record, kEver).authors) {
    owners.insert(SignerFor(chain_.HandleOf(author.account.value())));
  }
  return {owners.begin(), owners.end()};
}

base::RecordId HostileOperations::SomeRecord() {
  if (records_.empty() || Chance(2)) return base::RecordId{IdText("no record")};
  const uint64_t count = records_.size();
  return records_[Chance(60) ? count - 1 - Below(std::min<uint64_t>(count, 20)) : Below(count)];
}

std::string_view HostileOperations::SomeCurrency() {
  return Chance(2) ? "XXX" : Chance(60) ? "USD" : "EUR";
}

uint64_t HostileOperations::SomeAmount() {
  switch (Below(10)) {
    case 0: return 1;
    case 1: return Chance(20) ? (uint64_t{1} << 63) - 1 : 7;
    case 2: return Below(3);
    case 3: return kUnit * (1 + Below(100));
    default: return 1 + Below(1'000'000);
  }
}

std::string_view HostileOperations::Reference() {
  return chain_.Keep("ref-" + std::to_string(Chance(97) ? ++made_ : made_));
}

std::array<uint8_t, 32> HostileOperations::IdText(std::string_view text) {
  return crypto::Sha256(base::AsBytes(std::string(text) + std::to_string(++made_))).bytes;
}

uint64_t HostileOperations::Number(state::TableKind kind) {
  const uint64_t count = chain_.Count(kind);
  if (count == 0 || Chance(2)) return count + Below(3);
  return Chance(90) ? count - 1 - Below(std::min<uint64_t>(count, 12)) : Below(count);
}

// Mostly one that is open.
uint64_t HostileOperations::SomeCase() {
  for (int i = 0; i < 20; ++i) {
    const uint64_t number = Number(state::TableKind::kCases);
    const auto state = chain_.Read<state::CaseRow>(number).state;
    if (state != static_cast<uint8_t>(state::CaseState::kEnded) || Chance(5)) return number;
  }
  return Number(state::TableKind::kCases);
}

std::vector<codec::Author> HostileOperations::Shared(const std::vector<std::string>& handles) {
  std::vector<codec::Author> authors;
  uint32_t left = base::kPpbOne;
  for (size_t i = 0; i < handles.size(); ++i) {
    const bool last = i + 1 == handles.size();
    const uint32_t share = last ? left : 1 + static_cast<uint32_t>(Below(left / 2));
    authors.push_back({chain_.IdOf(handles[i]), base::Ppb(share)});
    left -= share;
  }
  return authors;
}

std::vector<std::string> HostileOperations::Judges() {
  if (Chance(90)) return {"judge1", "judge2"};
  return Chance(50) ? std::vector<std::string>{"judge1"}
                    : std::vector<std::string>{Somebody(), "judge2"};
}

Attempt HostileOperations::By(std::vector<std::string> signers, codec::Operation operation) {
  Attempt attempt;
  attempt.sender = signers.empty() ? "plain1" : signers.front();
  for (const std::string& signer : signers) {
    const auto& known = attempt.cosigners;
    const bool again = std::find(known.begin(), known.end(), signer) != known.end();
    if (signer != attempt.sender && !again) attempt.cosigners.push_back(signer);
  }
  attempt.operations.push_back(std::move(operation));
  return attempt;
}

// ------------------------------------------------------------------------------------------------
// Accounts

Attempt HostileOperations::Register() {
  const std::string sponsor = WithRole("steward1", "steward2");
  const std::string handle = "c" + std::to_string(Chance(95) ? ++made_ : made_);
  const bool custodial = Chance(25);
  codec::Registration registration;
  registration.handle = chain_.Keep(handle);
  registration.sponsor = chain_.IdOf(Chance(97) ? sponsor : "plain2");
  if (!custodial) registration.public_key = chain_.Key(handle).public_key();
  codec::RegisterAccount operation;
  operation.registration = chain_.KeepBytes(codec::Encode(registration));
  if (!custodial) operation.possession.emplace().bytes.fill(1);
  const base::AccountId id = codec::AccountIdOf(operation.registration);
  Attempt attempt = By({sponsor}, operation);
  if (!custodial) attempt.proven = {{0, *registration.public_key}};
  attempt.accepted = [this, handle, id] { chain_.Add(handle, id); };
  return attempt;
}

Attempt HostileOperations::Claim() {
  std::string handle = Somebody();
  for (const std::string& one : chain_.handles()) {
    if (chain_.IsCommitted(one) && !HasKey(chain_.Row(one)) && Chance(60)) handle = one;
  }
  codec::ClaimAccount claim;
  claim.account = chain_.IdOf(handle);
  claim.public_key = chain_.Key(handle).public_key();
  claim.possession.bytes.fill(1);
  Attempt attempt = By({SignerFor(handle)}, claim);
  attempt.proven = {{0, claim.public_key}};
  return attempt;
}

Attempt HostileOperations::Object() {
  std::string handle = One(chain_.handles());
  for (const std::string& one : chain_.handles()) {
    if (chain_.IsCommitted(one) && chain_.Row(one).pending_claim != state::kNone32) handle = one;
  }
  return By({SignerFor(handle)}, codec::ObjectToClaim{chain_.IdOf(handle), "not hers"});
}

Attempt HostileOperations::Rotate() {
  const std::string handle = Somebody();
  codec::RotateKey rotation;
  rotation.public_key = chain_.NextKey(handle).public_key();
  rotation.possession.bytes.fill(1);
  rotation.overlap_ms = Chance(50) ? 0 : 1'000;
  Attempt attempt = By({handle}, rotation);
  attempt.proven = {{0, rotation.public_key}};
  attempt.accepted = [this, handle] { chain_.Rotated(handle); };
  return attempt;
}

Attempt HostileOperations::Raise() {
  const std::string handle = One(chain_.handles());
  const state::AccountRow row =
      chain_.IsCommitted(handle) ? chain_.Row(handle) : state::AccountRow{};
  const std::string sponsor =
      row.sponsor == state::kNone32 ? "steward1" : chain_.HandleOf(row.sponsor);
  return By({Chance(90) ? sponsor : Somebody()},
            codec::RaiseIdentity{chain_.IdOf(handle), static_cast<uint32_t>(Below(50))});
}

// ------------------------------------------------------------------------------------------------
// Records

Attempt HostileOperations::Submit() {
  constexpr codec::RecordKind kKinds[] = {codec::RecordKind::kModel, codec::RecordKind::kDataset,
                                          codec::RecordKind::kCode, codec::RecordKind::kPool};
  std::set<std::string> authors;
  for (uint64_t i = 0; i <= Below(3); ++i) {
    authors.insert(Chance(12) ? One(chain_.handles()) : Somebody());
  }
  codec::Record record;
  record.kind = kKinds[Below(std::size(kKinds))];
  std::set<std::string> signers;
  for (const std::string& author : authors) {
    record.custodial = record.custodial || SignerFor(author) != author;
    signers.insert(SignerFor(author));
  }
  record.authors = Shared({authors.begin(), authors.end()});
  record.content_sha256 = base::Hash{IdText("content")};
  std::set<base::RecordId> parents;
  for (uint64_t i = Below(4); i > 0 && !records_.empty(); --i) parents.insert(SomeRecord());
  for (const base::RecordId& parent : parents) {
    record.parents.push_back(
        {parent, codec::Relation::kDerivedFrom, static_cast<uint32_t>(1 + Below(9)), std::nullopt});
  }
  if (!parents.empty())
    record.pass_through_ppb = base::Ppb(static_cast<uint32_t>(Below(11)) * 100'000'000);
  record.terms.alpha_max_ppb = base::Ppb(Chance(50) ? 400'000'000 : 0);
  record.terms.royalty_ppb = base::Ppb(Chance(30) ? 5'000'000 : 0);
  record.terms.min_share_ppb = base::Ppb(Chance(10) ? 1'000'000 : 0);
  codec::SubmitRecord operation;
  operation.record = chain_.KeepBytes(codec::Encode(record));
  Attempt attempt = By({signers.begin(), signers.end()}, operation);
  const base::RecordId id = codec::RecordIdOf(operation.record);
  attempt.accepted = [this, id, terms = record.terms] {
    records_.push_back(id);
    terms_.push_back(terms);
  };
  return attempt;
}

Attempt HostileOperations::Amend() {
  const auto seq = CommittedRecord();
  if (!seq) return Submit();
  const base::RecordSeq record(static_cast<uint32_t>(*seq));
  const lineage::Split split = chain_.graph().SplitOf(record, kEver);
  codec::AmendRecord amend;
  amend.record = records_[*seq];
  amend.effective_epoch = base::Epoch(Soon());
  for (const lineage::Edge edge : split.edges) {
    if (Chance(3)) continue;
    amend.parents.push_back({records_[edge.parent.value()], codec::Relation::kDerivedFrom,
                             static_cast<uint32_t>(1 + Below(9)), std::nullopt});
  }
  if (Chance(5)) {
    amend.parents.push_back({SomeRecord(), codec::Relation::kDerivedFrom, 1, std::nullopt});
  }
  const uint32_t tenths = static_cast<uint32_t>(1 + Below(10));
  if (!amend.parents.empty()) amend.pass_through_ppb = base::Ppb(tenths * 100'000'000);
  std::set<std::string> authors;
  for (const lineage::AuthorShare author : split.authors) {
    if (!Chance(15)) authors.insert(chain_.HandleOf(author.account.value()));
  }
  if (authors.empty() || Chance(15)) authors.insert(Somebody());
  amend.authors = Shared({authors.begin(), authors.end()});
  std::vector<std::string> signers = OwnersOf(*seq);
  for (const std::string& author : authors) signers.push_back(SignerFor(author));
  if (Chance(8)) signers = {One(signers)};
  Attempt attempt = By(signers, amend);
  attempt.accepted = [this, number = *seq, epoch = amend.effective_epoch.value()] {
    amendments_.emplace_back(number, epoch);
  };
  return attempt;
}

Attempt HostileOperations::WithdrawAmendment() {
  if (amendments_.empty()) return Amend();
  const auto [seq, epoch] =
      amendments_[amendments_.size() - 1 - Below(std::min<uint64_t>(amendments_.size(), 5))];
  return By(OwnersOf(seq), codec::WithdrawAmendment{records_[seq], base::Epoch(epoch)});
}

Attempt HostileOperations::Lower() {
  const auto seq = CommittedRecord();
  if (!seq) return Submit();
  codec::Terms terms = terms_[*seq];
  terms.royalty_ppb = Chance(50) ? base::Ppb() : terms.royalty_ppb;
  terms.alpha_max_ppb = base::Ppb(terms.alpha_max_ppb.value() / 2);
  if (Chance(5)) terms.min_share_ppb = base::Ppb(terms.min_share_ppb.value() + 1);
  Attempt attempt =
      By(OwnersOf(*seq), codec::LowerTerms{records_[*seq], terms, base::Epoch(Soon())});
  attempt.accepted = [this, number = *seq, terms] { terms_[number] = terms; };
  return attempt;
}

Attempt HostileOperations::Reserve() {
  return By({Somebody()}, codec::Reserve{base::Hash{IdText(Chance(95) ? "mine" : "")}});
}

Attempt HostileOperations::Stance() {
  const auto seq = CommittedRecord();
  if (!seq) return Submit();
  const base::RecordSeq child(static_cast<uint32_t>(*seq));
  const lineage::Split split = chain_.graph().SplitOf(child, kEver);
  if (split.edges.size() == 0) return Countersign();
  const uint32_t parent = split.edges.parents()[Below(split.edges.size())];
  return By(OwnersOf(parent), codec::SetEdgeStance{records_[*seq], records_[parent],
                                                   Chance(50) ? codec::EdgeStance::kAcknowledged
                                                              : codec::EdgeStance::kDisavowed});
}

Attempt HostileOperations::Countersign() {
  const auto seq = CommittedRecord();
  if (!seq) return Submit();
  const base::RecordSeq child(static_cast<uint32_t>(*seq));
  const lineage::Split split = chain_.graph().SplitOf(child, kEver);
  const uint64_t parent =
      split.edges.size() == 0 ? *seq : split.edges.parents()[Below(split.edges.size())];
  return By(OwnersOf(parent), codec::Countersign{records_[*seq], records_[parent]});
}

Attempt HostileOperations::Attest() {
  return By({WithRole("steward1", "steward2")},
            codec::AttestLineage{SomeRecord(), codec::AttestationVerdict::kComplete, Evidence()});
}

// ------------------------------------------------------------------------------------------------
// Money

Attempt HostileOperations::Report() {
  const std::string reporter = WithRole("reporter1", "reporter2");
  codec::ReportRevenue report;
  report.asset = SomeRecord();
  report.currency = SomeCurrency();
  report.amount_minor = base::MinorUnits(SomeAmount());
  report.occurred_at_ms = base::TimeMs(chain_.time_ms() - (Chance(95) ? 0 : Below(2'000'000)));
  report.reference = Reference();
  const Event event{reporter, std::string(report.reference), report.amount_minor.value()};
  Attempt attempt;
  if (Chance(20)) {
    const std::string attributor = WithRole("oracle1", "oracle2");
    codec::AttributionClaim claim;
    claim.asset = Chance(97) ? report.asset : SomeRecord();
    claim.reporter = chain_.IdOf(reporter);
    claim.reference = report.reference;
    claim.attributor = chain_.IdOf(attributor);
    claim.method = "trak";
    claim.alpha_ppb = base::Ppb(static_cast<uint32_t>(1 + Below(5)) * 100'000'000);
    std::set<base::RecordId> named;
    for (uint64_t i = 0; i <= Below(3); ++i) named.insert(SomeRecord());
    for (const base::RecordId& one : named) claim.influences.push_back({one, 1});
    report.attribution.emplace();
    report.attribution->claim = chain_.KeepBytes(codec::Encode(claim));
    report.attribution->signature.bytes.fill(1);
    attempt = By({reporter}, report);
    if (Chance(97)) attempt.proven = {{0, chain_.Key(attributor).public_key()}};
  } else {
    attempt = By({reporter}, report);
  }
  attempt.accepted = [this, event] { events_.push_back(event); };
  return attempt;
}

Attempt HostileOperations::ReportBatch() {
  const std::string reporter = WithRole("reporter1", "reporter2");
  codec::ReportRevenueBatch batch;
  batch.asset = SomeRecord();
  batch.currency = SomeCurrency();
  std::vector<Event> events;
  for (uint64_t i = 0; i <= Below(4); ++i) {
    const codec::RevenueItem item{base::MinorUnits(SomeAmount()), base::TimeMs(chain_.time_ms()),
                                  Reference()};
    batch.items.push_back(item);
    events.push_back({reporter, std::string(item.reference), item.amount_minor.value()});
  }
  Attempt attempt = By({reporter}, batch);
  attempt.accepted = [this, events] {
    events_.insert(events_.end(), events.begin(), events.end());
  };
  return attempt;
}

Attempt HostileOperations::Refund() {
  if (events_.empty()) return Report();
  const Event& event = events_[events_.size() - 1 - Below(std::min<uint64_t>(events_.size(), 100))];
  const uint64_t amount = Chance(40) ? event.amount_minor : 1 + Below(event.amount_minor + 1);
  return By(
      {Chance(94) ? event.reporter : Somebody()},
      codec::RefundRevenue{chain_.Keep(event.reference), base::MinorUnits(amount), Reference()});
}

Attempt HostileOperations::State() {
  const uint64_t last = Epoch() - Below(2);
  const uint64_t first = last - std::min(last, Below(3));
  return By({WithRole("reporter1", "reporter2")},
            codec::SubmitStatement{SomeRecord(), SomeCurrency(), base::Epoch(first),
                                   base::Epoch(last), base::MinorUnits(Below(1'000))});
}

Attempt HostileOperations::Fund() {
  const std::string reporter = WithRole("reporter1", "reporter2");
  return By({WithRole("treasurer1", "treasurer2")},
            codec::ConfirmFunding{chain_.IdOf(reporter), SomeCurrency(),
                                  base::MinorUnits(SomeAmount()), Reference()});
}

Attempt HostileOperations::Deposit() {
  return By({WithRole("treasurer1", "treasurer2")},
            codec::ConfirmDeposit{chain_.IdOf(Somebody()), SomeCurrency(),
                                  base::MinorUnits(SomeAmount()), Reference()});
}

Attempt HostileOperations::Request() {
  std::string handle = Somebody();
  uint64_t units = 0;
  const uint16_t currency = static_cast<uint16_t>(Below(2));
  for (int i = 0; i < 10 && units < 10; ++i) {
    handle = Somebody();
    const uint64_t account =
        *chain_.resident().Find(state::Identity::kHandle, state::HandleKey(handle));
    const auto balance = chain_.Read<state::BalanceRow>(account, currency);
    units = static_cast<uint64_t>(balance.available.value() / base::kPpbOne / kUnit);
  }
  const uint64_t wanted = Chance(90) && units > 0 ? 1 + Below(units) : units + Below(3);
  return By({handle}, codec::RequestPayout{currency == 0 ? "USD" : "EUR",
                                           base::MinorUnits(wanted * kUnit + Chance(3))});
}

Attempt HostileOperations::Confirm() {
  const base::PayoutIndex payout(Number(state::TableKind::kPayouts));
  return By({WithRole("treasurer1", "treasurer2")}, codec::ConfirmPayout{payout, Reference()});
}

Attempt HostileOperations::Fail() {
  const base::PayoutIndex payout(Number(state::TableKind::kPayouts));
  return By({WithRole("treasurer1", "treasurer2")}, codec::FailPayout{payout, "returned"});
}

Attempt HostileOperations::Prefer() {
  const uint64_t above = Chance(40) ? 0 : kUnit * (1 + Below(1'000));
  return By({Somebody()}, codec::SetPayoutPreference{SomeCurrency(), base::MinorUnits(above)});
}

// ------------------------------------------------------------------------------------------------
// Cases and incidents

std::optional<codec::Candidate> HostileOperations::SomeCandidate(uint64_t seq, bool authors) {
  const base::RecordSeq record(static_cast<uint32_t>(seq));
  const lineage::Split split = chain_.graph().SplitOf(record, base::Epoch(Epoch()));
  std::vector<base::Hash> subjects;
  if (authors) {
    for (const lineage::AuthorShare author : split.authors) {
      subjects.push_back({chain_.IdOf(chain_.HandleOf(author.account.value())).bytes});
    }
    if (Chance(70)) subjects.push_back({chain_.IdOf(Somebody()).bytes});
  } else {
    for (const lineage::Edge edge : split.edges) {
      subjects.push_back({records_[edge.parent.value()].bytes});
    }
    if (seq > 0 && Chance(50)) subjects.push_back({records_[Below(seq)].bytes});
  }
  codec::Candidate candidate;
  uint32_t left = base::kPpbOne;
  if (!authors) {
    candidate.kept_ppb = base::Ppb(static_cast<uint32_t>(Below(10)) * 100'000'000);
    left -= candidate.kept_ppb.value();
  }
  for (size_t i = 0; i < subjects.size(); ++i) {
    const bool last = i + 1 == subjects.size();
    const uint32_t share = last ? left : static_cast<uint32_t>(Below(uint64_t{left} + 1));
    candidate.lines.push_back({subjects[i], base::Ppb(share)});
    left -= share;
  }
  if (candidate.lines.empty()) return std::nullopt;
  return candidate;
}

Attempt HostileOperations::Open() {
  const auto seq = CommittedRecord();
  if (!seq) return Submit();
  const bool authors = Chance(50);
  codec::OpenCase open;
  open.subject = base::Hash{records_[*seq].bytes};
  open.kind = Chance(3) ? codec::CaseKind::kAccount
              : authors ? codec::CaseKind::kAuthorship
                        : codec::CaseKind::kMissingEdge;
  open.candidate = SomeCandidate(*seq, authors);
  open.currency = SomeCurrency();
  open.evidence_sha256 = Evidence();
  const std::string claimant = Somebody();
  Attempt attempt = By({claimant}, open);
  attempt.accepted = [this, claimant, number = chain_.Count(state::TableKind::kCases)] {
    claims_.emplace_back(number, claimant);  // or one of the next, opened in the same block
  };
  return attempt;
}

Attempt HostileOperations::Join() {
  if (chain_.Count(state::TableKind::kCases) == 0) return Open();
  const uint64_t number = SomeCase();
  const auto one = chain_.Read<state::CaseRow>(number);
  const uint64_t seq = chain_.Read<state::DisputedRow>(one.disputed).subject;
  codec::JoinCase join;
  join.case_number = number;
  if (seq < records_.size()) {
    join.candidate =
        SomeCandidate(seq, one.level == static_cast<uint8_t>(state::CaseLevel::kAuthors));
  }
  join.currency = SomeCurrency();
  join.evidence_sha256 = Evidence();
  const std::string claimant = Somebody();
  Attempt attempt = By({claimant}, join);
  attempt.accepted = [this, claimant, number] { claims_.emplace_back(number, claimant); };
  return attempt;
}

Attempt HostileOperations::Respond() {
  if (chain_.Count(state::TableKind::kCases) == 0) return Open();
  const uint64_t number = SomeCase();
  const auto one = chain_.Read<state::CaseRow>(number);
  const uint64_t seq = chain_.Read<state::DisputedRow>(one.disputed).subject;
  const auto owners = seq < chain_.graph().size() ? OwnersOf(seq) : std::vector<std::string>{};
  return By({owners.empty() || Chance(10) ? Somebody() : One(owners)},
            codec::RespondToCase{number, Evidence(), ""});
}

Attempt HostileOperations::WithdrawClaim() {
  if (claims_.empty()) return Open();
  const auto& [number, claimant] =
      claims_[claims_.size() - 1 - Below(std::min<uint64_t>(claims_.size(), 10))];
  return By({claimant}, codec::WithdrawClaim{number});
}

Attempt HostileOperations::Agree() {
  if (chain_.Count(state::TableKind::kCases) == 0) return Open();
  const uint64_t number = SomeCase();
  const auto one = chain_.Read<state::CaseRow>(number);
  const uint64_t seq = chain_.Read<state::DisputedRow>(one.disputed).subject;
  if (seq >= chain_.graph().size()) return Open();
  codec::AgreeCase agree;
  agree.case_number = number;
  const auto outcome =
      SomeCandidate(seq, one.level == static_cast<uint8_t>(state::CaseLevel::kAuthors));
  if (outcome) agree.outcome = *outcome;
  std::vector<std::string> signers;
  for (const auto& [of_case, claimant] : claims_) {
    if (of_case == number) signers.push_back(claimant);
  }
  return By(signers, agree);
}

Attempt HostileOperations::Rule() {
  if (chain_.Count(state::TableKind::kCases) == 0) return Open();
  const uint64_t number = SomeCase();
  const auto one = chain_.Read<state::CaseRow>(number);
  codec::RuleCase rule;
  rule.case_number = number;
  const uint32_t choice = static_cast<uint32_t>(Below(uint64_t{one.claims} + 1));
  for (uint8_t segment = 0; segment < one.segments; ++segment) {
    rule.choices.push_back({segment + 1 == one.segments || Chance(30) ? choice : 0});
  }
  rule.reasons_sha256 = Evidence();
  return By(Judges(), rule);
}

Attempt HostileOperations::ReportIncident() {
  codec::ReportIncident incident;
  incident.subject = SomeRecord();
  incident.category = "harm";
  incident.severity = static_cast<uint32_t>(1 + Below(3));
  incident.evidence_sha256 = Evidence();
  Attempt attempt = By({Somebody()}, incident);
  attempt.accepted = [this, subject = incident.subject] {
    incidents_.emplace_back(incidents_.size(), subject);
  };
  return attempt;
}

Attempt HostileOperations::Freeze() {
  if (incidents_.empty()) return ReportIncident();
  const auto& [number, subject] =
      incidents_[incidents_.size() - 1 - Below(std::min<uint64_t>(incidents_.size(), 8))];
  return By(Judges(), codec::FreezeAsset{Chance(95) ? subject : SomeRecord(), number});
}

Attempt HostileOperations::RuleIncident() {
  if (incidents_.empty()) return ReportIncident();
  codec::RuleIncident ruling;
  ruling.incident =
      incidents_[incidents_.size() - 1 - Below(std::min<uint64_t>(incidents_.size(), 12))].first;
  ruling.upheld = Chance(80);
  for (uint64_t i = Below(3); i > 0 && ruling.upheld; --i) {
    ruling.compensations.push_back(
        {chain_.IdOf(Somebody()), SomeCurrency(), base::MinorUnits(1 + Below(50))});
  }
  ruling.reasons_sha256 = Evidence();
  return By(Judges(), ruling);
}

// ------------------------------------------------------------------------------------------------
// Governance

Attempt HostileOperations::Propose() {
  codec::Propose propose;
  propose.reason = "why not";
  if (Chance(40)) {
    codec::SetParameters change{chain_.options().parameters};
    change.parameters.fee_ppb = base::Ppb(static_cast<uint32_t>(Below(12)) * 10'000'000);
    change.parameters.maturity_epochs = static_cast<uint32_t>(Below(4));
    propose.changes = {change};
    propose.effective_epoch = base::Epoch(Soon());
  } else {
    constexpr codec::Role kRoles[] = {codec::Role::kReporter, codec::Role::kAuditor,
                                      codec::Role::kTreasurer};
    propose.changes = {
        codec::SetRole{chain_.IdOf(Somebody()), kRoles[Below(std::size(kRoles))], Chance(60)}};
    propose.effective_height = base::Height(chain_.Read<state::ChainRow>(0).height + 1 + Below(4));
  }
  return By({WithRole("admin1", "admin2")}, propose);
}

Attempt HostileOperations::Approve() {
  return By({WithRole("admin1", "admin2")},
            codec::ApproveProposal{Number(state::TableKind::kProposals)});
}

Attempt HostileOperations::WithdrawProposal() {
  return By({WithRole("admin1", "admin2")},
            codec::WithdrawProposal{Number(state::TableKind::kProposals)});
}

// ------------------------------------------------------------------------------------------------
// The next attempt

const std::vector<std::pair<HostileOperations::Maker, uint32_t>>& HostileOperations::Makers() {
  using H = HostileOperations;
  static const std::vector<std::pair<Maker, uint32_t>> makers = {{&H::Register, 3},
                                                                 {&H::Claim, 2},
                                                                 {&H::Object, 1},
                                                                 {&H::Rotate, 2},
                                                                 {&H::Submit, 12},
                                                                 {&H::Amend, 10},
                                                                 {&H::WithdrawAmendment, 3},
                                                                 {&H::Lower, 3},
                                                                 {&H::Reserve, 1},
                                                                 {&H::Stance, 2},
                                                                 {&H::Countersign, 2},
                                                                 {&H::Attest, 2},
                                                                 {&H::Raise, 1},
                                                                 {&H::Report, 20},
                                                                 {&H::ReportBatch, 6},
                                                                 {&H::Refund, 6},
                                                                 {&H::State, 3},
                                                                 {&H::Fund, 8},
                                                                 {&H::Deposit, 1},
                                                                 {&H::Request, 10},
                                                                 {&H::Confirm, 6},
                                                                 {&H::Fail, 3},
                                                                 {&H::Prefer, 3},
                                                                 {&H::Open, 5},
                                                                 {&H::Join, 4},
                                                                 {&H::Respond, 4},
                                                                 {&H::WithdrawClaim, 2},
                                                                 {&H::Agree, 3},
                                                                 {&H::Rule, 5},
                                                                 {&H::ReportIncident, 2},
                                                                 {&H::Freeze, 3},
                                                                 {&H::RuleIncident, 2},
                                                                 {&H::Propose, 2},
                                                                 {&H::Approve, 3},
                                                                 {&H::WithdrawProposal, 1}};
  return makers;
}

void HostileOperations::Twisted(Attempt& attempt) {
  constexpr Twist kTwists[] = {Twist::kForged,   Twist::kReplayed,   Twist::kExpired,
                               Twist::kFarAhead, Twist::kOtherChain, Twist::kUnknown};
  switch (Below(4)) {
    case 0: attempt.twist = kTwists[Below(std::size(kTwists))]; break;
    case 1:  // a rotation would take the key of its sender away
      if (!std::holds_alternative<codec::RotateKey>(attempt.operations[0])) {
        attempt.sender = Somebody();
      }
      break;
    case 2: attempt.cosigners.push_back(Somebody()); break;
    default:
      if (!attempt.cosigners.empty()) attempt.cosigners.pop_back();
  }
}

Attempt HostileOperations::Next() {
  uint64_t whole = 0;
  for (const auto& [maker, weight] : Makers()) whole += weight;
  uint64_t at = Below(whole);
  size_t i = 0;
  while (at >= Makers()[i].second) at -= Makers()[i++].second;
  Attempt attempt = (this->*Makers()[i].first)();
  if (Chance(10)) Twisted(attempt);
  return attempt;
}

std::optional<Attempt> HostileOperations::Persuaded(const Attempt& attempt,
                                                    const base::Rejection& refused) {
  const bool asks = refused.code == base::RejectionCode::kNotAuthor ||
                    refused.code == base::RejectionCode::kLineFalls ||
                    refused.detail.starts_with("claimant ");
  if (!asks || attempt.twist != Twist::kNone || Chance(20)) return std::nullopt;
  std::string holder = refused.detail.substr(0, refused.detail.find(','));
  if (holder.starts_with("claimant ")) holder = holder.substr(9);
  if (!chain_.IsCommitted(holder)) return std::nullopt;
  const std::string signer = SignerFor(holder);
  const auto& known = attempt.cosigners;
  if (signer == attempt.sender || std::find(known.begin(), known.end(), signer) != known.end()) {
    return std::nullopt;
  }
  Attempt again = attempt;
  again.cosigners.push_back(signer);
  return again;
}

uint64_t HostileOperations::StepMs() {
  constexpr uint64_t kSteps[] = {0, 1, kEpochMs / 10, kEpochMs / 2, kEpochMs, 3 * kEpochMs};
  return kSteps[Below(std::size(kSteps))];
}

}  // namespace tributary::testing
