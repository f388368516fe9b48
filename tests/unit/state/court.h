// A scene in which people can afford a dispute.
#ifndef TRIBUTARY_TESTS_UNIT_STATE_COURT_H_
#define TRIBUTARY_TESTS_UNIT_STATE_COURT_H_

#include <string>
#include <utility>
#include <vector>

#include "unit/state/rejection_cases.h"

namespace tributary::testing {

// Ten accounts (cat, dan, arbiter and p0..p6) have earned 99,000,000 USD minor units each with a
// record of their own; a bond is 1,000,000. Cases are on tuned (bob; 40 % to base, of ann).
void HoldCourt(Scene& scene);

using Shares = std::vector<std::pair<std::string, uint32_t>>;
codec::Candidate AuthorsVector(const Scene& scene, const Shares& shares);
codec::Candidate LinesVector(const std::vector<std::pair<base::RecordId, uint32_t>>& shares,
                             uint32_t kept);

codec::OpenCase OpenOn(const base::RecordId& record, codec::CaseKind kind,
                       const codec::Candidate& candidate);
// tuned belongs to `handle`; base deserves 70 % of it.
codec::OpenCase OpenAuthorship(const Scene& scene, const std::string& handle = "cat");
codec::OpenCase OpenEdge(const Scene& scene);
codec::JoinCase JoinWith(const codec::Candidate& candidate);
codec::RespondToCase Answer();
codec::RuleCase RuleWith(const std::vector<uint32_t>& claims);
codec::AgreeCase AgreeOn(const codec::Candidate& outcome);

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_UNIT_STATE_COURT_H_
