// What governance has done, as the genesis and the proposals in effect tell it: which of its acts
// concern an account, and who the validators were at a height.
#ifndef TRIBUTARY_API_GOVERNANCE_HISTORY_H_
#define TRIBUTARY_API_GOVERNANCE_HISTORY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/read_context.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// The state holds no history of roles and validators; every change of them is a proposal in effect.
// Errors: those of the context. Thread safety: as the context.
class GovernanceHistory {
 public:
  // The newest are looked at.
  static constexpr uint64_t kProposalsMax = 10'000;
  static constexpr size_t kActsOfAccountMax = 16;

  // `context` outlives it.
  explicit GovernanceHistory(ReadContext& context);

  // False: there are more proposals than are looked at.
  bool complete() const { return complete_; }
  // The proposals that changed the account's roles, limits or validators, the latest ones,
  // ascending.
  std::vector<uint64_t> ActsOn(const std::string& account) const;
  void EncodeAct(uint64_t proposal, v1::GovernanceAct* to);

  // The height from which on the list that was in force at `height` stood; 0: there was none.
  uint64_t ValidatorsSince(uint64_t height) const;
  void EncodeValidators(uint64_t since, v1::ValidatorSetView* to);

 private:
  struct ValidatorChange {
    uint64_t height = 0;
    std::optional<uint64_t> proposal;  // none: the genesis
    v1::SetValidator validator;
  };

  void ReadGenesis();
  void ReadProposal(uint64_t number);

  ReadContext& c_;
  bool complete_ = true;
  std::map<std::string, std::vector<uint64_t>> acts_;  // by account; latest first
  std::vector<ValidatorChange> changes_;               // ascending by height and proposal
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_GOVERNANCE_HISTORY_H_
