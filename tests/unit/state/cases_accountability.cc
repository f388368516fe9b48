#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

base::RecordId Unknown(base::RecordId id) {
  id.bytes[0] ^= 1;
  return id;
}

codec::ReportIncident Incident(const base::RecordId& subject) {
  codec::ReportIncident incident;
  incident.subject = subject;
  incident.category = "harm";
  incident.severity = 3;
  incident.evidence_sha256.bytes[0] = 1;
  return incident;
}

codec::RuleIncident Ruling(uint64_t incident, bool upheld,
                           std::vector<codec::Compensation> compensations = {}) {
  codec::RuleIncident ruling;
  ruling.incident = incident;
  ruling.upheld = upheld;
  ruling.compensations = std::move(compensations);
  ruling.reasons_sha256.bytes[0] = 1;
  return ruling;
}

// With incident 0, on tuned, reported by `reporter`.
std::function<Bytes(Scene&)> After(std::string_view reporter,
                                   std::function<Bytes(Scene&)> transaction) {
  return [reporter, transaction = std::move(transaction)](Scene& scene) {
    scene.Must(reporter, {Incident(scene.tuned_id)});
    return transaction(scene);
  };
}

std::vector<RejectionCase> FreezeCases() {
  const Bytes op = "freeze_asset";
  const Bytes at = "operations[0].freeze_asset";
  return {
      {op, kIncidentUnknown, "NoSuchOne", at + ".incident",
       [](Scene& scene) {
         return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
       }},
      {op, kIncidentClosed, "RuledOn", at + ".incident",
       After("ann",
             [](Scene& scene) {
               scene.Must("arbiter", {Ruling(0, false)});
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
             })},
      {op, kAssetUnknown, "NoSuchRecord", at + ".asset",
       After("ann",
             [](Scene& scene) {
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{Unknown(scene.tuned_id), 0}});
             })},
      {op, kIncidentAsset, "AnotherRecord", at + ".asset",
       After("ann",
             [](Scene& scene) {
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.named_id, 0}});
             })},
      {op, kFreezeRenewed, "AfterItsDeadline", at + ".incident",
       After("ann",
             [](Scene& scene) {
               scene.Must("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
               scene.chain.Advance(60'000);
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
             })},
      {op, kAssetFrozen, "ForAnotherIncident", at + ".asset",
       After("ann",
             [](Scene& scene) {
               scene.Must("ann", {Incident(scene.tuned_id)});
               scene.Must("arbiter", {codec::FreezeAsset{scene.tuned_id, 1}});
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
             })},
      {op, kThreshold, "ByAnAdmin", at,
       After("ann",
             [](Scene& scene) {
               return scene.chain.Sign("admin", {codec::FreezeAsset{scene.tuned_id, 0}});
             })},
      {op, kArbiterTied, "ByItsReporter", at,
       After("arbiter",
             [](Scene& scene) {
               return scene.chain.Sign("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
             })},
  };
}

std::vector<RejectionCase> RulingCases() {
  const Bytes op = "rule_incident";
  const Bytes at = "operations[0].rule_incident";
  const auto pay = [](Scene& scene, std::string_view to, std::string_view currency) {
    return codec::Compensation{scene.chain.IdOf(to), currency, base::MinorUnits(1'001)};
  };
  return {
      {op, kIncidentUnknown, "NoSuchOne", at + ".incident",
       [](Scene& scene) { return scene.chain.Sign("arbiter", {Ruling(0, false)}); }},
      {op, kIncidentClosed, "RuledOn", at + ".incident",
       After("ann",
             [](Scene& scene) {
               scene.Must("arbiter", {Ruling(0, true)});
               return scene.chain.Sign("arbiter", {Ruling(0, true)});
             })},
      {op, kUnknownAccount, "CompensationOfNobody", at + ".compensations[0].account",
       After("ann",
             [pay](Scene& scene) {
               codec::Compensation one = pay(scene, "ann", "USD");
               one.account.bytes[0] ^= 1;
               return scene.chain.Sign("arbiter", {Ruling(0, true, {one})});
             })},
      {op, kCurrencyUnknown, "NoSuchCurrency", at + ".compensations[0].currency",
       After("ann",
             [pay](Scene& scene) {
               return scene.chain.Sign("arbiter", {Ruling(0, true, {pay(scene, "ann", "XXX")})});
             })},
      {op, kThreshold, "ByAnAdmin", at,
       After("ann", [](Scene& scene) { return scene.chain.Sign("admin", {Ruling(0, true)}); })},
      {op, kArbiterTied, "WhoIsCompensated", at,
       After("ann",
             [pay](Scene& scene) {
               return scene.chain.Sign("arbiter",
                                       {Ruling(0, true, {pay(scene, "arbiter", "USD")})});
             })},
      {op, kCompensation, "NothingIsFrozen", at + ".compensations[0].amount_minor",
       After("ann",
             [pay](Scene& scene) {
               return scene.chain.Sign("arbiter", {Ruling(0, true, {pay(scene, "ann", "USD")})});
             })},
      {op, kCompensation, "OneMoreThanIsFrozen", at + ".compensations[0].amount_minor",
       After("ann",
             [pay](Scene& scene) {
               scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1'000, "sale-2")});
               scene.Must("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
               return scene.chain.Sign("arbiter", {Ruling(0, true, {pay(scene, "ann", "USD")})});
             })},
      {op, kCompensation, "Dismissed", at + ".upheld",
       After("ann",
             [pay](Scene& scene) {
               scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 2'000, "sale-2")});
               scene.Must("arbiter", {codec::FreezeAsset{scene.tuned_id, 0}});
               return scene.chain.Sign("arbiter", {Ruling(0, false, {pay(scene, "ann", "USD")})});
             })},
  };
}

}  // namespace

std::vector<RejectionCase> AccountabilityCases() {
  std::vector<RejectionCase> all = FreezeCases();
  for (const RejectionCase& one : RulingCases()) all.push_back(one);
  all.push_back(
      {"report_incident", kRecordUnknown, "NoSuchRecord", "operations[0].report_incident.subject",
       [](Scene& scene) { return scene.chain.Sign("ann", {Incident(Unknown(scene.tuned_id))}); }});
  return all;
}

}  // namespace tributary::testing
