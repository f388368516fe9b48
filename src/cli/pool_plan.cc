#include "cli/pool_plan.h"

#include <algorithm>
#include <fstream>

#include "cli/exit_code.h"
#include "cli/parse.h"
#include "crypto/hash.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

constexpr size_t kPoolNameMax = 60;

absl::Status LineError(const std::string& path, size_t line, const std::string& what) {
  return UsageError(path + " line " + std::to_string(line) + ": " + what);
}

// Errors: the weights of a record's parents together are more than a weight can be.
absl::StatusOr<uint32_t> TotalOf(std::span<const Member> members) {
  uint64_t total = 0;
  for (const Member& member : members) total += member.weight;
  if (total <= kPoolWeightMax) return static_cast<uint32_t>(total);
  return UsageError(
      "the weights of all members together are above 4,294,967,295: divide all of "
      "them by the same number");
}

// A share below one ppb may round to zero, and the chain would refuse it.
absl::Status CheckHeavyEnough(std::span<const Member> parts, uint32_t total) {
  for (const Member& part : parts) {
    if (uint64_t{part.weight} * base::kPpbOne >= total) continue;
    return UsageError("record " + base::ToHex(part.record.view()) +
                      " is lighter than a billionth of what stands beside it");
  }
  return absl::OkStatus();
}

// A record that passes all that reaches it on to `members`. Its content is the list itself.
PoolPart MakePart(const Curator& curator, v1::RecordKind kind, const std::string& title,
                  std::span<const Member> members, uint32_t weight) {
  std::string list = title + "\n" + base::ToHex(curator.account.view()) + "\n";
  PoolPart part{client::RecordBuilder(kind), {}, weight};
  for (const Member& member : members) {
    list += base::ToHex(member.record.view()) + " " + std::to_string(member.weight) + "\n";
    part.record.Parent(member.record, v1::RELATION_MEMBER, member.weight);
  }
  part.record.Author(curator.account, base::Ppb(base::kPpbOne))
      .Content(crypto::Sha256(base::AsBytes(list)), list.size())
      .MediaType("text/plain")
      .Title(title)
      .PassThrough(base::Ppb(base::kPpbOne));
  return part;
}

}  // namespace

absl::StatusOr<std::vector<MemberLine>> ParseMembers(std::istream& in, const std::string& path) {
  std::vector<MemberLine> members;
  std::string text;
  for (size_t line = 1; std::getline(in, text); ++line) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty() || text == "#" || text.starts_with("# ")) continue;
    MemberLine member;
    const size_t space = text.find(' ');
    member.record = text.substr(0, space);
    if (space != std::string::npos) {
      const auto weight = ParseNumber(text.substr(space + 1));
      if (!weight || *weight == 0 || *weight > UINT32_MAX) {
        return LineError(path, line, "a weight is a number of 1 to 4,294,967,295");
      }
      member.weight = static_cast<uint32_t>(*weight);
    }
    const auto ref = ParseRecord(member.record);
    if (!ref.ok()) return LineError(path, line, std::string(base::Message(ref.status())));
    members.push_back(std::move(member));
  }
  if (in.bad()) return base::Internal("cannot read " + path);
  if (members.empty()) return UsageError(path + " names no member");
  return members;
}

absl::StatusOr<std::vector<MemberLine>> ReadMembers(const std::string& path) {
  std::ifstream in(path);
  if (!in) return UsageError("cannot open " + path);
  return ParseMembers(in, path);
}

absl::Status CheckPoolName(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  if (!name.empty() && name.size() <= kPoolNameMax &&
      std::all_of(name.begin(), name.end(), allowed)) {
    return absl::OkStatus();
  }
  return UsageError("a pool is called by 1 to 60 of a-z, 0-9, '.', '-', '_'");
}

std::string VersionName(std::string_view pool, uint64_t version) {
  return "pool:" + std::string(pool) + "/" + std::to_string(version);
}

absl::StatusOr<std::vector<PoolPart>> MakePages(const Curator& curator,
                                                std::vector<Member> members) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.record < b.record; });
  const auto twice =
      std::adjacent_find(members.begin(), members.end(),
                         [](const Member& a, const Member& b) { return a.record == b.record; });
  if (twice != members.end()) {
    return UsageError("record " + base::ToHex(twice->record.view()) +
                      " stands twice among the members");
  }
  const auto all = TotalOf(members);
  if (!all.ok()) return all.status();
  std::vector<PoolPart> pages;
  for (size_t begin = 0; begin < members.size(); begin += kPageMembersMax) {
    const auto page =
        std::span(members).subspan(begin, std::min(kPageMembersMax, members.size() - begin));
    const auto total = TotalOf(page);
    TRIBUTARY_RETURN_IF_ERROR(CheckHeavyEnough(page, *total));
    PoolPart part =
        MakePart(curator, v1::RECORD_KIND_POOL_PAGE, "page of pool " + curator.pool, page, *total);
    part.id = part.record.Id();
    pages.push_back(std::move(part));
  }
  return pages;
}

absl::StatusOr<PoolPart> MakeVersion(const Curator& curator, uint64_t number,
                                     std::span<const Member> parts) {
  if (parts.size() > kVersionPagesMax + 1) {
    return UsageError("a version leads to at most 1,000 pages: make a pool of pools");
  }
  const auto total = TotalOf(parts);
  if (!total.ok()) return total.status();
  TRIBUTARY_RETURN_IF_ERROR(CheckHeavyEnough(parts, *total));
  PoolPart version =
      MakePart(curator, v1::RECORD_KIND_POOL,
               "pool " + curator.pool + ", version " + std::to_string(number), parts, *total);
  version.record.ExternalId(VersionName(curator.pool, number));
  version.id = version.record.Id();
  return version;
}

uint64_t EdgeErrorE15(uint32_t share_ppb) {
  constexpr uint64_t kWhole = 1'000'000'000'000'000;
  if (share_ppb == base::kPpbOne) return 0;
  return share_ppb <= 2 ? kWhole : kWhole / (share_ppb - 1) + 1;
}

uint64_t ErrorPpb(uint64_t sum_e15) {
  constexpr uint64_t kE15PerPpb = 1'000'000;
  const uint64_t sum_ppb = sum_e15 / kE15PerPpb + 1;
  if (sum_ppb >= base::kPpbOne) return UINT64_MAX;
  // (1 + a)(1 + b)... - 1 is at most E + E^2, E the sum, where E is below 1.
  return sum_ppb + sum_ppb * sum_ppb / base::kPpbOne + 1;
}

}  // namespace tributary::cli
