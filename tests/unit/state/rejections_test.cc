// Every rejection: its code and field, that it leaves no trace, and that life goes on after it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support/paths.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using base::RejectionCode;

const std::string kPage = testing::SourceDir() + "/docs/errors_by_operation.md";

// ------------------------------------------------------------------------------------------------
// One case

void ExpectRejection(const RejectionCase& one, const base::Verdict& verdict) {
  ASSERT_TRUE(verdict.has_value()) << "it is accepted";
  EXPECT_EQ(verdict->code, one.code) << verdict->ToString();
  EXPECT_EQ(verdict->field, one.field) << verdict->ToString();
}

// What a valid transaction makes after it: the header says all of state and log.
void FollowUp(Scene& scene) {
  scene.Must("steward", {scene.chain.Register("follow-up")});
  ASSERT_TRUE(scene.chain.Commit());
}

// Two scenes with the same past: in one of them the transaction is tried and refused. What comes
// after is the same in both, byte for byte.
void RunTransaction(const RejectionCase& one) {
  Scene tried;
  Scene spared;
  const std::string bytes = one.transaction(tried);
  one.transaction(spared);
  const base::Hash before = tried.chain.Digest();
  ExpectRejection(one, tried.chain.Apply(bytes));
  EXPECT_EQ(tried.chain.Digest(), before);
  FollowUp(tried);
  FollowUp(spared);
  EXPECT_EQ(tried.chain.blocks().back().header_bytes, spared.chain.blocks().back().header_bytes);
  EXPECT_EQ(tried.chain.Digest(), spared.chain.Digest());
  EXPECT_EQ(tried.chain.entries(), spared.chain.entries());
}

void RunGenesis(const RejectionCase& one) {
  state::MemoryPages pages;
  const state::Resident resident(state::TagKey{});
  state::Machine machine(pages, resident);
  const auto refused = machine.Genesis(one.genesis());
  ASSERT_FALSE(refused.ok()) << "it is accepted";
  ExpectRejection(one, refused.rejection());
  EXPECT_TRUE(resident.empty());
  EXPECT_TRUE(machine.Genesis(SceneOptions().Encode()).ok());
}

void RunCase(const RejectionCase& one) {
  if (one.transaction) return RunTransaction(one);
  if (one.genesis) return RunGenesis(one);
  Scene scene;
  const base::Hash before = scene.chain.Digest();
  ExpectRejection(one, one.direct(scene));
  EXPECT_EQ(scene.chain.Digest(), before);
}

class RejectionTest : public ::testing::TestWithParam<RejectionCase> {};

TEST_P(RejectionTest, NamesTheFieldAndLeavesNoTrace) { RunCase(GetParam()); }

std::string NameOf(const RejectionCase& one) {
  return one.operation + "_" + std::string(base::Describe(one.code).name) + "_" + one.what;
}

INSTANTIATE_TEST_SUITE_P(All, RejectionTest, ::testing::ValuesIn(AllCases()),
                         [](const auto& test) { return NameOf(test.param); });

// ------------------------------------------------------------------------------------------------
// The table

using Cell = std::pair<std::string, RejectionCode>;

// Which rejections each operation can meet, from its own handler and from the rules of its fields.
// Those of the envelope stand under "transaction", and so do the rules of the wire, which are the
// same for all fields.
std::map<std::string, std::set<RejectionCode>> PossibleCells() {
  using enum RejectionCode;
  std::map<std::string, std::set<RejectionCode>> possible = {
      {"transaction",
       {kWireTruncated,
        kWireVarint,
        kWireUnknownField,
        kWireRepeatedField,
        kWireType,
        kWireTrailing,
        kWireLength,
        kWireUtf8,
        kWireCount,
        kWireMissing,
        kWireEnum,
        kWireRange,
        kWireDefault,
        kTransactionTooLarge,
        kWrongChain,
        kNoOperations,
        kTooManyOperations,
        kUnknownSender,
        kExpired,
        kValidUntilTooFar,
        kDuplicateTransaction,
        kMissingSignature,
        kBadSignature,
        kUnneededSignature,
        kUnknownSigner,
        kCustodialSigner,
        kReplayWindowFull,
        kSponsorQuota,
        kTooManySignatures}},
      {"register_account",
       {kMissingRole, kSponsorMismatch, kAccountExists, kHandleTaken, kHandleInvalid,
        kKeySmallOrder, kBadPossession, kChainFull}},
      {"claim_account",
       {kUnknownAccount, kNotCustodial, kClaimPending, kNotSponsor, kKeySmallOrder,
        kBadPossession}},
      {"object_to_claim", {kUnknownAccount, kNoClaimPending, kMissingRole}},
      {"rotate_key", {kKeyInUse, kRotationOverlap, kKeySmallOrder, kBadPossession}},
      {"submit_record",
       {kNoAuthors,
        kAuthorUnknown,
        kAuthorShares,
        kAuthorTwice,
        kPpbRange,
        kWireMissing,
        kWireCount,
        kMissingSignature,
        kNotSponsor,
        kCustodialFlag,
        kRecordExists,
        kContentTaken,
        kExternalIdTaken,
        kExternalIdInvalid,
        kNoContent,
        kContentSize,
        kReservationUnknown,
        kReservationExpired,
        kIdentityLimited,
        kNotCountersigned,
        kParentUnknown,
        kParentTwice,
        kZeroWeight,
        kShareRoundsToZero,
        kPassThroughWithoutParents,
        kChainFull,
        kRoyaltyTooSmall,
        kRoyaltyCap,
        kMinShare}},
      {"lower_terms",
       {kRecordUnknown, kNotAuthor, kEffectiveEpoch, kTermsRaised, kTermsUnchanged,
        kRoyaltyTooSmall, kPpbRange}},
      {"amend_record", {kRecordUnknown,     kEffectiveEpoch,
                        kAmendmentPending,  kTooManyVersions,
                        kNotAuthor,         kMissingSignature,
                        kAuthorUnknown,     kAuthorShares,
                        kAuthorTwice,       kParentUnknown,
                        kParentLater,       kParentTwice,
                        kAmendmentParents,  kPassThroughWithoutParents,
                        kZeroWeight,        kPpbRange,
                        kShareRoundsToZero, kAmendmentRoyalty,
                        kMinShare,          kLineFalls,
                        kNotCountersigned,  kChainFull,
                        kCaseOpen}},
      {"withdraw_amendment", {kRecordUnknown, kNoAmendmentPending, kNotAuthor, kCaseOpen}},
      {"open_case",
       {kNotYetInForce, kRecordUnknown, kPpbRange, kUnknownAccount, kParentLater, kCaseOpen,
        kCandidateInvalid, kCaseSubject, kAlreadyClaimed, kCurrencyUnknown, kBondTooSmall}},
      {"join_case",
       {kCaseUnknown, kCaseClosed, kRecordUnknown, kPpbRange, kUnknownAccount, kParentLater,
        kCandidateInvalid, kCaseSubject, kTooManyClaims, kAlreadyClaimed, kCurrencyUnknown,
        kBondTooSmall}},
      {"respond_to_case", {kCaseUnknown, kCaseClosed, kCaseAnswered, kNotParty}},
      {"withdraw_claim", {kCaseUnknown, kCaseClosed, kNotParty}},
      {"agree_case",
       {kCaseUnknown, kCaseClosed, kRecordUnknown, kPpbRange, kUnknownAccount, kParentLater,
        kCandidateInvalid, kCaseSubject, kLineFalls, kMissingSignature, kAgreementTakesBack}},
      {"rule_case",
       {kCaseUnknown, kCaseClosed, kCaseUnanswered, kThreshold, kArbiterTied, kCaseChoices}},
      {"submit_statement", {kMissingRole, kCurrencyUnknown, kAssetUnknown, kStatementMismatch}},
      {"set_payout_preference", {kCurrencyUnknown}},
      {"refund_revenue",
       {kEventUnknown, kReferenceTaken, kRefundTooLarge, kAmountZero, kAmountTooLarge}},
      {"confirm_funding",
       {kMissingRole, kCurrencyUnknown, kUnknownAccount, kReporterUnknown, kExternalReferenceTaken,
        kFundingExceedsReceivable, kAmountZero, kAmountTooLarge}},
      {"request_payout",
       {kCurrencyUnknown, kPayoutUnit, kPayoutMinimum, kInsufficientBalance, kInsufficientFunds,
        kAmountZero, kAmountTooLarge}},
      {"confirm_payout", {kMissingRole, kPayoutUnknown, kPayoutClosed, kExternalReferenceTaken}},
      {"fail_payout", {kMissingRole, kPayoutUnknown, kPayoutClosed}},
      {"reserve", {kReservationTaken}},
      {"set_edge_stance", {kRecordUnknown, kEdgeUnknown, kNotAuthor}},
      {"countersign", {kRecordUnknown, kEdgeUnknown, kNotAuthor}},
      {"attest_lineage", {kMissingRole, kAssetUnknown, kStewardTied}},
      {"raise_identity", {kUnknownAccount, kNotSponsor}},
      {"report_incident", {kRecordUnknown}},
      {"freeze_asset",
       {kIncidentUnknown, kIncidentClosed, kAssetUnknown, kIncidentAsset, kFreezeRenewed,
        kAssetFrozen, kThreshold, kArbiterTied}},
      {"rule_incident",
       {kIncidentUnknown, kIncidentClosed, kUnknownAccount, kCurrencyUnknown, kThreshold,
        kArbiterTied, kCompensation}},
      {"propose",
       {kMissingRole, kTooManyProposals, kActivationHeight, kUnknownAccount, kCustodialSigner,
        kCurrencyUnknown, kInvariantBroken, kRuleVersionTooNew, kUngovernable}},
      {"approve_proposal", {kMissingRole, kProposalUnknown, kAlreadyApproved}},
      {"withdraw_proposal", {kMissingRole, kProposalUnknown, kNotProposer}},
      {"genesis",
       {kGenesisInvalid, kPpbRange, kWireRange, kWireMissing, kWireSyntax, kWireTruncated,
        kHandleTaken, kHandleInvalid, kKeySmallOrder, kCurrencyUnknown}},
  };
  for (const char* report : {"report_revenue", "report_revenue_batch"}) {
    possible[report] = {kMissingRole,   kCurrencyUnknown, kAssetUnknown,     kAssetNotAttested,
                        kCreditLimit,   kAmountZero,      kAmountTooLarge,   kReferenceTaken,
                        kEventInFuture, kEventTooOld,     kCurrencyLifetime, kNotCountersigned};
  }
  possible["report_revenue"].insert({kAttributionMismatch, kWireMissing, kZeroWeight,
                                     kShareRoundsToZero, kAttributionTarget, kUnknownAccount,
                                     kAttributorTied, kAttributionAlpha, kAttributionSignature});
  for (size_t i = 0; i < std::variant_size_v<codec::Operation>; ++i) {
    possible.try_emplace(std::string(codec::OperationName(i)),
                         std::set<RejectionCode>{kNotYetInForce});
  }
  return possible;
}

std::map<Cell, std::vector<std::string>> TestedCells() {
  std::map<Cell, std::vector<std::string>> tested;
  for (const RejectionCase& one : AllCases()) {
    tested[{one.operation, one.code}].push_back(one.what);
  }
  return tested;
}

// The order of ledger.proto, between the transaction and the genesis.
std::vector<std::string> RowNames() {
  std::vector<std::string> names = {"transaction"};
  for (size_t i = 0; i < std::variant_size_v<codec::Operation>; ++i) {
    names.emplace_back(codec::OperationName(i));
  }
  names.push_back("genesis");
  return names;
}

std::string Row(RejectionCode code, const std::string& tests) {
  const base::RejectionInfo& info = base::Describe(code);
  return "| " + std::to_string(static_cast<int>(code)) + " | " + std::string(info.name) + " | " +
         std::string(info.what) + " | " + tests + " |\n";
}

std::string Page() {
  std::string page =
      "# Rejections by operation\n\n"
      "Which rule each operation can break, and the tests that break it: `RejectionTest` in\n"
      "`tests/unit/state`. Each of them asserts number and field, that the state and the log are\n"
      "what they are without the attempt, and that the next valid transaction succeeds. What each\n"
      "rejection means and what to do about it stands in [errors.md](errors.md).\n\n"
      "This page is written by a test: `TRIBUTARY_REWRITE_DOCS=1 state_test "
      "--gtest_filter='RejectionTable*'`.\n";
  const auto possible = PossibleCells();
  const auto tested = TestedCells();
  std::string later;
  for (const std::string& name : RowNames()) {
    const std::set<RejectionCode>& codes = possible.at(name);
    if (codes == std::set<RejectionCode>{RejectionCode::kNotYetInForce}) {
      later += (later.empty() ? "`" : ", `") + name + "`";
      continue;
    }
    page += "\n## " + name + "\n\n| number | name | what is wrong | tests |\n|---|---|---|---|\n";
    for (const RejectionCode code : codes) {
      std::string tests;
      const auto found = tested.find({name, code});
      if (found != tested.end()) {
        for (const std::string& what : found->second) tests += (tests.empty() ? "" : ", ") + what;
      }
      for (const Unreachable& cell : UnreachableCells()) {
        if (cell.operation == name && cell.code == code) tests = "none: " + cell.why;
      }
      page += Row(code, tests);
    }
  }
  page +=
      "\n## Operations of later rule versions\n\nRefused with 215 NotYetInForce, each by a test: " +
      later + ".\n";
  return page;
}

TEST(RejectionTableTest, NoCellThatCanOccurIsEmpty) {
  std::set<Cell> unreachable;
  for (const Unreachable& cell : UnreachableCells()) {
    unreachable.insert({cell.operation, cell.code});
  }
  const auto tested = TestedCells();
  for (const auto& [operation, codes] : PossibleCells()) {
    for (const RejectionCode code : codes) {
      const bool hit = tested.contains({operation, code});
      const bool exempt = unreachable.contains({operation, code});
      EXPECT_NE(hit, exempt) << operation << " × " << base::Describe(code).name;
    }
  }
}

TEST(RejectionTableTest, EveryTestedCellIsDeclaredPossible) {
  const auto possible = PossibleCells();
  for (const auto& [cell, tests] : TestedCells()) {
    EXPECT_TRUE(possible.at(cell.first).contains(cell.second))
        << cell.first << " × " << base::Describe(cell.second).name;
  }
}

TEST(RejectionTableTest, NamesOfCasesAreUnique) {
  std::set<std::string> names;
  for (const RejectionCase& one : AllCases()) {
    EXPECT_TRUE(names.insert(NameOf(one)).second) << NameOf(one);
  }
}

TEST(RejectionTableTest, ThePageIsCurrent) {
  const std::string page = Page();
  if (std::getenv("TRIBUTARY_REWRITE_DOCS") != nullptr) {
    std::ofstream(kPage, std::ios::binary) << page;
  }
  std::ifstream in(kPage, std::ios::binary);
  std::ostringstream stored;
  stored << in.rdbuf();
  EXPECT_TRUE(stored.str() == page)
      << "docs/errors_by_operation.md is stale: TRIBUTARY_REWRITE_DOCS=1 rewrites it";
}

}  // namespace
}  // namespace tributary::testing
