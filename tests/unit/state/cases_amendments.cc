#include "state/versions.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

const char kAmend[] = "amend_record";
const char kWithdraw[] = "withdraw_amendment";

Bytes At(const Bytes& leaf) { return "operations[0].amend_record." + leaf; }
Bytes AtWithdraw(const Bytes& leaf) { return "operations[0].withdraw_amendment." + leaf; }

codec::Parent ParentOf(const base::RecordId& record, uint32_t weight) {
  return {record, codec::Relation::kDerivedFrom, weight, std::nullopt};
}

codec::Author AuthorOf(const Scene& scene, std::string_view handle, uint32_t share) {
  return {scene.chain.IdOf(handle), base::Ppb(share)};
}

std::function<Bytes(Scene&)> Changed(std::function<void(Scene&, codec::AmendRecord&)> change,
                                     const std::vector<std::string>& signers = {"bob"}) {
  return [change = std::move(change), signers](Scene& scene) {
    codec::AmendRecord amendment = scene.GoodAmendment();
    change(scene, amendment);
    return scene.chain.Sign(signers[0], {amendment}, {signers.begin() + 1, signers.end()});
  };
}

// A pool of bob with the parents base (ann) and named (ann), and an amendment that changes nothing.
codec::AmendRecord AmendPool(Scene& scene) {
  RecordSpec spec{"pool", {{"bob", base::kPpbOne}}, {}, base::kPpbOne};
  spec.parents = {{scene.base_id, 1}, {scene.named_id, 1}};
  spec.kind = codec::RecordKind::kPool;
  scene.Must("bob", {scene.chain.Submit(spec)});
  codec::AmendRecord amendment = scene.GoodAmendment();
  amendment.record = scene.chain.RecordIdOf(spec);
  amendment.pass_through_ppb = base::Ppb(base::kPpbOne);
  amendment.parents = {ParentOf(scene.base_id, 1), ParentOf(scene.named_id, 1)};
  return amendment;
}

// The pool takes in a record of ann that asks for a royalty, or a child of that.
Bytes AmendPoolWith(Scene& scene, bool through_a_child) {
  RecordSpec asking{"asking for a royalty", {{"ann", base::kPpbOne}}, {}, 0};
  asking.terms.royalty_ppb = base::Ppb(50'000'000);
  scene.Must("ann", {scene.chain.Submit(asking)});
  base::RecordId added = scene.chain.RecordIdOf(asking);
  if (through_a_child) {
    const RecordSpec child{"child", {{"ann", base::kPpbOne}}, {{added, 1}}, 1};
    scene.Must("ann", {scene.chain.Submit(child)});
    added = scene.chain.RecordIdOf(child);
  }
  codec::AmendRecord amendment = AmendPool(scene);
  amendment.parents.push_back(ParentOf(added, 1));
  return scene.chain.Sign("bob", {amendment}, {"ann"});
}

std::function<Bytes(Scene&)> ChangedPool(std::function<void(Scene&, codec::AmendRecord&)> change,
                                         const std::vector<std::string>& signers = {"bob"}) {
  return [change = std::move(change), signers](Scene& scene) {
    codec::AmendRecord amendment = AmendPool(scene);
    change(scene, amendment);
    return scene.chain.Sign(signers[0], {amendment}, {signers.begin() + 1, signers.end()});
  };
}

// A child of a record of ann that asks for half of what the child earns, and gives it; amended to
// give one part less.
Bytes BelowTheLeastShare(Scene& scene) {
  RecordSpec asking{"asking", {{"ann", base::kPpbOne}}, {}, 0};
  asking.terms.min_share_ppb = base::Ppb(500'000'000);
  scene.Must("ann", {scene.chain.Submit(asking)});
  const base::RecordId parent = scene.chain.RecordIdOf(asking);
  const RecordSpec child{"child", {{"bob", base::kPpbOne}}, {{parent, 1}}, 500'000'000};
  scene.Must("bob", {scene.chain.Submit(child)});
  codec::AmendRecord amendment = scene.GoodAmendment();
  amendment.record = scene.chain.RecordIdOf(child);
  amendment.pass_through_ppb = base::Ppb(499'999'999);
  amendment.parents = {ParentOf(parent, 1)};
  return scene.chain.Sign("bob", {amendment});
}

std::vector<RejectionCase> EpochCases() {
  return {
      {kAmend, kMinShare, "OnePpbTooFew", At("parents[0].weight"), BelowTheLeastShare},
      {kAmend, kRecordUnknown, "NoSuchRecord", At("record"),
       Changed([](Scene&, codec::AmendRecord& a) { a.record.bytes[0] ^= 1; })},
      {kAmend, kEffectiveEpoch, "TheCurrentEpoch", At("effective_epoch"),
       Changed([](Scene& scene, codec::AmendRecord& a) {
         a.effective_epoch = base::Epoch(scene.chain.Row().epoch);
       })},
      {kAmend, kAmendmentPending, "TheSameEpoch", At("effective_epoch"),
       [](Scene& scene) {
         scene.Must("bob", {scene.GoodAmendment()});
         return scene.chain.Sign("bob", {scene.GoodAmendment()});
       }},
      {kAmend, kAmendmentPending, "BeforeTheLast", At("effective_epoch"),
       [](Scene& scene) {
         codec::AmendRecord later = scene.GoodAmendment();
         later.effective_epoch = base::Epoch(later.effective_epoch.value() + 1);
         scene.Must("bob", {later});
         return scene.chain.Sign("bob", {scene.GoodAmendment()});
       }},
      {kAmend, kTooManyVersions, "OneMore", At("record"),
       [](Scene& scene) {
         const codec::AmendRecord amendment = scene.GoodAmendment();
         const codec::WithdrawAmendment withdrawal{amendment.record, amendment.effective_epoch};
         std::vector<codec::Operation> both;
         for (int i = 0; i < 256; ++i) {
           both.push_back(amendment);
           both.push_back(withdrawal);
         }
         for (uint32_t made = 0; made < state::kVersionsMax; made += 256) scene.Must("bob", both);
         return scene.chain.Sign("bob", {amendment});
       }},
  };
}

std::vector<RejectionCase> AuthorCases() {
  return {
      {kAmend, kNotAuthor, "SomebodyElse", At("record"),
       Changed([](Scene&, codec::AmendRecord&) {}, {"ann"})},
      {kAmend, kNotAuthor, "WhoGaveItAway", At("record"),
       [](Scene& scene) {
         codec::AmendRecord gift = scene.GoodAmendment();
         gift.authors = {AuthorOf(scene, "ann", base::kPpbOne)};
         scene.Must("bob", {gift}, {"ann"});
         codec::AmendRecord again = scene.GoodAmendment();
         again.effective_epoch = base::Epoch(gift.effective_epoch.value() + 1);
         return scene.chain.Sign("bob", {again});
       }},
      {kAmend, kMissingSignature, "NewAuthorDidNotSign", At("authors[1].account"),
       Changed([](Scene& scene, codec::AmendRecord& a) {
         a.authors = {AuthorOf(scene, "bob", 500'000'000), AuthorOf(scene, "ann", 500'000'000)};
       })},
      {kAmend, kMissingSignature, "SponsorOfTheNewAuthorDidNotSign", At("authors[1].account"),
       Changed([](Scene& scene, codec::AmendRecord& a) {
         a.authors = {AuthorOf(scene, "bob", 500'000'000), AuthorOf(scene, "keyless", 500'000'000)};
       })},
      {kAmend, kAuthorUnknown, "NoSuchAccount", At("authors[0].account"),
       Changed([](Scene&, codec::AmendRecord& a) { a.authors[0].account.bytes[0] ^= 1; })},
      {kAmend, kAuthorShares, "OneTooFew", At("authors"),
       Changed(
           [](Scene&, codec::AmendRecord& a) { a.authors[0].share_ppb = base::Ppb(999'999'999); })},
      {kAmend, kAuthorTwice, "TheSameAccount", At("authors[1].account"),
       Changed([](Scene& scene, codec::AmendRecord& a) {
         a.authors = {AuthorOf(scene, "bob", 500'000'000), AuthorOf(scene, "bob", 500'000'000)};
       })},
  };
}

std::vector<RejectionCase> ParentCases() {
  return {
      {kAmend, kParentUnknown, "NoSuchRecord", At("parents[0].record"),
       Changed([](Scene&, codec::AmendRecord& a) { a.parents[0].record.bytes[0] ^= 1; })},
      {kAmend, kParentLater, "Itself", At("parents[0].record"),
       Changed([](Scene& scene, codec::AmendRecord& a) { a.parents[0].record = scene.tuned_id; })},
      {kAmend, kParentLater, "ALaterMemberOfAPool", At("parents[2].record"),
       ChangedPool([](Scene& scene, codec::AmendRecord& a) {
         const RecordSpec later{"later", {{"bob", base::kPpbOne}}, {}, 0};
         scene.Must("bob", {scene.chain.Submit(later)});
         a.parents.push_back(ParentOf(scene.chain.RecordIdOf(later), 1));
       })},
      {kAmend, kParentTwice, "TheSameRecord", At("parents[1].record"),
       Changed([](Scene&, codec::AmendRecord& a) { a.parents.push_back(a.parents[0]); })},
      {kAmend, kAmendmentParents, "ANewParentOfAModel", At("parents[1].record"),
       Changed([](Scene& scene, codec::AmendRecord& a) {
         a.parents.push_back(ParentOf(scene.named_id, 1));
       })},
      {kAmend, kAmendmentParents, "AnotherRelation", At("parents[0].record"),
       Changed([](Scene&, codec::AmendRecord& a) {
         a.parents[0].relation = codec::Relation::kTrainedOn;
       })},
      {kAmend, kAmendmentParents, "NoParentsOfAModel", At("parents"),
       Changed(
           [](Scene&, codec::AmendRecord& a) {
             a.parents.clear();
             a.pass_through_ppb = base::Ppb(0);
           },
           {"bob", "ann"})},
      {kAmend, kAmendmentRoyalty, "ItsOwn", At("parents[2].record"),
       [](Scene& scene) { return AmendPoolWith(scene, /*through_a_child=*/false); }},
      {kAmend, kAmendmentRoyalty, "OfItsStack", At("parents[2].record"),
       [](Scene& scene) { return AmendPoolWith(scene, /*through_a_child=*/true); }},
      {kAmend, kPassThroughWithoutParents, "OnePpb", At("pass_through_ppb"),
       Changed([](Scene&, codec::AmendRecord& a) {
         a.parents.clear();
         a.pass_through_ppb = base::Ppb(1);
       })},
      {kAmend, kZeroWeight, "Zero", At("parents[0].weight"),
       Changed([](Scene&, codec::AmendRecord& a) { a.parents[0].weight = 0; })},
      {kAmend, kPpbRange, "PassThroughAboveTheWhole", At("pass_through_ppb"),
       Changed(
           [](Scene&, codec::AmendRecord& a) { a.pass_through_ppb = base::Ppb(1'000'000'001); })},
      {kAmend, kShareRoundsToZero, "OneInTwoThousandMillion", At("parents[1].weight"),
       ChangedPool([](Scene&, codec::AmendRecord& a) { a.parents[0].weight = 2'000'000'000; })},
      {kAmend, kLineFalls, "OnePpbLess", At("parents[0].weight"),
       Changed([](Scene&, codec::AmendRecord& a) { a.pass_through_ppb = base::Ppb(399'999'999); })},
      {kAmend, kLineFalls, "BelowWhatIsScheduled", At("parents[0].weight"),
       [](Scene& scene) {
         scene.Must("bob", {scene.GoodAmendment()});
         codec::AmendRecord later = scene.GoodAmendment();
         later.effective_epoch = base::Epoch(later.effective_epoch.value() + 1);
         later.pass_through_ppb = base::Ppb(499'999'999);
         return scene.chain.Sign("bob", {later});
       }},
      {kAmend, kLineFalls, "DroppedFromAPool", At("parents"),
       ChangedPool([](Scene&, codec::AmendRecord& a) { a.parents.pop_back(); })},
  };
}

std::vector<RejectionCase> WithdrawCases() {
  const auto withdraw = [](Scene& scene, uint64_t epoch, std::string_view sender = "bob") {
    return scene.chain.Sign(sender, {codec::WithdrawAmendment{scene.tuned_id, base::Epoch(epoch)}});
  };
  const auto next = [](Scene& scene) { return scene.chain.Row().epoch + 1; };
  return {
      {kWithdraw, kRecordUnknown, "NoSuchRecord", AtWithdraw("record"),
       [](Scene& scene) {
         base::RecordId unknown = scene.tuned_id;
         unknown.bytes[0] ^= 1;
         return scene.chain.Sign("bob", {codec::WithdrawAmendment{unknown, base::Epoch(9)}});
       }},
      {kWithdraw, kNoAmendmentPending, "NeverAmended", AtWithdraw("effective_epoch"),
       [=](Scene& scene) { return withdraw(scene, next(scene)); }},
      {kWithdraw, kNoAmendmentPending, "AnotherEpoch", AtWithdraw("effective_epoch"),
       [=](Scene& scene) {
         scene.Must("bob", {scene.GoodAmendment()});
         return withdraw(scene, next(scene) + 1);
       }},
      {kWithdraw, kNoAmendmentPending, "NotTheLast", AtWithdraw("effective_epoch"),
       [=](Scene& scene) {
         codec::AmendRecord later = scene.GoodAmendment();
         later.effective_epoch = base::Epoch(later.effective_epoch.value() + 1);
         scene.Must("bob", {scene.GoodAmendment(), later});
         return withdraw(scene, next(scene));
       }},
      {kWithdraw, kNoAmendmentPending, "WithdrawnAlready", AtWithdraw("effective_epoch"),
       [=](Scene& scene) {
         const codec::AmendRecord amendment = scene.GoodAmendment();
         scene.Must("bob", {amendment,
                            codec::WithdrawAmendment{amendment.record, amendment.effective_epoch}});
         return withdraw(scene, next(scene));
       }},
      {kWithdraw, kNoAmendmentPending, "InForce", AtWithdraw("effective_epoch"),
       [=](Scene& scene) {
         const uint64_t epoch = next(scene);
         scene.Must("bob", {scene.GoodAmendment()});
         scene.chain.Advance(1'000'000);
         return withdraw(scene, epoch);
       }},
      {kWithdraw, kNotAuthor, "SomebodyElse", AtWithdraw("record"),
       [=](Scene& scene) {
         scene.Must("bob", {scene.GoodAmendment()});
         return withdraw(scene, next(scene), "ann");
       }},
      {kWithdraw, kNotAuthor, "WhoGaveItAwayAlone", AtWithdraw("record"),
       [=](Scene& scene) {
         codec::AmendRecord gift = scene.GoodAmendment();
         gift.authors = {AuthorOf(scene, "ann", base::kPpbOne)};
         scene.Must("bob", {gift}, {"ann"});
         return withdraw(scene, next(scene));
       }},
      {kWithdraw, kNotAuthor, "WhoWasGivenItAlone", AtWithdraw("record"),
       [=](Scene& scene) {
         codec::AmendRecord gift = scene.GoodAmendment();
         gift.authors = {AuthorOf(scene, "ann", base::kPpbOne)};
         scene.Must("bob", {gift}, {"ann"});
         return withdraw(scene, next(scene), "ann");
       }},
  };
}

}  // namespace

codec::AmendRecord Scene::GoodAmendment() {
  codec::AmendRecord amendment;
  amendment.record = tuned_id;
  amendment.effective_epoch = base::Epoch(chain.Row().epoch + 1);
  amendment.parents = {ParentOf(base_id, 1)};
  amendment.pass_through_ppb = base::Ppb(500'000'000);
  amendment.authors = {AuthorOf(*this, "bob", base::kPpbOne)};
  return amendment;
}

std::vector<RejectionCase> AmendmentCases() {
  std::vector<RejectionCase> all = EpochCases();
  for (const auto& cases : {AuthorCases(), ParentCases(), WithdrawCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
