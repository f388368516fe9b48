// Pools: pages of members, and versions that lead to pages.
//
// A page is a record of at most 1,000 members. A version of a pool is a record whose parents are
// the version before it and the pages that it adds, each with the sum of its members' weights, so
// that every member has the same part for the same weight; or, without a version before it, pages
// alone (two levels). Everything that flows into a version or a page passes on. The bytes of these
// records depend on pool, curator and members only: whoever makes them again makes the same.
// docs/rewards.md states how exact the shares are.
#ifndef TRIBUTARY_CLI_POOL_PLAN_H_
#define TRIBUTARY_CLI_POOL_PLAN_H_

#include <cstdint>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tributary/base/types.h"
#include "tributary/client/record.h"

namespace tributary::cli {

inline constexpr size_t kPageMembersMax = 1'000;
inline constexpr size_t kVersionPagesMax = 1'000;
inline constexpr uint64_t kPoolWeightMax = UINT32_MAX;  // of all members together

// A line of a file of members.
struct MemberLine {
  std::string record;  // as a person writes a record
  uint32_t weight = 1;
};

// One member on each line: RECORD, and after a space its weight where it is not 1. Empty lines and
// those that start with "# " are left out.
// Errors: kInvalidArgument (exit code 1) with file, line and what is wrong; no member at all.
absl::StatusOr<std::vector<MemberLine>> ParseMembers(std::istream& in, const std::string& path);
absl::StatusOr<std::vector<MemberLine>> ReadMembers(const std::string& path);

struct Member {
  base::RecordId record;
  uint32_t weight = 1;
  friend bool operator==(const Member&, const Member&) = default;
};

// What a page or version leads to, and what it weighs as a whole.
struct PoolPart {
  client::RecordBuilder record;
  base::RecordId id;
  uint32_t weight = 0;
};

// Who makes the records of a pool, and what it is called.
struct Curator {
  base::AccountId account;
  std::string pool;  // 1..60 of a-z 0-9 . - _
};

// kInvalidArgument where the name is none.
absl::Status CheckPoolName(const std::string& name);
// "pool:NAME/3".
std::string VersionName(std::string_view pool, uint64_t version);

// Pages of the members in order of their ids, as full as can be; none depends on the order of
// `members`. Errors: kInvalidArgument: a member stands twice; the weights exceed kPoolWeightMax; a
// member is too light for its page, so that its share there would round to zero.
absl::StatusOr<std::vector<PoolPart>> MakePages(const Curator& curator,
                                                std::vector<Member> members);

// Version `number` over `parts`: the version before it, if any, and pages.
// Errors: kInvalidArgument: more than kVersionPagesMax pages (and one version); weights as above; a
// page that is too light for the version.
absl::StatusOr<PoolPart> MakeVersion(const Curator& curator, uint64_t number,
                                     std::span<const Member> parts);

// How exact shares are. A share in ppb is off by less than one ppb, so by less than 1/(share - 1)
// of itself; along a path such parts add up (and compound). In parts per 10^15, rounded up; an only
// parent's share is exact. Requires: share_ppb > 0.
uint64_t EdgeErrorE15(uint32_t share_ppb);
// The bound for a path whose edges' errors add up to `sum_e15`: how far what arrives at its end may
// be from the proportional amount, in ppb of that, rounded up.
uint64_t ErrorPpb(uint64_t sum_e15);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_POOL_PLAN_H_
