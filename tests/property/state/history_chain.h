// A history (tests/models/history.py) on the real state machine, on pages in memory.
#ifndef TRIBUTARY_TESTS_PROPERTY_STATE_HISTORY_CHAIN_H_
#define TRIBUTARY_TESTS_PROPERTY_STATE_HISTORY_CHAIN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codec/ledger.h"
#include "nlohmann/json.hpp"
#include "state/machine.h"
#include "state/memory_pages.h"
#include "state/resident.h"
#include "support/chain.h"

namespace tributary::testing {

// Names of a history become accounts and records: a handle is an account with the key of that name,
// a record's content is the hash of its name. Beside the operations of the history there are others
// that must not change what anybody is owed: every fifth account starts without a key and claims it
// (every tenth only after an objection), and now and then somebody rotates a key. Some revenue is
// reported as a batch. A reference that is used again comes with the occurred_at of its first
// event. Attributions are signed by an account of their own, "oracle".
//
// A record's id is made, by its declared time, to stand in the order of the ids that the history
// states: they break ties at admission.
class HistoryChain {
 public:
  // `sign`: signatures are made and verified; else they count as verified, which is much faster.
  HistoryChain(const nlohmann::json& genesis, bool sign);

  // Ends the open block, if any; `time_ms` is the next one's.
  void Begin(uint64_t time_ms);
  // Whether the operation was accepted. What is no operation of a history aborts.
  bool Apply(const nlohmann::json& operation);
  // Ends the open block and returns its line, without "accepted".
  nlohmann::json End();

  // What must hold at any time besides: the recount of all tables balances; the state rebuilt from
  // the pages is the one at hand; the log, where it is signed, replayed gives the same pages and
  // headers. Aborts.
  void CheckDeep() const;

  // How many operations of each name were accepted.
  const std::map<std::string, uint64_t>& accepted() const { return accepted_; }

 private:
  struct Person {
    base::AccountId id;
    uint32_t generation = 0;  // of its key
    bool custodial = false;
    uint64_t usable_from_block = 0;
    uint64_t rotating_until_ms = 0;
  };

  std::optional<base::Rejection> TrySend(const std::vector<std::string>& signers,
                                         codec::Operation operation,
                                         std::vector<state::VerifiedProof> proven = {});
  bool Send(const std::vector<std::string>& signers, codec::Operation operation,
            std::vector<state::VerifiedProof> proven = {});
  void MustSend(const std::vector<std::string>& signers, codec::Operation operation);
  crypto::KeyPair& Key(const std::string& handle, uint32_t generation);
  bool HasKey(const std::string& handle) const;
  base::AccountId AccountOf(const std::string& handle) const;
  base::RecordId RecordOf(const std::string& name) const;

  bool Account(const nlohmann::json& op);
  bool Record(const nlohmann::json& op);
  bool Revenue(const nlohmann::json& op);
  bool AttributedRevenue(const nlohmann::json& op, codec::ReportRevenue report);
  bool Refund(const nlohmann::json& op);
  bool Preference(const nlohmann::json& op);
  bool Statement(const nlohmann::json& op);
  bool Fund(const nlohmann::json& op);
  bool RequestPayout(const nlohmann::json& op);
  bool ConfirmPayout(const nlohmann::json& op);
  bool FailPayout(const nlohmann::json& op);
  bool Amend(const nlohmann::json& op);
  bool WithdrawAmendment(const nlohmann::json& op);
  bool LowerTerms(const nlohmann::json& op);
  bool Parameters(const nlohmann::json& op);
  bool OpenCase(const nlohmann::json& op);
  bool JoinCase(const nlohmann::json& op);
  bool AnswerCase(const nlohmann::json& op);
  bool WithdrawClaim(const nlohmann::json& op);
  bool AgreeCase(const nlohmann::json& op);
  bool RuleCase(const nlohmann::json& op);
  bool SendSigned(std::vector<std::string> signers, const codec::Operation& operation);
  codec::Candidate CandidateOf(const nlohmann::json& op, bool authors) const;
  bool IsOnAuthors(const nlohmann::json& op) const;
  bool Freeze(const nlohmann::json& op);
  bool RuleIncident(const nlohmann::json& op);

  void Claim(const std::string& handle);
  void RotateSomebody();
  static std::vector<std::string> HandlesOf(const nlohmann::json& op);
  std::string SignerFor(const std::string& handle) const;
  std::vector<codec::Author> AuthorsOf(const nlohmann::json& op) const;
  std::vector<codec::Parent> ParentsOf(const nlohmann::json& op) const;
  codec::Record MakeRecord(const nlohmann::json& op, std::vector<std::string>* signers) const;
  std::string EncodeInOrder(codec::Record& record, const std::string& order_id) const;
  void Commit(state::BlockEffects effects);
  void CheckRebuilt() const;
  void CheckReplayed() const;
  std::string FlowDigest() const;
  nlohmann::json Balances() const;

  bool sign_;
  state::MemoryPages pages_;
  std::unique_ptr<state::Resident> resident_;
  std::unique_ptr<state::Machine> machine_;
  std::vector<std::string> currencies_;  // in order of the genesis
  std::map<std::string, Person> people_;
  std::vector<std::string> handles_;  // in order of registration
  std::map<std::string, base::RecordId> records_;
  std::vector<std::string> record_names_;  // by sequence
  std::map<std::string, uint32_t> alpha_max_ppb_;
  std::map<std::string, base::RecordId> ids_in_order_;  // by the id that the history states
  std::vector<std::string> case_levels_;                // by number
  std::map<std::pair<std::string, std::string>, uint64_t> occurred_at_ms_;
  std::vector<std::string> entries_;
  std::set<std::pair<state::Identity, base::Hash>> identities_;  // ever changed
  std::map<std::string, uint64_t> accepted_;
  uint64_t genesis_ms_ = 0, epoch_ms_ = 0;
  codec::Parameters parameters_;  // of the genesis
  uint64_t incidents_ = 0;
  // By frozen asset: the incident, and until when.
  std::map<base::RecordId, std::pair<uint64_t, uint64_t>> frozen_;
  uint64_t time_ms_ = 0;
  uint64_t blocks_ = 0;
  uint64_t nonce_ = 0;
  bool open_ = false;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_PROPERTY_STATE_HISTORY_CHAIN_H_
