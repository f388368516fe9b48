// Whole transactions against the state machine. The bytes choose what happens on a chain that has a
// history: transactions of every operation, with signers that fit or not, bodies of raw bytes, time
// that passes, blocks that end. Signatures are noted as verified, as the node does for those that
// it has seen: no mutation would find a valid one.
//
// After each block a second chain replays what the first one committed: only the transactions that
// were accepted. It must come to the same header, so a refused transaction leaves no trace. Each
// block passes the machine's own invariants; at the end every atom is recounted.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "codec/ids.h"
#include "codec/ledger.h"
#include "fuzz/support/choices.h"
#include "fuzz/support/reached.h"
#include "index/rows.h"
#include "state/invariants.h"
#include "state/replay.h"
#include "support/chain.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

using codec::Operation;
using testing::KeyOf;

constexpr size_t kStepsMax = 64;
constexpr const char* kPeople[] = {"admin",     "steward", "steward2",  "reporter",
                                   "treasurer", "arbiter", "ann",       "bob",
                                   "carl",      "dora",    "attributor"};
constexpr const char* kNames[] = {"ann", "bob", "carl", "dora", "ed", "fay", "gus", "hal"};
constexpr const char* kCurrencies[] = {"USD", "EUR", "XXX"};
constexpr const char* kReferences[] = {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"};

testing::ChainOptions Options() {
  testing::ChainOptions options;
  options.currencies[0].minimum_payout_minor = base::MinorUnits(20'000);
  options.people.push_back({"attributor", {codec::Role::kAttributor}, {}});
  return options;
}

// The lines of a record, as its submission stated them: what an amendment begins with.
struct Lines {
  explicit Lines(const codec::Record& record)
      : authors(record.authors), parents(record.parents), pass_through(record.pass_through_ppb) {
    for (codec::Parent& parent : parents) parent.evidence.reset();  // views into other bytes
  }
  std::vector<codec::Author> authors;
  std::vector<codec::Parent> parents;
  base::Ppb pass_through;
};

// A chain with accounts (carl has no key), records, one of them a pool, revenue, a settlement,
// funding and payouts.
struct History {
  History() : chain(Options()) {
    Must({chain.Register("ann"), chain.Register("bob"), chain.Register("carl", "steward", true),
          chain.Register("dora", "steward", true)},
         "steward");
    const testing::RecordSpec root{"root", {{"ann", base::kPpbOne}}, {}, 0};
    testing::RecordSpec model{"model",
                              {{"ann", 400'000'000}, {"bob", 600'000'000}},
                              {{chain.RecordIdOf(root), 1}},
                              300'000'001};
    model.terms = {base::Ppb(500'000'000), base::Ppb(10'000'000), base::Ppb(100'000'000)};
    Add(root, {"ann"});
    Add(model, {"ann", "bob"});
    testing::RecordSpec pool{
        "pool", {{"bob", base::kPpbOne}}, {{records[0], 1}, {records[1], 2}}, base::kPpbOne};
    pool.kind = codec::RecordKind::kPool;
    Add(pool, {"bob"});
    Must({chain.Revenue(records[1], 999'999'999, "r1")}, "reporter");
    chain.Advance(2'000'000);
    Must({chain.Funding("reporter", 500'000'000, "r1")}, "treasurer");
    Must({chain.Payout(20'000)}, "bob");
    chain.Commit();
    for (const char* name : kPeople) {
      accounts.push_back(chain.IdOf(name));
      keys[accounts.back()] = KeyOf(name).public_key();
    }
  }
  void Add(const testing::RecordSpec& spec, std::vector<std::string> authors) {
    const std::string sender = authors.front();
    authors.erase(authors.begin());
    Must({chain.Submit(spec)}, sender, authors);
    records.push_back(chain.RecordIdOf(spec));
    lines.emplace(records.back(), Lines(chain.RecordOf(spec)));
  }
  void Must(const std::vector<Operation>& operations, std::string_view sender,
            const std::vector<std::string>& cosigners = {}) {
    const auto verdict = chain.Apply(sender, operations, cosigners);
    TRIBUTARY_CHECK(!verdict, verdict ? verdict->ToString().c_str() : "");
  }

  testing::Chain chain;
  std::vector<base::AccountId> accounts;
  std::map<base::AccountId, base::PublicKey> keys;
  std::vector<base::RecordId> records;
  std::map<base::RecordId, Lines> lines;
};

const History& Start() {
  static const History* const kHistory = new History;
  return *kHistory;
}

// The second chain's pages.
class Copy final : public state::ReplaySink {
 public:
  const state::PageSource& pages() const override { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    return absl::OkStatus();
  }
  state::MemoryPages pages_;
};

class Run {
 public:
  explicit Run(base::Bytes bytes)
      : choices_(bytes),
        resident_(state::TagKey{}),
        copy_resident_(state::TagKey{1}),
        accounts_(Start().accounts),
        keys_(Start().keys),
        records_(Start().records),
        lines_(Start().lines),
        time_ms_(Start().chain.time_ms()) {
    for (const state::BlockEffects& block : Start().chain.blocks()) {
      pages_.Apply(block);
      resident_.Apply(block);
      copy_.pages_.Apply(block);
      copy_resident_.Apply(block);
    }
    machine_ = std::make_unique<state::Machine>(pages_, resident_);
    replayer_ = std::make_unique<state::Replayer>(copy_, copy_resident_);
  }

  void Go() {
    for (size_t step = 0; step < kStepsMax && !choices_.done(); ++step) Step();
    EndBlock();
    TRIBUTARY_CHECK(pages_ == copy_.pages_, "the replay has other pages");
    const absl::Status recount = state::RecountConservation(pages_, resident_);
    TRIBUTARY_CHECK(recount.ok(), Text(recount).c_str());
  }

 private:
  static std::string Text(const absl::Status& status) {
    return {status.message().data(), status.message().size()};
  }

  void Step() {
    const uint8_t what = choices_.Byte();
    if (what < 8) return EndBlock();
    if (what < 16) {
      static constexpr uint64_t kTimes[] = {1, 1'000, 60'000, 600'000, 1'000'000, 5'000'000};
      EndBlock();
      time_ms_ += choices_.Of(kTimes);
      return;
    }
    if (what < 32) return Raw();
    Built();
  }

  // A body of bytes that the fuzzer writes, of this chain or not.
  void Raw() {
    const size_t size = choices_.Byte() * 2;
    Apply(choices_.Take(size), {choices_.Of(accounts_)});
  }

  void Built() {
    codec::TransactionBody body;
    body.chain_id = choices_.Rarely() ? std::string_view("other") : Start().chain.chain_id;
    static constexpr uint64_t kValid[] = {100'000, 1, 0, 3'600'000, 3'600'001};
    body.valid_until_ms =
        base::TimeMs(time_ms_ + (choices_.Rarely(8) ? choices_.Of(kValid) : kValid[0]));
    // The number of the step is in it: the same operations again are another transaction.
    body.nonce.bytes[0] = choices_.Rarely() ? 0 : ++nonce_;
    needed_.clear();
    const size_t operations = choices_.Rarely(4) ? choices_.Byte() % 4 + 1 : 1;
    for (size_t i = 0; i < operations; ++i) body.operations.push_back(Any());
    // Mostly those sign whom the operations need, the first of them as the sender.
    body.sender = needed_.empty() || choices_.Rarely() ? Account() : needed_.front();
    std::vector<base::AccountId> signers = {body.sender};
    for (const base::AccountId& account : needed_) {
      const bool there = std::find(signers.begin(), signers.end(), account) != signers.end();
      if (!there && keys_.contains(account)) signers.push_back(account);
    }
    if (choices_.Rarely()) signers.push_back(Account());
    if (choices_.Rarely()) signers.pop_back();
    const std::string bytes = codec::Encode(body);
    Apply(base::AsBytes(bytes), signers);
  }

  void Apply(base::Bytes body, const std::vector<base::AccountId>& signers) {
    codec::SignedTransaction transaction;
    transaction.body = body;
    for (const base::AccountId& signer : signers) transaction.signatures.push_back({signer, {}});
    const uint8_t bad = choices_.Byte();
    Pending pending{codec::Encode(transaction), bad >= 0xf8, (bad & 0xf8) == 0xf0};
    auto prepared = Prepare(pending);
    if (!prepared) return Reached(prepared.rejection());
    if (!open_) TRIBUTARY_CHECK(machine_->Begin(base::TimeMs(time_ms_)).ok(), "begin");
    open_ = true;
    const auto verdict = machine_->Apply(**prepared);
    TRIBUTARY_CHECK(verdict.ok(), "pages in memory can be read");
    if (*verdict) return Reached(**verdict);
    Reached(kAccepted);
    accepted_.push_back(std::move(pending));
    Learn(**prepared);
  }

  struct Pending {
    std::string bytes;
    bool bad_signature;
    bool bad_proof;
  };
  base::Checked<std::unique_ptr<state::PreparedTransaction>> Prepare(const Pending& pending) {
    auto prepared = state::Prepare(pending.bytes, Start().chain.chain_id);
    if (!prepared || pending.bad_signature) return prepared;
    for (size_t i = 0; i < (*prepared)->envelope.signatures.size(); ++i) {
      const auto key = keys_.find((*prepared)->envelope.signatures[i].account);
      if (key != keys_.end()) (*prepared)->verified.push_back({i, key->second});
    }
    // Claims of attributors likewise.
    const auto& operations = (*prepared)->body.operations;
    for (size_t i = 0; i < operations.size(); ++i) {
      const auto* revenue = std::get_if<codec::ReportRevenue>(&operations[i]);
      if (revenue == nullptr || !revenue->attribution || pending.bad_proof) continue;
      (*prepared)->proven.push_back({i, KeyOf("attributor").public_key()});
    }
    return prepared;
  }

  // What later transactions can name.
  void Learn(const state::PreparedTransaction& transaction) {
    for (const auto& record : transaction.records) {
      records_.push_back(record.id);
      lines_.emplace(record.id, Lines(record.record));
    }
    for (const auto& registration : transaction.registrations) {
      accounts_.push_back(registration.id);
      if (registration.registration.public_key) {
        keys_[registration.id] = *registration.registration.public_key;
      }
    }
    for (const Operation& operation : transaction.body.operations) {
      if (const auto* rotate = std::get_if<codec::RotateKey>(&operation)) {
        keys_[transaction.body.sender] = rotate->public_key;
      } else if (const auto* claim = std::get_if<codec::ClaimAccount>(&operation)) {
        keys_[claim->account] = claim->public_key;
      }
    }
  }

  // Ends the block on the first chain, and replays it on the second.
  void EndBlock() {
    if (!open_) TRIBUTARY_CHECK(machine_->Begin(base::TimeMs(time_ms_)).ok(), "begin");
    open_ = false;
    if (!machine_->HasChanges()) {
      TRIBUTARY_CHECK(accepted_.empty(), "an accepted transaction changes something");
      return machine_->Drop();
    }
    auto effects = machine_->Finish();
    TRIBUTARY_CHECK(effects.ok(), Text(effects.status()).c_str());
    index::IndexRows(*effects);
    Replay(*effects);
    pages_.Apply(*effects);
    resident_.Apply(*effects);
    accepted_.clear();
    keys_at_begin_ = keys_;
  }

  void Replay(const state::BlockEffects& effects) {
    state::LogBlock block;
    block.first = effects.first_entry;
    block.entries.assign(effects.entries.begin(), effects.entries.end() - 1);
    block.header = effects.header;
    block.header_bytes = effects.header_bytes;
    TRIBUTARY_CHECK(block.entries.size() == accepted_.size(), "accepted ones, and no others");
    // With the keys as the first chain knew them, one transaction after the other.
    std::swap(keys_, keys_at_begin_);
    for (const Pending& pending : accepted_) {
      auto prepared = Prepare(pending);
      TRIBUTARY_CHECK(prepared.ok(), "it was prepared before");
      for (const auto& registration : (*prepared)->registrations) {
        if (registration.registration.public_key) {
          keys_[registration.id] = *registration.registration.public_key;
        }
      }
      for (const Operation& operation : (*prepared)->body.operations) {
        if (const auto* rotate = std::get_if<codec::RotateKey>(&operation)) {
          keys_[(*prepared)->body.sender] = rotate->public_key;
        } else if (const auto* claim = std::get_if<codec::ClaimAccount>(&operation)) {
          keys_[claim->account] = claim->public_key;
        }
      }
      block.prepared.push_back(*std::move(prepared));
    }
    std::swap(keys_, keys_at_begin_);
    const auto fault = replayer_->Step(std::move(block));
    TRIBUTARY_CHECK(fault.ok(), Text(fault.status()).c_str());
    TRIBUTARY_CHECK(!*fault, *fault ? (*fault)->ToString().c_str() : "");
  }

  // ---- Parts of operations

  base::AccountId Account() {
    if (!choices_.Rarely()) return choices_.Of(accounts_);
    base::AccountId unknown;
    unknown.bytes[0] = choices_.Byte();
    return unknown;
  }
  // An account that the operation needs, mostly the one that fits.
  base::AccountId Needs(std::string_view name) {
    needed_.push_back(choices_.Rarely() ? Account() : Start().chain.IdOf(name));
    return needed_.back();
  }
  base::RecordId Record() {
    if (!choices_.Rarely()) return choices_.Of(records_);
    base::RecordId unknown;
    unknown.bytes[0] = choices_.Byte();
    return unknown;
  }
  std::string_view Currency() { return kCurrencies[choices_.Rarely(16) ? 2 : choices_.Byte() % 2]; }
  std::string_view Reference() { return choices_.Of(kReferences); }
  base::MinorUnits Amount() {
    static constexpr uint64_t kUsual[] = {1, 10'000, 20'000, 123'456, 900'000, 999'999'999, 30'000};
    return base::MinorUnits(choices_.Rarely(4) ? choices_.Number() : choices_.Of(kUsual));
  }
  base::TimeMs Occurred() {
    if (!choices_.Rarely(8)) return base::TimeMs(time_ms_);
    return base::TimeMs(choices_.Rarely(2) ? time_ms_ + choices_.Number()
                                           : time_ms_ - choices_.Byte() * 100'000);
  }
  base::Bytes Keep(std::string text) { return base::AsBytes(kept_.emplace_back(std::move(text))); }
  base::Ppb Share() {
    static constexpr uint32_t kShares[] = {1'000'000'000, 500'000'000, 250'000'000, 1, 0,
                                           999'999'999,   333'333'333};
    if (choices_.Rarely()) return base::Ppb(static_cast<uint32_t>(choices_.Number()));
    return base::Ppb(choices_.Of(kShares));
  }

  base::SignatureBytes Possession(std::string_view key_of, const base::AccountId& account) {
    if (choices_.Rarely()) return {};
    const auto key = KeyOf(key_of);
    return key.Sign(
        base::AsBytes(codec::PossessionMessage(Start().chain.chain_id, account, key.public_key())));
  }

  Operation Any() {
    switch (choices_.Byte() % 24) {
      case 16:
      case 17: return Amend();
      case 18: return Withdraw();
      case 19: return Lower();
      case 20:
      case 21: return Refund();
      case 22:
      case 23: return Attributed();
      case 0: return Register();
      case 1: return Claim();
      case 2: Needs("steward"); return codec::ObjectToClaim{Account(), "no"};
      case 3: return Rotate();
      case 4:
      case 5:
      case 6: return Submit();
      case 7:
      case 8:
      case 9: return Revenue();
      case 10: return Batch();
      case 11: {
        Needs("treasurer");
        const base::AccountId reporter =
            choices_.Rarely(4) ? Account() : Start().chain.IdOf("reporter");
        return codec::ConfirmFunding{reporter, Currency(), Amount(), Reference()};
      }
      case 12:
        Needs(choices_.Rarely(2) ? "ann" : "bob");
        return codec::RequestPayout{Currency(), Amount()};
      case 13:
        Needs("treasurer");
        return codec::ConfirmPayout{base::PayoutIndex(choices_.Byte() % 4), Reference()};
      case 14:
        Needs("treasurer");
        return codec::FailPayout{base::PayoutIndex(choices_.Byte() % 4), "returned"};
      default: return Other();
    }
  }

  Operation Other() {
    Needs(choices_.Of(kPeople));
    switch (choices_.Byte() % 8) {
      case 0: return codec::AttestLineage{Record(), codec::AttestationVerdict::kComplete, {}};
      case 1: return codec::ConfirmDeposit{Account(), Currency(), Amount(), Reference()};
      case 2: return codec::SetPayoutPreference{Currency(), Amount()};
      case 3: return codec::Reserve{base::Hash{}};
      case 4: return codec::Countersign{Record(), Record()};
      case 5: return codec::RaiseIdentity{Account(), choices_.Byte()};
      case 6: return codec::FreezeAsset{Record(), 0};
      default: return codec::WithdrawClaim{choices_.Byte()};
    }
  }

  Operation Register() {
    const char* name = choices_.Of(kNames);
    codec::Registration registration;
    registration.handle = name;
    const base::AccountId sponsor = Needs("steward");
    if (!choices_.Rarely()) registration.sponsor = choices_.Rarely() ? Account() : sponsor;
    const bool custodial = choices_.Rarely(4);
    if (!custodial) registration.public_key = KeyOf(name).public_key();
    if (choices_.Rarely(4)) registration.salt = Keep("salt");
    if (choices_.Rarely()) registration.public_key.emplace();
    codec::RegisterAccount operation;
    operation.registration = Keep(codec::Encode(registration));
    if (!custodial) {
      operation.possession = Possession(name, codec::AccountIdOf(operation.registration));
    }
    return operation;
  }

  Operation Claim() {
    const char* name = choices_.Of(kNames);
    const base::AccountId account = Account();
    Needs("steward");
    if (choices_.Rarely(4)) Needs("steward2");
    return codec::ClaimAccount{account, KeyOf(name).public_key(), Possession(name, account)};
  }

  Operation Rotate() {
    const char* name = choices_.Of(kNames);
    const base::AccountId account = Needs(choices_.Of(kPeople));
    static constexpr uint64_t kOverlaps[] = {0, 1, 1'000, 600'000, 600'001};
    return codec::RotateKey{KeyOf(name).public_key(),
                            Possession(name, choices_.Rarely() ? Account() : account),
                            choices_.Of(kOverlaps)};
  }

  Operation Submit() {
    codec::Record record;
    record.kind = static_cast<codec::RecordKind>(choices_.Byte() % 20 + 1);
    const size_t authors = choices_.Rarely() ? 0 : choices_.Byte() % 3 + 1;
    uint32_t left = base::kPpbOne;
    for (size_t i = 0; i < authors; ++i) {
      const uint32_t share = i + 1 == authors ? left : left / 2;
      left -= share;
      const base::AccountId author = choices_.Rarely(4) ? Account() : Author(i);
      record.authors.push_back({author, choices_.Rarely() ? Share() : base::Ppb(share)});
      needed_.push_back(author);
      record.custodial |= !keys_.contains(author);
    }
    if (record.custodial && !choices_.Rarely(8)) {
      Needs("steward");
      std::rotate(needed_.begin(), needed_.end() - 1, needed_.end());  // as the sender
    }
    if (!choices_.Rarely(8)) {
      record.content_sha256.emplace();
      record.content_sha256->bytes[0] = choices_.Byte() % 16;
    }
    if (choices_.Rarely(8)) record.content_bytes = choices_.Number();
    if (choices_.Rarely(8)) record.external_id = choices_.Rarely(2) ? "hf:A/b" : "hf:a/B";
    for (size_t i = choices_.Byte() % 4; i > 0; --i) {
      const uint64_t weight = choices_.Rarely(8) ? choices_.Number() : i;
      record.parents.push_back(
          {Record(), codec::Relation::kDerivedFrom, static_cast<uint32_t>(weight), std::nullopt});
    }
    if (!record.parents.empty() || choices_.Rarely()) record.pass_through_ppb = Share();
    if (choices_.Rarely(4)) record.terms = AnyTerms();
    if (choices_.Rarely(16)) record.custodial = !record.custodial;
    submitted_.push_back(Keep(codec::Encode(record)));
    // Now and then the same record as before, byte for byte.
    if (choices_.Rarely(16)) submitted_.back() = submitted_[choices_.Byte() % submitted_.size()];
    return codec::SubmitRecord{submitted_.back(), choices_.Rarely(4)};
  }

  base::AccountId Author(size_t i) {
    static constexpr const char* kAuthors[] = {"ann", "bob", "carl"};
    return Start().chain.IdOf(kAuthors[(i + choices_.Byte() % 3) % 3]);
  }

  codec::Terms AnyTerms() {
    static constexpr uint32_t kTerms[] = {0, 10'000'000, 500'000'000, 499'999, 500'000, 90'000'000};
    const auto any = [&] { return choices_.Rarely() ? Share() : base::Ppb(choices_.Of(kTerms)); };
    const base::Ppb alpha_max = any();
    const base::Ppb royalty = any();
    return {alpha_max, royalty, any()};
  }

  // Mostly one of the next, now and then the current one or none.
  base::Epoch Ahead() {
    const uint64_t epoch = state::ReadRow<state::ChainRow>(pages_, 0).epoch;
    return base::Epoch(epoch + (choices_.Rarely(16) ? 0 : choices_.Byte() % 3 + 1));
  }

  // A record, and its lines with the signatures of their holders; of one that is unknown, none.
  Lines LinesOf(const base::RecordId& record) {
    const auto found = lines_.find(record);
    if (found == lines_.end()) return Lines(codec::Record{});
    for (const codec::Author& author : found->second.authors) needed_.push_back(author.account);
    return found->second;
  }

  Operation Amend() {
    const base::RecordId record = Record();
    Lines lines = LinesOf(record);
    if (choices_.Rarely(4)) lines.pass_through = Share();
    for (codec::Parent& parent : lines.parents) {
      if (choices_.Rarely(4)) parent.weight = static_cast<uint32_t>(choices_.Number());
      if (choices_.Rarely(16)) parent.record = Record();
      if (choices_.Rarely()) parent.relation = codec::Relation::kMergedFrom;
    }
    if (!lines.parents.empty() && choices_.Rarely(16)) lines.parents.pop_back();
    if (choices_.Rarely(16)) {
      lines.parents.push_back({Record(), codec::Relation::kDerivedFrom, 1, std::nullopt});
    }
    for (codec::Author& author : lines.authors) {
      if (choices_.Rarely(16)) author.share_ppb = Share();
      if (choices_.Rarely(8)) needed_.push_back(author.account = Account());
    }
    return codec::AmendRecord{record, Ahead(), lines.parents, lines.pass_through, lines.authors};
  }

  Operation Withdraw() {
    const base::RecordId record = Record();
    LinesOf(record);
    return codec::WithdrawAmendment{record, Ahead()};
  }

  Operation Lower() {
    const base::RecordId record = Record();
    LinesOf(record);
    return codec::LowerTerms{record, AnyTerms(), Ahead()};
  }

  Operation Refund() {
    Needs("reporter");
    return codec::RefundRevenue{Reference(), Amount(), Reference()};
  }

  Operation Attributed() {
    codec::ReportRevenue revenue;
    const base::AccountId reporter = Needs("reporter");
    revenue = {Record(), Currency(), Amount(), Occurred(), Reference(), codec::Attribution{}};
    codec::AttributionClaim claim;
    claim.asset = choices_.Rarely(64) ? Record() : revenue.asset;
    claim.reporter = choices_.Rarely(64) ? Account() : reporter;
    claim.reference = choices_.Rarely(64) ? Reference() : revenue.reference;
    claim.attributor = choices_.Rarely(16) ? Account() : Start().chain.IdOf("attributor");
    claim.method = "trak";
    static constexpr uint32_t kAlphas[] = {1, 10'000'000, 500'000'000, 500'000'001, 333'333'333};
    claim.alpha_ppb = base::Ppb(choices_.Of(kAlphas));
    for (size_t i = choices_.Byte() % 3 + 1; i > 0; --i) {
      claim.influences.push_back({Record(), static_cast<uint32_t>(choices_.Number() % 1'000 + 1)});
    }
    revenue.attribution->claim = Keep(codec::Encode(claim));
    return revenue;
  }

  Operation Revenue() {
    Needs("reporter");
    return codec::ReportRevenue{Record(), Currency(), Amount(), Occurred(), Reference(), {}};
  }

  Operation Batch() {
    Needs("reporter");
    codec::ReportRevenueBatch batch{Record(), Currency(), {}};
    for (size_t i = choices_.Byte() % 3 + 1; i > 0; --i) {
      batch.items.push_back({Amount(), Occurred(), Reference()});
    }
    return batch;
  }

  Choices choices_;
  state::MemoryPages pages_;
  state::Resident resident_;
  Copy copy_;
  state::Resident copy_resident_;
  std::unique_ptr<state::Machine> machine_;
  std::unique_ptr<state::Replayer> replayer_;
  std::vector<base::AccountId> accounts_;
  std::map<base::AccountId, base::PublicKey> keys_;
  std::map<base::AccountId, base::PublicKey> keys_at_begin_ = Start().keys;
  std::vector<base::RecordId> records_;
  std::map<base::RecordId, Lines> lines_;
  std::vector<base::AccountId> needed_;  // whose signatures the operations need
  std::deque<std::string> kept_;
  std::vector<base::Bytes> submitted_;
  std::vector<Pending> accepted_;
  uint64_t time_ms_;
  uint8_t nonce_ = 0;
  bool open_ = false;
};

}  // namespace

// Rules of the operations in force. Not among them: what takes many transactions to reach
// (ReplayWindowFull, ChainFull, CurrencyLifetime, TooManyVersions), what the decoder refuses, what
// belongs to a genesis, and AssetNotAttested, for which the genesis has to ask.
std::vector<std::string> Required() {
  return {"accepted",
          "NotYetInForce",
          "UnknownAccount",
          "UnneededSignature",
          "PassThroughWithoutParents",
          "MissingSignature",
          "HandleTaken",
          "ExternalReferenceTaken",
          "CurrencyUnknown",
          "BadPossession",
          "AuthorShares",
          "ZeroWeight",
          "WrongChain",
          "ValidUntilTooFar",
          "UnknownSigner",
          "UnknownSender",
          "SponsorMismatch",
          "ShareRoundsToZero",
          "RotationOverlap",
          "ReporterUnknown",
          "ReferenceTaken",
          "RecordExists",
          "PayoutUnknown",
          "PayoutUnit",
          "PayoutClosed",
          "ParentUnknown",
          "ParentTwice",
          "NotSponsor",
          "NotCustodial",
          "NoContent",
          "NoClaimPending",
          "MissingRole",
          "KeyInUse",
          "InsufficientFunds",
          "InsufficientBalance",
          "FundingExceedsReceivable",
          "ExternalIdTaken",
          "Expired",
          "EventTooOld",
          "EventInFuture",
          "DuplicateTransaction",
          "CustodialSigner",
          "CustodialFlag",
          "CreditLimit",
          "ContentTaken",
          "ContentSize",
          "ClaimPending",
          "BadSignature",
          "AuthorUnknown",
          "AuthorTwice",
          "AssetUnknown",
          "AccountExists",
          "AmendmentParents",
          "AmendmentPending",
          "AttributionAlpha",
          "AttributionMismatch",
          "AttributionSignature",
          "AttributionTarget",
          "AttributorTied",
          "EffectiveEpoch",
          "EventUnknown",
          "LineFalls",
          "MinShare",
          "NoAmendmentPending",
          "NotAuthor",
          "ParentLater",
          "PayoutMinimum",
          "RecordUnknown",
          "RefundTooLarge",
          "RoyaltyCap",
          "RoyaltyTooSmall",
          "TermsRaised",
          "TermsUnchanged"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  fuzz::Run(base::Bytes(data, size)).Go();
  return 0;
}
