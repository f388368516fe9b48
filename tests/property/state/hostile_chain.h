// A chain in memory under attack: transactions of anybody, signed by whom one likes, well or badly,
// and a note of what each block accepted.
#ifndef TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_CHAIN_H_
#define TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_CHAIN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "codec/ledger.h"
#include "state/machine.h"
#include "state/memory_pages.h"
#include "state/resident.h"
#include "state/rows.h"
#include "support/chain.h"

namespace tributary::testing {

enum class Twist {
  kNone,
  kForged,      // the first signature is of another key
  kReplayed,    // the bytes of a transaction that was accepted
  kExpired,     // valid_until is not after the block time
  kFarAhead,    // valid_until is beyond the window
  kOtherChain,  // it names another chain
  kUnknown,     // the sender is no account
};

// What somebody tries. Names are handles; views in `operations` last as long as the chain.
struct Attempt {
  std::string sender;
  std::vector<std::string> cosigners;
  std::vector<codec::Operation> operations;
  std::vector<state::VerifiedProof> proven;  // proofs inside the operations that count as good
  Twist twist = Twist::kNone;
  std::function<void()> accepted = [] {};
};

// A transaction that was accepted.
struct Accepted {
  base::AccountIndex sender;
  std::set<uint32_t> signers;
  std::vector<codec::Operation> operations;
};

class HostileChain {
 public:
  explicit HostileChain(const ChainOptions& options);

  void Begin(uint64_t time_ms);
  base::Verdict Try(const Attempt& attempt);
  // What the block changed; nothing where it changed nothing.
  std::unique_ptr<state::BlockEffects> End();

  // Keys. Signatures count as verified against the key at hand, but every 50th transaction is
  // really signed and verified.
  const crypto::KeyPair& Key(const std::string& handle) {
    return Key(handle, generations_[handle]);
  }
  const crypto::KeyPair& NextKey(const std::string& handle) {
    return Key(handle, generations_[handle] + 1);
  }
  void Rotated(const std::string& handle) { ++generations_[handle]; }

  // A handle's account is in the state once its registration was accepted and committed.
  void Add(const std::string& handle, const base::AccountId& id);
  base::AccountId IdOf(const std::string& handle) const;
  const std::string& HandleOf(uint32_t account) const { return handles_[account]; }
  const std::vector<std::string>& handles() const { return handles_; }  // by AccountIndex
  bool IsCommitted(const std::string& handle) const;
  state::AccountRow Row(const std::string& handle) const;

  template <class Row>
  Row Read(uint64_t row, uint16_t sub = 0) const {
    return state::ReadRow<Row>(pages_, row, sub);
  }
  uint64_t Count(state::TableKind kind, uint16_t sub = 0) const {
    return pages_.RowCount({kind, sub});
  }
  const lineage::Graph& graph() const { return resident_->graph(); }
  const state::MemoryPages& pages() const { return pages_; }
  const state::Resident& resident() const { return *resident_; }
  const std::vector<Accepted>& accepted() const { return accepted_; }  // in the block
  uint64_t time_ms() const { return time_ms_; }
  uint64_t nonce() const { return nonce_; }
  const ChainOptions& options() const { return options_; }
  std::string_view Keep(std::string text) { return arena_.Keep(std::move(text)); }
  base::Bytes KeepBytes(std::string text) { return arena_.KeepBytes(std::move(text)); }

  // Rebuilds what is resident from the pages, and goes on with it. Aborts where the roots differ.
  void Rebuild();

 private:
  const crypto::KeyPair& Key(const std::string& handle, uint32_t generation);
  std::string Bytes(const Attempt& attempt, std::vector<state::VerifiedSignature>* verified);

  ChainOptions options_;
  state::MemoryPages pages_;
  std::unique_ptr<state::Resident> resident_;
  std::unique_ptr<state::Machine> machine_;
  std::map<std::string, uint32_t> generations_;
  std::map<std::string, std::pair<uint32_t, base::AccountId>> accounts_;
  std::vector<std::string> handles_;
  std::vector<Accepted> accepted_;
  std::string last_accepted_bytes_;
  Arena arena_;
  uint64_t time_ms_ = 0;
  uint64_t nonce_ = 0;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_CHAIN_H_
