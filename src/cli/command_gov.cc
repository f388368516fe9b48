// Governance: by which rules the chain is run, and proposals of admins to change them.
#include <algorithm>
#include <map>
#include <optional>

#include "cli/change_text.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/proposed_changes.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "codec/ledger_enums.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

// ---- Reading

std::string HoldersOf(Context& context, codec::Role role) {
  v1::ListAccountsRequest request;
  request.set_role(static_cast<v1::Role>(role));
  const auto accounts = context.node().ListAccounts(request);
  if (!accounts.ok()) return "?";
  std::string text;
  for (const v1::AccountView& account : accounts->accounts()) {
    text += (text.empty() ? "" : ", ") + Printable(account.handle());
  }
  if (!accounts->next_page_token().empty()) text += ", … (tributary account list --role)";
  return text.empty() ? "-" : text;
}

void PrintRoles(Context& context, const v1::GovernanceView& view) {
  Facts facts;
  facts.Add("proposals", Plural(view.open_proposals(), "open one") + "; " +
                             std::to_string(view.admin_threshold()) + " of " +
                             Plural(view.admins(), "admin") + " decide");
  facts.Add("cases", std::to_string(view.arbiter_threshold()) + " of " +
                         Plural(view.arbiters(), "arbiter") + " decide");
  facts.Add("rule version", std::to_string(view.rule_version()));
  if (!view.commons().empty()) facts.Add("commons", Printable(view.commons_handle()));
  for (int role = 1; role <= static_cast<int>(codec::Role::kAuditor); ++role) {
    const auto one = static_cast<codec::Role>(role);
    facts.Add(std::string(codec::Name(one)), HoldersOf(context, one));
  }
  facts.Print(context.out());
}

absl::Status Status(Context& context) {
  const auto view = context.node().GetGovernance({});
  if (!view.ok()) return view.status();
  if (context.json()) {
    context.PrintJson(*view);
    return absl::OkStatus();
  }
  PrintRoles(context, *view);
  Table parameters({{"parameter"}, {"value", Align::kRight}});
  for (const auto& [name, value] : ParameterTexts(view->parameters(0).parameters())) {
    parameters.Add({name, value});
  }
  context.out() << "\nin force since epoch " << view->parameters(0).effective_epoch()
                << ", version " << view->parameters_size() << "\n";
  parameters.Print(context.out());
  Table currencies({{"currency"},
                    {"decimals", Align::kRight},
                    {"payout unit", Align::kRight},
                    {"least payout", Align::kRight}});
  for (const v1::Currency& one : view->currencies()) {
    currencies.Add({one.code(), std::to_string(one.decimals()),
                    std::to_string(one.payout_unit_minor()),
                    std::to_string(one.minimum_payout_minor())});
  }
  context.out() << "\n";
  currencies.Print(context.out());
  if (view->validators_size() == 0) return absl::OkStatus();
  Table validators({{"validator"}, {"run by"}, {"power", Align::kRight}, {"since block"}, {"by"}});
  for (const v1::ValidatorView& one : view->validators()) {
    validators.Add({Hex(one.public_key()), Printable(one.handle()), std::to_string(one.power()),
                    std::to_string(one.since_height()),
                    one.of_genesis() ? "genesis" : "proposal " + std::to_string(one.proposal())});
  }
  context.out() << "\n";
  validators.Print(context.out());
  return absl::OkStatus();
}

std::string StateOf(const v1::ProposalView& one) {
  switch (one.state()) {
    case v1::PROPOSAL_STATE_OPEN:
      return one.approvals_counted() < one.admins_needed() ? "open" : "open, approved";
    case v1::PROPOSAL_STATE_IN_EFFECT: return "in effect";
    case v1::PROPOSAL_STATE_FAILED: return "failed";
    case v1::PROPOSAL_STATE_WITHDRAWN: return "withdrawn";
    default: return "unknown";
  }
}

std::string WhenOf(const v1::ProposalView& one) {
  return one.effective_epoch() != 0 ? "epoch " + std::to_string(one.effective_epoch())
                                    : "block " + std::to_string(one.effective_height());
}

absl::Status List(Context& context) {
  static const std::map<std::string, v1::ProposalState> states = {
      {"", v1::PROPOSAL_STATE_UNSPECIFIED},
      {"open", v1::PROPOSAL_STATE_OPEN},
      {"in-effect", v1::PROPOSAL_STATE_IN_EFFECT},
      {"failed", v1::PROPOSAL_STATE_FAILED},
      {"withdrawn", v1::PROPOSAL_STATE_WITHDRAWN}};
  const auto state = states.find(context.Text("--state"));
  if (state == states.end()) {
    return UsageError("--state is open, in-effect, failed or withdrawn");
  }
  v1::ListProposalsRequest request;
  request.set_state(state->second);
  const auto all =
      ReadPages(context.node(), &client::Client::ListProposals,
                &v1::ListProposalsResponse::proposals_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"proposal", Align::kRight},
               {"by"},
               {"state"},
               {"approvals", Align::kRight},
               {"takes effect"},
               {"changes"}});
  for (const v1::ProposalView& one : all->proposals()) {
    const auto lines = ChangeTexts(one.changes(0));
    std::string what = lines.empty() ? "nothing" : lines.front().what;
    const size_t more = lines.size() + static_cast<size_t>(one.changes_size()) - 1;
    if (more > 1) what += ", …";
    table.Add(
        {std::to_string(one.number()), Printable(one.handle()), StateOf(one),
         std::to_string(one.approvals_counted()) + " of " + std::to_string(one.admins_needed()),
         WhenOf(one), what});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

std::string ApprovalsOf(const v1::ProposalView& one) {
  std::string text;
  for (const v1::ApprovalView& approval : one.approvals()) {
    text += (text.empty() ? "" : ", ") + Printable(approval.handle());
    if (!approval.counts()) text += " (no admin any more)";
  }
  return text + ": " + std::to_string(one.approvals_counted()) + " of the " +
         std::to_string(one.admins_needed()) + " that are needed";
}

absl::Status Show(Context& context) {
  v1::GetProposalRequest request;
  request.set_number(context.Number("PROPOSAL"));
  const auto one = context.node().GetProposal(request);
  if (!one.ok()) return one.status();
  if (context.json()) {
    context.PrintJson(*one);
    return absl::OkStatus();
  }
  Facts facts;
  facts.Add("proposal", std::to_string(one->number()) + ", " + StateOf(*one));
  facts.Add("by", Printable(one->handle()) + ", " + Time(one->proposed_ms()));
  facts.Add("reason", Printable(one->reason()));
  facts.Add("takes effect", "with " + WhenOf(*one));
  facts.Add("approved by", ApprovalsOf(*one));
  if (one->closed_ms() != 0) {
    facts.Add("ended", Time(one->closed_ms()) + ", block " + std::to_string(one->closed_height()));
  }
  if (one->has_failure()) {
    facts.Add("because", "rule " + std::to_string(one->failure().number()) + " (" +
                             one->failure().name() + "): " + one->failure().what());
    if (one->failed_change() != 0) {
      facts.Add("of change", std::to_string(one->failed_change()));
    }
  }
  facts.Print(context.out());
  Table table({{"change", Align::kRight}, {"what"}, {"from"}, {"to"}});
  for (int i = 0; i < one->changes_size(); ++i) {
    for (const ChangeText& text : ChangeTexts(one->changes(i))) {
      table.Add({std::to_string(i + 1), text.what, text.from, text.to});
    }
  }
  context.out() << "\n";
  table.Print(context.out());
  return absl::OkStatus();
}

// ---- Writing

// When the proposal takes effect. Where others must approve it first, the proposer has to say.
absl::Status SetTime(Context& context, const v1::NodeStatus& status, v1::Propose* propose) {
  const bool money = propose->changes(0).has_set_parameters();
  const char* const option = money ? "--epoch" : "--height";
  const uint64_t now = money ? status.epoch() : status.height();
  if (context.Has(money ? "--height" : "--epoch")) {
    return UsageError(money ? "parameters take effect with an epoch: --epoch N"
                            : "this takes effect with a block: --height N");
  }
  if (!context.Has(option) && status.admin_threshold() > 1) {
    return UsageError("other admins must approve first, so say when it takes effect: " +
                      std::string(option) + " N; it is " + std::to_string(now) + " now");
  }
  const uint64_t when = context.Has(option) ? context.Number(option) : now + (money ? 1 : 2);
  if (money) {
    propose->set_effective_epoch(when);
  } else {
    propose->set_effective_height(when);
  }
  return absl::OkStatus();
}

// The number of the proposal that stands at an entry of the log.
std::optional<uint64_t> NumberAt(Context& context, const v1::TransactionStatus& status) {
  if (!status.has_committed()) return std::nullopt;
  const auto all = context.node().ListProposals({});
  if (!all.ok()) return std::nullopt;
  for (const v1::ProposalView& one : all->proposals()) {
    if (one.position().entry() == status.committed().position().entry()) return one.number();
  }
  return std::nullopt;
}

absl::Status Propose(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  v1::Propose* propose = operation.mutable_propose();
  TRIBUTARY_RETURN_IF_ERROR(AddChanges(context, sender->status(), propose));
  TRIBUTARY_RETURN_IF_ERROR(SetTime(context, sender->status(), propose));
  propose->set_reason(context.Text("--reason"));
  const auto sent = sender->Send(operation);
  if (!sent.ok()) return sent.status();
  sender->PrintNumbered(*sent, "proposal", NumberAt(context, sent->status), "proposed");
  return absl::OkStatus();
}

absl::Status Approve(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  operation.mutable_approve_proposal()->set_proposal(context.Number("PROPOSAL"));
  return sender->SendAndPrint(operation, "proposal " + context.Text("PROPOSAL") + " approved");
}

absl::Status Withdraw(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  v1::Operation operation;
  operation.mutable_withdraw_proposal()->set_proposal(context.Number("PROPOSAL"));
  return sender->SendAndPrint(operation, "proposal " + context.Text("PROPOSAL") + " withdrawn");
}

std::vector<Argument> ProposeArguments() {
  std::vector<Argument> arguments = ChangeArguments();
  arguments.push_back({"--height", "block with which it takes effect", ArgumentKind::kNumber});
  arguments.push_back(
      {"--epoch", "epoch with which parameters take effect", ArgumentKind::kNumber});
  arguments.push_back({"--reason", "why, for everybody to read", ArgumentKind::kText, true});
  return WithSigning(std::move(arguments));
}

}  // namespace

std::vector<Command> GovCommands() {
  const Argument number = {"PROPOSAL", "its number", ArgumentKind::kNumber, true};
  return {{"gov", "status", "thresholds, roles, parameters, currencies, validators", {}, &Status},
          {"gov",
           "list",
           "proposals, newest first",
           {{"--state", "open, in-effect, failed or withdrawn"},
            {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
           &List},
          {"gov", "show", "what a proposal changes, when, and who has approved", {number}, &Show},
          {"gov", "propose", "propose a change, as an admin", ProposeArguments(), &Propose},
          {"gov", "approve", "approve a proposal, as an admin", WithSigning({number}), &Approve},
          {"gov", "withdraw", "take back one's own proposal", WithSigning({number}), &Withdraw}};
}

}  // namespace tributary::cli
