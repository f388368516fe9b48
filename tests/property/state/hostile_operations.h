// Random operations by accounts of every role against a chain: mostly such as the rules may allow,
// with amounts, names and numbers that are often wrong, and signed by the wrong people now and
// then.
#ifndef TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_OPERATIONS_H_
#define TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_OPERATIONS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "property/state/hostile_chain.h"

namespace tributary::testing {

// The people of the genesis, and a chain whose parameters depend on the seed.
ChainOptions HostileOptions(uint64_t seed);

class HostileOperations {
 public:
  HostileOperations(HostileChain& chain, uint64_t seed) : chain_(chain), random_(seed) {}

  // One attempt, with the mischief in it. To be tried at once.
  Attempt Next();
  // After a refusal: the same, signed also by the holder that the chain asked for, if that helps.
  std::optional<Attempt> Persuaded(const Attempt& attempt, const base::Rejection& refused);
  // To the next block.
  uint64_t StepMs();

 private:
  using Maker = Attempt (HostileOperations::*)();
  static const std::vector<std::pair<Maker, uint32_t>>& Makers();

  uint64_t Below(uint64_t end) { return random_() % end; }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  template <class T>
  const T& One(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

  // Somebody with a key; of a role by the genesis; anybody at all now and then.
  std::string Somebody();
  std::string WithRole(const char* first, const char* second);
  std::string SignerFor(const std::string& handle) const;
  std::vector<std::string> OwnersOf(uint64_t seq);
  std::optional<uint64_t> CommittedRecord();
  base::RecordId SomeRecord();
  std::string_view SomeCurrency();
  uint64_t SomeAmount();
  std::string_view Reference();
  uint64_t Epoch() const { return chain_.Read<state::ChainRow>(0).epoch; }
  uint64_t Soon() { return Epoch() + (Chance(95) ? 1 + Below(3) : 0); }
  uint64_t Number(state::TableKind kind);  // mostly of one of its latest rows
  uint64_t SomeCase();
  base::Hash Evidence() { return base::Hash{IdText("evidence")}; }
  std::array<uint8_t, 32> IdText(std::string_view text);
  std::vector<codec::Author> Shared(const std::vector<std::string>& handles);
  std::optional<codec::Candidate> SomeCandidate(uint64_t seq, bool authors);
  std::vector<std::string> Judges();
  static Attempt By(std::vector<std::string> signers, codec::Operation operation);

  Attempt Register();
  Attempt Claim();
  Attempt Object();
  Attempt Rotate();
  Attempt Submit();
  Attempt Report();
  Attempt ReportBatch();
  Attempt Refund();
  Attempt State();
  Attempt Fund();
  Attempt Deposit();
  Attempt Request();
  Attempt Confirm();
  Attempt Fail();
  Attempt Prefer();
  Attempt Amend();
  Attempt WithdrawAmendment();
  Attempt Lower();
  Attempt Reserve();
  Attempt Stance();
  Attempt Countersign();
  Attempt Attest();
  Attempt Raise();
  Attempt Open();
  Attempt Join();
  Attempt Respond();
  Attempt WithdrawClaim();
  Attempt Agree();
  Attempt Rule();
  Attempt ReportIncident();
  Attempt Freeze();
  Attempt RuleIncident();
  Attempt Propose();
  Attempt Approve();
  Attempt WithdrawProposal();
  void Twisted(Attempt& attempt);

  struct Event {
    std::string reporter;
    std::string reference;
    uint64_t amount_minor;
  };

  HostileChain& chain_;
  std::mt19937_64 random_;
  std::vector<base::RecordId> records_;  // by sequence
  std::vector<codec::Terms> terms_;      // likewise
  std::vector<Event> events_;
  std::vector<std::pair<uint64_t, uint64_t>> amendments_;       // sequence, epoch
  std::vector<std::pair<uint64_t, std::string>> claims_;        // case, claimant
  std::vector<std::pair<uint64_t, base::RecordId>> incidents_;  // number, subject
  uint64_t made_ = 0;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_PROPERTY_STATE_HOSTILE_OPERATIONS_H_
