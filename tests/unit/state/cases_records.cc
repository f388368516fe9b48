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
      {kOp, kNotYetInForce, "Terms", At("record.terms"),
       Changed([](Scene&, codec::Record& record) { record.terms.royalty_ppb = base::Ppb(1); })},
      {kOp, kNotYetInForce, "Reservation", At("record.reservation_salt"),
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
      {kOp, kShareRoundsToZero, "NothingPassedThrough", At("record.parents[0].weight"),
       Changed([](Scene&, codec::Record& record) { record.pass_through_ppb = base::Ppb(0); })},
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

}  // namespace

std::vector<RejectionCase> RecordCases() {
  std::vector<RejectionCase> all = AuthorCases();
  for (const auto& cases : {ContentCases(), ParentCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
