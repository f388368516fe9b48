// Governance and genesis: both sides of the limits of single fields.
#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

using base::Ppb;

std::string ChangeVerdict(Change change) {
  Propose propose;
  propose.changes.push_back(std::move(change));
  propose.reason = "why";
  return OperationVerdict(propose);
}

template <class V>
std::string ParameterWith(V Parameters::*member, V value) {
  std::string said = ChangeVerdict(SetParameters{With(SmallParameters(), member, value)});
  const std::string prefix = "changes[0].set_parameters.parameters.";
  const size_t at = said.find(prefix);
  return at == std::string::npos ? said : said.erase(at, prefix.size());
}

template <class V>
void ExpectRange(V Parameters::*member, std::string_view name, V min, V max) {
  EXPECT_EQ(ParameterWith(member, min), "ok") << name;
  EXPECT_EQ(ParameterWith(member, max), "ok") << name;
  EXPECT_EQ(ParameterWith(member, static_cast<V>(max + 1)), Refused(kWireRange, name));
  if (min == 0) return;
  const auto below = static_cast<V>(min - 1);
  EXPECT_EQ(ParameterWith(member, below), Refused(below == 0 ? kWireMissing : kWireRange, name));
}

TEST(ParameterRulesTest, NumbersHaveTheirRanges) {
  constexpr uint64_t kDay = 86'400'000;
  ExpectRange<uint64_t>(&Parameters::epoch_ms, "epoch_ms", 1'000, 31 * kDay);
  ExpectRange<uint32_t>(&Parameters::maturity_epochs, "maturity_epochs", 0, 64);
  ExpectRange<uint64_t>(&Parameters::validity_window_ms, "validity_window_ms", 100'000, kDay);
  ExpectRange<uint64_t>(&Parameters::claim_notice_ms, "claim_notice_ms", 0, 90 * kDay);
  ExpectRange<uint64_t>(&Parameters::key_overlap_ms_max, "key_overlap_ms_max", 0, 90 * kDay);
  ExpectRange<uint32_t>(&Parameters::horizon_epochs, "horizon_epochs", 1, 400);
}

TEST(ParameterRulesTest, SharesAreAtMostTheWhole) {
  const struct {
    Ppb Parameters::*member;
    std::string_view name;
  } shares[] = {{&Parameters::fee_ppb, "fee_ppb"},
                {&Parameters::fee_max_ppb, "fee_max_ppb"},
                {&Parameters::royalty_max_ppb, "royalty_max_ppb"},
                {&Parameters::bond_ppb, "bond_ppb"}};
  for (const auto& share : shares) {
    EXPECT_EQ(ParameterWith(share.member, Ppb(1'000'000'000)), "ok");
    EXPECT_EQ(ParameterWith(share.member, Ppb(1'000'000'001)), Refused(kPpbRange, share.name));
  }
}

TEST(ChangeRulesTest, AProposalHoldsOneTo16Changes) {
  const auto propose = [](size_t count) {
    return OperationVerdict(Propose{std::vector<Change>(count, SetRuleVersion{1}), {}, {}, "why"});
  };
  EXPECT_EQ(propose(0), Refused(kWireMissing, "changes"));
  EXPECT_EQ(propose(1), "ok");
  EXPECT_EQ(propose(16), "ok");
  EXPECT_EQ(propose(17), Refused(kWireCount, "changes"));
}

TEST(ChangeRulesTest, EachKindOfChangeHasItsRules) {
  EXPECT_EQ(ChangeVerdict(SetRole{{}, Role::kAuditor, true}), "ok");
  EXPECT_EQ(ChangeVerdict(SetRole{{}, Role{9}, true}),
            Refused(kWireEnum, "changes[0].set_role.role"));
  EXPECT_EQ(ChangeVerdict(SetThresholds{1, 0}), "ok");
  EXPECT_EQ(ChangeVerdict(SetThresholds{0, 1}),
            Refused(kWireMissing, "changes[0].set_thresholds.admins"));
  EXPECT_EQ(ChangeVerdict(SetRuleVersion{0}),
            Refused(kWireMissing, "changes[0].set_rule_version.version"));
  EXPECT_EQ(ChangeVerdict(SetValidator{{}, 0, {}}), "ok");
  const auto limits = [](size_t count) {
    return ChangeVerdict(SetLimits{{}, 0, std::vector<CreditLimit>(count, {"EUR", 1})});
  };
  EXPECT_EQ(limits(0), "ok");
  EXPECT_EQ(limits(16), "ok");
  EXPECT_EQ(limits(17), Refused(kWireCount, "changes[0].set_limits.credit_limits"));
}

TEST(ChangeRulesTest, ACurrencyHasCodeDecimalsAndUnit) {
  const auto add = [](Currency currency) {
    std::string said = ChangeVerdict(currency);
    const std::string prefix = "changes[0].add_currency.";
    const size_t at = said.find(prefix);
    return at == std::string::npos ? said : said.erase(at, prefix.size());
  };
  const Currency good{"EUR", 6, base::MinorUnits(1), {}};
  EXPECT_EQ(add(good), "ok");
  for (const std::string_view code : {"EU", "ABCDEFGHIJKLM", "eur", "1EU", "EU-R"}) {
    EXPECT_EQ(add(With(good, &Currency::code, code)), Refused(kWireSyntax, "code")) << code;
  }
  for (const std::string_view code : {"EUR", "ABCDEFGHIJKL", "E1R"}) {
    EXPECT_EQ(add(With(good, &Currency::code, code)), "ok") << code;
  }
  EXPECT_EQ(add(With(good, &Currency::decimals, 5u)), Refused(kWireRange, "decimals"));
  EXPECT_EQ(add(With(good, &Currency::decimals, 9u)), "ok");
  EXPECT_EQ(add(With(good, &Currency::decimals, 10u)), Refused(kWireRange, "decimals"));
  EXPECT_EQ(add(With(good, &Currency::payout_unit_minor, base::MinorUnits(0))),
            Refused(kWireMissing, "payout_unit_minor"));
}

Genesis SmallGenesis() {
  Genesis genesis;
  genesis.chain_id = "test-1";
  genesis.time_ms = base::TimeMs(1);
  genesis.rule_version = 1;
  genesis.parameters = SmallParameters();
  genesis.currencies = {{"EUR", 6, base::MinorUnits(10'000), {}}};
  genesis.accounts.push_back({base::AsBytes("r"), {{Role::kAdmin}}, {}, 0, false});
  genesis.thresholds = {1, 0};
  return genesis;
}

TEST(GenesisRulesTest, AGenesisWithItsRequiredFieldsIsAccepted) {
  EXPECT_EQ(Verdict(SmallGenesis()), "ok");
}

TEST(GenesisRulesTest, AChainIdHasItsForm) {
  const std::string longest = Wide(50);
  const std::string longer = Wide(51);
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::chain_id, longest)), "ok");
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::chain_id, longer)),
            Refused(kWireSyntax, "chain_id"));
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::chain_id, "Test")),
            Refused(kWireSyntax, "chain_id"));
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::chain_id, "")),
            Refused(kWireMissing, "chain_id"));
}

TEST(GenesisRulesTest, TheRuleVersionIsTheOneThatIsKnown) {
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::rule_version, 0u)),
            Refused(kWireMissing, "rule_version"));
  EXPECT_EQ(Verdict(With(SmallGenesis(), &Genesis::rule_version, 2u)),
            Refused(kWireRange, "rule_version"));
}

TEST(GenesisRulesTest, ListsHaveTheirCounts) {
  const Genesis good = SmallGenesis();
  const auto currencies = [&good](size_t count) {
    return Verdict(
        With(good, &Genesis::currencies, std::vector<Currency>(count, good.currencies[0])));
  };
  EXPECT_EQ(currencies(0), Refused(kWireMissing, "currencies"));
  EXPECT_EQ(currencies(64), "ok");
  EXPECT_EQ(currencies(65), Refused(kWireCount, "currencies"));
  const auto accounts = [&good](size_t count) {
    return Verdict(
        With(good, &Genesis::accounts, std::vector<GenesisAccount>(count, good.accounts[0])));
  };
  EXPECT_EQ(accounts(0), Refused(kWireMissing, "accounts"));
  EXPECT_EQ(accounts(1'024), "ok");
  EXPECT_EQ(accounts(1'025), Refused(kWireCount, "accounts"));
  const auto validators = [&good](size_t count) {
    return Verdict(With(good, &Genesis::validators, std::vector<SetValidator>(count)));
  };
  EXPECT_EQ(validators(0), "ok");
  EXPECT_EQ(validators(128), "ok");
  EXPECT_EQ(validators(129), Refused(kWireCount, "validators"));
  const auto roles = [&good](size_t count) {
    Genesis genesis = good;
    genesis.accounts[0].roles.assign(count, {Role::kAdmin});
    return Verdict(genesis);
  };
  EXPECT_EQ(roles(0), "ok");
  EXPECT_EQ(roles(8), "ok");
  EXPECT_EQ(roles(9), Refused(kWireCount, "accounts[0].roles"));
}

}  // namespace
}  // namespace tributary::codec
