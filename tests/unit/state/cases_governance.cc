#include "codec/limits.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

Bytes At(const Bytes& leaf) { return "operations[0].propose." + leaf; }

// The admin proposes one change.
std::function<Bytes(Scene&)> Of(std::function<codec::Change(Scene&)> change) {
  return [change = std::move(change)](Scene& scene) {
    return scene.chain.Sign("admin", {scene.Proposal({change(scene)})});
  };
}

codec::SetParameters Parameters(const Scene& scene,
                                const std::function<void(codec::Parameters&)>& change) {
  codec::SetParameters set{scene.parameters};
  change(set.parameters);
  return set;
}

// Parameters from the next epoch on.
std::function<Bytes(Scene&)> OfParameters(std::function<void(codec::Parameters&)> change) {
  return [change = std::move(change)](Scene& scene) {
    codec::Propose propose = scene.Proposal({Parameters(scene, change)});
    propose.effective_height = base::Height(0);
    propose.effective_epoch = base::Epoch(scene.chain.Row().epoch + 1);
    return scene.chain.Sign("admin", {propose});
  };
}

std::function<Bytes(Scene&)> With(std::function<void(Scene&, codec::Propose&)> change) {
  return [change = std::move(change)](Scene& scene) {
    codec::Propose propose = scene.Proposal({codec::SetThresholds{1, 1}});
    change(scene, propose);
    return scene.chain.Sign("admin", {propose});
  };
}

codec::Currency GoodCurrency() { return {"GBP", 6, base::MinorUnits(10'000), base::MinorUnits(0)}; }

RejectionCase Case(base::RejectionCode code, const Bytes& what, const Bytes& leaf,
                   std::function<Bytes(Scene&)> transaction) {
  return {"propose", code, what, At(leaf), std::move(transaction)};
}

std::vector<RejectionCase> TimeCases() {
  const auto to = [](Scene& scene, codec::Propose& p, uint64_t height, uint64_t epoch) {
    p.changes = {Parameters(scene, [](codec::Parameters&) {})};
    p.effective_height = base::Height(height);
    p.effective_epoch = base::Epoch(epoch);
  };
  return {
      Case(kActivationHeight, "ThisHeight", "effective_height",
           With([](Scene& scene, codec::Propose& p) {
             p.effective_height = base::Height(scene.chain.Row().height + 1);
           })),
      Case(kActivationHeight, "HeightAndEpoch", "effective_epoch",
           With([](Scene&, codec::Propose& p) { p.effective_epoch = base::Epoch(99); })),
      Case(kActivationHeight, "ParametersThisEpoch", "effective_epoch",
           With([to](Scene& scene, codec::Propose& p) {
             to(scene, p, 0, scene.chain.Row().epoch);
           })),
      Case(kActivationHeight, "ParametersAtAHeight", "effective_height",
           With([to](Scene& scene, codec::Propose& p) { to(scene, p, 99, 99); })),
      Case(kActivationHeight, "ParametersAndMore", "changes",
           With([to](Scene& scene, codec::Propose& p) {
             to(scene, p, 0, 99);
             p.changes.push_back(codec::SetThresholds{1, 1});
           })),
  };
}

std::vector<RejectionCase> ChangeCases() {
  const Bytes first = "changes[0].";
  return {
      Case(kUnknownAccount, "RoleOfNobody", first + "account", Of([](Scene& scene) {
             auto id = scene.chain.IdOf("ann");
             id.bytes[0] ^= 1;
             return codec::SetRole{id, codec::Role::kSteward, true};
           })),
      Case(kCustodialSigner, "RoleWithoutAKey", first + "account", Of([](Scene& scene) {
             return codec::SetRole{scene.chain.IdOf("keyless"), codec::Role::kSteward, true};
           })),
      Case(kCurrencyUnknown, "LimitInAnUnknownCurrency", first + "credit_limits[0].currency",
           Of([](Scene& scene) {
             return codec::SetLimits{scene.chain.IdOf("reporter"), 0, {{"XXX", 1}}};
           })),
      Case(kInvariantBroken, "FeeAboveItsBound", first + "parameters.fee_ppb",
           OfParameters([](codec::Parameters& p) { p.fee_ppb = p.fee_max_ppb.Next(); })),
      Case(kInvariantBroken, "BoundsAboveTheWhole", first + "parameters.royalty_max_ppb",
           OfParameters([](codec::Parameters& p) { p.royalty_max_ppb = base::Ppb(900'000'001); })),
      Case(kInvariantBroken, "ConstantOfTheChain", first + "parameters.fee_max_ppb",
           OfParameters([](codec::Parameters& p) { p.fee_max_ppb = p.fee_max_ppb.Next(); })),
      Case(kInvariantBroken, "CurrencyTwice", first + "code", Of([](Scene&) {
             codec::Currency currency = GoodCurrency();
             currency.code = "EUR";
             return currency;
           })),
      Case(kInvariantBroken, "MinimumPayoutNotWholeUnits", first + "minimum_payout_minor",
           Of([](Scene&) {
             codec::Currency currency = GoodCurrency();
             currency.minimum_payout_minor = base::MinorUnits(15'000);
             return currency;
           })),
      Case(kInvariantBroken, "TooMuchPower", first + "power", Of([](Scene& scene) {
             return codec::SetValidator{KeyOf("v").public_key(), uint64_t{1} << 60,
                                        scene.chain.IdOf("steward")};
           })),
      Case(kInvariantBroken, "VersionInForce", first + "version",
           Of([](Scene&) { return codec::SetRuleVersion{codec::kRuleVersion}; })),
      Case(kRuleVersionTooNew, "NextVersion", first + "version",
           Of([](Scene&) { return codec::SetRuleVersion{codec::kRuleVersion + 1}; })),
      Case(kUngovernable, "LastAdmin", "changes", Of([](Scene& scene) {
             return codec::SetRole{scene.chain.IdOf("admin"), codec::Role::kAdmin, false};
           })),
      Case(kUngovernable, "MoreAdminsNeededThanThereAre", "changes", Of([](Scene&) {
             return codec::SetThresholds{2, 0};
           })),
      Case(kUngovernable, "MoreArbitersNeededThanThereAre", "changes", Of([](Scene&) {
             return codec::SetThresholds{1, 2};
           })),
      Case(kUngovernable, "NoValidatorLeft", "changes", Of([](Scene& scene) {
             return codec::SetValidator{KeyOf("v").public_key(), 0, scene.chain.IdOf("steward")};
           })),
  };
}

std::vector<RejectionCase> ProposalCases() {
  return {
      {"propose", kMissingRole, "ByASteward", "operations[0].propose",
       [](Scene& scene) {
         return scene.chain.Sign("steward", {scene.Proposal({codec::SetThresholds{1, 0}})});
       }},
      {"propose", kTooManyProposals, "Seventeen", "operations[0].propose",
       [](Scene& scene) {
         for (int i = 0; i < 16; ++i) {
           scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         }
         return scene.chain.Sign("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
       }},
      {"approve_proposal", kMissingRole, "ByASteward", "operations[0].approve_proposal",
       [](Scene& scene) {
         scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         return scene.chain.Sign("steward", {codec::ApproveProposal{0}});
       }},
      {"approve_proposal", kProposalUnknown, "NoSuchOne", "operations[0].approve_proposal.proposal",
       [](Scene& scene) { return scene.chain.Sign("admin", {codec::ApproveProposal{0}}); }},
      {"approve_proposal", kProposalUnknown, "InEffect", "operations[0].approve_proposal.proposal",
       [](Scene& scene) {
         scene.Govern({codec::SetThresholds{1, 1}});
         return scene.chain.Sign("admin", {codec::ApproveProposal{0}});
       }},
      {"approve_proposal", kAlreadyApproved, "ItsProposer",
       "operations[0].approve_proposal.proposal",
       [](Scene& scene) {
         scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         return scene.chain.Sign("admin", {codec::ApproveProposal{0}});
       }},
      {"withdraw_proposal", kMissingRole, "ByASteward", "operations[0].withdraw_proposal",
       [](Scene& scene) {
         scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         return scene.chain.Sign("steward", {codec::WithdrawProposal{0}});
       }},
      {"withdraw_proposal", kProposalUnknown, "WithdrawnBefore",
       "operations[0].withdraw_proposal.proposal",
       [](Scene& scene) {
         scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         scene.Must("admin", {codec::WithdrawProposal{0}});
         return scene.chain.Sign("admin", {codec::WithdrawProposal{0}});
       }},
      {"withdraw_proposal", kNotProposer, "AnotherAdmin",
       "operations[0].withdraw_proposal.proposal",
       [](Scene& scene) {
         scene.Grant("ann", codec::Role::kAdmin);
         scene.Must("admin", {scene.Proposal({codec::SetThresholds{1, 0}})});
         return scene.chain.Sign("ann", {codec::WithdrawProposal{1}});
       }},
  };
}

}  // namespace

std::vector<RejectionCase> GovernanceCases() {
  std::vector<RejectionCase> all = TimeCases();
  for (const auto& cases : {ChangeCases(), ProposalCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
