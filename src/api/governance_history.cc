#include "api/governance_history.h"

#include <algorithm>
#include <tuple>

#include "api/encode.h"
#include "state/governance.h"

namespace tributary::api {
namespace {

// Whom a change concerns; empty: nobody in particular.
std::string AccountOf(const v1::Change& change) {
  switch (change.change_case()) {
    case v1::Change::kSetRole: return change.set_role().account();
    case v1::Change::kSetLimits: return change.set_limits().account();
    case v1::Change::kSetValidator: return change.set_validator().account();
    default: return {};
  }
}

}  // namespace

GovernanceHistory::GovernanceHistory(ReadContext& context) : c_(context) {
  ReadGenesis();
  const uint64_t count = c_.view().RowCount(state::TableKind::kProposals);
  complete_ = count <= kProposalsMax;
  for (uint64_t number = count; number > 0 && number + kProposalsMax > count; --number) {
    ReadProposal(number - 1);
  }
  std::stable_sort(changes_.begin(), changes_.end(),
                   [](const ValidatorChange& a, const ValidatorChange& b) {
                     return std::tie(a.height, a.proposal) < std::tie(b.height, b.proposal);
                   });
}

void GovernanceHistory::ReadGenesis() {
  const auto entry = c_.view().snapshot().ReadEntry(base::EntryIndex(0));
  if (!entry.ok()) return c_.Fail(entry.status());
  v1::Genesis genesis;
  if (!genesis.ParseFromArray(entry->data() + 1, static_cast<int>(entry->size()) - 1)) return;
  for (const v1::SetValidator& validator : genesis.validators()) {
    changes_.push_back({1, std::nullopt, validator});
  }
}

void GovernanceHistory::ReadProposal(uint64_t number) {
  const auto row = c_.view().Get<state::ProposalRow>(number);
  if (row.state != static_cast<uint8_t>(state::ProposalState::kInEffect)) return;
  v1::Propose propose;
  if (!propose.ParseFromString(state::ProposeBytes(c_.view(), row))) return;
  for (const v1::Change& change : propose.changes()) {
    const std::string account = AccountOf(change);
    if (account.empty()) continue;
    std::vector<uint64_t>& acts = acts_[account];
    const bool known = !acts.empty() && acts.back() == number;
    if (!known && acts.size() < kActsOfAccountMax) acts.push_back(number);
    if (change.has_set_validator()) {
      changes_.push_back({row.closed_height, number, change.set_validator()});
    }
  }
}

std::vector<uint64_t> GovernanceHistory::ActsOn(const std::string& account) const {
  const auto found = acts_.find(account);
  if (found == acts_.end()) return {};
  return {found->second.rbegin(), found->second.rend()};
}

void GovernanceHistory::EncodeAct(uint64_t proposal, v1::GovernanceAct* to) {
  const auto row = c_.view().Get<state::ProposalRow>(proposal);
  to->set_proposal(proposal);
  to->set_height(row.closed_height);
  EncodePosition(c_, base::EntryIndex(row.entry), to->mutable_proposed());
  to->mutable_content()->ParseFromString(state::ProposeBytes(c_.view(), row));
  const std::vector<state::ApprovalRow> approvals = state::ApprovalsOf(c_.view(), row);
  for (auto approval = approvals.rbegin(); approval != approvals.rend(); ++approval) {
    const state::AccountRow account = c_.view().Account(base::AccountIndex(approval->account));
    v1::SignerView* signer = to->add_approved_by();
    signer->set_account(AsString(account.id));
    signer->set_handle(std::string(account.Handle()));
    EncodeRoles(account.roles, signer->mutable_roles());
  }
}

uint64_t GovernanceHistory::ValidatorsSince(uint64_t height) const {
  uint64_t since = 0;
  for (const ValidatorChange& change : changes_) {
    if (change.height <= height) since = change.height;
  }
  return since;
}

void GovernanceHistory::EncodeValidators(uint64_t since, v1::ValidatorSetView* to) {
  to->set_since_height(since);
  std::map<std::string, const ValidatorChange*> in_force;
  for (const ValidatorChange& change : changes_) {
    if (change.height <= since) in_force[change.validator.public_key()] = &change;
  }
  for (const auto& [key, change] : in_force) {
    if (change->validator.power() == 0) continue;
    v1::TracedValidator* validator = to->add_validators();
    validator->set_public_key(key);
    validator->set_power(change->validator.power());
    const std::string& account = change->validator.account();
    validator->set_account(account);
    if (account.size() == base::AccountId::kSize) {
      const auto index = c_.view().FindAccount(base::AccountId::From(base::AsBytes(account)));
      if (index) validator->set_handle(c_.Handle(*index));
    }
    validator->set_of_genesis(!change->proposal.has_value());
    validator->set_proposal(change->proposal.value_or(0));
  }
}

}  // namespace tributary::api
