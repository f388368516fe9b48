#include <set>

#include "codec/ids.h"
#include "property/codec/message_generator.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

// A good genesis, changed.
std::function<Bytes()> Changed(std::function<void(codec::Genesis&)> change) {
  return [change = std::move(change)] {
    const Bytes bytes = SceneOptions().Encode();
    auto genesis = codec::Decode<codec::Genesis>(base::AsBytes(bytes));
    TRIBUTARY_CHECK(genesis.ok(), "the genesis of the scene");
    change(*genesis);
    return codec::Encode(*genesis);
  };
}

std::function<Bytes()> Parameter(std::function<void(codec::Parameters&)> change) {
  return Changed(
      [change = std::move(change)](codec::Genesis& genesis) { change(genesis.parameters); });
}

std::function<Bytes()> Registered(std::function<void(codec::Registration&)> change) {
  return Changed([change = std::move(change)](codec::Genesis& genesis) {
    codec::Registration registration;
    registration.handle = "another";
    change(registration);
    static thread_local Bytes kept;
    kept = codec::Encode(registration);
    codec::GenesisAccount account;
    account.registration = base::AsBytes(kept);
    genesis.accounts.push_back(account);
  });
}

// A validator of the steward, changed, so many times.
std::function<Bytes()> Validators(std::function<void(codec::SetValidator&)> change, int count = 1) {
  return Changed([change = std::move(change), count](codec::Genesis& genesis) {
    codec::SetValidator validator;
    validator.public_key = KeyOf("validator").public_key();
    validator.power = 10;
    validator.account = codec::AccountIdOf(genesis.accounts[1].registration);
    change(validator);
    for (int i = 0; i < count; ++i) genesis.validators.push_back(validator);
  });
}

RejectionCase Case(base::RejectionCode code, const Bytes& what, const Bytes& field,
                   std::function<Bytes()> genesis) {
  return {"genesis", code, what, field, nullptr, std::move(genesis)};
}

std::vector<RejectionCase> ParameterCases() {
  return {
      Case(kGenesisInvalid, "FeeAboveItsBound", "parameters.fee_ppb",
           Parameter([](codec::Parameters& p) { p.fee_ppb = p.fee_max_ppb.Next(); })),
      Case(kGenesisInvalid, "FeeAndRoyaltiesAboveTheWhole", "parameters.royalty_max_ppb",
           Parameter([](codec::Parameters& p) { p.royalty_max_ppb = base::Ppb(900'000'001); })),
      Case(kPpbRange, "FeeAboveTheWhole", "parameters.fee_ppb",
           Parameter([](codec::Parameters& p) { p.fee_ppb = base::Ppb(1'000'000'001); })),
      Case(kWireRange, "EpochTooShort", "parameters.epoch_ms",
           Parameter([](codec::Parameters& p) { p.epoch_ms = 999; })),
      Case(kWireRange, "HorizonTooLong", "parameters.horizon_epochs",
           Parameter([](codec::Parameters& p) { p.horizon_epochs = 401; })),
      Case(kWireRange, "MaturityTooLong", "parameters.maturity_epochs",
           Parameter([](codec::Parameters& p) { p.maturity_epochs = 65; })),
      Case(kWireMissing, "NoValidityWindow", "parameters.validity_window_ms",
           Parameter([](codec::Parameters& p) { p.validity_window_ms = 0; })),
  };
}

std::vector<RejectionCase> ListCases() {
  return {
      Case(kWireSyntax, "ChainIdInUpperCase", "chain_id",
           Changed([](codec::Genesis& g) { g.chain_id = "Test"; })),
      Case(kWireRange, "UnknownRuleVersion", "rule_version",
           Changed([](codec::Genesis& g) { g.rule_version = 2; })),
      Case(kGenesisInvalid, "ValidatorOfNobody", "validators[0].account",
           Validators([](codec::SetValidator& v) { v.account.bytes[0] ^= 1; })),
      Case(kGenesisInvalid, "ValidatorTwice", "validators[1].public_key",
           Validators([](codec::SetValidator&) {}, 2)),
      Case(kGenesisInvalid, "ValidatorWithoutPower", "validators[0].power",
           Validators([](codec::SetValidator& v) { v.power = 0; })),
      Case(kGenesisInvalid, "TooMuchPower", "validators[0].power",
           Validators([](codec::SetValidator& v) { v.power = uint64_t{1} << 60; })),
      Case(kWireMissing, "NoCurrency", "currencies",
           Changed([](codec::Genesis& g) { g.currencies.clear(); })),
      Case(kGenesisInvalid, "CurrencyTwice", "currencies[1].code",
           Changed([](codec::Genesis& g) { g.currencies[1].code = g.currencies[0].code; })),
      Case(kGenesisInvalid, "MinimumPayoutNotWholeUnits", "currencies[0].minimum_payout_minor",
           Changed([](codec::Genesis& g) {
             g.currencies[0].minimum_payout_minor = base::MinorUnits(15'000);
           })),
      Case(kWireRange, "TooFewDecimals", "currencies[0].decimals",
           Changed([](codec::Genesis& g) { g.currencies[0].decimals = 5; })),
      Case(kWireMissing, "NoAccount", "accounts",
           Changed([](codec::Genesis& g) { g.accounts.clear(); })),
      Case(kGenesisInvalid, "MoreAdminsNeededThanThereAre", "thresholds.admins",
           Changed([](codec::Genesis& g) { g.thresholds.admins = 2; })),
      Case(kGenesisInvalid, "MoreArbitersNeededThanThereAre", "thresholds.arbiters",
           Changed([](codec::Genesis& g) { g.thresholds.arbiters = 2; })),
  };
}

std::vector<RejectionCase> GenesisAccountCases() {
  const Bytes registration = "accounts[11].registration";
  return {
      Case(kGenesisInvalid, "SponsoredAccount", registration + ".sponsor",
           Registered([](codec::Registration& r) { r.sponsor.emplace().bytes[0] = 1; })),
      Case(kHandleTaken, "HandleTwice", registration + ".handle",
           Registered([](codec::Registration& r) { r.handle = "admin"; })),
      Case(kHandleInvalid, "HandleWithASpace", registration + ".handle",
           Registered([](codec::Registration& r) { r.handle = "a b"; })),
      Case(kKeySmallOrder, "KeyOfSmallOrder", registration + ".public_key",
           Registered([](codec::Registration& r) { r.public_key.emplace().bytes[0] = 1; })),
      Case(kWireTruncated, "RegistrationCutOff", "accounts[1].registration.handle",
           Changed([](codec::Genesis& g) {
             g.accounts[1].registration = g.accounts[1].registration.first(3);
           })),
      Case(kCurrencyUnknown, "CreditInAnUnknownCurrency", "accounts[3].credit_limits[0].currency",
           Changed([](codec::Genesis& g) { g.accounts[3].credit_limits[0].currency = "XXX"; })),
      Case(kGenesisInvalid, "CreditLimitTwice", "accounts[3].credit_limits[1].currency",
           Changed([](codec::Genesis& g) {
             g.accounts[3].credit_limits[1].currency = g.accounts[3].credit_limits[0].currency;
           })),
      Case(kGenesisInvalid, "TwoOwnersOfTheCommons", "accounts[1].commons",
           Changed([](codec::Genesis& g) {
             g.accounts[0].commons = true;
             g.accounts[1].commons = true;
           })),
  };
}

// Operations that this rule version applies.
const std::set<std::string_view>& InForce() {
  static const std::set<std::string_view> names = {"register_account",
                                                   "claim_account",
                                                   "object_to_claim",
                                                   "rotate_key",
                                                   "submit_record",
                                                   "report_revenue",
                                                   "report_revenue_batch",
                                                   "confirm_funding",
                                                   "request_payout",
                                                   "confirm_payout",
                                                   "fail_payout",
                                                   "amend_record",
                                                   "withdraw_amendment",
                                                   "lower_terms",
                                                   "refund_revenue",
                                                   "reserve",
                                                   "set_edge_stance",
                                                   "countersign",
                                                   "attest_lineage",
                                                   "raise_identity",
                                                   "report_incident",
                                                   "freeze_asset",
                                                   "rule_incident",
                                                   "propose",
                                                   "approve_proposal",
                                                   "withdraw_proposal",
                                                   "open_case",
                                                   "join_case",
                                                   "respond_to_case",
                                                   "withdraw_claim",
                                                   "agree_case",
                                                   "rule_case",
                                                   "submit_statement",
                                                   "set_payout_preference"};
  return names;
}

template <size_t I>
void AddIfLater(std::vector<RejectionCase>& cases) {
  const std::string name(codec::OperationName(I));
  if (InForce().contains(name)) return;
  cases.push_back({name, kNotYetInForce, "Any", "operations[0]." + name, [](Scene& scene) {
                     MessageGenerator generator(I);
                     using One = std::variant_alternative_t<I, codec::Operation>;
                     return scene.chain.Sign("admin", {generator.Make<One>()});
                   }});
}

template <size_t... I>
std::vector<RejectionCase> LaterOf(std::index_sequence<I...>) {
  std::vector<RejectionCase> cases;
  (AddIfLater<I>(cases), ...);
  return cases;
}

}  // namespace

std::vector<RejectionCase> GenesisCases() {
  std::vector<RejectionCase> all = ParameterCases();
  for (const auto& cases : {ListCases(), GenesisAccountCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

std::vector<RejectionCase> LaterCases() {
  return LaterOf(std::make_index_sequence<std::variant_size_v<codec::Operation>>());
}

std::vector<Unreachable> UnreachableCells() {
  return {
      {"register_account", kChainFull, "needs 2^31 accounts"},
      {"submit_record", kChainFull, "needs 2^32 records, 2^31.9 edges or 2^30 author lines"},
      {"amend_record", kChainFull, "needs 2^31.9 edges, 2^32 versions or 2^30 author lines"},
  };
}

}  // namespace tributary::testing
