// The limits of single fields of the operations, both sides of each.
#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

using base::MinorUnits;
using base::TimeMs;

constexpr uint64_t kTooMuch = uint64_t{1} << 63;

ReportRevenue SmallRevenue() {
  return {Filled<base::RecordId>(1), "EUR", MinorUnits(1), TimeMs(1), "ref", {}};
}
Candidate SmallCandidate(size_t lines = 1) {
  return {std::vector<CandidateLine>(lines, {Filled<base::Hash>(1), base::Ppb(1)}), base::Ppb(0)};
}

// Sets one member of an operation's text to its least and greatest length and beyond.
template <class T>
void ExpectText(const T& message, std::string_view T::*member, std::string_view name, size_t min,
                size_t max) {
  const std::string longest = Wide(max);
  const std::string longer = Wide(max + 1);
  const std::string empty = min == 0 ? "ok" : Refused(kWireMissing, name);
  EXPECT_EQ(OperationVerdict(With(message, member, std::string_view())), empty) << name;
  EXPECT_EQ(OperationVerdict(With(message, member, std::string_view("x"))), "ok") << name;
  EXPECT_EQ(OperationVerdict(With(message, member, std::string_view(longest))), "ok") << name;
  EXPECT_EQ(OperationVerdict(With(message, member, std::string_view(longer))),
            Refused(kWireLength, name));
}

template <class T>
void ExpectAmount(const T& message, MinorUnits T::*member) {
  EXPECT_EQ(OperationVerdict(With(message, member, MinorUnits(0))),
            Refused(kAmountZero, "amount_minor"));
  EXPECT_EQ(OperationVerdict(With(message, member, MinorUnits(1))), "ok");
  EXPECT_EQ(OperationVerdict(With(message, member, MinorUnits(kTooMuch - 1))), "ok");
  EXPECT_EQ(OperationVerdict(With(message, member, MinorUnits(kTooMuch))),
            Refused(kAmountTooLarge, "amount_minor"));
}

TEST(OperationRulesTest, AmountsAreOneToBelow2To63) {
  ExpectAmount(SmallRevenue(), &ReportRevenue::amount_minor);
  ExpectAmount(RefundRevenue{"r", {}, "f"}, &RefundRevenue::amount_minor);
  ExpectAmount(ConfirmFunding{{}, "EUR", {}, "x"}, &ConfirmFunding::amount_minor);
  ExpectAmount(ConfirmDeposit{{}, "EUR", {}, "x"}, &ConfirmDeposit::amount_minor);
  ExpectAmount(RequestPayout{"EUR", {}}, &RequestPayout::amount_minor);
}

TEST(OperationRulesTest, TextsHaveTheirLengths) {
  const ReportRevenue revenue = SmallRevenue();
  ExpectText(revenue, &ReportRevenue::currency, "currency", 1, 12);
  ExpectText(revenue, &ReportRevenue::reference, "reference", 1, 64);
  const RefundRevenue refund{"r", MinorUnits(1), "f"};
  ExpectText(refund, &RefundRevenue::reference, "reference", 1, 64);
  ExpectText(refund, &RefundRevenue::refund_reference, "refund_reference", 1, 64);
  const ConfirmFunding funding{{}, "EUR", MinorUnits(1), "x"};
  ExpectText(funding, &ConfirmFunding::currency, "currency", 1, 12);
  ExpectText(funding, &ConfirmFunding::external_reference, "external_reference", 1, 64);
  const ConfirmDeposit deposit{{}, "EUR", MinorUnits(1), "x"};
  ExpectText(deposit, &ConfirmDeposit::external_reference, "external_reference", 1, 64);
  ExpectText(ConfirmPayout{{}, "x"}, &ConfirmPayout::external_reference, "external_reference", 1,
             64);
  ExpectText(FailPayout{{}, "x"}, &FailPayout::reason, "reason", 1, 200);
  ExpectText(ObjectToClaim{{}, "x"}, &ObjectToClaim::reason, "reason", 1, 500);
  const OpenCase open{{}, CaseKind::kAccount, {}, "", {}, ""};
  ExpectText(open, &OpenCase::currency, "currency", 0, 12);
  ExpectText(open, &OpenCase::evidence_uri, "evidence_uri", 0, 500);
  ExpectText(JoinCase(), &JoinCase::evidence_uri, "evidence_uri", 0, 500);
  ExpectText(RespondToCase(), &RespondToCase::statement_uri, "statement_uri", 0, 500);
  const ReportIncident incident{{}, "bias", 1, {}, ""};
  ExpectText(incident, &ReportIncident::category, "category", 1, 40);
  ExpectText(incident, &ReportIncident::evidence_uri, "evidence_uri", 0, 500);
  const Propose propose{{SetRuleVersion{1}}, {}, {}, "why"};
  ExpectText(propose, &Propose::reason, "reason", 1, 500);
}

TEST(OperationRulesTest, RevenueSaysWhenItWasEarned) {
  EXPECT_EQ(OperationVerdict(With(SmallRevenue(), &ReportRevenue::occurred_at_ms, TimeMs(0))),
            Refused(kWireMissing, "occurred_at_ms"));
}

TEST(OperationRulesTest, ABatchHoldsOneTo1024Items) {
  const auto batch = [](size_t items, uint64_t amount = 1) {
    return OperationVerdict(ReportRevenueBatch{
        {}, "EUR", std::vector<RevenueItem>(items, {MinorUnits(amount), TimeMs(1), "r"})});
  };
  EXPECT_EQ(batch(0), Refused(kWireMissing, "items"));
  EXPECT_EQ(batch(1), "ok");
  EXPECT_EQ(batch(1'024), "ok");
  EXPECT_EQ(batch(1'025), Refused(kWireCount, "items"));
  EXPECT_EQ(batch(2, 0), Refused(kAmountZero, "items[0].amount_minor"));
}

TEST(OperationRulesTest, AnAttributionHasClaimAndSignature) {
  Attribution attribution;
  const auto verdict = [&attribution] {
    return OperationVerdict(
        With(SmallRevenue(), &ReportRevenue::attribution, std::optional(attribution)));
  };
  EXPECT_EQ(verdict(), Refused(kWireMissing, "attribution.claim"));
  attribution.claim = base::AsBytes("claim");
  EXPECT_EQ(verdict(), "ok");
}

TEST(OperationRulesTest, AnAmendmentIsComplete) {
  AmendRecord amend;
  amend.authors = {OneAuthor()};
  EXPECT_EQ(OperationVerdict(amend), "ok");
  EXPECT_EQ(OperationVerdict(With(amend, &AmendRecord::authors, std::vector<Author>())),
            Refused(kNoAuthors, "authors"));
  const std::vector<Parent> too_many(1'025, OneParent());
  EXPECT_EQ(OperationVerdict(With(amend, &AmendRecord::parents, too_many)),
            Refused(kWireCount, "parents"));
  EXPECT_EQ(OperationVerdict(With(amend, &AmendRecord::pass_through_ppb, base::Ppb(1'000'000'001))),
            Refused(kPpbRange, "pass_through_ppb"));
}

TEST(OperationRulesTest, ARecordIsNotEmpty) {
  EXPECT_EQ(OperationVerdict(SubmitRecord{}), Refused(kWireMissing, "record"));
  EXPECT_EQ(OperationVerdict(SubmitRecord{base::AsBytes("r"), true}), "ok");
  EXPECT_EQ(OperationVerdict(RegisterAccount{}), Refused(kWireMissing, "registration"));
}

TEST(OperationRulesTest, EnumsAreSetAndKnown) {
  EXPECT_EQ(OperationVerdict(SetEdgeStance{{}, {}, EdgeStance{0}}),
            Refused(kWireMissing, "stance"));
  EXPECT_EQ(OperationVerdict(SetEdgeStance{{}, {}, EdgeStance{2}}), "ok");
  EXPECT_EQ(OperationVerdict(SetEdgeStance{{}, {}, EdgeStance{3}}), Refused(kWireEnum, "stance"));
  EXPECT_EQ(OperationVerdict(AttestLineage{{}, AttestationVerdict{2}, {}}), "ok");
  EXPECT_EQ(OperationVerdict(AttestLineage{{}, AttestationVerdict{3}, {}}),
            Refused(kWireEnum, "verdict"));
  OpenCase open;
  EXPECT_EQ(OperationVerdict(open), Refused(kWireMissing, "kind"));
  EXPECT_EQ(OperationVerdict(With(open, &OpenCase::kind, CaseKind{6})), "ok");
  EXPECT_EQ(OperationVerdict(With(open, &OpenCase::kind, CaseKind{7})), Refused(kWireEnum, "kind"));
}

TEST(OperationRulesTest, ACandidateHoldsOneTo1088Lines) {
  const auto agree = [](size_t lines) {
    return OperationVerdict(AgreeCase{1, SmallCandidate(lines)});
  };
  EXPECT_EQ(agree(0), Refused(kWireMissing, "outcome.lines"));
  EXPECT_EQ(agree(1), "ok");
  EXPECT_EQ(agree(1'088), "ok");
  EXPECT_EQ(agree(1'089), Refused(kWireCount, "outcome.lines"));
  Candidate candidate = SmallCandidate();
  candidate.lines[0].share_ppb = base::Ppb(1'000'000'001);
  EXPECT_EQ(OperationVerdict(AgreeCase{1, candidate}),
            Refused(kPpbRange, "outcome.lines[0].share_ppb"));
}

TEST(OperationRulesTest, ARulingChoosesForOneTo64SegmentsAndMayChooseTheStatusQuo) {
  const auto rule = [](size_t choices) {
    return OperationVerdict(RuleCase{1, std::vector<SegmentChoice>(choices, {0}), {}});
  };
  EXPECT_EQ(rule(0), Refused(kWireMissing, "choices"));
  EXPECT_EQ(rule(1), "ok") << "an empty element is the status quo";
  EXPECT_EQ(rule(64), "ok");
  EXPECT_EQ(rule(65), Refused(kWireCount, "choices"));
}

TEST(OperationRulesTest, SeverityIsOneToFour) {
  const auto severity = [](uint32_t value) {
    return OperationVerdict(ReportIncident{{}, "c", value, {}, {}});
  };
  EXPECT_EQ(severity(0), Refused(kWireMissing, "severity"));
  EXPECT_EQ(severity(1), "ok");
  EXPECT_EQ(severity(4), "ok");
  EXPECT_EQ(severity(5), Refused(kWireRange, "severity"));
}

TEST(OperationRulesTest, ARulingCompensatesAtMost64) {
  const auto compensate = [](size_t count, uint64_t amount) {
    return OperationVerdict(RuleIncident{
        1, true, std::vector<Compensation>(count, {{}, "EUR", MinorUnits(amount)}), {}});
  };
  EXPECT_EQ(compensate(0, 1), "ok");
  EXPECT_EQ(compensate(64, 1), "ok");
  EXPECT_EQ(compensate(65, 1), Refused(kWireCount, "compensations"));
  EXPECT_EQ(compensate(1, 0), Refused(kAmountZero, "compensations[0].amount_minor"));
}

TEST(OperationRulesTest, AStatementMayBeOfZero) {
  EXPECT_EQ(OperationVerdict(SubmitStatement{{}, "EUR", {}, {}, {}}), "ok");
}

}  // namespace
}  // namespace tributary::codec
