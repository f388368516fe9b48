#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "state/context.h"
#include "state/governance.h"

namespace tributary::api {
namespace {

constexpr uint64_t kProposalsScannedMax = 5'000;
constexpr uint64_t kParametersShownMax = 100;

// The account that a change names; nullopt where it names none that there is.
std::optional<base::AccountIndex> AccountNamed(ReadContext& c, const std::string& id) {
  if (id.size() != base::AccountId::kSize) return std::nullopt;
  return c.view().FindAccount(base::AccountId{base::Hash::From(base::AsBytes(id)).bytes});
}

// ---- What a change would replace, as it is now

bool RoleNow(ReadContext& c, const v1::SetRole& change, v1::SetRole* now) {
  const auto account = AccountNamed(c, change.account());
  if (!account) return false;
  *now = change;
  now->set_granted(
      state::HasRole(c.view().Account(*account).roles, static_cast<codec::Role>(change.role())));
  return true;
}

bool LimitsNow(ReadContext& c, const v1::SetLimits& change, v1::SetLimits* now) {
  const auto account = AccountNamed(c, change.account());
  if (!account) return false;
  now->set_account(change.account());
  now->set_sponsor_quota(c.view().Account(*account).sponsor_quota);
  for (const v1::CreditLimit& limit : change.credit_limits()) {
    v1::CreditLimit* to = now->add_credit_limits();
    to->set_currency(limit.currency());
    const auto currency = c.view().FindCurrency(limit.currency());
    if (!currency) continue;
    const auto row = c.view().FindReceivable(*account, *currency);
    if (row) to->set_limit_minor(c.view().Get<state::ReceivableRow>(*row).limit_minor);
  }
  return true;
}

bool ValidatorNow(ReadContext& c, const v1::SetValidator& change, v1::SetValidator* now) {
  const uint64_t count = c.view().RowCount(state::TableKind::kValidators);
  for (uint64_t row = 0; row < count; ++row) {
    const auto validator = c.view().Get<state::ValidatorRow>(row);
    if (AsString(validator.key) != change.public_key()) continue;
    now->set_public_key(change.public_key());
    now->set_power(validator.power);
    now->set_account(AsString(c.view().Account(base::AccountIndex(validator.account)).id));
    return true;
  }
  return false;
}

// False: there is nothing yet that the change would replace.
bool EncodeNow(ReadContext& c, const v1::Change& change, v1::Change* now) {
  switch (change.change_case()) {
    case v1::Change::kSetRole: return RoleNow(c, change.set_role(), now->mutable_set_role());
    case v1::Change::kSetLimits:
      return LimitsNow(c, change.set_limits(), now->mutable_set_limits());
    case v1::Change::kSetParameters:
      EncodeParameters(c.view().parameters(), now->mutable_set_parameters()->mutable_parameters());
      return true;
    case v1::Change::kSetValidator:
      return ValidatorNow(c, change.set_validator(), now->mutable_set_validator());
    case v1::Change::kSetThresholds:
      now->mutable_set_thresholds()->set_admins(c.view().chain().admin_threshold);
      now->mutable_set_thresholds()->set_arbiters(c.view().chain().arbiter_threshold);
      return true;
    case v1::Change::kSetRuleVersion:
      now->mutable_set_rule_version()->set_version(c.view().chain().rule_version);
      return true;
    case v1::Change::kAddCurrency:
    case v1::Change::CHANGE_NOT_SET: break;
  }
  return false;
}

// The parameters of the epoch before `epoch`; false where the chain began with it.
bool ParametersBefore(ReadContext& c, uint64_t epoch, v1::Parameters* to) {
  for (uint64_t row = c.view().RowCount(state::TableKind::kParameters); row-- > 0;) {
    const auto version = c.view().Get<state::ParametersRow>(row);
    if (version.effective_epoch >= epoch) continue;
    EncodeParameters(version, to);
    return true;
  }
  return false;
}

std::string AccountOf(const v1::Change& change) {
  if (change.has_set_role()) return change.set_role().account();
  if (change.has_set_limits()) return change.set_limits().account();
  return change.has_set_validator() ? change.set_validator().account() : "";
}

void EncodeChange(ReadContext& c, const state::ProposalRow& proposal, const v1::Change& change,
                  v1::ProposedChange* to) {
  *to->mutable_change() = change;
  if (const auto account = AccountNamed(c, AccountOf(change))) to->set_handle(c.Handle(*account));
  v1::Change before;
  bool known = false;
  if (proposal.state == static_cast<uint8_t>(state::ProposalState::kOpen)) {
    known = EncodeNow(c, change, &before);
  } else if (change.has_set_parameters()) {
    known = ParametersBefore(c, proposal.effective_epoch,
                             before.mutable_set_parameters()->mutable_parameters());
  }
  if (known) *to->mutable_before() = before;
}

void EncodeApprovals(ReadContext& c, const state::ProposalRow& proposal, v1::ProposalView* to) {
  auto approvals = state::ApprovalsOf(c.view(), proposal);
  std::reverse(approvals.begin(), approvals.end());
  uint32_t counted = 0;
  for (const state::ApprovalRow& approval : approvals) {
    const base::AccountIndex index(approval.account);
    const state::AccountRow account = c.view().Account(index);
    v1::ApprovalView* one = to->add_approvals();
    one->set_account(AsString(account.id));
    one->set_handle(c.Handle(index));
    one->set_counts(state::HasRole(account.roles, codec::Role::kAdmin));
    counted += one->counts() ? 1 : 0;
    EncodePosition(c, base::EntryIndex(approval.entry), one->mutable_position());
  }
  const bool was_due = proposal.state == static_cast<uint8_t>(state::ProposalState::kInEffect) ||
                       proposal.state == static_cast<uint8_t>(state::ProposalState::kFailed);
  to->set_admins_needed(was_due ? proposal.admins : c.view().chain().admin_threshold);
  to->set_approvals_counted(was_due ? proposal.approved : counted);
}

void EncodeProposal(ReadContext& c, uint64_t number, v1::ProposalView* to) {
  const auto proposal = c.view().Get<state::ProposalRow>(number);
  const base::AccountIndex proposer(proposal.proposer);
  to->set_number(number);
  to->set_proposer(AsString(c.view().Account(proposer).id));
  to->set_handle(c.Handle(proposer));
  to->set_state(static_cast<v1::ProposalState>(proposal.state));
  v1::Propose propose;
  propose.ParseFromString(state::ProposeBytes(c.view(), proposal));
  for (const v1::Change& change : propose.changes()) {
    EncodeChange(c, proposal, change, to->add_changes());
  }
  to->set_effective_height(proposal.effective_height);
  to->set_effective_epoch(proposal.effective_epoch);
  to->set_reason(propose.reason());
  EncodeApprovals(c, proposal, to);
  to->set_proposed_ms(proposal.proposed_ms);
  to->set_closed_ms(proposal.closed_ms);
  to->set_closed_height(proposal.closed_height);
  if (proposal.failure != 0) {
    const auto code = static_cast<base::RejectionCode>(proposal.failure);
    EncodeRefusal(base::Reject(code, ""), to->mutable_failure());
    to->set_failed_change(proposal.failed_change);
  }
  EncodePosition(c, base::EntryIndex(proposal.entry), to->mutable_position());
}

void EncodeValidator(ReadContext& c, const state::ValidatorRow& row, v1::ValidatorView* to) {
  const base::AccountIndex account(row.account);
  to->set_public_key(AsString(row.key));
  to->set_power(row.power);
  to->set_account(AsString(c.view().Account(account).id));
  to->set_handle(c.Handle(account));
  to->set_since_height(row.since_height);
  to->set_of_genesis(row.proposal == state::kNone32);
  if (!to->of_genesis()) to->set_proposal(row.proposal);
}

}  // namespace

grpc::Status GetProposal(ReadContext& c, const v1::GetProposalRequest& q, v1::ProposalView* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const uint64_t count = c.view().RowCount(state::TableKind::kProposals);
  if (q.number() >= count) {
    return NotFound("there is no proposal " + std::to_string(q.number()) + "; there are " +
                    std::to_string(count) + ", from 0");
  }
  EncodeProposal(c, q.number(), r);
  return grpc::Status::OK;
}

// A token holds the row to go on from, plus one.
grpc::Status ListProposals(ReadContext& c, const v1::ListProposalsRequest& q,
                           v1::ListProposalsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.state() < 0 || q.state() > v1::PROPOSAL_STATE_WITHDRAWN) {
    return BadRequest("state", "not a state of proposals");
  }
  const uint64_t count = c.view().RowCount(state::TableKind::kProposals);
  const PageQuery query = QueryOf('y', q);
  std::vector<uint64_t> token = {count};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > count) return BadRequest("page_token", "not a token of this list");
  const auto page = static_cast<int>(PageSize(q.page_size()));
  uint64_t scanned = 0;
  size_t bytes = 0;
  for (uint64_t next = token[0]; next > 0; --next, ++scanned) {
    if (r->proposals_size() >= page || bytes > kResponseBytesMax ||
        scanned >= kProposalsScannedMax) {
      r->set_next_page_token(MakeToken(query, {next}));
      break;
    }
    const auto proposal = c.view().Get<state::ProposalRow>(next - 1);
    if (q.state() != 0 && proposal.state != static_cast<uint8_t>(q.state())) continue;
    EncodeProposal(c, next - 1, r->add_proposals());
    bytes += r->proposals().rbegin()->ByteSizeLong();
  }
  return grpc::Status::OK;
}

grpc::Status GetGovernance(ReadContext& c, const v1::GetGovernanceRequest&, v1::GovernanceView* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const state::ChainRow& chain = c.view().chain();
  r->set_admin_threshold(chain.admin_threshold);
  r->set_arbiter_threshold(chain.arbiter_threshold);
  r->set_admins(chain.admins);
  r->set_arbiters(chain.arbiters);
  r->set_rule_version(chain.rule_version);
  r->set_open_proposals(chain.open_proposals);
  const uint64_t versions = c.view().RowCount(state::TableKind::kParameters);
  const uint64_t oldest = versions - std::min(versions, kParametersShownMax);
  for (uint64_t row = versions; row-- > oldest;) {
    const auto version = c.view().Get<state::ParametersRow>(row);
    v1::ParametersVersion* to = r->add_parameters();
    EncodeParameters(version, to->mutable_parameters());
    to->set_effective_epoch(version.effective_epoch);
  }
  for (uint64_t row = 0; row < c.view().currency_count(); ++row) {
    EncodeCurrency(c.Currency(base::CurrencyIndex(static_cast<uint16_t>(row))),
                   r->add_currencies());
  }
  for (uint64_t row = 0; row < c.view().RowCount(state::TableKind::kValidators); ++row) {
    EncodeValidator(c, c.view().Get<state::ValidatorRow>(row), r->add_validators());
  }
  if (chain.commons_account != state::kNone32) {
    const base::AccountIndex commons(chain.commons_account);
    r->set_commons(AsString(c.view().Account(commons).id));
    r->set_commons_handle(c.Handle(commons));
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
