// Rejections of the operations on cases.
#include <set>

#include "unit/state/court.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;
using codec::CaseKind;

using Make = std::function<codec::Operation(Scene&)>;

// In court, after `before`; signed by `signers`, the first of whom sends.
std::function<Bytes(Scene&)> InCourt(const std::vector<std::string>& signers, Make make,
                                     std::function<void(Scene&)> before = {}) {
  return [signers, make = std::move(make), before = std::move(before)](Scene& scene) {
    HoldCourt(scene);
    if (before) before(scene);
    return scene.chain.Sign(signers[0], {make(scene)}, {signers.begin() + 1, signers.end()});
  };
}

void Opened(Scene& scene) { scene.Must("cat", {OpenAuthorship(scene)}); }
void OpenedEdge(Scene& scene) { scene.Must("cat", {OpenEdge(scene)}); }
void Answered(Scene& scene) {
  Opened(scene);
  scene.Must("bob", {Answer()});
}
void Ended(Scene& scene) {
  Opened(scene);
  scene.Must("cat", {codec::WithdrawClaim{0}});
}

codec::Candidate Half(Scene& scene) {
  return AuthorsVector(scene, {{"bob", 500'000'000}, {"cat", 500'000'000}});
}

// A record that was admitted after tuned.
base::RecordId Later(Scene& scene) {
  const RecordSpec late{"later", {{"dan", base::kPpbOne}}, {}, 0};
  scene.Must("dan", {scene.chain.Submit(late)});
  return scene.chain.RecordIdOf(late);
}

// What a candidate can have wrong: of open_case, join_case (as p0) and agree_case.
struct BadCandidate {
  base::RejectionCode code;
  std::string what;
  std::string leaf;  // below the candidate
  bool authors;
  std::function<codec::Candidate(Scene&)> make;
};

std::vector<BadCandidate> BadCandidates() {
  return {
      {kPpbRange, "AShareAboveTheWhole", ".lines[0].share_ppb", true,
       [](Scene& s) {
         return AuthorsVector(s, {{"bob", base::kPpbOne + 1}});
       }},
      {kUnknownAccount, "NoSuchAccount", ".lines[0].subject", true,
       [](Scene&) {
         return LinesVector({{base::RecordId{}, base::kPpbOne}}, 0);
       }},
      {kCandidateInvalid, "ALineTwice", ".lines[1].subject", true,
       [](Scene& s) {
         return AuthorsVector(s, {{"bob", 1}, {"bob", base::kPpbOne - 1}});
       }},
      {kCandidateInvalid, "ALineNotNamed", ".lines", true,
       [](Scene& s) {
         return AuthorsVector(s, {{"cat", base::kPpbOne}});
       }},
      {kCandidateInvalid, "AuthorsThatKeep", ".kept_ppb", true,
       [](Scene& s) {
         codec::Candidate candidate = AuthorsVector(s, {{"bob", 1}, {"cat", base::kPpbOne - 2}});
         candidate.kept_ppb = base::Ppb(1);
         return candidate;
       }},
      {kCandidateInvalid, "OneTooFew", ".lines", true,
       [](Scene& s) {
         return AuthorsVector(s, {{"bob", 0}, {"cat", base::kPpbOne - 1}});
       }},
      {kCandidateInvalid, "OneTooMany", ".lines", true,
       [](Scene& s) {
         return AuthorsVector(s, {{"bob", 1}, {"cat", base::kPpbOne}});
       }},
      {kRecordUnknown, "NoSuchParent", ".lines[0].subject", false,
       [](Scene&) {
         return LinesVector({{base::RecordId{}, 1}}, base::kPpbOne - 1);
       }},
      {kParentLater, "ALaterParent", ".lines[1].subject", false,
       [](Scene& s) {
         return LinesVector({{s.base_id, 1}, {Later(s), 1}}, base::kPpbOne - 2);
       }},
      {kCaseSubject, "AParentThatItDoesNotHave", ".lines[1].subject", false,
       [](Scene& s) {
         return LinesVector({{s.base_id, 1}, {s.named_id, 1}}, base::kPpbOne - 2);
       }},
  };
}

void AddCandidateCases(std::vector<RejectionCase>& cases) {
  for (const BadCandidate& bad : BadCandidates()) {
    const auto make = bad.make;
    const bool authors = bad.authors;
    const auto opened = authors ? Opened : OpenedEdge;
    cases.push_back(
        {"open_case", bad.code, bad.what, "operations[0].open_case.candidate" + bad.leaf,
         InCourt({"cat"}, [make, authors](Scene& s) {
           return OpenOn(s.tuned_id, authors ? CaseKind::kAuthorship : CaseKind::kEdge, make(s));
         })});
    cases.push_back({"join_case", bad.code, bad.what,
                     "operations[0].join_case.candidate" + bad.leaf,
                     InCourt(
                         {"p0"}, [make](Scene& s) { return JoinWith(make(s)); }, opened)});
    cases.push_back({"agree_case", bad.code, bad.what,
                     "operations[0].agree_case.outcome" + bad.leaf,
                     InCourt(
                         {"bob", "cat"}, [make](Scene& s) { return AgreeOn(make(s)); }, opened)});
  }
}

std::vector<RejectionCase> OpenCases() {
  const auto at = [](const Bytes& leaf) { return "operations[0].open_case." + leaf; };
  const auto changed = [](auto change) {
    return InCourt({"cat"}, [change](Scene& s) {
      codec::OpenCase open = OpenAuthorship(s);
      change(s, open);
      return open;
    });
  };
  return {
      {"open_case", kNotYetInForce, "OnAnAccount", at("kind"),
       changed([](Scene&, codec::OpenCase& open) { open.kind = CaseKind::kAccount; })},
      {"open_case", kRecordUnknown, "NoSuchRecord", at("subject"),
       changed([](Scene&, codec::OpenCase& open) { open.subject = {}; })},
      {"open_case", kCandidateInvalid, "NoCandidate", at("candidate"),
       changed([](Scene&, codec::OpenCase& open) { open.candidate.reset(); })},
      {"open_case", kCandidateInvalid, "TheStatusQuo", at("candidate"),
       changed([](Scene& s, codec::OpenCase& open) {
         open.candidate = AuthorsVector(s, {{"bob", base::kPpbOne}});
       })},
      {"open_case", kCurrencyUnknown, "NoSuchCurrency", at("currency"),
       changed([](Scene&, codec::OpenCase& open) { open.currency = "XXX"; })},
      {"open_case", kBondTooSmall, "NothingInThatCurrency", at("currency"),
       changed([](Scene&, codec::OpenCase& open) { open.currency = "EUR"; })},
      {"open_case", kCaseOpen, "OneOfTheLevelIsOpen", at("subject"),
       InCourt(
           {"dan"}, [](Scene& s) { return OpenAuthorship(s, "dan"); }, Opened)},
      {"open_case", kCaseOpen, "AnEndedOneWaits", at("subject"),
       InCourt(
           {"dan"}, [](Scene& s) { return OpenAuthorship(s, "dan"); },
           [](Scene& s) {
             Opened(s);
             s.Must("p0", {OpenEdge(s)});
             s.Must("cat", {codec::WithdrawClaim{0}});
           })},
      {"open_case", kAlreadyClaimed, "ClaimedBefore", at("subject"),
       InCourt(
           {"cat"}, [](Scene& s) { return OpenAuthorship(s); }, Ended)},
  };
}

void NineClaim(Scene& scene) {
  Opened(scene);
  for (const char* handle : {"p0", "p1", "p2", "p3", "p4", "p5", "p6"}) {
    scene.Must(handle, {JoinWith(Half(scene))});
  }
}

std::vector<RejectionCase> JoinCases() {
  const auto at = [](const Bytes& leaf) { return "operations[0].join_case." + leaf; };
  const Make half = [](Scene& s) { return JoinWith(Half(s)); };
  return {
      {"join_case", kCaseUnknown, "NoSuchCase", at("case_number"), InCourt({"p0"}, half)},
      {"join_case", kCaseClosed, "ItHasEnded", at("case_number"), InCourt({"p0"}, half, Ended)},
      {"join_case", kAlreadyClaimed, "ClaimedBefore", at("case_number"),
       InCourt({"cat"}, half, Opened)},
      {"join_case", kTooManyClaims, "TheNinth", at("case_number"),
       InCourt({"dan"}, half, NineClaim)},
      {"join_case", kCandidateInvalid, "NoCandidate", at("candidate"),
       InCourt(
           {"p0"},
           [](Scene& s) {
             codec::JoinCase join = JoinWith(Half(s));
             join.candidate.reset();
             return join;
           },
           Opened)},
      {"join_case", kCandidateInvalid, "TheStatusQuo", at("candidate"),
       InCourt(
           {"p0"},
           [](Scene& s) {
             return JoinWith(AuthorsVector(s, {{"bob", base::kPpbOne}}));
           },
           Opened)},
      {"join_case", kCurrencyUnknown, "NoSuchCurrency", at("currency"),
       InCourt(
           {"p0"},
           [](Scene& s) {
             codec::JoinCase join = JoinWith(Half(s));
             join.currency = "XXX";
             return join;
           },
           Opened)},
      {"join_case", kBondTooSmall, "NothingToTakeItFrom", at("currency"),
       InCourt({"ann"}, half, Opened)},
  };
}

// 600,000 minor units wait to be settled by tuned when the case on its authors is opened, and have
// been when this returns.
void WithAPot(Scene& scene) {
  scene.Must("reporter", {scene.chain.Revenue(scene.tuned_id, 1'000'000, "contested")});
  const auto row = scene.chain.Row();
  scene.chain.AdvanceTo(row.epoch_end_ms + 1'000'000 - 10'000);
  scene.Must("cat", {OpenOn(scene.tuned_id, CaseKind::kAuthorship, Half(scene))});
  scene.chain.Advance(20'000);
}

std::vector<RejectionCase> LaterSteps() {
  const auto respond = [](Scene&) { return Answer(); };
  const auto withdraw = [](Scene&) { return codec::WithdrawClaim{0}; };
  const auto agree = [](Scene& s) { return AgreeOn(Half(s)); };
  const auto reject = [](Scene&) { return RuleWith({0}); };
  const auto at = [](const Bytes& operation) { return "operations[0]." + operation; };
  return {
      {"respond_to_case", kCaseUnknown, "NoSuchCase", at("respond_to_case.case_number"),
       InCourt({"bob"}, respond)},
      {"respond_to_case", kCaseClosed, "ItHasEnded", at("respond_to_case.case_number"),
       InCourt({"bob"}, respond, Ended)},
      {"respond_to_case", kCaseAnswered, "Twice", at("respond_to_case.case_number"),
       InCourt({"bob"}, respond, Answered)},
      {"respond_to_case", kNotParty, "NoHolderOfALineThatFalls", at("respond_to_case.case_number"),
       InCourt({"dan"}, respond, Opened)},
      {"withdraw_claim", kCaseUnknown, "NoSuchCase", at("withdraw_claim.case_number"),
       InCourt({"cat"}, withdraw)},
      {"withdraw_claim", kCaseClosed, "ItHasEnded", at("withdraw_claim.case_number"),
       InCourt({"cat"}, withdraw, Ended)},
      {"withdraw_claim", kNotParty, "NoClaimOfTheirs", at("withdraw_claim.case_number"),
       InCourt({"bob"}, withdraw, Opened)},
      {"agree_case", kCaseUnknown, "NoSuchCase", at("agree_case.case_number"),
       InCourt({"bob", "cat"}, agree)},
      {"agree_case", kCaseClosed, "ItHasEnded", at("agree_case.case_number"),
       InCourt({"bob", "cat"}, agree, Ended)},
      {"agree_case", kLineFalls, "WithoutTheHolder", at("agree_case.outcome"),
       InCourt({"cat"}, agree, Opened)},
      {"agree_case", kMissingSignature, "WithoutTheClaimant", at("agree_case.outcome"),
       InCourt({"bob"}, agree, Opened)},
      {"agree_case", kAgreementTakesBack, "LessThanTheLeastShare", at("agree_case.outcome"),
       InCourt(
           {"bob", "cat"},
           [](Scene& s) {
             return AgreeOn(AuthorsVector(s, {{"bob", 1}, {"cat", base::kPpbOne - 1}}));
           },
           WithAPot)},
      {"rule_case", kCaseUnknown, "NoSuchCase", at("rule_case.case_number"),
       InCourt({"arbiter"}, reject)},
      {"rule_case", kCaseClosed, "ItHasEnded", at("rule_case.case_number"),
       InCourt({"arbiter"}, reject, Ended)},
      {"rule_case", kCaseUnanswered, "BeforeTheAnswer", at("rule_case.case_number"),
       InCourt({"arbiter"}, reject, Opened)},
      {"rule_case", kThreshold, "NoArbiter", at("rule_case.case_number"),
       InCourt({"dan"}, reject, Answered)},
      {"rule_case", kArbiterTied, "TheArbiterIsAClaimant", at("rule_case.case_number"),
       InCourt({"arbiter"}, reject,
               [](Scene& s) {
                 s.Must("arbiter", {OpenAuthorship(s)});
                 s.Must("bob", {Answer()});
               })},
      {"rule_case", kCaseChoices, "OneTooMany", at("rule_case.choices"),
       InCourt(
           {"arbiter"},
           [](Scene&) {
             return RuleWith({0, 0});
           },
           Answered)},
      {"rule_case", kCaseChoices, "AClaimThatIsNotThere", at("rule_case.choices[0].claim"),
       InCourt(
           {"arbiter"}, [](Scene&) { return RuleWith({2}); }, Answered)},
      {"rule_case", kCaseChoices, "AClaimBeforeItJoined", at("rule_case.choices[0].claim"),
       InCourt(
           {"arbiter"},
           [](Scene&) {
             return RuleWith({2, 2});
           },
           [](Scene& s) {
             Answered(s);
             s.Must("p0", {JoinWith(Half(s))});
           })},
      {"amend_record", kCaseOpen, "ACaseIsOpen", at("amend_record.record"),
       InCourt(
           {"bob"}, [](Scene& s) { return s.GoodAmendment(); }, Opened)},
      {"withdraw_amendment", kCaseOpen, "ACaseIsOpen", at("withdraw_amendment.record"),
       InCourt(
           {"bob"},
           [](Scene& s) {
             return codec::WithdrawAmendment{s.tuned_id, base::Epoch(s.chain.Row().epoch + 1)};
           },
           [](Scene& s) {
             s.Must("bob", {s.GoodAmendment()});
             Opened(s);
           })},
  };
}

}  // namespace

std::vector<RejectionCase> DisputeCases() {
  std::vector<RejectionCase> all;
  AddCandidateCases(all);
  for (const auto& cases : {OpenCases(), JoinCases(), LaterSteps()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
