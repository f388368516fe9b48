// What proposals and reservations look like to people, and how they are read from them.
#include <gtest/gtest.h>

#include "cli/change_text.h"
#include "cli/exit_code.h"
#include "cli/proposed_changes.h"
#include "cli/reservation_file.h"

namespace tributary::cli {
namespace {

TEST(ProposedChangesTest, AParameterIsSetByItsName) {
  v1::Parameters parameters;
  EXPECT_TRUE(SetParameter("fee_ppb=2.5%", &parameters).ok());
  EXPECT_EQ(parameters.fee_ppb(), 25'000'000u);
  EXPECT_TRUE(SetParameter("fee_ppb=7", &parameters).ok());
  EXPECT_EQ(parameters.fee_ppb(), 7u);
  EXPECT_TRUE(SetParameter("epoch_ms=18446744073709551615", &parameters).ok());
  EXPECT_EQ(parameters.epoch_ms(), UINT64_MAX);
  EXPECT_TRUE(SetParameter("maturity_epochs=4294967295", &parameters).ok());
  EXPECT_TRUE(SetParameter("attestation_required=true", &parameters).ok());
  EXPECT_TRUE(parameters.attestation_required());
  for (const char* wrong :
       {"fee_ppb", "=1", "no_such=1", "fee_ppb=101%", "epoch_ms=18446744073709551616",
        "epoch_ms=1%", "maturity_epochs=4294967296", "attestation_required=1"}) {
    EXPECT_EQ(SetParameter(wrong, &parameters).code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

TEST(ChangeTextTest, OfParametersOnlyWhatDiffersIsSaid) {
  v1::ProposedChange change;
  v1::Parameters* after = change.mutable_change()->mutable_set_parameters()->mutable_parameters();
  after->set_fee_ppb(20'000'000);
  after->set_epoch_ms(5'000);
  *change.mutable_before() = change.change();
  v1::Parameters* before = change.mutable_before()->mutable_set_parameters()->mutable_parameters();
  EXPECT_TRUE(ChangeTexts(change).empty());
  before->set_fee_ppb(10'000'000);
  const auto texts = ChangeTexts(change);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].what, "fee_ppb");
  EXPECT_EQ(texts[0].from, "1 %");
  EXPECT_EQ(texts[0].to, "2 %");
  change.clear_before();
  const auto unknown = ChangeTexts(change);
  EXPECT_EQ(unknown.size(), static_cast<size_t>(v1::Parameters::descriptor()->field_count()));
  EXPECT_EQ(unknown[0].from, "-");
}

TEST(ChangeTextTest, RolesLimitsAndThresholdsNameWhomTheyConcern) {
  v1::ProposedChange role;
  role.set_handle("ann");
  role.mutable_change()->mutable_set_role()->set_role(v1::ROLE_ARBITER);
  role.mutable_change()->mutable_set_role()->set_granted(true);
  *role.mutable_before() = role.change();
  role.mutable_before()->mutable_set_role()->set_granted(false);
  ASSERT_EQ(ChangeTexts(role).size(), 1u);
  EXPECT_EQ(ChangeTexts(role)[0].what, "role arbiter of ann");
  EXPECT_EQ(ChangeTexts(role)[0].from, "not granted");
  EXPECT_EQ(ChangeTexts(role)[0].to, "granted");
  v1::ProposedChange limits;
  limits.set_handle("rep");
  v1::SetLimits* to = limits.mutable_change()->mutable_set_limits();
  to->set_sponsor_quota(UINT64_MAX);
  to->add_credit_limits()->set_currency("USD");
  to->mutable_credit_limits(0)->set_limit_minor(UINT64_MAX);
  const auto texts = ChangeTexts(limits);
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[0].to, "no limit");
  EXPECT_EQ(texts[1].what, "credit of rep in USD");
  EXPECT_EQ(texts[1].to, "no limit");
}

TEST(ReservationFileTest, OnlyItsOwnFormIsRead) {
  const std::string content(64, 'a');
  const std::string salt(64, 'b');
  const std::string good = "tributary-reservation-v1 " + content + " " + salt + "\n";
  const auto parsed = ParseReservation(good, "file");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->content_sha256.bytes[0], 0xaa);
  EXPECT_EQ(parsed->salt.bytes[31], 0xbb);
  for (const std::string& wrong :
       {std::string(), good + "\n", good.substr(1), good.substr(0, good.size() - 1),
        "tributary-reservation-v2 " + content + " " + salt + "\n",
        "tributary-reservation-v1 " + content + "-" + salt + "\n",
        "tributary-reservation-v1 " + std::string(64, 'x') + " " + salt + "\n"}) {
    EXPECT_FALSE(ParseReservation(wrong, "file").ok()) << wrong;
  }
}

}  // namespace
}  // namespace tributary::cli
