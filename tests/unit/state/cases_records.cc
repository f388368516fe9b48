#include "crypto/hash.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

const char kOp[] = "submit_record";

Bytes At(const Bytes& leaf) { return "operations[0].submit_record." + leaf; }
// Where the reader of the bytes finds a fault.
Bytes Inside(const Bytes& leaf) { return "operations[0].submit_record.record." + leaf; }

std::function<Bytes(Scene&)> Changed(std::function<void(Scene&, codec::Record&)> change,
                                     std::string_view sender = "bob") {
  return [change = std::move(change), sender](Scene& scene) {
    codec::Record record = scene.GoodRecord();
    change(scene, record);
    return scene.chain.Sign(sender, {scene.chain.SubmitBytes(record)});
  };
}

codec::Author AuthorOf(const Scene& scene, std::string_view handle, uint32_t share) {
  return {scene.chain.IdOf(handle), base::Ppb(share)};
}

base::Hash Content(std::string_view name) { return crypto::Sha256(base::AsBytes(name)); }

std::vector<RejectionCase> AuthorCases() {
  return {
      {kOp, kNoAuthors, "None", Inside("authors"),
       Changed([](Scene&, codec::Record& record) { record.authors.clear(); })},
      {kOp, kAuthorUnknown, "NoSuchAccount", Inside("authors[0].account"),
       Changed([](Scene&, codec::Record& record) { record.authors[0].account.bytes[0] ^= 1; })},
      {kOp, kAuthorShares, "OneTooFew", Inside("authors"),
       Changed([](Scene&, codec::Record& record) {
         record.authors[0].share_ppb = base::Ppb(999'999'999);
       })},
      {kOp, kAuthorShares, "OneTooMany", Inside("authors"),
       Changed([](Scene& scene, codec::Record& record) {
         record.authors.push_back(AuthorOf(scene, "ann", 1));
       })},
      {kOp, kAuthorTwice, "TheSameAccount", Inside("authors[1].account"),
       Changed([](Scene& scene, codec::Record& record) {
         record.authors = {AuthorOf(scene, "bob", 500'000'000),
                           AuthorOf(scene, "bob", 500'000'000)};
       })},
      {kOp, kPpbRange, "ShareAboveTheWhole", Inside("authors[0].share_ppb"),
       Changed([](Scene&, codec::Record& record) {
         record.authors[0].share_ppb = base::Ppb(1'000'000'001);
       })},
      {kOp, kWireMissing, "ShareOfZero", Inside("authors[1].share_ppb"),
       Changed([](Scene& scene, codec::Record& record) {
         record.authors.push_back(AuthorOf(scene, "ann", 0));
       })},
      {kOp, kWireCount, "SixtyFiveAuthors", Inside("authors"),
       Changed([](Scene& scene, codec::Record& record) {
         record.authors.assign(65, AuthorOf(scene, "bob", 1));
       })},
      {kOp, kMissingSignature, "CoAuthorDidNotSign", Inside("authors[1].account"),
       Changed([](Scene& scene, codec::Record& record) {
         record.authors = {AuthorOf(scene, "bob", 500'000'000),
                           AuthorOf(scene, "ann", 500'000'000)};
       })},
      {kOp, kMissingSignature, "SponsorDidNotSign", Inside("authors[0].account"),
       Changed(
           [](Scene& scene, codec::Record& record) {
             record.authors = {AuthorOf(scene, "keyless", base::kPpbOne)};
             record.custodial = true;
           },
           "steward2")},
      {kOp, kNotSponsor, "OneStewardWhereNobodySponsors", Inside("authors[0].account"),
       Changed(
           [](Scene& scene, codec::Record& record) {
             record.authors = {AuthorOf(scene, "orphan", base::kPpbOne)};
             record.custodial = true;
           },
           "steward")},
      {kOp, kCustodialFlag, "NotSaid", Inside("custodial"),
       Changed(
           [](Scene& scene, codec::Record& record) {
             record.authors = {AuthorOf(scene, "keyless", base::kPpbOne)};
           },
           "steward")},
      {kOp, kCustodialFlag, "SaidWithoutAny", Inside("custodial"),
       Changed([](Scene&, codec::Record& record) { record.custodial = true; })},
  };
}

std::vector<RejectionCase> ContentCases() {
  return {
      {kOp, kRecordExists, "TheSameBytes", At("record"),
       [](Scene& scene) {
         scene.Must("bob", {scene.chain.SubmitBytes(scene.GoodRecord())});
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(scene.GoodRecord())});
       }},
      {kOp, kContentTaken, "ByAnotherWork", Inside("content_sha256"),
       Changed([](Scene&, codec::Record& record) { record.content_sha256 = Content("base"); })},
      {kOp, kContentTaken, "ByAWorkOfAnotherKind", Inside("content_sha256"),
       Changed([](Scene&, codec::Record& record) {
         record.content_sha256 = Content("base");
         record.kind = codec::RecordKind::kDataset;
       })},
      {kOp, kContentTaken, "TheSameAnswerToTheSameParent", Inside("content_sha256"),
       [](Scene& scene) {
         auto record = scene.GoodRecord();
         record.kind = codec::RecordKind::kFeedback;
         scene.Must("bob", {scene.chain.SubmitBytes(record)});
         record.title = "again";
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {kOp, kExternalIdTaken, "InAnotherCase", Inside("external_id"),
       Changed([](Scene&, codec::Record& record) { record.external_id = "HF:oRG/nAME"; })},
      {kOp, kExternalIdInvalid, "WithoutAScheme", Inside("external_id"),
       Changed([](Scene&, codec::Record& record) { record.external_id = "name"; })},
      {kOp, kNoContent, "NeitherHashNorName", Inside("content_sha256"),
       Changed([](Scene&, codec::Record& record) { record.content_sha256.reset(); })},
      {kOp, kContentSize, "SizeWithoutHash", Inside("content_bytes"),
       Changed([](Scene&, codec::Record& record) {
         record.content_sha256.reset();
         record.external_id = "hf:some/name";
         record.content_bytes = 1;
       })},
      {kOp, kReservationUnknown, "NeverReserved", At("record.reservation_salt"),
       Changed([](Scene&, codec::Record& record) { record.reservation_salt = Content("x"); })},
  };
}

std::vector<RejectionCase> ParentCases() {
  return {
      {kOp, kParentUnknown, "NoSuchRecord", Inside("parents[0].record"),
       Changed([](Scene&, codec::Record& record) { record.parents[0].record.bytes[0] ^= 1; })},
      {kOp, kParentUnknown, "LaterInTheSameTransaction", Inside("parents[0].record"),
       [](Scene& scene) {
         const RecordSpec later{"later", {{"bob", base::kPpbOne}}, {}, 0};
         auto record = scene.GoodRecord();
         record.parents[0].record = scene.chain.RecordIdOf(later);
         return scene.chain.Sign("bob",
                                 {scene.chain.SubmitBytes(record), scene.chain.Submit(later)});
       }},
      {kOp, kParentTwice, "TheSameRecord", Inside("parents[1].record"),
       Changed([](Scene&, codec::Record& record) { record.parents.push_back(record.parents[0]); })},
      {kOp, kZeroWeight, "Zero", Inside("parents[0].weight"),
       Changed([](Scene&, codec::Record& record) { record.parents[0].weight = 0; })},
      {kOp, kShareRoundsToZero, "OneInTwoThousandMillion", At("record.parents[1].weight"),
       Changed([](Scene& scene, codec::Record& record) {
         record.parents[0].weight = 2'000'000'000;
         record.parents.push_back({scene.tuned_id, codec::Relation::kDerivedFrom, 1, std::nullopt});
       })},
      {kOp, kPassThroughWithoutParents, "OnePpb", Inside("pass_through_ppb"),
       Changed([](Scene&, codec::Record& record) {
         record.parents.clear();
         record.pass_through_ppb = base::Ppb(1);
       })},
      {kOp, kPpbRange, "PassThroughAboveTheWhole", Inside("pass_through_ppb"),
       Changed([](Scene&, codec::Record& record) {
         record.pass_through_ppb = base::Ppb(1'000'000'001);
       })},
      {kOp, kWireCount, "Parents1025", Inside("parents"),
       Changed([](Scene&, codec::Record& record) {
         const codec::Parent parent = record.parents[0];
         record.parents.assign(1025, parent);
       })},
  };
}

// base, with terms: R is 500,000,000 and so the least royalty 500,000.
base::RecordId WithTerms(Scene& scene, std::string_view name, const codec::Terms& terms) {
  RecordSpec spec{std::string(name), {{"ann", base::kPpbOne}}, {}, 0};
  spec.terms = terms;
  scene.Must("ann", {scene.chain.Submit(spec)});
  return scene.chain.RecordIdOf(spec);
}

codec::Terms TermsOf(uint32_t alpha_max, uint32_t royalty, uint32_t min_share) {
  return {base::Ppb(alpha_max), base::Ppb(royalty), base::Ppb(min_share)};
}

std::vector<RejectionCase> TermsCases() {
  return {
      {kOp, kPpbRange, "AlphaAboveTheWhole", Inside("terms.alpha_max_ppb"),
       Changed([](Scene&, codec::Record& record) { record.terms = TermsOf(1'000'000'001, 0, 0); })},
      {kOp, kRoyaltyTooSmall, "OneBelowAThousandthOfTheCap", At("record.terms.royalty_ppb"),
       Changed([](Scene&, codec::Record& record) { record.terms = TermsOf(0, 499'999, 0); })},
      {kOp, kRoyaltyCap, "OwnAboveTheCap", At("record.terms.royalty_ppb"),
       Changed([](Scene&, codec::Record& record) { record.terms = TermsOf(0, 500'000'001, 0); })},
      {kOp, kRoyaltyCap, "OfTwoParentsTogether", At("record.parents"),
       [](Scene& scene) {
         const auto one = WithTerms(scene, "one", TermsOf(0, 300'000'000, 0));
         const auto two = WithTerms(scene, "two", TermsOf(0, 200'000'001, 0));
         auto record = scene.GoodRecord();
         record.parents[0].record = one;
         record.parents.push_back({two, codec::Relation::kDerivedFrom, 1, std::nullopt});
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {kOp, kMinShare, "OnePpbTooFew", At("record.parents[0].weight"),
       [](Scene& scene) {
         auto record = scene.GoodRecord();
         record.parents[0].record = WithTerms(scene, "asking", TermsOf(0, 0, 500'000'001));
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {kOp, kMinShare, "NothingPassedThrough", At("record.parents[0].weight"),
       [](Scene& scene) {
         auto record = scene.GoodRecord();
         record.parents[0].record = WithTerms(scene, "asking", TermsOf(0, 0, 1));
         record.pass_through_ppb = base::Ppb(0);
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
  };
}

// Lowers terms (400,000,000, 300,000,000, 200,000,000) of a record of ann's.
std::function<Bytes(Scene&)> Lowered(const codec::Terms& terms, uint64_t epochs_ahead,
                                     std::string_view sender = "ann") {
  return [terms, epochs_ahead, sender](Scene& scene) {
    const auto record = WithTerms(scene, "asking", TermsOf(400'000'000, 300'000'000, 200'000'000));
    return scene.chain.Sign(sender, {scene.chain.Lower(record, terms, epochs_ahead)});
  };
}

std::vector<RejectionCase> LowerTermsCases() {
  const char op[] = "lower_terms";
  const auto at = [](const Bytes& leaf) { return "operations[0].lower_terms." + leaf; };
  return {
      {op, kRecordUnknown, "NoSuchRecord", at("record"),
       [](Scene& scene) {
         auto unknown = scene.base_id;
         unknown.bytes[0] ^= 1;
         return scene.chain.Sign("ann", {scene.chain.Lower(unknown, {}, 1)});
       }},
      {op, kNotAuthor, "AnotherSigned", at("record"), Lowered(TermsOf(0, 0, 0), 1, "bob")},
      {op, kNotAuthor, "OneStewardWhereNobodySponsors", at("record"),
       [](Scene& scene) {
         RecordSpec spec{"theirs", {{"orphan", base::kPpbOne}}, {}, 0};
         spec.custodial = true;
         spec.terms = TermsOf(1, 0, 0);
         scene.Must("steward", {scene.chain.Submit(spec)}, {"steward2"});
         return scene.chain.Sign("steward",
                                 {scene.chain.Lower(scene.chain.RecordIdOf(spec), {}, 1)});
       }},
      {op, kEffectiveEpoch, "TheCurrentOne", at("effective_epoch"), Lowered(TermsOf(0, 0, 0), 0)},
      {op, kEffectiveEpoch, "BeforeTheLastLowering", at("effective_epoch"),
       [](Scene& scene) {
         const auto record = WithTerms(scene, "asking", TermsOf(0, 300'000'000, 0));
         scene.Must("ann", {scene.chain.Lower(record, TermsOf(0, 200'000'000, 0), 2)});
         return scene.chain.Sign("ann", {scene.chain.Lower(record, {}, 1)});
       }},
      {op, kTermsRaised, "AlphaMax", at("terms.alpha_max_ppb"),
       Lowered(TermsOf(400'000'001, 0, 0), 1)},
      {op, kTermsRaised, "Royalty", at("terms.royalty_ppb"),
       Lowered(TermsOf(400'000'000, 300'000'001, 0), 1)},
      {op, kTermsRaised, "MinShare", at("terms.min_share_ppb"),
       Lowered(TermsOf(0, 0, 200'000'001), 1)},
      {op, kTermsRaised, "AboveTheLastLowering", at("terms.royalty_ppb"),
       [](Scene& scene) {
         const auto record = WithTerms(scene, "asking", TermsOf(0, 300'000'000, 0));
         scene.Must("ann", {scene.chain.Lower(record, TermsOf(0, 200'000'000, 0), 1)});
         return scene.chain.Sign("ann", {scene.chain.Lower(record, TermsOf(0, 200'000'001, 0), 1)});
       }},
      {op, kTermsUnchanged, "AsTheyAre", at("terms"),
       Lowered(TermsOf(400'000'000, 300'000'000, 200'000'000), 1)},
      {op, kRoyaltyTooSmall, "OneBelowAThousandthOfTheCap", at("terms.royalty_ppb"),
       Lowered(TermsOf(0, 499'999, 0), 1)},
      {op, kPpbRange, "AboveTheWhole", at("terms.min_share_ppb"),
       Lowered(TermsOf(0, 0, 1'000'000'001), 1)},
  };
}

}  // namespace

std::vector<RejectionCase> RecordCases() {
  std::vector<RejectionCase> all = AuthorCases();
  for (const auto& cases : {ContentCases(), ParentCases(), TermsCases(), LowerTermsCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
