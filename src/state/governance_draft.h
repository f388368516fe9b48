// What the changes of a proposal would make of the chain, tried before any of it is written.
#ifndef TRIBUTARY_STATE_GOVERNANCE_DRAFT_H_
#define TRIBUTARY_STATE_GOVERNANCE_DRAFT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/ledger.h"
#include "state/context.h"
#include "state/overlay.h"
#include "state/tables.h"
#include "tributary/base/rejection.h"

namespace tributary::state {

// CometBFT's bound on the sum of all validators' power.
inline constexpr uint64_t kTotalPowerMax = (uint64_t{1} << 60) - 1;

// Adds the row, and the row of its totals. Requires: the code is not registered.
void AppendCurrency(Overlay& overlay, const codec::Currency& currency);

// Keeps the chain's numbers of admins and arbiters when an account with a key changes its roles.
void CountRoles(ChainRow& chain, uint16_t before, uint16_t after);

// Changes are taken one after the other, each seen by the next; then all are checked together and
// stored. The fields of rejections begin with `path`.
class GovernanceDraft {
 public:
  // Ownership: both outlive it. `now_ms` decides which keys are in force.
  GovernanceDraft(Overlay& overlay, const BlockContext& block);

  // Errors: kUnknownAccount, kCustodialSigner where a role is given to an account without a key,
  // kCurrencyUnknown, kInvariantBroken, kRuleVersionTooNew.
  base::Verdict Take(const codec::Change& change, const std::string& path);
  // Enough admins, arbiters and power are left. Errors: kUngovernable, kInvariantBroken.
  base::Verdict Check(const std::string& path) const;
  // Writes what was taken. Requires: Check succeeded. Parameters take effect with `epoch`.
  void Store(BlockContext& block, uint64_t epoch, uint32_t proposal);

 private:
  struct Limits {
    uint32_t account;
    uint64_t sponsor_quota;
    std::vector<std::pair<uint16_t, uint64_t>> credit;  // currency, minor units
  };
  struct Power {
    uint64_t power;
    uint32_t account;
  };

  base::Verdict TakeOne(const codec::SetRole& change, const std::string& path);
  base::Verdict TakeOne(const codec::SetLimits& change, const std::string& path);
  base::Verdict TakeOne(const codec::SetParameters& change, const std::string& path);
  base::Verdict TakeOne(const codec::Currency& change, const std::string& path);
  base::Verdict TakeOne(const codec::SetValidator& change, const std::string& path);
  base::Verdict TakeOne(const codec::SetThresholds& change, const std::string& path);
  base::Verdict TakeOne(const codec::SetRuleVersion& change, const std::string& path);
  base::Checked<uint32_t> RequireAccount(const base::AccountId& id, const std::string& path);
  // Of the chain, or added by this draft.
  std::optional<uint16_t> FindCurrency(std::string_view code);
  void StoreRoles();
  void StoreLimits();
  void StoreValidators(uint64_t height, uint32_t proposal);

  Overlay& overlay_;
  base::TimeMs now_;
  ChainRow chain_;
  ParametersRow in_force_;
  std::map<uint32_t, uint16_t> roles_;  // by account
  std::vector<Limits> limits_;
  std::optional<codec::Parameters> parameters_;
  std::vector<codec::Currency> currencies_;
  std::map<base::PublicKey, Power> validators_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_GOVERNANCE_DRAFT_H_
