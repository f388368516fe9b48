#include "unit/state/court.h"

namespace tributary::testing {

constexpr uint64_t kEpochMs = 1'000'000;
constexpr uint32_t kTenth = 100'000'000;

void HoldCourt(Scene& scene) {
  std::vector<codec::Operation> people = {scene.chain.Register("cat"), scene.chain.Register("dan")};
  std::vector<std::string> others = {"dan", "arbiter"};
  for (int i = 0; i < 7; ++i) {
    others.push_back("p" + std::to_string(i));
    people.push_back(scene.chain.Register(scene.chain.arena().Keep(others.back())));
  }
  scene.Must("steward", people);
  RecordSpec own{"own", {{"cat", kTenth}}, {}, 0};
  for (const std::string& handle : others) own.authors.emplace_back(handle, kTenth);
  scene.Must("cat", {scene.chain.Submit(own)}, others);
  scene.Must("reporter",
             {scene.chain.Revenue(scene.chain.RecordIdOf(own), 1'000'000'000, "own-1")});
  scene.chain.Advance(2 * kEpochMs);
  scene.chain.Commit();
}

codec::Candidate AuthorsVector(const Scene& scene, const Shares& shares) {
  codec::Candidate candidate;
  for (const auto& [handle, share] : shares) {
    candidate.lines.push_back({base::Hash{scene.chain.IdOf(handle).bytes}, base::Ppb(share)});
  }
  return candidate;
}

codec::Candidate LinesVector(const std::vector<std::pair<base::RecordId, uint32_t>>& shares,
                             uint32_t kept) {
  codec::Candidate candidate;
  for (const auto& [record, share] : shares) {
    candidate.lines.push_back({base::Hash{record.bytes}, base::Ppb(share)});
  }
  candidate.kept_ppb = base::Ppb(kept);
  return candidate;
}

codec::OpenCase OpenOn(const base::RecordId& record, codec::CaseKind kind,
                       const codec::Candidate& candidate) {
  codec::OpenCase open;
  open.subject = base::Hash{record.bytes};
  open.kind = kind;
  open.candidate = candidate;
  open.currency = "USD";
  open.evidence_sha256.bytes[0] = 1;
  return open;
}

codec::OpenCase OpenAuthorship(const Scene& scene, const std::string& handle) {
  return OpenOn(scene.tuned_id, codec::CaseKind::kAuthorship,
                AuthorsVector(scene, {{"bob", 0}, {handle, base::kPpbOne}}));
}

codec::OpenCase OpenEdge(const Scene& scene) {
  return OpenOn(scene.tuned_id, codec::CaseKind::kEdge,
                LinesVector({{scene.base_id, 700'000'000}}, 300'000'000));
}

codec::JoinCase JoinWith(const codec::Candidate& candidate) {
  codec::JoinCase join;
  join.candidate = candidate;
  join.currency = "USD";
  join.evidence_sha256.bytes[0] = 2;
  return join;
}

codec::RespondToCase Answer() {
  codec::RespondToCase respond;
  respond.statement_sha256.bytes[0] = 3;
  return respond;
}

codec::RuleCase RuleWith(const std::vector<uint32_t>& claims) {
  codec::RuleCase rule;
  rule.reasons_sha256.bytes[0] = 4;
  for (const uint32_t claim : claims) rule.choices.push_back({claim});
  return rule;
}

codec::AgreeCase AgreeOn(const codec::Candidate& outcome) { return {0, outcome}; }

}  // namespace tributary::testing
