#include "property/state/history_chain.h"

#include <algorithm>
#include <utility>

#include "codec/bytes.h"
#include "codec/ids.h"
#include "crypto/hash.h"
#include "state/identity_keys.h"
#include "state/invariants.h"
#include "state/replay.h"
#include "state/rows.h"
#include "support/entry_list.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

constexpr char kChainId[] = "history/1";
constexpr char kSteward[] = "a0";  // sponsors, and confirms funds and payouts
constexpr char kAdmin[] = "admin";
constexpr char kAttributor[] = "oracle";
constexpr char kArbiter[] = "judge";
constexpr uint64_t kValidForMs = 50'000;
constexpr uint64_t kOverlapMs = 500;
constexpr uint32_t kHorizonEpochs = 400;  // HORIZON_EPOCHS of the model
constexpr size_t kCustodialEvery = 5;
constexpr size_t kObjectedEvery = 10;
constexpr uint64_t kRotateEveryBlocks = 4;
constexpr int kIdsPerGroup = 4;  // of the 256 values of an id's first byte
constexpr state::TagKey kOtherTagKey = {7, 7, 7};

base::Hash NameHash(const std::string& name) { return crypto::Sha256(base::AsBytes(name)); }

std::string Name(const json& op, const char* field) { return op.at(field).get<std::string>(); }

base::MinorUnits Amount(const json& op) {
  return base::MinorUnits(op.at("amount_minor").get<uint64_t>());
}

base::Ppb Share(const json& value) { return base::Ppb(value.get<uint32_t>()); }

codec::Terms TermsIn(const json& op) {
  codec::Terms terms;
  terms.royalty_ppb = Share(op.at("royalty_ppb"));
  terms.min_share_ppb = Share(op.at("min_share_ppb"));
  if (op.contains("alpha_max_ppb")) terms.alpha_max_ppb = Share(op.at("alpha_max_ppb"));
  return terms;
}

codec::Role RoleNamed(const std::string& name) {
  if (name == "steward") return codec::Role::kSteward;
  if (name == "reporter") return codec::Role::kReporter;
  TRIBUTARY_CHECK(name == "treasurer", "a role that histories do not have");
  return codec::Role::kTreasurer;
}

ChainOptions OptionsOf(const json& genesis) {
  ChainOptions options;
  options.chain_id = kChainId;
  options.time_ms = genesis.at("time_ms");
  options.parameters.epoch_ms = genesis.at("epoch_ms");
  options.parameters.maturity_epochs = genesis.at("maturity_epochs");
  options.parameters.fee_ppb = Share(genesis.at("fee_ppb"));
  options.parameters.royalty_max_ppb = Share(genesis.at("royalty_max_ppb"));
  options.parameters.fee_max_ppb =
      base::Ppb(base::kPpbOne - options.parameters.royalty_max_ppb.value());
  options.parameters.validity_window_ms = 100'000;
  options.parameters.claim_notice_ms = 0;
  options.parameters.case_response_ms = genesis.value("case_response_ms", uint64_t{0});
  options.parameters.case_ruling_ms = genesis.value("case_ruling_ms", uint64_t{0});
  options.parameters.bond_floor_minor =
      base::MinorUnits(genesis.value("bond_floor_minor", uint64_t{0}));
  options.parameters.bond_ppb = base::Ppb(genesis.value("bond_ppb", uint32_t{0}));
  options.parameters.freeze_ms =
      genesis.value("freeze_epochs", uint64_t{0}) * options.parameters.epoch_ms;
  options.currencies.clear();
  for (const json& currency : genesis.at("currencies")) {
    options.currencies.push_back(
        {currency.at("code").get_ref<const std::string&>(), currency.at("decimals").get<uint32_t>(),
         base::MinorUnits(currency.at("payout_unit_minor")), base::MinorUnits(0)});
  }
  options.parameters.horizon_epochs = kHorizonEpochs;
  options.people = {{kAdmin, {codec::Role::kAdmin}, {}},
                    {kAttributor, {codec::Role::kAttributor}, {}},
                    {kArbiter, {codec::Role::kArbiter}, {}}};
  for (const json& account : genesis.at("accounts")) {
    GenesisPerson person;
    person.handle = Name(account, "handle");
    for (const json& role : account.at("roles")) person.roles.push_back(RoleNamed(role));
    for (const auto& [code, limit] : account.at("credit_limit_minor").items()) {
      person.credit_limits[code] = limit.get<int64_t>() < 0 ? UINT64_MAX : limit.get<uint64_t>();
    }
    options.people.push_back(person);
  }
  return options;
}

class MemorySink : public state::ReplaySink {
 public:
  const state::PageSource& pages() const override { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    return absl::OkStatus();
  }
  const state::MemoryPages& memory() const { return pages_; }

 private:
  state::MemoryPages pages_;
};

bool SameSplit(const lineage::Split& a, const lineage::Split& b) {
  bool same = a.kept == b.kept && a.authors == b.authors && a.version == b.version &&
              a.edges.size() == b.edges.size();
  for (size_t e = 0; same && e < a.edges.size(); ++e) same = a.edges[e] == b.edges[e];
  return same;
}

void CheckSameGraph(const lineage::Graph& a, const lineage::Graph& b) {
  TRIBUTARY_CHECK(a.size() == b.size(), "the graphs differ in size");
  for (uint64_t i = 0; i < a.size(); ++i) {
    const base::RecordSeq seq(static_cast<uint32_t>(i));
    const bool same = SameSplit(a.SplitOf(seq), b.SplitOf(seq)) && a.KindOf(seq) == b.KindOf(seq);
    TRIBUTARY_CHECK(same, "the graphs differ in a record");
    TRIBUTARY_CHECK(a.ChangesOf(seq) == b.ChangesOf(seq), "the graphs differ in what changes");
    for (const base::Epoch epoch : a.ChangesOf(seq)) {
      TRIBUTARY_CHECK(SameSplit(a.SplitOf(seq, epoch), b.SplitOf(seq, epoch)),
                      "the graphs differ in a version");
    }
  }
}

}  // namespace

HistoryChain::HistoryChain(const json& genesis, bool sign)
    : sign_(sign),
      resident_(std::make_unique<state::Resident>(state::TagKey{})),
      machine_(std::make_unique<state::Machine>(pages_, *resident_)) {
  const ChainOptions options = OptionsOf(genesis);
  for (const codec::Currency& currency : options.currencies) {
    currencies_.emplace_back(currency.code);
  }
  for (const GenesisPerson& person : options.people) {
    codec::Registration registration;
    registration.handle = person.handle;
    registration.public_key = Key(person.handle, 0).public_key();
    people_[person.handle].id = codec::AccountIdOf(base::AsBytes(codec::Encode(registration)));
    const bool of_history =
        person.handle != kAdmin && person.handle != kAttributor && person.handle != kArbiter;
    if (of_history) handles_.push_back(person.handle);
  }
  genesis_ms_ = time_ms_ = options.time_ms;
  epoch_ms_ = options.parameters.epoch_ms;
  parameters_ = options.parameters;
  auto effects = machine_->Genesis(options.Encode());
  TRIBUTARY_CHECK(effects.ok(), effects.rejection().ToString().c_str());
  Commit(*std::move(effects));
}

void HistoryChain::Commit(state::BlockEffects effects) {
  pages_.Apply(effects);
  resident_->Apply(effects);
  TRIBUTARY_CHECK(resident_->StateRoot() == effects.header.state_root, "state root");
  for (const state::IdentityChange& change : effects.identities) {
    identities_.insert({change.kind, change.key});
  }
  for (std::string& entry : effects.entries) entries_.push_back(std::move(entry));
}

void HistoryChain::Begin(uint64_t time_ms) {
  TRIBUTARY_CHECK(!open_, "the block before has not ended");
  time_ms_ = time_ms;
  ++blocks_;
  const absl::Status begun = machine_->Begin(base::TimeMs(time_ms));
  TRIBUTARY_CHECK(begun.ok(), "begin");
  open_ = true;
  if (blocks_ % kRotateEveryBlocks == 0) RotateSomebody();
}

json HistoryChain::End() {
  TRIBUTARY_CHECK(open_, "no block is open");
  open_ = false;
  uint64_t epoch = (time_ms_ - genesis_ms_) / epoch_ms_;
  if (machine_->HasChanges()) {
    auto effects = machine_->Finish();
    TRIBUTARY_CHECK(effects.ok(), std::string(effects.status().message()).c_str());
    epoch = effects->header.epoch.value();
    Commit(*std::move(effects));
  } else {
    machine_->Drop();
  }
  json line;
  line["block"] = blocks_;
  line["epoch"] = epoch;
  for (size_t i = 0; i < currencies_.size(); ++i) {
    const auto totals = state::ReadRow<state::TotalsRow>(pages_, i);
    const auto text = [](base::Atoms atoms) { return base::ToDecimal(atoms.value()); };
    const base::Int128 pending = static_cast<base::Int128>(totals.pending.value()) -
                                 static_cast<base::Int128>(totals.debits.value());
    json& sums = line["totals"][currencies_[i]];
    sums = {{"available", text(totals.available)}, {"dust", text(totals.dust)},
            {"fees", text(totals.fees)},           {"paid", text(totals.paid)},
            {"pending", base::ToDecimal(pending)}, {"reported", text(totals.reported)},
            {"reserved", text(totals.reserved)}};
    if (!totals.escrow.IsZero()) sums["escrow"] = text(totals.escrow);
    if (!totals.bonds.IsZero()) sums["bonds"] = text(totals.bonds);
    if (!totals.reversed.IsZero()) sums["reversed"] = text(totals.reversed);
  }
  line["balances"] = Balances();
  line["digest"] = FlowDigest();
  return line;
}

json HistoryChain::Balances() const {
  json balances = json::object();
  for (const std::string& handle : handles_) {
    const auto account = resident_->Find(state::Identity::kHandle, state::HandleKey(handle));
    TRIBUTARY_CHECK(account.has_value(), "an accepted account is not found");
    for (size_t i = 0; i < currencies_.size(); ++i) {
      const auto row =
          state::ReadRow<state::BalanceRow>(pages_, *account, static_cast<uint16_t>(i));
      const bool empty = row.available.IsZero() && row.reserved.IsZero() && row.paid.IsZero() &&
                         row.bonded.IsZero();
      if (empty) continue;
      balances[handle][currencies_[i]] = {{"available", base::ToDecimal(row.available.value())},
                                          {"paid", base::ToDecimal(row.paid.value())},
                                          {"reserved", base::ToDecimal(row.reserved.value())}};
      if (row.bonded.IsZero()) continue;
      balances[handle][currencies_[i]]["bonded"] = base::ToDecimal(row.bonded.value());
    }
  }
  return balances;
}

std::string HistoryChain::FlowDigest() const {
  std::map<std::string, uint16_t> by_code;
  for (size_t i = 0; i < currencies_.size(); ++i) {
    by_code[currencies_[i]] = static_cast<uint16_t>(i);
  }
  std::string text;
  for (size_t seq = 0; seq < record_names_.size(); ++seq) {
    for (const auto& [code, index] : by_code) {
      const auto flow = state::ReadRow<state::FlowRow>(pages_, seq, index);
      if (flow.inflow.IsZero() && flow.extra.IsZero()) continue;
      text += record_names_[seq] + " " + code + " " + base::ToDecimal(flow.inflow.value()) + " " +
              base::ToDecimal(flow.extra.value()) + "\n";
    }
  }
  return base::ToHex(crypto::Sha256(base::AsBytes(text)).view());
}

// ------------------------------------------------------------------------------------------------
// Transactions

crypto::KeyPair& HistoryChain::Key(const std::string& handle, uint32_t generation) {
  static std::map<std::string, crypto::KeyPair> keys;  // of all histories of this process
  const std::string name = generation == 0 ? handle : handle + "/" + std::to_string(generation);
  const auto found = keys.find(name);
  return found != keys.end() ? found->second : keys.emplace(name, KeyOf(name)).first->second;
}

bool HistoryChain::HasKey(const std::string& handle) const {
  const auto person = people_.find(handle);
  return person != people_.end() &&
         (!person->second.custodial || blocks_ >= person->second.usable_from_block);
}

base::AccountId HistoryChain::AccountOf(const std::string& handle) const {
  const auto person = people_.find(handle);
  return person != people_.end() ? person->second.id : base::AccountId{NameHash(handle).bytes};
}

base::RecordId HistoryChain::RecordOf(const std::string& name) const {
  const auto record = records_.find(name);
  return record != records_.end() ? record->second : base::RecordId{NameHash(name).bytes};
}

std::optional<base::Rejection> HistoryChain::TrySend(const std::vector<std::string>& signers,
                                                     codec::Operation operation,
                                                     std::vector<state::VerifiedProof> proven) {
  codec::TransactionBody body;
  body.chain_id = kChainId;
  body.sender = AccountOf(signers.front());
  body.valid_until_ms = base::TimeMs(time_ms_ + kValidForMs);
  codec::StoreLittle<uint64_t>(body.nonce.bytes.data(), ++nonce_);
  const std::string name(codec::OperationName(operation));
  body.operations.push_back(std::move(operation));
  const std::string bytes = codec::Encode(body);
  const std::string message = codec::TransactionMessage(base::AsBytes(bytes));
  codec::SignedTransaction transaction;
  transaction.body = base::AsBytes(bytes);
  std::vector<state::VerifiedSignature> verified;
  for (const std::string& signer : signers) {
    const auto person = people_.find(signer);
    const uint32_t generation = person == people_.end() ? 0 : person->second.generation;
    const crypto::KeyPair& key = Key(signer, generation);
    base::SignatureBytes signature;
    if (sign_) signature = key.Sign(base::AsBytes(message));
    if (!sign_) verified.push_back({verified.size(), key.public_key()});
    transaction.signatures.push_back({AccountOf(signer), signature});
  }
  auto prepared = state::Prepare(codec::Encode(transaction), kChainId);
  if (!prepared) return prepared.rejection();
  (*prepared)->verified = std::move(verified);
  (*prepared)->proven = std::move(proven);
  const auto verdict = machine_->Apply(**prepared);
  TRIBUTARY_CHECK(verdict.ok(), "apply");
  if (!*verdict) ++accepted_[name];
  return *verdict;
}

bool HistoryChain::Send(const std::vector<std::string>& signers, codec::Operation operation,
                        std::vector<state::VerifiedProof> proven) {
  return !TrySend(signers, std::move(operation), std::move(proven));
}

void HistoryChain::MustSend(const std::vector<std::string>& signers, codec::Operation operation) {
  TRIBUTARY_CHECK(Send(signers, std::move(operation)), "the driver's own operation is refused");
}

bool HistoryChain::Apply(const json& op) {
  const std::string name = Name(op, "op");
  if (name == "account") return Account(op);
  if (name == "record") return Record(op);
  if (name == "revenue") return Revenue(op);
  if (name == "refund") return Refund(op);
  if (name == "preference") return Preference(op);
  if (name == "statement") return Statement(op);
  if (name == "fund") return Fund(op);
  if (name == "request_payout") return RequestPayout(op);
  if (name == "confirm_payout") return ConfirmPayout(op);
  if (name == "fail_payout") return FailPayout(op);
  if (name == "amend") return Amend(op);
  if (name == "withdraw_amendment") return WithdrawAmendment(op);
  if (name == "lower_terms") return LowerTerms(op);
  if (name == "parameters") return Parameters(op);
  if (name == "open_case") return OpenCase(op);
  if (name == "join_case") return JoinCase(op);
  if (name == "answer_case") return AnswerCase(op);
  if (name == "withdraw_claim") return WithdrawClaim(op);
  if (name == "agree_case") return AgreeCase(op);
  if (name == "rule_case") return RuleCase(op);
  if (name == "freeze") return Freeze(op);
  if (name == "rule_incident") return RuleIncident(op);
  TRIBUTARY_CHECK(false, "this rule version has no such operation");
  return false;
}

bool HistoryChain::Account(const json& op) {
  const std::string handle = Name(op, "handle");
  const bool custodial = handles_.size() % kCustodialEvery == kCustodialEvery - 1;
  codec::Registration registration;
  registration.handle = handle;
  registration.sponsor = AccountOf(kSteward);
  if (!custodial) registration.public_key = Key(handle, 0).public_key();
  const std::string bytes = codec::Encode(registration);
  codec::RegisterAccount operation;
  operation.registration = base::AsBytes(bytes);
  Person person;
  person.id = codec::AccountIdOf(operation.registration);
  person.custodial = custodial;
  if (!custodial) {
    operation.possession = Key(handle, 0).Sign(
        base::AsBytes(codec::PossessionMessage(kChainId, person.id, *registration.public_key)));
  }
  if (!Send({kSteward}, operation)) return false;
  people_[handle] = person;
  handles_.push_back(handle);
  if (custodial) Claim(handle);
  return true;
}

// In force from the next block on: the chain's notice is zero.
void HistoryChain::Claim(const std::string& handle) {
  Person& person = people_[handle];
  codec::ClaimAccount claim;
  claim.account = person.id;
  claim.public_key = Key(handle, 0).public_key();
  claim.possession = Key(handle, 0).Sign(
      base::AsBytes(codec::PossessionMessage(kChainId, person.id, claim.public_key)));
  MustSend({kSteward}, claim);
  if (handles_.size() % kObjectedEvery == 0) {
    MustSend({kSteward}, codec::ObjectToClaim{person.id, "the wrong key"});
    MustSend({kSteward}, claim);
  }
  person.usable_from_block = blocks_ + 1;
}

void HistoryChain::RotateSomebody() {
  const std::string& handle = handles_[blocks_ * 7 % handles_.size()];
  Person& person = people_[handle];
  if (!HasKey(handle) || time_ms_ < person.rotating_until_ms) return;
  codec::RotateKey rotation;
  rotation.public_key = Key(handle, person.generation + 1).public_key();
  rotation.possession =
      Key(handle, person.generation + 1)
          .Sign(base::AsBytes(codec::PossessionMessage(kChainId, person.id, rotation.public_key)));
  rotation.overlap_ms = blocks_ % 2 == 0 ? kOverlapMs : 0;
  MustSend({handle}, rotation);
  ++person.generation;
  person.rotating_until_ms = time_ms_ + rotation.overlap_ms;
}

std::vector<std::string> HistoryChain::HandlesOf(const json& op) {
  std::vector<std::string> handles;
  for (const json& author : op.at("authors")) handles.push_back(author.at(0));
  return handles;
}

std::string HistoryChain::SignerFor(const std::string& handle) const {
  return HasKey(handle) ? handle : kSteward;
}

std::vector<codec::Author> HistoryChain::AuthorsOf(const json& op) const {
  std::vector<codec::Author> authors;
  for (const json& author : op.at("authors")) {
    authors.push_back({AccountOf(author.at(0)), Share(author.at(1))});
  }
  return authors;
}

std::vector<codec::Parent> HistoryChain::ParentsOf(const json& op) const {
  std::vector<codec::Parent> parents;
  for (const json& parent : op.at("parents")) {
    parents.push_back({RecordOf(parent.at(0)), codec::Relation::kDerivedFrom,
                       parent.at(1).get<uint32_t>(), std::nullopt});
  }
  return parents;
}

// Signed by each owner that the chain asks for; whoever sends is no owner.
bool HistoryChain::LowerTerms(const json& op) {
  const codec::LowerTerms operation{RecordOf(Name(op, "record")), TermsIn(op),
                                    base::Epoch(op.at("effective_epoch").get<uint64_t>())};
  return SendSigned({kSteward}, operation);
}

// By the only admin: what it proposes takes effect.
bool HistoryChain::Parameters(const json& op) {
  codec::SetParameters change{parameters_};
  change.parameters.fee_ppb = Share(op.at("fee_ppb"));
  change.parameters.maturity_epochs = op.at("maturity_epochs");
  codec::Propose propose;
  propose.changes = {change};
  propose.effective_epoch = base::Epoch(op.at("effective_epoch").get<uint64_t>());
  propose.reason = "a history";
  return Send({kAdmin}, propose);
}

// For an incident of its own each time, reported by the admin.
bool HistoryChain::Freeze(const json& op) {
  const base::RecordId asset = RecordOf(Name(op, "asset"));
  codec::ReportIncident incident;
  incident.subject = asset;
  incident.category = "harm";
  incident.severity = 1;
  incident.evidence_sha256.bytes[0] = 1;
  if (!Send({kAdmin}, incident)) return false;
  const uint64_t number = incidents_++;
  if (!Send({kArbiter}, codec::FreezeAsset{asset, number})) return false;
  frozen_[asset] = {number, time_ms_ + parameters_.freeze_ms};
  return true;
}

bool HistoryChain::RuleIncident(const json& op) {
  const base::RecordId asset = RecordOf(Name(op, "asset"));
  const auto frozen = frozen_.find(asset);
  if (frozen == frozen_.end() || time_ms_ >= frozen->second.second) return false;
  codec::RuleIncident ruling;
  ruling.incident = frozen->second.first;
  ruling.upheld = true;
  ruling.reasons_sha256.bytes[0] = 1;
  for (const json& one : op.at("compensations")) {
    ruling.compensations.push_back({AccountOf(one.at(0)), one.at(1).get_ref<const std::string&>(),
                                    base::MinorUnits(one.at(2).get<uint64_t>())});
  }
  if (!Send({kArbiter}, ruling)) return false;
  frozen_.erase(frozen);
  return true;
}

codec::Record HistoryChain::MakeRecord(const json& op, std::vector<std::string>* signers) const {
  constexpr codec::RecordKind kKinds[] = {codec::RecordKind::kModel, codec::RecordKind::kDataset,
                                          codec::RecordKind::kCode, codec::RecordKind::kAdapter};
  codec::Record record;
  record.kind = kKinds[record_names_.size() % std::size(kKinds)];
  if (op.contains("pool") && op.at("pool").get<bool>()) record.kind = codec::RecordKind::kPool;
  std::set<std::string> needed;
  for (const std::string& handle : HandlesOf(op)) {
    record.custodial = record.custodial || !HasKey(handle);
    needed.insert(SignerFor(handle));
  }
  signers->assign(needed.begin(), needed.end());
  record.authors = AuthorsOf(op);
  record.parents = ParentsOf(op);
  record.pass_through_ppb = Share(op.at("pass_through_ppb"));
  record.terms = TermsIn(op);
  return record;
}

// Ids that begin like those of the history stay far enough apart for those that come between.
std::string HistoryChain::EncodeInOrder(codec::Record& record, const std::string& order_id) const {
  const auto above = ids_in_order_.lower_bound(order_id);
  const bool taken = above != ids_in_order_.end() && above->first == order_id;
  const int first_byte = base::FromHex(order_id.substr(0, 2))->front();
  while (true) {
    record.declared_ms = record.declared_ms.Next();
    std::string bytes = codec::Encode(record);
    const base::RecordId id = codec::RecordIdOf(base::AsBytes(bytes));
    const bool near = id.bytes[0] / kIdsPerGroup == first_byte / kIdsPerGroup;
    const bool low_enough = above == ids_in_order_.end() || id < above->second;
    const bool high_enough = above == ids_in_order_.begin() || std::prev(above)->second < id;
    if (taken || (near && low_enough && high_enough)) return bytes;
  }
}

bool HistoryChain::Record(const json& op) {
  std::vector<std::string> signers;
  codec::Record record = MakeRecord(op, &signers);
  const std::string name = Name(op, "name");
  const std::string external_id = "case:" + name;
  record.content_sha256 = NameHash(name);
  if (record_names_.size() % 3 == 0) record.external_id = external_id;
  const std::string bytes = EncodeInOrder(record, Name(op, "id"));
  codec::SubmitRecord operation;
  operation.record = base::AsBytes(bytes);
  if (!Send(signers, operation)) return false;
  records_[name] = ids_in_order_[Name(op, "id")] = codec::RecordIdOf(operation.record);
  record_names_.push_back(name);
  alpha_max_ppb_[name] = record.terms.alpha_max_ppb.value();
  return true;
}

// Signed by those who own the record or will; then by each holder that the chain asks for.
bool HistoryChain::Amend(const json& op) {
  const std::string name = Name(op, "record");
  codec::AmendRecord operation;
  operation.record = RecordOf(name);
  operation.effective_epoch = base::Epoch(op.at("effective_epoch").get<uint64_t>());
  operation.parents = ParentsOf(op);
  operation.pass_through_ppb = Share(op.at("pass_through_ppb"));
  operation.authors = AuthorsOf(op);
  std::set<std::string> signers;
  for (const std::string& handle : HandlesOf(op)) signers.insert(SignerFor(handle));
  return SendSigned({signers.begin(), signers.end()}, operation);
}

bool HistoryChain::WithdrawAmendment(const json& op) {
  const base::Epoch effective(op.at("effective_epoch").get<uint64_t>());
  return SendSigned({kSteward}, codec::WithdrawAmendment{RecordOf(Name(op, "record")), effective});
}

// Signed by whoever the chain asks for besides.
bool HistoryChain::SendSigned(std::vector<std::string> signers, const codec::Operation& operation) {
  while (true) {
    const auto refused = TrySend(signers, operation);
    if (!refused) return true;
    const bool asks = refused->code == base::RejectionCode::kNotAuthor ||
                      refused->code == base::RejectionCode::kLineFalls ||
                      refused->detail.starts_with("claimant ");
    if (!asks) return false;
    std::string holder = refused->detail.substr(0, refused->detail.find(','));
    if (holder.starts_with("claimant ")) holder = holder.substr(9);
    const std::string signer = SignerFor(holder);
    TRIBUTARY_CHECK(std::find(signers.begin(), signers.end(), signer) == signers.end(),
                    "who signed is asked for again");
    signers.push_back(signer);
  }
}

// ------------------------------------------------------------------------------------------------
// Cases

codec::Candidate HistoryChain::CandidateOf(const json& op, bool authors) const {
  codec::Candidate candidate;
  for (const json& line : op.at("lines")) {
    const base::Hash subject =
        authors ? base::Hash{AccountOf(line.at(0)).bytes} : base::Hash{RecordOf(line.at(0)).bytes};
    candidate.lines.push_back({subject, Share(line.at(1))});
  }
  candidate.kept_ppb = Share(op.at("kept_ppb"));
  return candidate;
}

bool HistoryChain::IsOnAuthors(const json& op) const {
  const uint64_t number = op.at("case");
  return number < case_levels_.size() && case_levels_[number] == "authors";
}

bool HistoryChain::OpenCase(const json& op) {
  const std::string level = Name(op, "level");
  const std::string currency = Name(op, "currency");
  codec::OpenCase open;
  open.subject = base::Hash{RecordOf(Name(op, "record")).bytes};
  open.kind = level == "authors" ? codec::CaseKind::kAuthorship : codec::CaseKind::kMissingEdge;
  open.candidate = CandidateOf(op, level == "authors");
  open.currency = currency;
  open.evidence_sha256 = NameHash(currency);
  if (!Send({Name(op, "claimant")}, open)) return false;
  case_levels_.push_back(level);
  return true;
}

bool HistoryChain::JoinCase(const json& op) {
  const std::string currency = Name(op, "currency");
  codec::JoinCase join;
  join.case_number = op.at("case");
  join.candidate = CandidateOf(op, IsOnAuthors(op));
  join.currency = currency;
  join.evidence_sha256 = NameHash(currency);
  return Send({Name(op, "claimant")}, join);
}

bool HistoryChain::AnswerCase(const json& op) {
  codec::RespondToCase respond;
  respond.case_number = op.at("case");
  respond.statement_sha256 = NameHash("no");
  return Send({Name(op, "account")}, respond);
}

bool HistoryChain::WithdrawClaim(const json& op) {
  return Send({Name(op, "account")}, codec::WithdrawClaim{op.at("case").get<uint64_t>()});
}

bool HistoryChain::AgreeCase(const json& op) {
  return SendSigned({kSteward}, codec::AgreeCase{op.at("case").get<uint64_t>(),
                                                 CandidateOf(op, IsOnAuthors(op))});
}

bool HistoryChain::RuleCase(const json& op) {
  codec::RuleCase rule;
  rule.case_number = op.at("case");
  for (const json& choice : op.at("choices")) rule.choices.push_back({choice.get<uint32_t>()});
  rule.reasons_sha256 = NameHash("because");
  return Send({kArbiter}, rule);
}

bool HistoryChain::Revenue(const json& op) {
  const std::string reporter = Name(op, "reporter");
  const std::string reference = Name(op, "reference");
  const std::string currency = Name(op, "currency");
  const auto first = occurred_at_ms_.find({reporter, reference});
  const uint64_t occurred_at_ms = first != occurred_at_ms_.end() ? first->second : time_ms_;
  const codec::RevenueItem item{Amount(op), base::TimeMs(occurred_at_ms), reference};
  const base::RecordId asset = RecordOf(Name(op, "asset"));
  codec::ReportRevenue report{asset,     currency, item.amount_minor, item.occurred_at_ms,
                              reference, {}};
  const bool attributed = op.contains("attribution") && !op.at("attribution").empty();
  const bool batch = !attributed && NameHash(reporter + reference).bytes[0] % 4 == 0;
  const bool accepted = attributed ? AttributedRevenue(op, report)
                        : batch
                            ? Send({reporter}, codec::ReportRevenueBatch{asset, currency, {item}})
                            : Send({reporter}, report);
  if (accepted) occurred_at_ms_[{reporter, reference}] = occurred_at_ms;
  return accepted;
}

bool HistoryChain::AttributedRevenue(const json& op, codec::ReportRevenue report) {
  const std::string asset = Name(op, "asset");
  codec::AttributionClaim claim;
  claim.asset = report.asset;
  claim.reporter = AccountOf(Name(op, "reporter"));
  claim.reference = report.reference;
  claim.attributor = AccountOf(kAttributor);
  claim.method = "trak";
  claim.alpha_ppb = op.contains("attribution_ppb") ? Share(op.at("attribution_ppb"))
                                                   : base::Ppb(alpha_max_ppb_[asset]);
  for (const json& influence : op.at("attribution")) {
    claim.influences.push_back({RecordOf(influence.at(0)), influence.at(1).get<uint32_t>()});
  }
  const std::string bytes = codec::Encode(claim);
  const crypto::KeyPair& key = Key(kAttributor, 0);
  report.attribution.emplace();
  report.attribution->claim = base::AsBytes(bytes);
  report.attribution->signature.bytes.fill(1);
  if (!sign_) return Send({Name(op, "reporter")}, report, {{0, key.public_key()}});
  report.attribution->signature =
      key.Sign(base::AsBytes(codec::AttributionMessage(kChainId, report.attribution->claim)));
  return Send({Name(op, "reporter")}, report);
}

bool HistoryChain::Refund(const json& op) {
  const std::string reference = Name(op, "reference");
  const std::string refund_reference = "refund-" + std::to_string(nonce_);
  return Send({Name(op, "reporter")},
              codec::RefundRevenue{reference, Amount(op), refund_reference});
}

bool HistoryChain::Preference(const json& op) {
  const std::string currency = Name(op, "currency");
  const base::MinorUnits above(op.at("above_minor").get<uint64_t>());
  return Send({Name(op, "account")}, codec::SetPayoutPreference{currency, above});
}

bool HistoryChain::Statement(const json& op) {
  const std::string currency = Name(op, "currency");
  const auto number = [&op](const char* field) { return op.at(field).get<uint64_t>(); };
  return Send({Name(op, "reporter")},
              codec::SubmitStatement{
                  RecordOf(Name(op, "asset")), currency, base::Epoch(number("first_epoch")),
                  base::Epoch(number("last_epoch")), base::MinorUnits(number("total_minor"))});
}

bool HistoryChain::Fund(const json& op) {
  const std::string currency = Name(op, "currency");
  const std::string reference = "bank-" + std::to_string(nonce_);
  return Send({kSteward}, codec::ConfirmFunding{AccountOf(Name(op, "reporter")), currency,
                                                Amount(op), reference});
}

bool HistoryChain::RequestPayout(const json& op) {
  const std::string currency = Name(op, "currency");
  return Send({Name(op, "account")}, codec::RequestPayout{currency, Amount(op)});
}

bool HistoryChain::ConfirmPayout(const json& op) {
  const std::string reference = "wire-" + std::to_string(nonce_);
  const base::PayoutIndex payout(op.at("payout").get<uint64_t>());
  return Send({kSteward}, codec::ConfirmPayout{payout, reference});
}

bool HistoryChain::FailPayout(const json& op) {
  const base::PayoutIndex payout(op.at("payout").get<uint64_t>());
  return Send({kSteward}, codec::FailPayout{payout, "returned"});
}

// ------------------------------------------------------------------------------------------------
// What must hold besides

void HistoryChain::CheckDeep() const {
  const absl::Status recount = state::RecountConservation(pages_, *resident_);
  TRIBUTARY_CHECK(recount.ok(), std::string(recount.message()).c_str());
  CheckRebuilt();
  if (sign_) CheckReplayed();
}

void HistoryChain::CheckRebuilt() const {
  state::Resident rebuilt(kOtherTagKey);
  const absl::Status status = rebuilt.Rebuild(pages_, resident_->header_bytes(), resident_->log());
  TRIBUTARY_CHECK(status.ok(), std::string(status.message()).c_str());
  TRIBUTARY_CHECK(rebuilt.StateRoot() == resident_->StateRoot(), "the state roots differ");
  TRIBUTARY_CHECK(rebuilt.due() == resident_->due(), "what is due differs");
  TRIBUTARY_CHECK(rebuilt.statements() == resident_->statements(), "the statements differ");
  TRIBUTARY_CHECK(rebuilt.ripe() == resident_->ripe(), "what waits to be paid out differs");
  for (const auto& [kind, key] : identities_) {
    TRIBUTARY_CHECK(rebuilt.Find(kind, key) == resident_->Find(kind, key), "an identity differs");
  }
  CheckSameGraph(rebuilt.graph(), resident_->graph());
  TRIBUTARY_CHECK(rebuilt.terms() == resident_->terms(), "the terms differ");
}

void HistoryChain::CheckReplayed() const {
  EntryList entries(entries_);
  MemorySink sink;
  state::Resident replayed(kOtherTagKey);
  const auto report = state::Replay(entries, sink, replayed);
  TRIBUTARY_CHECK(report.ok(), "replay");
  TRIBUTARY_CHECK(!report->fault, report->fault ? report->fault->what.c_str() : "");
  TRIBUTARY_CHECK(report->entries == entries_.size(), "entries are missing from the replay");
  TRIBUTARY_CHECK(replayed.header_bytes() == resident_->header_bytes(), "the headers differ");
  TRIBUTARY_CHECK(sink.memory() == pages_, "the pages differ");
}

}  // namespace tributary::testing
