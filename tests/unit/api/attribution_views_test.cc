// Attribution, refunds and reporters' statements as the reads show them, on a real ledger: each
// number is that of the log, and everything adds up to the atom.
#include <gtest/gtest.h>

#include <map>

#include "api/encode.h"
#include "api/handlers.h"
#include "codec/ids.h"
#include "codec/ledger.h"
#include "tributary/base/amount.h"
#include "unit/node/test_node.h"

namespace tributary::api {
namespace {

using base::Int128;
using testing::RecordSpec;
using testing::TestNode;

constexpr uint64_t kEpochMs = 1'000'000;
constexpr Int128 kMinor = 1'000'000'000;  // atoms

Int128 AtomsOf(const v1::Amount& amount) {
  std::string_view text = amount.atoms();
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto atoms = static_cast<Int128>(base::ParseDecimal(text).value());
  return below ? -atoms : atoms;
}

testing::ChainOptions Options() {
  testing::ChainOptions options;
  options.people.push_back({"mia", {codec::Role::kAttributor}, {}});
  options.parameters.horizon_epochs = 4;
  return options;
}

// ada's data has a royalty of 5 %. bob's model passes 40 % to it, and lets attribution direct half
// of its gross. cy's item stands alone; cy's notes derive from ada's data.
class AttributionViewsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must("steward",
         {node_.chain.Register("ada"), node_.chain.Register("bob"), node_.chain.Register("cy")});
    RecordSpec data{"data", {{"ada", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataset};
    data.terms.royalty_ppb = base::Ppb(50'000'000);
    data_ = Submit("ada", data);
    RecordSpec model{"model", {{"bob", base::kPpbOne}}, {{data_, 1}}, 400'000'000};
    model.terms.alpha_max_ppb = base::Ppb(500'000'000);
    model_ = Submit("bob", model);
    item_ = Submit(
        "cy", RecordSpec{"item", {{"cy", base::kPpbOne}}, {}, 0, codec::RecordKind::kDataItem});
    notes_ = Submit("cy", RecordSpec{"notes", {{"cy", base::kPpbOne}}, {{data_, 1}}, 250'000'000});
  }

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const node::Decision decision = node_.Run(sender, operations);
    const auto* refused = std::get_if<node::Refused>(&decision.result);
    ASSERT_TRUE(std::holds_alternative<node::Committed>(decision.result))
        << (refused == nullptr ? "" : refused->rejection.ToString());
  }
  base::RecordId Submit(const std::string& author, const RecordSpec& spec) {
    Must(author, {node_.chain.Submit(spec)});
    return node_.chain.RecordIdOf(spec);
  }
  // Of the model: `alpha_ppb` of gross goes to the item and the notes, 3 to 1.
  codec::Operation Attributed(uint64_t minor, std::string_view reference,
                              uint32_t alpha_ppb = 500'000'000) {
    codec::AttributionClaim claim;
    claim.asset = model_;
    claim.reporter = node_.chain.IdOf("reporter");
    claim.reference = reference;
    claim.attributor = node_.chain.IdOf("mia");
    claim.method = "trak";
    claim.alpha_ppb = base::Ppb(alpha_ppb);
    claim.influences = {{item_, 3}, {notes_, 1}};
    codec::ReportRevenue report{model_,
                                "USD",
                                base::MinorUnits(minor),
                                base::TimeMs(node_.chain.time_ms()),
                                reference,
                                codec::Attribution{}};
    report.attribution->claim = node_.chain.arena().KeepBytes(codec::Encode(claim));
    report.attribution->signature = testing::KeyOf("mia").Sign(
        base::AsBytes(codec::AttributionMessage(node_.chain.chain_id, report.attribution->claim)));
    return report;
  }
  codec::Operation Refund(std::string_view of, uint64_t minor, std::string_view reference) {
    return codec::RefundRevenue{of, base::MinorUnits(minor), reference};
  }
  void NextEpoch() { node_.Pass(kEpochMs); }
  // Ends epochs until what was reported has settled.
  void Settle() {
    for (int i = 0; i < 3; ++i) {
      NextEpoch();
      Must("steward", {node_.chain.Register("tick" + std::to_string(ticks_++))});
    }
  }

  template <class Request, class Response>
  grpc::Status Read(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                    const Request& request, Response* response) {
    ReadContext c(node_.ledger->view(), lineages_);
    const grpc::Status status = handler(c, request, response);
    EXPECT_TRUE(c.status().ok()) << c.status();
    return status;
  }
  template <class Request, class Response>
  Response ReadAll(grpc::Status (*handler)(ReadContext&, const Request&, Response*),
                   Request request) {
    Response all;
    for (int pages = 0; pages < 1'000; ++pages) {
      Response page;
      const grpc::Status status = Read(handler, request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      all.MergeFrom(page);
      if (!status.ok() || page.next_page_token().empty()) return all;
      request.set_page_token(page.next_page_token());
    }
    ADD_FAILURE() << "pages without end";
    return all;
  }
  v1::ExplainRevenueResponse Explain(const std::string& reference) {
    v1::ExplainRevenueRequest request;
    request.mutable_reporter()->set_handle("reporter");
    request.set_reference(reference);
    v1::ExplainRevenueResponse response;
    const grpc::Status status = Read(&ExplainRevenue, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::ListRevenueResponse Events() {
    v1::ListRevenueRequest request;
    request.mutable_asset()->set_id(AsString(model_));
    request.set_page_size(2);
    return ReadAll<v1::ListRevenueRequest, v1::ListRevenueResponse>(&ListRevenue, request);
  }
  v1::ListReportingResponse Reporting(const v1::ListReportingRequest& request) {
    return ReadAll<v1::ListReportingRequest, v1::ListReportingResponse>(&ListReporting, request);
  }
  Int128 Credited(const std::string& handle) {
    v1::GetBalanceRequest request;
    request.mutable_account()->set_handle(handle);
    request.set_currency("USD");
    v1::GetBalanceResponse response;
    EXPECT_TRUE(Read(&GetBalance, request, &response).ok());
    return AtomsOf(response.balances(0).credited());
  }

  static std::map<std::string, Int128> ByRecipient(const v1::SplitExplanation& split) {
    std::map<std::string, Int128> amounts;
    Int128 sum = AtomsOf(split.fee()) + AtomsOf(split.folded_recipients()) + AtomsOf(split.dust());
    for (const v1::Recipient& recipient : split.recipients()) {
      amounts[recipient.handle()] = AtomsOf(recipient.amount());
      sum += AtomsOf(recipient.amount());
    }
    EXPECT_EQ(sum, AtomsOf(split.gross()));
    return amounts;
  }

  TestNode node_{Options()};
  LineageCache lineages_;
  base::RecordId data_, model_, item_, notes_;
  int ticks_ = 0;
};

TEST_F(AttributionViewsTest, AnExplainedEventNamesWhoWasNamedAndWhatTheyGet) {
  Must("reporter", {Attributed(1'000'000, "a")});
  const v1::ExplainRevenueResponse event = Explain("a");
  const v1::SplitExplanation& split = event.split();
  ASSERT_TRUE(split.has_attribution());
  const v1::AttributionView& attribution = split.attribution();
  EXPECT_EQ(attribution.handle(), "mia");
  EXPECT_EQ(attribution.method(), "trak");
  EXPECT_EQ(attribution.alpha_ppb(), 500'000'000u);
  EXPECT_EQ(AtomsOf(attribution.amount()), 500'000 * kMinor);
  ASSERT_EQ(attribution.parts_size(), 2);
  EXPECT_EQ(attribution.parts(0).record(), AsString(item_));
  EXPECT_EQ(attribution.parts(0).weight(), 3u);
  EXPECT_EQ(attribution.parts(0).share_ppb(), 375'000'000u);
  EXPECT_EQ(AtomsOf(attribution.parts(0).amount()), 375'000 * kMinor);
  EXPECT_EQ(AtomsOf(attribution.parts(1).amount()), 125'000 * kMinor);
  // Of 1,000,000: fee 1 %, royalty 5 %, half attributed; the rest, 440,000, is the model's.
  auto amounts = ByRecipient(split);
  EXPECT_EQ(amounts["bob"], 264'000 * kMinor);
  EXPECT_EQ(amounts["cy"], (375'000 + 93'750) * kMinor);
  EXPECT_EQ(amounts["ada"], (50'000 + 176'000 + 31'250) * kMinor);
  bool begins_at_the_notes = false;
  for (const v1::Recipient& recipient : split.recipients()) {
    for (const v1::Recipient::Line& line : recipient.lines()) {
      for (const v1::Recipient::Path& path : line.paths()) {
        begins_at_the_notes = begins_at_the_notes ||
                              (recipient.handle() == "ada" &&
                               path.attributed_to() == AsString(notes_) && path.steps_size() == 1);
      }
    }
  }
  EXPECT_TRUE(begins_at_the_notes) << "what is attributed is passed on like any other money";
  Settle();
  for (const char* handle : {"ada", "bob", "cy"}) {
    EXPECT_EQ(Credited(handle), amounts[handle]) << handle << ": as explained, to the atom";
  }
}

TEST_F(AttributionViewsTest, APreviewSplitsAsIfAnAttributorHadSigned) {
  v1::PreviewSplitRequest request;
  request.mutable_asset()->set_id(AsString(model_));
  request.set_currency("USD");
  request.set_amount_minor(1'000'000);
  request.set_alpha_ppb(500'000'000);
  for (const auto& [record, weight] : {std::pair(item_, 3u), std::pair(notes_, 1u)}) {
    v1::Influence* influence = request.add_influences();
    influence->set_record(AsString(record));
    influence->set_weight(weight);
  }
  v1::SplitExplanation preview;
  ASSERT_TRUE(Read(&PreviewSplit, request, &preview).ok());
  Must("reporter", {Attributed(1'000'000, "a")});
  EXPECT_EQ(ByRecipient(preview), ByRecipient(Explain("a").split()));

  const auto refused = [&](const v1::PreviewSplitRequest& wrong) {
    v1::SplitExplanation response;
    return Read(&PreviewSplit, wrong, &response).error_message();
  };
  v1::PreviewSplitRequest wrong = request;
  wrong.set_alpha_ppb(500'000'001);
  EXPECT_NE(refused(wrong).find("1 to 500000000"), std::string::npos) << refused(wrong);
  wrong = request;
  wrong.clear_influences();
  EXPECT_NE(refused(wrong).find("1 to 1,024"), std::string::npos) << refused(wrong);
  wrong = request;
  wrong.mutable_influences(1)->set_record(AsString(item_));
  EXPECT_NE(refused(wrong).find("it stands twice"), std::string::npos) << refused(wrong);
  // A page of another attribution does not go on with this one.
  request.set_recipients_max(1);
  ASSERT_TRUE(Read(&PreviewSplit, request, &preview).ok());
  request.set_page_token(preview.next_page_token());
  ASSERT_TRUE(Read(&PreviewSplit, request, &preview).ok());
  request.set_alpha_ppb(400'000'000);
  EXPECT_FALSE(refused(request).empty());
}

TEST_F(AttributionViewsTest, ARefundBeforeSettlementIsTakenOffAndOneAfterItIsADebit) {
  Must("reporter", {Attributed(1'000'000, "a")});
  NextEpoch();
  Must("reporter", {Refund("a", 200'000, "early")});
  EXPECT_EQ(AtomsOf(Explain("a").split().gross()), 800'000 * kMinor);
  Settle();
  const auto credited = std::map<std::string, Int128>{
      {"ada", Credited("ada")}, {"bob", Credited("bob")}, {"cy", Credited("cy")}};
  EXPECT_EQ(ByRecipient(Explain("a").split()), credited);
  Must("reporter", {Refund("a", 100'000, "late")});
  const v1::ExplainRevenueResponse event = Explain("a");
  EXPECT_EQ(ByRecipient(event.split()), credited) << "contributors keep what they were credited";
  EXPECT_EQ(event.refunded_minor(), 300'000u);
  ASSERT_EQ(event.refunds_size(), 2);
  EXPECT_EQ(event.refunds(0).reference(), "early");
  EXPECT_FALSE(event.refunds(0).after_settlement());
  EXPECT_EQ(event.refunds(1).reference(), "late");
  EXPECT_TRUE(event.refunds(1).after_settlement());
  EXPECT_EQ(AtomsOf(event.asset_debit()), 100'000 * kMinor);

  const v1::ListRevenueResponse events = Events();
  ASSERT_EQ(events.events_size(), 3);
  EXPECT_FALSE(events.events(0).refund());
  EXPECT_EQ(AtomsOf(events.events(0).refunded()), 300'000 * kMinor);
  EXPECT_EQ(events.events(0).attribution().handle(), "mia");
  EXPECT_EQ(events.events(0).attribution().parts_total(), 2u);
  EXPECT_TRUE(events.events(1).refund());
  EXPECT_EQ(events.events(1).reference(), "early");
  EXPECT_EQ(events.events(1).refund_of(), "a");
  EXPECT_FALSE(events.events(1).has_refunded());

  Must("reporter", {node_.chain.Revenue(model_, 150'000, "next")});
  Settle();
  v1::GetAssetStatementRequest request;
  request.mutable_asset()->set_id(AsString(model_));
  request.set_currency("USD");
  const auto statement = ReadAll<v1::GetAssetStatementRequest, v1::GetAssetStatementResponse>(
      &GetAssetStatement, request);
  ASSERT_EQ(statement.lines_size(), 2);
  const v1::AssetStatementLine& first = statement.lines(0);
  EXPECT_EQ(AtomsOf(first.gross()), 800'000 * kMinor);
  EXPECT_EQ(AtomsOf(first.attributed()), 400'000 * kMinor);
  EXPECT_EQ(AtomsOf(first.royalties()), 40'000 * kMinor);
  const v1::AssetStatementLine& second = statement.lines(1);
  EXPECT_EQ(AtomsOf(second.netted()), 100'000 * kMinor);
  EXPECT_EQ(AtomsOf(second.gross()), 50'000 * kMinor);
  for (const v1::AssetStatementLine& line : statement.lines()) {
    EXPECT_EQ(AtomsOf(line.gross()), AtomsOf(line.fee()) + AtomsOf(line.royalties()) +
                                         AtomsOf(line.attributed()) + AtomsOf(line.net()));
  }
  ASSERT_EQ(statement.debits_size(), 1);
  EXPECT_EQ(AtomsOf(statement.debits(0)), 0) << "netted in full";

  v1::GetSettlementRequest of;
  of.set_number(second.settlement());
  v1::GetSettlementResponse settlement;
  ASSERT_TRUE(Read(&GetSettlement, of, &settlement).ok());
  EXPECT_EQ(AtomsOf(settlement.settlement().netted()), 100'000 * kMinor);
  of.set_number(first.settlement());
  settlement.Clear();
  ASSERT_TRUE(Read(&GetSettlement, of, &settlement).ok());
  Int128 directed = 0, attributed = 0, owed = 0, royalties = 0;
  for (const v1::SettlementSource& source : settlement.sources()) {
    directed += AtomsOf(source.directed());
    attributed += AtomsOf(source.attributed());
    owed += AtomsOf(source.royalties_owed());
    royalties += AtomsOf(source.royalties());
  }
  EXPECT_EQ(directed, 400'000 * kMinor);
  EXPECT_EQ(directed, attributed);
  EXPECT_EQ(owed, royalties);
}

TEST_F(AttributionViewsTest, AFullRefundLeavesNothingToSplit) {
  Must("reporter", {Attributed(1'000'000, "a")});
  Must("reporter", {Refund("a", 1'000'000, "all")});
  const v1::ExplainRevenueResponse event = Explain("a");
  EXPECT_EQ(AtomsOf(event.split().gross()), 0);
  EXPECT_EQ(event.split().recipients_size(), 0);
  EXPECT_EQ(AtomsOf(event.split().attribution().amount()), 0);
}

TEST_F(AttributionViewsTest, AStatementOfOneAssetKnowsWhatItAttributed) {
  Must("reporter", {Attributed(1'000'000, "a"), node_.chain.Revenue(notes_, 500'000, "n")});
  Must("reporter", {Attributed(300'000, "b", 100'000'000)});
  Must("reporter", {Refund("a", 250'000, "r")});
  NextEpoch();
  Must("reporter", {Attributed(70'000, "c"), Refund("b", 100'000, "r2")});
  Settle();
  Must("reporter", {Refund("b", 100'000, "r3")});
  const std::map<std::string, Int128> want = {
      // Of a: half of 750,000, a quarter of it through the notes; of b: a tenth of 200,000.
      {"cy",
       (281'250 + 93'750 * 3 / 4 + 15'000 + 5'000 * 3 / 4) * kMinor + 93'750 * 3 % 4 * kMinor / 4},
      {"ada", (93'750 / 4 + 5'000 / 4) * kMinor + 93'750 % 4 * kMinor / 4},
      {"bob", 0}};
  for (const auto& [handle, atoms] : want) {
    v1::GetStatementRequest request;
    request.mutable_account()->set_handle(handle);
    request.set_currency("USD");
    request.mutable_asset()->set_id(AsString(model_));
    const auto statement =
        ReadAll<v1::GetStatementRequest, v1::GetStatementResponse>(&GetStatement, request);
    ASSERT_GE(statement.lines_size(), 1) << handle;
    EXPECT_EQ(AtomsOf(statement.lines(0).attributed()), atoms) << handle;
    for (const v1::StatementLine& line : statement.lines()) {
      EXPECT_EQ(AtomsOf(line.credited()),
                AtomsOf(line.amount()) + AtomsOf(line.other()) + AtomsOf(line.rounding()));
      EXPECT_GE(AtomsOf(line.amount()), AtomsOf(line.attributed()));
    }
  }
  v1::GetRecordStatementRequest request;
  request.mutable_record()->set_id(AsString(item_));
  request.set_currency("USD");
  const auto record = ReadAll<v1::GetRecordStatementRequest, v1::GetRecordStatementResponse>(
      &GetRecordStatement, request);
  ASSERT_GE(record.lines_size(), 1);
  EXPECT_EQ(AtomsOf(record.lines(0).attributed()), (281'250 + 15'000) * kMinor);
  EXPECT_EQ(AtomsOf(record.lines(0).attributed()), AtomsOf(record.lines(0).earned()));
}

TEST_F(AttributionViewsTest, APastEventIsExplainedByItsPlaceAlsoBeyondTheHorizon) {
  Must("reporter", {Attributed(1'000'000, "a")});
  Must("reporter", {Refund("a", 100'000, "r")});
  const auto before = ByRecipient(Explain("a").split());
  node_.Pass(600 * kEpochMs);  // the ring of events has gone round
  Must("steward", {node_.chain.Register("late")});
  v1::ExplainRevenueRequest request;
  request.mutable_reporter()->set_handle("reporter");
  request.set_reference("a");
  v1::ExplainRevenueResponse response;
  EXPECT_EQ(Read(&ExplainRevenue, request, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  const v1::ListRevenueResponse events = Events();
  ASSERT_EQ(events.events_size(), 2);
  EXPECT_FALSE(events.events(0).has_refunded()) << "the state has forgotten it";
  request.Clear();
  response.Clear();
  request.mutable_place()->set_entry(events.events(0).entry());
  ASSERT_TRUE(Read(&ExplainRevenue, request, &response).ok());
  EXPECT_EQ(response.reference(), "a");
  EXPECT_EQ(response.handle(), "reporter");
  EXPECT_EQ(response.refunded_minor(), 100'000u);
  EXPECT_EQ(ByRecipient(response.split()), before);

  const auto code = [&](const v1::ExplainRevenueRequest& wrong) {
    v1::ExplainRevenueResponse none;
    return Read(&ExplainRevenue, wrong, &none).error_code();
  };
  request.mutable_place()->set_item(1);
  EXPECT_EQ(code(request), grpc::StatusCode::NOT_FOUND);
  request.mutable_place()->set_item(0);
  request.mutable_place()->set_entry(events.events(1).entry());
  EXPECT_EQ(code(request), grpc::StatusCode::NOT_FOUND) << "a refund";
  request.mutable_place()->set_entry(0);
  EXPECT_EQ(code(request), grpc::StatusCode::NOT_FOUND) << "the genesis";
  request.mutable_place()->set_entry(uint64_t{1} << 40);
  EXPECT_EQ(code(request), grpc::StatusCode::NOT_FOUND);
  request.set_reference("a");
  EXPECT_EQ(code(request), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AttributionViewsTest, WhatIsNotStatedShowsAsAGapForEachReporterAssetAndPeriod) {
  const auto state = [&](const base::RecordId& asset, uint64_t first, uint64_t last,
                         uint64_t minor) {
    Must("reporter", {codec::SubmitStatement{asset, "USD", base::Epoch(first), base::Epoch(last),
                                             base::MinorUnits(minor)}});
  };
  NextEpoch();  // epoch 1
  Must("reporter", {node_.chain.Revenue(model_, 100, "a"), node_.chain.Revenue(model_, 5, "b"),
                    Refund("a", 30, "r")});
  NextEpoch();
  Must("reporter",
       {node_.chain.Revenue(model_, 7, "c"), node_.chain.Revenue(notes_, 9, "d", "EUR")});
  v1::ListReportingRequest all;
  ASSERT_EQ(Reporting(all).periods_size(), 1) << "epoch 1 has ended; EUR began in epoch 2";
  NextEpoch();
  state(model_, 2, 2, 7);
  NextEpoch();  // epoch 4
  state(item_, 0, 2, 0);

  for (const uint32_t page_size : {0u, 1u}) {
    all.set_page_size(page_size);
    const v1::ListReportingResponse reporting = Reporting(all);
    ASSERT_EQ(reporting.periods_size(), 6);
    const auto expect = [&](int i, const base::RecordId& asset, const char* currency,
                            uint64_t first, uint64_t last, bool stated, Int128 reported) {
      const v1::ReportingPeriod& period = reporting.periods(i);
      EXPECT_EQ(period.handle(), "reporter") << i;
      EXPECT_EQ(period.asset(), AsString(asset)) << i;
      EXPECT_EQ(period.currency(), currency) << i;
      EXPECT_EQ(period.first_epoch(), first) << i;
      EXPECT_EQ(period.last_epoch(), last) << i;
      EXPECT_EQ(period.stated(), stated) << i;
      EXPECT_EQ(AtomsOf(period.reported()), reported * kMinor) << i;
    };
    expect(0, model_, "USD", 1, 1, false, 105);
    EXPECT_EQ(AtomsOf(reporting.periods(0).reversed()), 30 * kMinor);
    EXPECT_EQ(reporting.periods(0).events(), 2u);
    EXPECT_EQ(reporting.periods(0).refunds(), 1u);
    EXPECT_FALSE(reporting.periods(0).has_total());
    expect(1, model_, "USD", 2, 2, true, 7);
    EXPECT_EQ(AtomsOf(reporting.periods(1).total()), 7 * kMinor);
    EXPECT_NE(reporting.periods(1).entry(), 0u);
    expect(2, model_, "USD", 3, 3, false, 0);
    expect(3, item_, "USD", 0, 2, true, 0);
    expect(4, item_, "USD", 3, 3, false, 0);
    expect(5, notes_, "EUR", 2, 3, false, 9);
  }

  all.set_gaps_only(true);
  EXPECT_EQ(Reporting(all).periods_size(), 4);
  all.set_first_epoch(3);
  all.set_last_epoch(3);
  EXPECT_EQ(Reporting(all).periods_size(), 3);
  v1::ListReportingRequest one;
  one.mutable_asset()->set_id(AsString(notes_));
  EXPECT_EQ(Reporting(one).periods_size(), 1);
  one.set_currency("USD");
  EXPECT_EQ(Reporting(one).periods_size(), 0);
  v1::ListReportingRequest other;
  other.mutable_reporter()->set_handle("mia");
  EXPECT_EQ(Reporting(other).periods_size(), 0);
  other.mutable_reporter()->set_handle("reporter");
  EXPECT_EQ(Reporting(other).periods_size(), 6);
}

TEST_F(AttributionViewsTest, APayoutThatABlockRequestedSaysSo) {
  Must("reporter", {node_.chain.Revenue(model_, 10'000'000, "a")});
  Must("bob", {codec::SetPayoutPreference{"USD", base::MinorUnits(1'000'000)}});
  Settle();
  Must("treasurer", {node_.chain.Funding("reporter", 10'000'000, "f")});
  Must("ada", {node_.chain.Payout(20'000)});
  v1::ListPayoutsResponse payouts;
  ASSERT_TRUE(Read(&ListPayouts, v1::ListPayoutsRequest(), &payouts).ok());
  ASSERT_EQ(payouts.payouts_size(), 2);
  EXPECT_EQ(payouts.payouts(1).handle(), "bob");
  EXPECT_TRUE(payouts.payouts(1).automatic());
  EXPECT_EQ(payouts.payouts(0).handle(), "ada");
  EXPECT_FALSE(payouts.payouts(0).automatic());
  v1::GetBalanceRequest request;
  request.mutable_account()->set_handle("bob");
  request.set_currency("USD");
  v1::GetBalanceResponse balance;
  ASSERT_TRUE(Read(&GetBalance, request, &balance).ok());
  EXPECT_EQ(balance.balances(0).automatic_above_minor(), 1'000'000u);
}

}  // namespace
}  // namespace tributary::api
