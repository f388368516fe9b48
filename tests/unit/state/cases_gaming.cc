#include "codec/ids.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

base::Hash Salt() { return base::Hash{KeyOf("salt").public_key().bytes}; }

codec::Reserve ReserveFor(const Scene& scene, std::string_view handle,
                          const codec::Record& record) {
  return {codec::ReserveCommitment(scene.chain.IdOf(handle), Salt(), *record.content_sha256)};
}

base::RecordId IdOf(const codec::Record& record) {
  return codec::RecordIdOf(base::AsBytes(codec::Encode(record)));
}

// Two corrections of base by ann that nobody has countersigned: one that passes something on to it.
codec::Record Uncountersigned(Scene& scene) {
  scene.ChangeParameters([](codec::Parameters& p) { p.countersign_required = true; });
  const codec::Record correction = scene.CorrectionOf(scene.tuned_id, "correction");
  scene.Must("ann", {scene.chain.SubmitBytes(correction)});
  return correction;
}

template <class Operation>
std::vector<RejectionCase> EdgeCases(const Bytes& op, const Operation& from) {
  const auto change = [from](const base::RecordId& child, const base::RecordId& parent) {
    Operation operation = from;
    operation.child = child;
    operation.parent = parent;
    return operation;
  };
  const Bytes at = "operations[0]." + op + ".";
  return {
      {op, kRecordUnknown, "NoSuchChild", at + "child",
       [change](Scene& scene) {
         return scene.chain.Sign("ann", {change(base::RecordId{}, scene.base_id)});
       }},
      {op, kRecordUnknown, "NoSuchParent", at + "parent",
       [change](Scene& scene) {
         base::RecordId unknown = scene.base_id;
         unknown.bytes[0] ^= 1;
         return scene.chain.Sign("ann", {change(scene.tuned_id, unknown)});
       }},
      {op, kEdgeUnknown, "NotAParent", at + "parent",
       [change](Scene& scene) {
         return scene.chain.Sign("ann", {change(scene.tuned_id, scene.named_id)});
       }},
      {op, kNotAuthor, "ByTheChildsAuthor", at + "parent",
       [change](Scene& scene) {
         return scene.chain.Sign("bob", {change(scene.tuned_id, scene.base_id)});
       }},
  };
}

std::vector<RejectionCase> StewardCases() {
  const auto attest = [](const base::RecordId& asset) {
    codec::AttestLineage attestation{asset, codec::AttestationVerdict::kComplete, Salt()};
    return attestation;
  };
  return {
      {"attest_lineage", kMissingRole, "ByAnAdmin", "operations[0].attest_lineage",
       [attest](Scene& scene) { return scene.chain.Sign("admin", {attest(scene.tuned_id)}); }},
      {"attest_lineage", kAssetUnknown, "NoSuchRecord", "operations[0].attest_lineage.asset",
       [attest](Scene& scene) {
         base::RecordId unknown = scene.tuned_id;
         unknown.bytes[0] ^= 1;
         return scene.chain.Sign("steward2", {attest(unknown)});
       }},
      {"attest_lineage", kStewardTied, "TheAuthorsSponsor", "operations[0].attest_lineage.asset",
       [attest](Scene& scene) { return scene.chain.Sign("steward", {attest(scene.tuned_id)}); }},
      {"raise_identity", kUnknownAccount, "NoSuchAccount", "operations[0].raise_identity.account",
       [](Scene& scene) {
         base::AccountId unknown = scene.chain.IdOf("ann");
         unknown.bytes[0] ^= 1;
         return scene.chain.Sign("steward", {codec::RaiseIdentity{unknown, 0}});
       }},
      {"raise_identity", kNotSponsor, "AnotherSteward", "operations[0].raise_identity.account",
       [](Scene& scene) {
         return scene.chain.Sign("steward2", {codec::RaiseIdentity{scene.chain.IdOf("ann"), 0}});
       }},
      {"transaction", kSponsorQuota, "SharedByAllItSponsors", "operations",
       [](Scene& scene) {
         scene.Must("steward2", {scene.chain.Register("s1", "steward2"),
                                 scene.chain.Register("s2", "steward2")});
         scene.ChangeParameters([](codec::Parameters& p) { p.sponsor_quota = 2; });
         scene.Must("s1", {scene.chain.Submit({"one", {{"s1", base::kPpbOne}}, {}})});
         scene.Must("s2", {scene.chain.Submit({"two", {{"s2", base::kPpbOne}}, {}})});
         return scene.chain.Sign("s1",
                                 {scene.chain.Submit({"three", {{"s1", base::kPpbOne}}, {}})});
       }},
  };
}

std::vector<RejectionCase> ReservationCases() {
  const Bytes salt = "operations[0].submit_record.record.reservation_salt";
  return {
      {"reserve", kReservationTaken, "Twice", "operations[0].reserve.commitment",
       [](Scene& scene) {
         const codec::Record record = scene.GoodRecord();
         scene.Must("bob", {ReserveFor(scene, "bob", record)});
         return scene.chain.Sign("ann", {ReserveFor(scene, "bob", record)});
       }},
      {"submit_record", kReservationUnknown, "OfAnotherAccount", salt,
       [](Scene& scene) {
         codec::Record record = scene.GoodRecord();
         scene.Must("ann", {ReserveFor(scene, "bob", record)});
         record.reservation_salt = Salt();
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {"submit_record", kReservationExpired, "AtItsEnd", salt,
       [](Scene& scene) {
         codec::Record record = scene.GoodRecord();
         scene.Must("bob", {ReserveFor(scene, "bob", record)});
         scene.chain.Advance(60'000);
         record.reservation_salt = Salt();
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {"submit_record", kContentTaken, "ReservedTooLate",
       "operations[0].submit_record.record.content_sha256",
       [](Scene& scene) {
         codec::Record record = scene.GoodRecord();
         scene.Must("ann", {scene.chain.Submit({"good", {{"ann", base::kPpbOne}}, {}})});
         scene.Must("bob", {ReserveFor(scene, "bob", record)});
         record.reservation_salt = Salt();
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {"submit_record", kIdentityLimited, "ThirdInAnEpoch",
       "operations[0].submit_record.record.authors[0].account",
       [](Scene& scene) {
         scene.ChangeParameters([](codec::Parameters& p) { p.new_identity_records = 2; });
         scene.Must("ann", {scene.chain.Submit({"one", {{"ann", base::kPpbOne}}, {}}),
                            scene.chain.Submit({"two", {{"ann", base::kPpbOne}}, {}})});
         return scene.chain.Sign("ann",
                                 {scene.chain.Submit({"three", {{"ann", base::kPpbOne}}, {}})});
       }},
  };
}

std::vector<RejectionCase> CountersignCases() {
  std::vector<RejectionCase> cases = {
      {"submit_record", kNotCountersigned, "CorrectionAsAParent",
       "operations[0].submit_record.record.parents[0].record",
       [](Scene& scene) {
         const base::RecordId id = IdOf(Uncountersigned(scene));
         return scene.chain.Sign(
             "ann",
             {scene.chain.Submit({"uses", {{"ann", base::kPpbOne}}, {{id, 1}}, 100'000'000})});
       }},
      {"amend_record", kNotCountersigned, "CorrectionInAPool",
       "operations[0].amend_record.parents[0].record",
       [](Scene& scene) {
         const base::RecordId id = IdOf(Uncountersigned(scene));
         RecordSpec spec{"pool", {{"ann", base::kPpbOne}}, {}, 0};
         spec.kind = codec::RecordKind::kPool;
         scene.Must("ann", {scene.chain.Submit(spec)});
         codec::AmendRecord amendment;
         amendment.record = scene.chain.RecordIdOf(spec);
         amendment.effective_epoch = base::Epoch(scene.chain.Row().epoch + 1);
         amendment.parents = {{id, codec::Relation::kMember, 1, std::nullopt}};
         amendment.pass_through_ppb = base::Ppb(base::kPpbOne);
         amendment.authors = {{scene.chain.IdOf("ann"), base::Ppb(base::kPpbOne)}};
         return scene.chain.Sign("ann", {amendment});
       }},
  };
  for (const bool batch : {false, true}) {
    const Bytes op = batch ? "report_revenue_batch" : "report_revenue";
    const auto report = [batch](Scene& scene, const base::RecordId& asset) -> codec::Operation {
      const codec::RevenueItem item = scene.Event(1'000, "sale-2");
      if (batch) return codec::ReportRevenueBatch{asset, "USD", {item}};
      return codec::ReportRevenue{
          asset, "USD", item.amount_minor, item.occurred_at_ms, item.reference, std::nullopt};
    };
    cases.push_back({op, kNotCountersigned, "OnACorrection", "operations[0]." + op + ".asset",
                     [report](Scene& scene) {
                       const base::RecordId id = IdOf(Uncountersigned(scene));
                       return scene.chain.Sign("reporter", {report(scene, id)});
                     }});
    cases.push_back(
        {op, kAssetNotAttested, "Never", "operations[0]." + op + ".asset", [report](Scene& scene) {
           scene.ChangeParameters([](codec::Parameters& p) { p.attestation_required = true; });
           return scene.chain.Sign("reporter", {report(scene, scene.tuned_id)});
         }});
  }
  cases.push_back({"report_revenue", kNotCountersigned, "AttributedToACorrection",
                   "operations[0].report_revenue.attribution.claim.influences[0].record",
                   [](Scene& scene) {
                     codec::AttributionClaim claim = scene.GoodClaim();
                     claim.influences = {{IdOf(Uncountersigned(scene)), 1}};
                     return scene.chain.Sign("reporter", {scene.Attributed(claim)});
                   }});
  return cases;
}

}  // namespace

std::vector<RejectionCase> GamingCases() {
  std::vector<RejectionCase> all = StewardCases();
  codec::SetEdgeStance stance;
  stance.stance = codec::EdgeStance::kDisavowed;
  for (const auto& cases :
       {ReservationCases(), CountersignCases(), EdgeCases("set_edge_stance", stance),
        EdgeCases("countersign", codec::Countersign{})}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
