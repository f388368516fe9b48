#include "codec/ids.h"
#include "tributary/base/check.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

base::SignatureBytes Possession(const Chain& chain, std::string_view handle,
                                const crypto::KeyPair& key) {
  return key.Sign(base::AsBytes(
      codec::PossessionMessage(chain.chain_id, chain.IdOf(handle), key.public_key())));
}

}  // namespace

ChainOptions SceneOptions() {
  ChainOptions options;
  options.currencies[0].minimum_payout_minor = base::MinorUnits(20'000);
  options.people.push_back({"small", {codec::Role::kReporter}, {{"USD", 1'000}}});
  options.people.push_back({"orphan", {}, {}, true});
  options.people.push_back({"attributor", {codec::Role::kAttributor}, {}});
  options.people.push_back(
      {"both", {codec::Role::kAttributor, codec::Role::kReporter}, {{"USD", 1'000'000}}});
  // Sponsors and contributes, which an attributor may; only not to what it names.
  options.people.push_back({"tied", {codec::Role::kAttributor, codec::Role::kSteward}, {}});
  return options;
}

Scene::Scene() : parameters(SceneOptions().parameters), chain(SceneOptions()) {
  Must("steward",
       {chain.Register("ann"), chain.Register("bob"), chain.Register("keyless", "steward", true),
        chain.Register("claiming", "steward", true)});
  Must("steward", {Claim("claiming", "claiming/1")});
  const RecordSpec base_spec{"base", {{"ann", base::kPpbOne}}, {}, 0};
  RecordSpec named_spec{"named", {{"ann", base::kPpbOne}}, {}, 0};
  named_spec.external_id = "hf:Org/Name";
  base_id = chain.RecordIdOf(base_spec);
  named_id = chain.RecordIdOf(named_spec);
  RecordSpec tuned_spec{"tuned", {{"bob", base::kPpbOne}}, {{base_id, 1}}, 400'000'000};
  tuned_spec.terms.alpha_max_ppb = base::Ppb(500'000'000);
  tuned_id = chain.RecordIdOf(tuned_spec);
  Must("ann", {chain.Submit(base_spec), chain.Submit(named_spec)});
  Must("bob", {chain.Submit(tuned_spec)});
  Must("reporter", {chain.Revenue(tuned_id, 1'000'000, "sale-1")});
  chain.Advance(10'000);  // before the claim's notice ends
  Must("treasurer", {chain.Funding("reporter", 500'000, "bank-1")});
  chain.Advance(2'000'000);
  Must("steward", {chain.Register("late", "steward", true)});
  Must("steward", {Claim("late", "late/1")});
  for (int i = 0; i < 3; ++i) Must("bob", {chain.Payout(100'000)});
  Must("treasurer", {codec::ConfirmPayout{base::PayoutIndex(0), "wire-1"},
                     codec::FailPayout{base::PayoutIndex(2), "returned"}});
  chain.Commit();
}

void Scene::Must(std::string_view sender, const std::vector<codec::Operation>& operations,
                 const std::vector<std::string>& cosigners) {
  const auto refused = chain.Apply(sender, operations, cosigners);
  TRIBUTARY_CHECK(!refused, refused->ToString().c_str());
}

codec::AttributionClaim Scene::GoodClaim() const {
  codec::AttributionClaim claim;
  claim.asset = tuned_id;
  claim.reporter = chain.IdOf("reporter");
  claim.reference = "sale-2";
  claim.attributor = chain.IdOf("attributor");
  claim.method = "trak";
  claim.alpha_ppb = base::Ppb(500'000'000);
  claim.influences = {{base_id, 3}, {named_id, 1}};
  return claim;
}

codec::ReportRevenue Scene::Attributed(const codec::AttributionClaim& claim) {
  codec::ReportRevenue report{tuned_id,
                              "USD",
                              base::MinorUnits(1'000),
                              base::TimeMs(chain.time_ms()),
                              "sale-2",
                              codec::Attribution{}};
  report.attribution->claim = chain.arena().KeepBytes(codec::Encode(claim));
  report.attribution->signature = KeyOf("attributor")
                                      .Sign(base::AsBytes(codec::AttributionMessage(
                                          chain.chain_id, report.attribution->claim)));
  return report;
}

codec::ClaimAccount Scene::Claim(std::string_view handle, std::string_view key_name) const {
  const crypto::KeyPair key = KeyOf(key_name);
  return {chain.IdOf(handle), key.public_key(), Possession(chain, handle, key)};
}

codec::RotateKey Scene::Rotation(std::string_view handle, std::string_view key_name,
                                 uint64_t overlap_ms) const {
  const crypto::KeyPair key = KeyOf(key_name);
  return {key.public_key(), Possession(chain, handle, key), overlap_ms};
}

codec::Record Scene::GoodRecord() {
  return chain.RecordOf({"good", {{"bob", base::kPpbOne}}, {{base_id, 1}}, 500'000'000});
}

codec::Propose Scene::Proposal(const std::vector<codec::Change>& changes) const {
  codec::Propose propose;
  propose.changes = changes;
  propose.effective_height = base::Height(chain.resident().header().height.value() + 2);
  propose.reason = "a reason";
  return propose;
}

void Scene::Govern(const std::vector<codec::Change>& changes) {
  chain.Commit();
  Must("admin", {Proposal(changes)});
  chain.Commit();
  chain.Commit();
}

void Scene::Grant(std::string_view handle, codec::Role role, bool granted) {
  Govern({codec::SetRole{chain.IdOf(handle), role, granted}});
}

void Scene::ChangeParameters(const std::function<void(codec::Parameters&)>& change) {
  chain.Commit();
  change(parameters);
  codec::Propose propose = Proposal({codec::SetParameters{parameters}});
  propose.effective_height = base::Height(0);
  propose.effective_epoch = base::Epoch(chain.Row().epoch + 1);
  Must("admin", {propose});
  chain.AdvanceTo(chain.Row().epoch_end_ms);
  chain.Commit();
}

codec::Record Scene::CorrectionOf(const base::RecordId& about, std::string_view name) {
  RecordSpec spec{std::string(name), {{"ann", base::kPpbOne}}, {{about, 1}}, 500'000'000};
  spec.kind = codec::RecordKind::kCorrection;
  return chain.RecordOf(spec);
}

std::vector<RejectionCase> AllCases() {
  std::vector<RejectionCase> all;
  for (const auto& cases : {TransactionCases(), AccountCases(), RecordCases(), AmendmentCases(),
                            RevenueCases(), PayoutCases(), GovernanceCases(), AccountabilityCases(),
                            GamingCases(), DisputeCases(), LaterCases(), GenesisCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
