// Who may do what: every operation by an account of every role, and the page that says so.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "property/codec/message_generator.h"
#include "support/paths.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;
using codec::Role;
using Roles = std::set<Role>;

const std::string kPage = testing::SourceDir() + "/docs/roles.md";

// Operations that an account may send only with one of these roles; all others need none.
const std::map<std::string, Roles>& Needed() {
  static const std::map<std::string, Roles> needed = {
      {"register_account", {Role::kSteward, Role::kAdmin}},
      {"object_to_claim", {Role::kSteward, Role::kArbiter, Role::kAdmin}},
      {"report_revenue", {Role::kReporter}},
      {"report_revenue_batch", {Role::kReporter}},
      {"submit_statement", {Role::kReporter}},
      {"confirm_funding", {Role::kTreasurer}},
      {"confirm_payout", {Role::kTreasurer}},
      {"fail_payout", {Role::kTreasurer}},
      {"attest_lineage", {Role::kSteward}},
      {"freeze_asset", {Role::kArbiter}},
      {"rule_incident", {Role::kArbiter}},
      {"rule_case", {Role::kArbiter}},
      {"propose", {Role::kAdmin}},
      {"approve_proposal", {Role::kAdmin}},
      {"withdraw_proposal", {Role::kAdmin}},
  };
  return needed;
}

const std::map<std::string, std::string>& Signers() {
  static const std::map<std::string, std::string> signers = {
      {"register_account", "sender, who becomes the sponsor"},
      {"claim_account", "the account's sponsor, or two stewards; and the new key"},
      {"object_to_claim", "sender; the account's sponsor may without a role"},
      {"rotate_key", "sender, with a key in force"},
      {"submit_record", "all authors; for one without a key its sponsor"},
      {"refund_revenue", "the event's reporter"},
      {"request_payout", "sender, of its own balance"},
      {"amend_record", "all authors, and the authors of each parent whose share falls"},
      {"withdraw_amendment", "all authors, with it and without it"},
      {"lower_terms", "all authors"},
      {"set_edge_stance", "an author of the parent"},
      {"countersign", "an author of the parent"},
      {"attest_lineage", "sender, not tied to an author"},
      {"raise_identity", "the account's sponsor"},
      {"respond_to_case", "a holder of a line that would fall; for one without a key its sponsor"},
      {"withdraw_claim", "the claimant"},
      {"agree_case", "every holder whose line falls, and each claimant that stands"},
      {"rule_case", "as many arbiters as the threshold says, not tied to a party"},
      {"freeze_asset", "as many arbiters as the threshold says, not tied to a party"},
      {"rule_incident", "as many arbiters as the threshold says, not tied to a party"},
      {"propose", "sender; takes effect where as many admins as the threshold says approve"},
      {"withdraw_proposal", "the proposing admin"},
  };
  return signers;
}

bool IsForTheRole(RejectionCode code) {
  return code == RejectionCode::kMissingRole || code == RejectionCode::kThreshold;
}

// With an incident, an open proposal, and `probe`, who has the role alone.
void Prepare(Scene& scene, Role role) {
  scene.Must("steward2", {scene.chain.Register("probe", "steward2")});
  if (role != Role::kUnspecified) scene.Grant("probe", role);
  codec::ReportIncident incident;
  incident.subject = scene.tuned_id;
  incident.category = "harm";
  incident.severity = 1;
  incident.evidence_sha256.bytes[0] = 1;
  scene.Must("ann", {incident});
  codec::Propose propose = scene.Proposal({codec::SetThresholds{1, 1}});
  propose.effective_height = base::Height(1'000);
  scene.Must("admin", {propose});
}

// An operation in which nothing is wrong before it comes to the role.
template <size_t I>
codec::Operation Sensible(Scene& scene) {
  using One = std::variant_alternative_t<I, codec::Operation>;
  const uint64_t proposal = scene.chain.pages().RowCount({state::TableKind::kProposals, 0});
  if constexpr (std::is_same_v<One, codec::RegisterAccount>) {
    return scene.chain.Register("new", "probe");
  } else if constexpr (std::is_same_v<One, codec::ObjectToClaim>) {
    return codec::ObjectToClaim{scene.chain.IdOf("late"), "no"};
  } else if constexpr (std::is_same_v<One, codec::FreezeAsset>) {
    return codec::FreezeAsset{scene.tuned_id, 0};
  } else if constexpr (std::is_same_v<One, codec::RuleIncident>) {
    codec::RuleIncident ruling;
    ruling.reasons_sha256.bytes[0] = 1;
    return ruling;
  } else if constexpr (std::is_same_v<One, codec::ApproveProposal>) {
    return codec::ApproveProposal{proposal};
  } else if constexpr (std::is_same_v<One, codec::WithdrawProposal>) {
    return codec::WithdrawProposal{proposal};
  } else if constexpr (std::is_same_v<One, codec::SubmitRecord>) {
    return scene.chain.Submit({"of probe", {{"probe", base::kPpbOne}}, {}});
  } else if constexpr (std::is_same_v<One, codec::ReportRevenue>) {
    return scene.chain.Revenue(scene.tuned_id, 1, "probe-1");
  } else {
    static std::deque<MessageGenerator> kept;
    return kept.emplace_back(I).Make<One>();
  }
}

template <size_t I>
void ExpectRole(Role role) {
  const std::string name(codec::OperationName(I));
  SCOPED_TRACE(name + " by " + std::string(codec::Name(role)));
  Scene scene;
  Prepare(scene, role);
  const auto verdict = scene.chain.Apply("probe", {Sensible<I>(scene)});
  if (verdict && verdict->code == RejectionCode::kNotYetInForce) return;
  const auto needed = Needed().find(name);
  const bool may = needed == Needed().end() || needed->second.contains(role);
  const bool refused = verdict && IsForTheRole(verdict->code);
  EXPECT_EQ(refused, !may) << (verdict ? verdict->ToString() : "accepted");
}

class RoleTest : public ::testing::TestWithParam<int> {};

template <size_t... I>
void ExpectRoleOfAll(Role role, std::index_sequence<I...>) {
  (ExpectRole<I>(role), ...);
}

TEST_P(RoleTest, MayDoWhatItNeedsAndNothingElse) {
  ExpectRoleOfAll(static_cast<Role>(GetParam()),
                  std::make_index_sequence<std::variant_size_v<codec::Operation>>());
}

INSTANTIATE_TEST_SUITE_P(Each, RoleTest, ::testing::Range(0, static_cast<int>(Role::kAuditor) + 1),
                         [](const auto& test) {
                           return std::string(codec::Name(static_cast<Role>(test.param)));
                         });

std::string Page() {
  std::string page =
      "# Roles\n\n"
      "What an account may send, by its roles: checked for every role and every operation by\n"
      "`RoleTest` in `tests/unit/state`. A plain contributor has no role. Roles are given and "
      "taken\n"
      "by governance; an account without a key can have none. Everything else about who must sign\n"
      "stands beside it.\n\n"
      "This page is written by a test: `TRIBUTARY_REWRITE_DOCS=1 state_test "
      "--gtest_filter='RolePage*'`.\n\n"
      "| operation | role of the sender | who signs |\n|---|---|---|\n";
  for (size_t i = 0; i < std::variant_size_v<codec::Operation>; ++i) {
    const std::string name(codec::OperationName(i));
    std::string roles;
    const auto needed = Needed().find(name);
    if (needed != Needed().end()) {
      for (const Role role : needed->second) {
        roles += (roles.empty() ? "" : " or ") + std::string(codec::Name(role));
      }
    }
    const auto signers = Signers().find(name);
    page += "| `" + name + "` | " + (roles.empty() ? "any" : roles) + " | " +
            (signers == Signers().end() ? "sender" : signers->second) + " |\n";
  }
  page +=
      "\n`attributor` signs attributions inside `report_revenue`; `validator` and `auditor` say "
      "who\n"
      "somebody is and let it send nothing that others may not.\n";
  return page;
}

TEST(RolePageTest, IsCurrent) {
  const std::string page = Page();
  if (std::getenv("TRIBUTARY_REWRITE_DOCS") != nullptr) {
    std::ofstream(kPage, std::ios::binary) << page;
  }
  std::ifstream in(kPage, std::ios::binary);
  std::ostringstream stored;
  stored << in.rdbuf();
  EXPECT_TRUE(stored.str() == page)
      << "docs/roles.md is stale: TRIBUTARY_REWRITE_DOCS=1 rewrites it";
}

}  // namespace
}  // namespace tributary::testing
