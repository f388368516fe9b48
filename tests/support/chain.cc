#include "support/chain.h"

#include "codec/bytes.h"
#include "codec/ids.h"
#include "crypto/hash.h"
#include "state/identity_keys.h"
#include "state/rows.h"
#include "tributary/base/check.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kUnlimitedForTests = 1'000'000'000'000;

base::Hash NameHash(std::string_view name) { return crypto::Sha256(base::AsBytes(name)); }

}  // namespace

crypto::KeyPair KeyOf(std::string_view name) {
  return crypto::KeyPair::FromSeed(NameHash(name).view());
}

ChainOptions::ChainOptions() {
  parameters.epoch_ms = 1'000'000;
  parameters.maturity_epochs = 1;
  parameters.fee_ppb = base::Ppb(10'000'000);
  parameters.fee_max_ppb = base::Ppb(100'000'000);
  parameters.royalty_max_ppb = base::Ppb(500'000'000);
  parameters.validity_window_ms = 3'600'000;
  parameters.claim_notice_ms = 60'000;
  parameters.key_overlap_ms_max = 600'000;
  parameters.horizon_epochs = 10;
  parameters.reserve_ms = 60'000;
  parameters.case_response_ms = 60'000;
  parameters.case_ruling_ms = 60'000;
  parameters.freeze_ms = 60'000;
  parameters.bond_floor_minor = base::MinorUnits(1'000'000);
  parameters.bond_ppb = base::Ppb(10'000'000);
  currencies = {{"USD", 6, base::MinorUnits(10'000), base::MinorUnits(0)},
                {"EUR", 6, base::MinorUnits(10'000), base::MinorUnits(0)}};
  people = {{"admin", {codec::Role::kAdmin}, {}},
            {"steward", {codec::Role::kSteward}, {}},
            {"steward2", {codec::Role::kSteward}, {}},
            {"reporter",
             {codec::Role::kReporter},
             {{"USD", kUnlimitedForTests}, {"EUR", kUnlimitedForTests}}},
            {"treasurer", {codec::Role::kTreasurer}, {}},
            {"arbiter", {codec::Role::kArbiter}, {}}};
}

std::string ChainOptions::Encode() const {
  Arena arena;
  codec::Genesis genesis;
  genesis.chain_id = chain_id;
  genesis.time_ms = base::TimeMs(time_ms);
  genesis.rule_version = 1;
  genesis.parameters = parameters;
  genesis.currencies = currencies;
  genesis.thresholds = {admin_threshold, arbiter_threshold};
  for (const GenesisPerson& person : people) {
    codec::Registration registration;
    registration.handle = person.handle;
    if (!person.custodial) registration.public_key = KeyOf(person.handle).public_key();
    codec::GenesisAccount account;
    account.registration = arena.KeepBytes(codec::Encode(registration));
    for (const codec::Role role : person.roles) account.roles.push_back({role});
    for (const auto& [currency, limit] : person.credit_limits) {
      account.credit_limits.push_back({currency, limit});
    }
    genesis.accounts.push_back(account);
  }
  return codec::Encode(genesis);
}

Chain::Chain(const ChainOptions& options)
    : chain_id(options.chain_id),
      resident_(std::make_unique<state::Resident>(state::TagKey{})),
      machine_(std::make_unique<state::Machine>(pages_, *resident_)),
      time_ms_(options.time_ms) {
  for (const GenesisPerson& person : options.people) {
    codec::Registration registration;
    registration.handle = person.handle;
    if (!person.custodial) registration.public_key = KeyOf(person.handle).public_key();
    ids_[person.handle] = codec::AccountIdOf(base::AsBytes(codec::Encode(registration)));
  }
  auto effects = machine_->Genesis(options.Encode());
  TRIBUTARY_CHECK(effects.ok(), effects.rejection().ToString().c_str());
  CommitEffects(*std::move(effects));
}

void Chain::CommitEffects(state::BlockEffects effects) {
  pages_.Apply(effects);
  resident_->Apply(effects);
  TRIBUTARY_CHECK(resident_->StateRoot() == effects.header.state_root, "state root");
  TRIBUTARY_CHECK(resident_->log().Root() == effects.log_root, "log root");
  for (const std::string& entry : effects.entries) entries_.push_back(entry);
  blocks_.push_back(std::move(effects));
}

base::AccountId Chain::IdOf(std::string_view handle) const {
  const auto it = ids_.find(handle);
  TRIBUTARY_CHECK(it != ids_.end(), "no such person in this test");
  return it->second;
}

codec::TransactionBody Chain::Body(std::string_view sender,
                                   const std::vector<codec::Operation>& operations) {
  codec::TransactionBody body;
  body.chain_id = chain_id;
  body.sender = IdOf(sender);
  body.valid_until_ms = base::TimeMs(time_ms_ + valid_for_ms);
  codec::StoreLittle<uint64_t>(body.nonce.bytes.data(), ++nonce_);
  body.operations = operations;
  return body;
}

std::string Chain::Seal(const codec::TransactionBody& body,
                        const std::vector<std::string>& signers) {
  const std::string bytes = codec::Encode(body);
  const std::string message = codec::TransactionMessage(base::AsBytes(bytes));
  codec::SignedTransaction transaction;
  transaction.body = base::AsBytes(bytes);
  for (const std::string& signer : signers) {
    const auto other = key_names_.find(signer);
    const std::string& key_name = other == key_names_.end() ? signer : other->second;
    transaction.signatures.push_back({IdOf(signer), KeyOf(key_name).Sign(base::AsBytes(message))});
  }
  return codec::Encode(transaction);
}

std::string Chain::Sign(std::string_view sender, const std::vector<codec::Operation>& operations,
                        const std::vector<std::string>& cosigners) {
  std::vector<std::string> signers = {std::string(sender)};
  signers.insert(signers.end(), cosigners.begin(), cosigners.end());
  return Seal(Body(sender, operations), signers);
}

void Chain::UseKey(std::string_view handle, std::string_view name) {
  key_names_[std::string(handle)] = name;
}

void Chain::Rebuild() {
  Commit();
  state::TagKey other_key;
  other_key.fill(0x5a);
  auto rebuilt = std::make_unique<state::Resident>(other_key);
  const absl::Status status = rebuilt->Rebuild(pages_, resident_->header_bytes(), resident_->log());
  TRIBUTARY_CHECK(status.ok(), std::string(status.message()).c_str());
  resident_ = std::move(rebuilt);
  machine_ = std::make_unique<state::Machine>(pages_, *resident_);
}

base::Verdict Chain::Apply(const std::string& signed_bytes) {
  auto prepared = state::Prepare(signed_bytes, chain_id);
  if (!prepared) return prepared.rejection();
  if (!open_) {
    TRIBUTARY_CHECK(machine_->Begin(base::TimeMs(time_ms_)).ok(), "begin");
    open_ = true;
  }
  auto verdict = machine_->Apply(**prepared);
  TRIBUTARY_CHECK(verdict.ok(), "apply");
  return *verdict;
}

base::Verdict Chain::Apply(std::string_view sender, const std::vector<codec::Operation>& operations,
                           const std::vector<std::string>& cosigners) {
  return Apply(Sign(sender, operations, cosigners));
}

bool Chain::Commit() {
  if (!open_) TRIBUTARY_CHECK(machine_->Begin(base::TimeMs(time_ms_)).ok(), "begin");
  open_ = false;
  if (!machine_->HasChanges()) {
    machine_->Drop();
    return false;
  }
  auto effects = machine_->Finish();
  TRIBUTARY_CHECK(effects.ok(), std::string(effects.status().message()).c_str());
  CommitEffects(*std::move(effects));
  return true;
}

void Chain::AdvanceTo(uint64_t time_ms) {
  Commit();
  time_ms_ = time_ms;
}

codec::Operation Chain::Register(std::string_view handle, std::string_view sponsor,
                                 bool custodial) {
  codec::Registration registration;
  registration.handle = arena_.Keep(std::string(handle));
  registration.sponsor = IdOf(sponsor);
  if (!custodial) registration.public_key = KeyOf(handle).public_key();
  codec::RegisterAccount operation;
  operation.registration = arena_.KeepBytes(codec::Encode(registration));
  const base::AccountId id = codec::AccountIdOf(operation.registration);
  if (!custodial) {
    operation.possession = KeyOf(handle).Sign(
        base::AsBytes(codec::PossessionMessage(chain_id, id, *registration.public_key)));
  }
  ids_[std::string(handle)] = id;
  return operation;
}

codec::Record Chain::RecordOf(const RecordSpec& spec) {
  codec::Record record;
  record.kind = spec.kind;
  for (const auto& [handle, share] : spec.authors) {
    record.authors.push_back({IdOf(handle), base::Ppb(share)});
  }
  if (spec.external_id.empty()) record.content_sha256 = NameHash(spec.name);
  record.external_id = arena_.Keep(spec.external_id);
  record.title = arena_.Keep(spec.name);
  for (const auto& [id, weight] : spec.parents) {
    record.parents.push_back({id, codec::Relation::kDerivedFrom, weight, std::nullopt});
  }
  record.pass_through_ppb = base::Ppb(spec.pass_through_ppb);
  record.terms = spec.terms;
  record.custodial = spec.custodial;
  record.terms = spec.terms;
  return record;
}

codec::Operation Chain::SubmitBytes(const codec::Record& record, bool skip_if_exists) {
  codec::SubmitRecord operation;
  operation.record = arena_.KeepBytes(codec::Encode(record));
  operation.skip_if_exists = skip_if_exists;
  return operation;
}

codec::Operation Chain::Submit(const RecordSpec& spec, bool skip_if_exists) {
  return SubmitBytes(RecordOf(spec), skip_if_exists);
}

base::RecordId Chain::RecordIdOf(const RecordSpec& spec) {
  return codec::RecordIdOf(base::AsBytes(codec::Encode(RecordOf(spec))));
}

codec::Operation Chain::Revenue(const base::RecordId& asset, uint64_t amount_minor,
                                std::string_view reference, std::string_view currency) {
  codec::ReportRevenue operation;
  operation.asset = asset;
  operation.currency = arena_.Keep(std::string(currency));
  operation.amount_minor = base::MinorUnits(amount_minor);
  operation.occurred_at_ms = base::TimeMs(time_ms_);
  operation.reference = arena_.Keep(std::string(reference));
  return operation;
}

codec::Operation Chain::Funding(std::string_view reporter, uint64_t amount_minor,
                                std::string_view reference, std::string_view currency) {
  codec::ConfirmFunding operation;
  operation.reporter = IdOf(reporter);
  operation.currency = arena_.Keep(std::string(currency));
  operation.amount_minor = base::MinorUnits(amount_minor);
  operation.external_reference = arena_.Keep(std::string(reference));
  return operation;
}

codec::Operation Chain::Lower(const base::RecordId& record, const codec::Terms& terms,
                              uint64_t epochs_ahead) {
  return codec::LowerTerms{record, terms, base::Epoch(Row().epoch + epochs_ahead)};
}

codec::Operation Chain::Payout(uint64_t amount_minor, std::string_view currency) {
  codec::RequestPayout operation;
  operation.currency = arena_.Keep(std::string(currency));
  operation.amount_minor = base::MinorUnits(amount_minor);
  return operation;
}

std::optional<base::AccountIndex> Chain::Account(std::string_view handle) const {
  const auto row = resident_->Find(state::Identity::kHandle, state::HandleKey(handle));
  if (!row) return std::nullopt;
  return base::AccountIndex(static_cast<uint32_t>(*row));
}

state::BalanceRow Chain::Balance(std::string_view handle, uint16_t currency) const {
  const auto account = Account(handle);
  if (!account) return {};
  return state::ReadRow<state::BalanceRow>(pages_, account->value(), currency);
}

state::TotalsRow Chain::Totals(uint16_t currency) const {
  return state::ReadRow<state::TotalsRow>(pages_, currency);
}

state::ChainRow Chain::Row() const { return state::ReadRow<state::ChainRow>(pages_, 0); }

base::Hash Chain::Digest() const {
  crypto::Hasher hasher;
  for (const state::TableId table : pages_.Tables()) {
    const uint64_t rows = pages_.RowCount(table);
    std::string head;
    codec::AppendLittle<uint32_t>(head, table.Packed());
    codec::AppendLittle<uint64_t>(head, rows);
    hasher.Update(head);
    const uint64_t per_page = state::RowsPerPage(table.kind);
    for (uint64_t page = 0; page * per_page < rows; ++page) {
      state::Page bytes;
      pages_.ReadPage(table, page, bytes);
      hasher.Update(bytes);
    }
  }
  return hasher.Finish();
}

}  // namespace tributary::testing
