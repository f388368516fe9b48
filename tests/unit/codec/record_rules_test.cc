#include "unit/codec/messages.h"

namespace tributary::codec {
namespace {

template <class M, class V>
std::string RecordWith(M Record::*member, V value) {
  return Verdict(With(SmallRecord(), member, std::move(value)));
}

std::string ParentWith(Parent parent) {
  return RecordWith(&Record::parents, std::vector<Parent>{parent});
}

TEST(RecordRulesTest, HasOneTo64Authors) {
  using Authors = std::vector<Author>;
  EXPECT_EQ(RecordWith(&Record::authors, Authors()), Refused(kNoAuthors, "authors"));
  EXPECT_EQ(RecordWith(&Record::authors, Authors(1, OneAuthor())), "ok");
  EXPECT_EQ(RecordWith(&Record::authors, Authors(64, OneAuthor())), "ok");
  EXPECT_EQ(RecordWith(&Record::authors, Authors(65, OneAuthor())), Refused(kWireCount, "authors"));
}

TEST(RecordRulesTest, AnAuthorsShareIsOneToTheWhole) {
  const auto share = [](uint32_t ppb) {
    return RecordWith(&Record::authors,
                      std::vector<Author>{{Filled<base::AccountId>(1), base::Ppb(ppb)}});
  };
  EXPECT_EQ(share(0), Refused(kWireMissing, "authors[0].share_ppb"));
  EXPECT_EQ(share(1), "ok");
  EXPECT_EQ(share(1'000'000'000), "ok");
  EXPECT_EQ(share(1'000'000'001), Refused(kPpbRange, "authors[0].share_ppb"));
}

TEST(RecordRulesTest, HasAtMost1024Parents) {
  using Parents = std::vector<Parent>;
  EXPECT_EQ(RecordWith(&Record::parents, Parents(1'024, OneParent())), "ok");
  EXPECT_EQ(RecordWith(&Record::parents, Parents(1'025, OneParent())),
            Refused(kWireCount, "parents"));
}

TEST(RecordRulesTest, AParentHasWeightAndRelation) {
  EXPECT_EQ(ParentWith(OneParent()), "ok");
  EXPECT_EQ(ParentWith(With(OneParent(), &Parent::weight, 0u)),
            Refused(kZeroWeight, "parents[0].weight"));
  EXPECT_EQ(ParentWith(With(OneParent(), &Parent::weight, ~uint32_t{0})), "ok");
  EXPECT_EQ(ParentWith(With(OneParent(), &Parent::relation, Relation::kUnspecified)),
            Refused(kWireMissing, "parents[0].relation"));
  EXPECT_EQ(ParentWith(With(OneParent(), &Parent::relation, Relation::kOther)), "ok");
  EXPECT_EQ(ParentWith(With(OneParent(), &Parent::relation, Relation{22})),
            Refused(kWireEnum, "parents[0].relation"));
}

TEST(RecordRulesTest, EvidenceNamesAMethodOfAtMost40Bytes) {
  const auto evidence = [](const std::string& method) {
    Evidence value;
    value.method = method;
    value.score_nano = -5;
    return ParentWith(With(OneParent(), &Parent::evidence, std::optional<Evidence>(value)));
  };
  EXPECT_EQ(evidence(""), Refused(kWireMissing, "parents[0].evidence.method"));
  EXPECT_EQ(evidence("m"), "ok");
  EXPECT_EQ(evidence(Wide(40)), "ok");
  EXPECT_EQ(evidence(Wide(41)), Refused(kWireLength, "parents[0].evidence.method"));
}

TEST(RecordRulesTest, TextsHaveTheirLengths) {
  const struct {
    std::string_view Record::*member;
    std::string_view name;
    size_t max;
  } texts[] = {{&Record::media_type, "media_type", 100},
               {&Record::licence, "licence", 100},
               {&Record::title, "title", 200},
               {&Record::uri, "uri", 500}};
  for (const auto& text : texts) {
    const std::string longest = Wide(text.max);
    const std::string longer = Wide(text.max + 1);
    EXPECT_EQ(RecordWith(text.member, std::string_view()), "ok");
    EXPECT_EQ(RecordWith(text.member, std::string_view(longest)), "ok");
    EXPECT_EQ(RecordWith(text.member, std::string_view(longer)), Refused(kWireLength, text.name));
  }
}

TEST(RecordRulesTest, AnExternalIdHasItsForm) {
  const std::string longest = "hf:" + Wide(197);
  const std::string longer = "hf:" + Wide(198);
  EXPECT_EQ(RecordWith(&Record::external_id, "hf:Owner/Name"), "ok");
  EXPECT_EQ(RecordWith(&Record::external_id, ""), "ok");
  EXPECT_EQ(RecordWith(&Record::external_id, longest), "ok");
  for (const std::string_view bad : {std::string_view(longer), std::string_view("name"),
                                     std::string_view("a:"), std::string_view("hf:a b")}) {
    EXPECT_EQ(RecordWith(&Record::external_id, bad), Refused(kExternalIdInvalid, "external_id"));
  }
}

TEST(RecordRulesTest, SharesAreAtMostTheWhole) {
  const base::Ppb whole(1'000'000'000);
  const base::Ppb above(1'000'000'001);
  EXPECT_EQ(RecordWith(&Record::pass_through_ppb, whole), "ok");
  EXPECT_EQ(RecordWith(&Record::pass_through_ppb, above), Refused(kPpbRange, "pass_through_ppb"));
  EXPECT_EQ(RecordWith(&Record::terms, Terms{whole, whole, whole}), "ok");
  EXPECT_EQ(RecordWith(&Record::terms, Terms{above, whole, whole}),
            Refused(kPpbRange, "terms.alpha_max_ppb"));
  EXPECT_EQ(RecordWith(&Record::terms, Terms{whole, above, whole}),
            Refused(kPpbRange, "terms.royalty_ppb"));
  EXPECT_EQ(RecordWith(&Record::terms, Terms{whole, whole, above}),
            Refused(kPpbRange, "terms.min_share_ppb"));
}

TEST(RecordRulesTest, ASketchIsEmptyOrWholeMinima) {
  const auto sketch = [](size_t size) {
    const std::string bytes = Wide(size);
    return RecordWith(&Record::sketch, base::AsBytes(bytes));
  };
  EXPECT_EQ(sketch(0), "ok");
  EXPECT_EQ(sketch(120), Refused(kWireLength, "sketch"));
  EXPECT_EQ(sketch(128), "ok");
  EXPECT_EQ(sketch(132), Refused(kWireLength, "sketch"));
  EXPECT_EQ(sketch(1'024), "ok");
  EXPECT_EQ(sketch(1'032), Refused(kWireLength, "sketch"));
}

TEST(RecordRulesTest, KeepsEveryValue) {
  Record record = SmallRecord();
  record.content_sha256 = Filled<base::Hash>(7);
  record.content_bytes = 1'234;
  record.media_type = "text/plain";
  record.licence = "Apache-2.0";
  record.title = "Title";
  record.uri = "https://example.org/";
  record.declared_ms = base::TimeMs(5);
  record.parents = {OneParent()};
  record.parents[0].evidence =
      Evidence{"trak", -1'500'000'000, Filled<base::Hash>(8), Filled<base::AccountId>(9)};
  record.pass_through_ppb = base::Ppb(500'000'000);
  record.terms = {base::Ppb(1), base::Ppb(2), base::Ppb(3)};
  record.custodial = true;
  const std::string minima(128, 'm');
  record.sketch = base::AsBytes(minima);
  record.reservation_salt = Filled<base::Hash>(10);
  const std::string bytes = Encode(record);
  const auto decoded = Decode<Record>(base::AsBytes(bytes));
  ASSERT_TRUE(decoded.ok()) << decoded.rejection().ToString();
  EXPECT_EQ(decoded->kind, RecordKind::kModel);
  EXPECT_EQ(decoded->authors, record.authors);
  EXPECT_EQ(decoded->content_sha256, record.content_sha256);
  EXPECT_EQ(decoded->content_bytes, 1'234u);
  EXPECT_EQ(decoded->external_id, "hf:owner/name");
  EXPECT_EQ(decoded->media_type, "text/plain");
  EXPECT_EQ(decoded->licence, "Apache-2.0");
  EXPECT_EQ(decoded->title, "Title");
  EXPECT_EQ(decoded->uri, "https://example.org/");
  EXPECT_EQ(decoded->declared_ms, base::TimeMs(5));
  EXPECT_EQ(decoded->parents, record.parents);
  EXPECT_EQ(decoded->pass_through_ppb, record.pass_through_ppb);
  EXPECT_EQ(decoded->terms, record.terms);
  EXPECT_TRUE(decoded->custodial);
  EXPECT_EQ(base::AsText(decoded->sketch), minima);
  EXPECT_EQ(decoded->reservation_salt, record.reservation_salt);
}

Registration SmallRegistration() {
  Registration registration;
  registration.handle = "ann";
  return registration;
}

TEST(RegistrationRulesTest, AHandleHasItsForm) {
  const std::string longest = Wide(64);
  const std::string longer = Wide(65);
  EXPECT_EQ(Verdict(With(SmallRegistration(), &Registration::handle, longest)), "ok");
  for (const std::string_view bad : {std::string_view(longer), std::string_view(),
                                     std::string_view("Ann"), std::string_view("-ann")}) {
    EXPECT_EQ(Verdict(With(SmallRegistration(), &Registration::handle, bad)),
              Refused(kHandleInvalid, "handle"));
  }
}

TEST(RegistrationRulesTest, SponsorAndKeyMayBeLeftOut) {
  Registration registration = SmallRegistration();
  EXPECT_EQ(Verdict(registration), "ok");
  registration.sponsor = Filled<base::AccountId>(1);
  registration.public_key = Filled<base::PublicKey>(2);
  EXPECT_EQ(Verdict(registration), "ok");
  const std::string bytes = Encode(registration);
  const auto decoded = Decode<Registration>(base::AsBytes(bytes));
  EXPECT_EQ(decoded->sponsor, registration.sponsor);
  EXPECT_EQ(decoded->public_key, registration.public_key);
}

TEST(RegistrationRulesTest, ASaltHasAtMost32Bytes) {
  const std::string longest = Wide(32);
  const std::string longer = Wide(33);
  EXPECT_EQ(Verdict(With(SmallRegistration(), &Registration::salt, base::AsBytes(longest))), "ok");
  EXPECT_EQ(Verdict(With(SmallRegistration(), &Registration::salt, base::AsBytes(longer))),
            Refused(kWireLength, "salt"));
}

AttributionClaim SmallClaim() {
  AttributionClaim claim;
  claim.reference = "r";
  claim.method = "trak";
  claim.alpha_ppb = base::Ppb(1);
  claim.influences = {{Filled<base::RecordId>(1), 1}};
  return claim;
}

TEST(AttributionClaimRulesTest, DirectsAPartAboveZeroToOneTo1024Records) {
  using Influences = std::vector<Influence>;
  const auto influences = [](size_t count, uint32_t weight) {
    return Verdict(With(SmallClaim(), &AttributionClaim::influences,
                        Influences(count, {Filled<base::RecordId>(1), weight})));
  };
  EXPECT_EQ(Verdict(SmallClaim()), "ok");
  EXPECT_EQ(Verdict(With(SmallClaim(), &AttributionClaim::alpha_ppb, base::Ppb(0))),
            Refused(kWireMissing, "alpha_ppb"));
  EXPECT_EQ(Verdict(With(SmallClaim(), &AttributionClaim::alpha_ppb, base::Ppb(1'000'000'001))),
            Refused(kPpbRange, "alpha_ppb"));
  EXPECT_EQ(influences(0, 1), Refused(kWireMissing, "influences"));
  EXPECT_EQ(influences(1'024, 1), "ok");
  EXPECT_EQ(influences(1'025, 1), Refused(kWireCount, "influences"));
  EXPECT_EQ(influences(2, 0), Refused(kZeroWeight, "influences[0].weight"));
}

}  // namespace
}  // namespace tributary::codec
