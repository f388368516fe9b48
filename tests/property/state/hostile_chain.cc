#include "property/state/hostile_chain.h"

#include "codec/bytes.h"
#include "codec/ids.h"
#include "crypto/hash.h"
#include "tributary/base/check.h"

namespace tributary::testing {
namespace {

constexpr uint64_t kValidForMs = 50'000;
constexpr uint64_t kReallySignedEvery = 50;

}  // namespace

HostileChain::HostileChain(const ChainOptions& options)
    : options_(options),
      resident_(std::make_unique<state::Resident>(state::TagKey{})),
      machine_(std::make_unique<state::Machine>(pages_, *resident_)),
      time_ms_(options.time_ms) {
  for (const GenesisPerson& person : options.people) {
    codec::Registration registration;
    registration.handle = person.handle;
    registration.public_key = Key(person.handle, 0).public_key();
    Add(person.handle, codec::AccountIdOf(base::AsBytes(codec::Encode(registration))));
  }
  auto effects = machine_->Genesis(options.Encode());
  TRIBUTARY_CHECK(effects.ok(), effects.rejection().ToString().c_str());
  pages_.Apply(*effects);
  resident_->Apply(*effects);
}

const crypto::KeyPair& HostileChain::Key(const std::string& handle, uint32_t generation) {
  static std::map<std::string, crypto::KeyPair> keys;  // of all chains of this process
  const std::string name = handle + "/" + std::to_string(generation);
  const auto found = keys.find(name);
  if (found != keys.end()) return found->second;
  return keys.emplace(name, KeyOf(generation == 0 ? handle : name)).first->second;
}

void HostileChain::Add(const std::string& handle, const base::AccountId& id) {
  accounts_[handle] = {static_cast<uint32_t>(handles_.size()), id};
  handles_.push_back(handle);
}

base::AccountId HostileChain::IdOf(const std::string& handle) const {
  const auto found = accounts_.find(handle);
  if (found != accounts_.end()) return found->second.second;
  return base::AccountId{crypto::Sha256(base::AsBytes(handle)).bytes};
}

bool HostileChain::IsCommitted(const std::string& handle) const {
  const auto found = accounts_.find(handle);
  return found != accounts_.end() && found->second.first < Count(state::TableKind::kAccounts);
}

state::AccountRow HostileChain::Row(const std::string& handle) const {
  return Read<state::AccountRow>(accounts_.at(handle).first);
}

void HostileChain::Begin(uint64_t time_ms) {
  time_ms_ = time_ms;
  accepted_.clear();
  TRIBUTARY_CHECK(machine_->Begin(base::TimeMs(time_ms)).ok(), "begin");
}

std::string HostileChain::Bytes(const Attempt& attempt,
                                std::vector<state::VerifiedSignature>* verified) {
  codec::TransactionBody body;
  body.chain_id = attempt.twist == Twist::kOtherChain ? std::string_view("other/1")
                                                      : std::string_view(options_.chain_id);
  body.sender = IdOf(attempt.twist == Twist::kUnknown ? "nobody" : attempt.sender);
  const uint64_t ahead = attempt.twist == Twist::kExpired    ? 0
                         : attempt.twist == Twist::kFarAhead ? 1'000 * kValidForMs
                                                             : kValidForMs;
  body.valid_until_ms = base::TimeMs(time_ms_ + ahead);
  codec::StoreLittle<uint64_t>(body.nonce.bytes.data(), ++nonce_);
  body.operations = attempt.operations;
  const std::string bytes = codec::Encode(body);
  const std::string message = codec::TransactionMessage(base::AsBytes(bytes));
  codec::SignedTransaction transaction;
  transaction.body = base::AsBytes(bytes);
  std::vector<std::string> signers = {attempt.sender};
  signers.insert(signers.end(), attempt.cosigners.begin(), attempt.cosigners.end());
  for (size_t i = 0; i < signers.size(); ++i) {
    const base::AccountId id = i == 0 ? body.sender : IdOf(signers[i]);
    const bool forged = attempt.twist == Twist::kForged && i == 0;
    const crypto::KeyPair& key = forged ? Key("somebody else", 0) : Key(signers[i]);
    base::SignatureBytes signature;
    if (nonce_ % kReallySignedEvery == 0) {
      signature = key.Sign(base::AsBytes(message));
    } else {
      verified->push_back({i, key.public_key()});
    }
    transaction.signatures.push_back({id, signature});
  }
  return codec::Encode(transaction);
}

base::Verdict HostileChain::Try(const Attempt& attempt) {
  std::vector<state::VerifiedSignature> verified;
  const bool replayed = attempt.twist == Twist::kReplayed && !last_accepted_bytes_.empty();
  const std::string bytes = replayed ? last_accepted_bytes_ : Bytes(attempt, &verified);
  auto prepared = state::Prepare(bytes, options_.chain_id);
  if (!prepared) return prepared.rejection();
  (*prepared)->verified = std::move(verified);
  (*prepared)->proven = attempt.proven;
  const auto verdict = machine_->Apply(**prepared);
  TRIBUTARY_CHECK(verdict.ok(), "apply");
  if (*verdict) return *verdict;
  TRIBUTARY_CHECK(attempt.twist == Twist::kNone || !replayed, "a replayed transaction is accepted");
  last_accepted_bytes_ = bytes;
  Accepted accepted{base::AccountIndex(accounts_.at(attempt.sender).first), {}, attempt.operations};
  accepted.signers.insert(accepted.sender.value());
  for (const std::string& cosigner : attempt.cosigners) {
    accepted.signers.insert(accounts_.at(cosigner).first);
  }
  accepted_.push_back(std::move(accepted));
  attempt.accepted();
  return std::nullopt;
}

std::unique_ptr<state::BlockEffects> HostileChain::End() {
  if (!machine_->HasChanges()) {
    TRIBUTARY_CHECK(accepted_.empty(), "a transaction changed nothing");
    machine_->Drop();
    return nullptr;
  }
  auto effects = machine_->Finish();
  TRIBUTARY_CHECK(effects.ok(), std::string(effects.status().message()).c_str());
  pages_.Apply(*effects);
  resident_->Apply(*effects);
  TRIBUTARY_CHECK(resident_->StateRoot() == effects->header.state_root, "state root");
  return std::make_unique<state::BlockEffects>(*std::move(effects));
}

void HostileChain::Rebuild() {
  state::TagKey other_key;
  other_key.fill(0x5a);
  auto rebuilt = std::make_unique<state::Resident>(other_key);
  const absl::Status status = rebuilt->Rebuild(pages_, resident_->header_bytes(), resident_->log());
  TRIBUTARY_CHECK(status.ok(), std::string(status.message()).c_str());
  TRIBUTARY_CHECK(rebuilt->StateRoot() == resident_->StateRoot(), "the rebuilt state root");
  resident_ = std::move(rebuilt);
  machine_ = std::make_unique<state::Machine>(pages_, *resident_);
}

}  // namespace tributary::testing
