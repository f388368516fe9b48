#include "cli/payout_file.h"

#include <gtest/gtest.h>

#include "cli/csv.h"
#include "cli/statement_lines.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

v1::Payout PayoutOf(uint64_t number, const std::string& handle, uint64_t minor) {
  v1::Payout payout;
  payout.set_number(number);
  payout.set_handle(handle);
  payout.set_amount_minor(minor);
  *payout.mutable_amount() = MakeAmount("USD", base::Int128{1'000'000'000} * minor, 6);
  payout.set_state(v1::PAYOUT_STATE_REQUESTED);
  payout.set_requested_ms(1'700'000'000'123);
  return payout;
}

std::string Why(const std::string& text) {
  Problems problems("p.csv");
  const PayoutResults file = ParsePayoutResults(text, problems);
  if (problems.empty()) return std::to_string(file.results.size()) + " results";
  const std::string message(base::Message(problems.ToStatus()));
  return message.substr(0, message.find('\n'));
}

TEST(PayoutFileTest, AFileThatGoesOutComesBackWithItsResults) {
  const std::vector<v1::Payout> payouts = {PayoutOf(3, "ada", 1'500'000), PayoutOf(7, "-bob", 20)};
  const std::string batch = PayoutBatchId("test/1", payouts);
  std::string text = CsvLine(PayoutHeader());
  text += CsvLine(PayoutCells(payouts[0], batch)) + CsvLine(PayoutCells(payouts[1], batch));
  EXPECT_EQ(text,
            "payout,account,amount,currency,requested,batch,result,reference\r\n"
            "3,ada,1.50,USD,2023-11-14T22:13:20.123Z," +
                batch +
                ",,\r\n"
                "7,'-bob,0.00002,USD,2023-11-14T22:13:20.123Z," +
                batch + ",,\r\n");
  Problems problems("p.csv");
  const PayoutResults open = ParsePayoutResults(text, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(open.open, 2u);
  std::string filled = text;
  filled.replace(filled.find(",,\r\n"), 4, ",paid,wire-1\r\n");
  filled.replace(filled.find(",,\r\n"), 4, ",failed,\"no, closed\"\r\n");
  const PayoutResults file = ParsePayoutResults(filled, problems);
  ASSERT_TRUE(problems.empty()) << problems.ToStatus();
  ASSERT_EQ(file.results.size(), 2u);
  EXPECT_TRUE(file.results[0].paid);
  EXPECT_EQ(file.results[0].reference, "wire-1");
  EXPECT_FALSE(file.results[1].paid);
  EXPECT_EQ(file.results[1].reference, "no, closed");
  std::string why;
  EXPECT_EQ(StepFor(file.results[0], &payouts[0], &why), PayoutStep::kSend);
  EXPECT_EQ(StepFor(file.results[1], &payouts[1], &why), PayoutStep::kSend);
}

TEST(PayoutFileTest, TheBatchIsTheSameForTheSamePayoutsOnly) {
  const std::vector<v1::Payout> payouts = {PayoutOf(3, "ada", 150), PayoutOf(7, "bob", 20)};
  const std::string id = PayoutBatchId("test/1", payouts);
  EXPECT_EQ(id.size(), 16u);
  EXPECT_EQ(PayoutBatchId("test/1", payouts), id);
  EXPECT_NE(PayoutBatchId("test/2", payouts), id);
  EXPECT_NE(PayoutBatchId("test/1", {payouts[0]}), id);
  EXPECT_NE(PayoutBatchId("test/1", {payouts[0], PayoutOf(7, "bob", 21)}), id);
}

TEST(PayoutFileTest, EachBadLineIsNamed) {
  const std::string header = "reference,payout,result\n";
  EXPECT_EQ(Why(header + "w,1,paid\nr,2,FAILED\n"), "2 results");
  EXPECT_EQ(Why(""), "p.csv:1: the file is empty");
  EXPECT_EQ(Why("payout,result\n"), "p.csv:1: there is no column \"reference\"");
  EXPECT_EQ(Why("payout,result,reference,PAYOUT\n"), "p.csv:1: the column \"payout\" stands twice");
  EXPECT_EQ(Why(header + "w,one,paid\n"), "p.csv:2: \"one\" is no number of a payout");
  EXPECT_EQ(Why(header + "w,1,sent\n"), "p.csv:2: \"sent\" is no result: write paid or failed");
  EXPECT_EQ(Why(header + "w,1,\n"), "p.csv:2: a reference, but no result: write paid or failed");
  EXPECT_EQ(Why(header + ",1,paid\n"), "p.csv:2: the reference is not 1 to 64 bytes of text");
  EXPECT_EQ(Why(header + std::string(64, 'w') + ",1,paid\n"), "1 results");
  EXPECT_EQ(Why(header + std::string(65, 'w') + ",1,paid\n"),
            "p.csv:2: the reference is not 1 to 64 bytes of text");
  EXPECT_EQ(Why(header + std::string(200, 'w') + ",1,failed\n"), "1 results");
  EXPECT_EQ(Why(header + std::string(201, 'w') + ",1,failed\n"),
            "p.csv:2: the reason, in the column \"reference\", is not 1 to 200 bytes of text");
  EXPECT_EQ(Why(header + "w,1,paid\nv,1,paid\n"), "p.csv:3: payout 1 stands in line 2 already");
  EXPECT_EQ(Why(header + "w,1,paid\nw,2,paid\n"),
            "p.csv:3: the reference \"w\" stands in line 2 already");
  EXPECT_EQ(Why(header + "r,1,failed\nr,2,failed\n"), "2 results") << "two of the same reason";
}

TEST(PayoutFileTest, AClosedPayoutIsThereAlreadyOrWrong) {
  v1::Payout payout = PayoutOf(3, "ada", 1'500'000);
  PayoutResult result;
  result.number = 3;
  result.paid = true;
  result.reference = "w";
  std::string why;
  EXPECT_EQ(StepFor(result, nullptr, &why), PayoutStep::kWrong);
  EXPECT_EQ(why, "there is no payout 3");
  result.amount = "1.5";
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kSend) << "a spreadsheet drops zeros";
  result.amount = "1.51";
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kWrong);
  EXPECT_EQ(why, "payout 3 is of 1.50, not of 1.51");
  result.amount.reset();
  result.account = "bob";
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kWrong);
  result.account = "ada";
  result.currency = "EUR";
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kWrong);
  result.currency = "USD";
  payout.set_state(v1::PAYOUT_STATE_PAID);
  payout.set_external_reference("w");
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kThereAlready);
  payout.set_external_reference("v");
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kWrong);
  EXPECT_EQ(why, "payout 3 is closed already, paid with the reference \"v\"");
  result.paid = false;
  result.reference = "v";
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kWrong);
  payout.set_state(v1::PAYOUT_STATE_FAILED);
  payout.set_reason("v");
  EXPECT_EQ(StepFor(result, &payout, &why), PayoutStep::kThereAlready);
}

}  // namespace
}  // namespace tributary::cli
