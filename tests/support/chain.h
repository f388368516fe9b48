// A chain in memory for tests: the real machine on pages in memory, with keys made from names.
#ifndef TRIBUTARY_TESTS_SUPPORT_CHAIN_H_
#define TRIBUTARY_TESTS_SUPPORT_CHAIN_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/ledger.h"
#include "crypto/ed25519.h"
#include "state/machine.h"
#include "state/memory_pages.h"
#include "state/resident.h"

namespace tributary::testing {

// The key that belongs to a name: seed = SHA-256(name). For tests only.
crypto::KeyPair KeyOf(std::string_view name);

struct GenesisPerson {
  std::string handle;
  std::vector<codec::Role> roles;
  std::map<std::string, uint64_t> credit_limits;  // minor units by currency code
  bool custodial = false;
};

struct ChainOptions {
  std::string chain_id = "test/1";
  uint64_t time_ms = 1'700'000'000'000;
  codec::Parameters parameters;  // set by the constructor; change what the test needs
  std::vector<codec::Currency> currencies;
  std::vector<GenesisPerson> people;
  uint32_t admin_threshold = 1;
  uint32_t arbiter_threshold = 0;

  // Epochs of 1,000 s, maturity 1, fee 1 %, USD (6 decimals, payout unit 10,000) and EUR; people:
  // admin, steward, steward2, reporter (limits USD 10^12, EUR 10^12), treasurer, arbiter.
  ChainOptions();
  // The serialized Genesis.
  std::string Encode() const;
};

// Bytes that codec structs view; lives as long as the test.
class Arena {
 public:
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  base::Bytes KeepBytes(std::string text) { return base::AsBytes(Keep(std::move(text))); }

 private:
  std::deque<std::string> kept_;
};

// What a test wants a record to be; the rest has sensible defaults.
struct RecordSpec {
  std::string name;                                       // content = SHA-256(name), title = name
  std::vector<std::pair<std::string, uint32_t>> authors;  // handle, ppb
  std::vector<std::pair<base::RecordId, uint32_t>> parents;  // id, weight
  uint32_t pass_through_ppb = 0;
  codec::RecordKind kind = codec::RecordKind::kModel;
  bool custodial = false;
  std::string external_id = {};
  codec::Terms terms = {};
};

class Chain {
 public:
  explicit Chain(const ChainOptions& options = {});

  // ---- Building and applying
  base::AccountId IdOf(std::string_view handle) const;
  // The signed bytes of a transaction of `sender`, also signed by `cosigners`.
  std::string Sign(std::string_view sender, const std::vector<codec::Operation>& operations,
                   const std::vector<std::string>& cosigners = {});
  // The two steps of Sign, for tests that change something in between.
  codec::TransactionBody Body(std::string_view sender,
                              const std::vector<codec::Operation>& operations);
  std::string Seal(const codec::TransactionBody& body, const std::vector<std::string>& signers);
  // Begins a block if none is open, and applies. The verdict of Prepare or of Apply.
  base::Verdict Apply(const std::string& signed_bytes);
  base::Verdict Apply(std::string_view sender, const std::vector<codec::Operation>& operations,
                      const std::vector<std::string>& cosigners = {});
  // Ends the open block, or makes one; commits it if it changes anything. True where it did.
  bool Commit();
  // Ends the open block, and rebuilds what is resident from the pages, under another tag key.
  void Rebuild();
  // Ends the open block; the next one begins at this time.
  void AdvanceTo(uint64_t time_ms);
  void Advance(uint64_t by_ms) { AdvanceTo(time_ms_ + by_ms); }
  uint64_t time_ms() const { return time_ms_; }

  // ---- Operations in one line. Each aborts the test where it is refused and `expect_ok`.
  codec::Operation Register(std::string_view handle, std::string_view sponsor = "steward",
                            bool custodial = false);
  codec::Operation Submit(const RecordSpec& spec, bool skip_if_exists = false);
  // The record that a spec describes; views live in the arena. And one made from it.
  codec::Record RecordOf(const RecordSpec& spec);
  codec::Operation SubmitBytes(const codec::Record& record, bool skip_if_exists = false);
  base::RecordId RecordIdOf(const RecordSpec& spec);
  codec::Operation Revenue(const base::RecordId& asset, uint64_t amount_minor,
                           std::string_view reference, std::string_view currency = "USD");
  codec::Operation Funding(std::string_view reporter, uint64_t amount_minor,
                           std::string_view reference, std::string_view currency = "USD");
  // From the epoch that is `epochs_ahead` of the current one.
  codec::Operation Lower(const base::RecordId& record, const codec::Terms& terms,
                         uint64_t epochs_ahead);
  codec::Operation Payout(uint64_t amount_minor, std::string_view currency = "USD");

  // ---- Looking
  state::BalanceRow Balance(std::string_view handle, uint16_t currency = 0) const;
  state::TotalsRow Totals(uint16_t currency = 0) const;
  state::ChainRow Row() const;
  std::optional<base::AccountIndex> Account(std::string_view handle) const;
  // SHA-256 over all stored pages and row counts: unchanged where nothing changed.
  base::Hash Digest() const;

  state::MemoryPages& pages() { return pages_; }
  const state::MemoryPages& pages() const { return pages_; }
  const state::Resident& resident() const { return *resident_; }
  state::Machine& machine() { return *machine_; }
  const std::vector<state::BlockEffects>& blocks() const { return blocks_; }
  const std::vector<std::string>& entries() const { return entries_; }
  // From now on `handle` signs with the key of `name`.
  void UseKey(std::string_view handle, std::string_view name);
  Arena& arena() { return arena_; }
  uint64_t valid_for_ms = 100'000;
  std::string chain_id;

 private:
  void CommitEffects(state::BlockEffects effects);

  state::MemoryPages pages_;
  std::unique_ptr<state::Resident> resident_;
  std::unique_ptr<state::Machine> machine_;
  std::map<std::string, base::AccountId, std::less<>> ids_;
  std::map<std::string, std::string, std::less<>> key_names_;  // of those with another key
  std::vector<state::BlockEffects> blocks_;
  std::vector<std::string> entries_;
  Arena arena_;
  uint64_t time_ms_ = 0;
  uint64_t nonce_ = 0;
  bool open_ = false;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_SUPPORT_CHAIN_H_
