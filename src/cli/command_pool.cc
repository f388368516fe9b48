#include <algorithm>
#include <map>
#include <set>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/pool_plan.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"
#include "tributary/client/transaction.h"

namespace tributary::cli {
namespace {

constexpr size_t kProgressEvery = 10'000;

// What the chain knows of a pool: version i at position i - 1.
struct Pool {
  std::string name;
  std::vector<v1::RecordView> versions;
};

uint32_t WeightOf(const v1::RecordView& version) {
  uint64_t weight = 0;
  for (const v1::EdgeView& edge : version.parents()) weight += edge.weight();
  return static_cast<uint32_t>(std::min<uint64_t>(weight, UINT32_MAX));
}

absl::StatusOr<std::optional<v1::RecordView>> FindRecord(Context& context,
                                                         const v1::RecordRef& ref) {
  v1::GetRecordRequest request;
  *request.mutable_record() = ref;
  auto view = context.node().GetRecord(request);
  if (view.ok()) return std::optional(std::move(*view));
  if (client::ReasonOf(view.status()) == "NotFound") return std::optional<v1::RecordView>();
  return view.status();
}

absl::StatusOr<Pool> ReadPool(Context& context) {
  Pool pool{context.Text("NAME"), {}};
  TRIBUTARY_RETURN_IF_ERROR(CheckPoolName(pool.name));
  while (true) {
    v1::RecordRef ref;
    ref.set_external_id(VersionName(pool.name, pool.versions.size() + 1));
    auto version = FindRecord(context, ref);
    if (!version.ok()) return version.status();
    if (!version->has_value()) return pool;
    if ((*version)->record().kind() != v1::RECORD_KIND_POOL) {
      return RefusedHere("the record " + ref.external_id() + " is no pool");
    }
    pool.versions.push_back(*std::move(*version));
  }
}

absl::StatusOr<Pool> ReadExisting(Context& context) {
  auto pool = ReadPool(context);
  if (pool.ok() && pool->versions.empty()) {
    return RefusedHere("there is no pool called " + pool->name);
  }
  return pool;
}

absl::StatusOr<std::vector<Member>> ResolveMembers(Context& context, const std::string& path) {
  const auto lines = ReadMembers(path);
  if (!lines.ok()) return lines.status();
  std::vector<Member> members;
  for (const MemberLine& line : *lines) {
    const auto ref = ParseRecord(line.record);
    if (!ref.ok()) return ref.status();
    std::string id = ref->id();
    if (id.empty()) {
      const auto record = FindRecord(context, *ref);
      if (!record.ok()) return record.status();
      if (!record->has_value()) return RefusedHere("no record is known as " + line.record);
      id = (*record)->id();
    }
    const auto record_id = client::FromField<base::RecordId>(id);
    if (!record_id) return base::Internal("the node gave a record id that is not 32 bytes");
    members.push_back({*record_id, line.weight});
    if (members.size() % kProgressEvery == 0) {
      context.Progress("pool: " + std::to_string(members.size()) + " of " +
                       std::to_string(lines->size()) + " members looked up");
    }
  }
  return members;
}

// Sends the pages, as many to a transaction as it holds, and the version with the last of them.
// Records that exist are skipped, so that this can be done again after it broke off.
absl::Status SendParts(Context& context, Sender& sender, const std::vector<PoolPart>& pages,
                       const PoolPart& version) {
  client::TransactionBuilder builder = sender.NewTransaction();
  size_t sent_pages = 0;
  const auto flush = [&]() -> absl::Status {
    const auto sent = sender.Send(builder);
    if (!sent.ok()) return sent.status();
    context.Progress("pool: " + std::to_string(sent_pages) + " of " + std::to_string(pages.size()) +
                     " pages recorded");
    TRIBUTARY_RETURN_IF_ERROR(sender.Refresh());
    builder = sender.NewTransaction();
    return absl::OkStatus();
  };
  for (const PoolPart& page : pages) {
    if (!builder.Add(page.record.Submit(true))) {
      TRIBUTARY_RETURN_IF_ERROR(flush());
      if (!builder.Add(page.record.Submit(true))) return base::Internal("a page is too large");
    }
    ++sent_pages;
  }
  if (!builder.Add(version.record.Submit())) {
    TRIBUTARY_RETURN_IF_ERROR(flush());
    if (!builder.Add(version.record.Submit())) return base::Internal("a version is too large");
  }
  const auto sent = sender.Send(builder);
  if (!sent.ok()) return sent.status();
  sender.Print(*sent, "record " + base::ToHex(version.id.view()));
  return absl::OkStatus();
}

absl::Status AlreadyDone(Context& context, const v1::RecordView& version) {
  if (context.json()) {
    context.PrintJson(version);
  } else {
    context.out() << version.record().external_id() << ": nothing to do; it is record "
                  << Hex(version.id()) << "\n";
  }
  return absl::OkStatus();
}

// The version that has one of the pages as a parent, if any.
const v1::RecordView* VersionWith(const Pool& pool, const std::vector<PoolPart>& pages) {
  std::set<std::string> ids;
  for (const PoolPart& page : pages) ids.insert(client::ToField(page.id));
  for (const v1::RecordView& version : pool.versions) {
    for (const v1::EdgeView& edge : version.parents()) {
      if (ids.contains(edge.record())) return &version;
    }
  }
  return nullptr;
}

absl::Status AddMembers(Context& context, const Pool& pool) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  auto members = ResolveMembers(context, context.Text("--members"));
  if (!members.ok()) return members.status();
  const Curator curator{sender->account(), pool.name};
  const auto pages = MakePages(curator, *std::move(members));
  if (!pages.ok()) return pages.status();
  if (const v1::RecordView* done = VersionWith(pool, *pages)) return AlreadyDone(context, *done);
  std::vector<Member> parts;
  if (!pool.versions.empty()) {
    const auto last = client::FromField<base::RecordId>(pool.versions.back().id());
    if (!last) return base::Internal("the node gave a record id that is not 32 bytes");
    parts.push_back({*last, WeightOf(pool.versions.back())});
  }
  for (const PoolPart& page : *pages) parts.push_back({page.id, page.weight});
  const auto version = MakeVersion(curator, pool.versions.size() + 1, parts);
  if (!version.ok()) return version.status();
  return SendParts(context, *sender, *pages, *version);
}

absl::Status Create(Context& context) {
  const auto pool = ReadPool(context);
  if (!pool.ok()) return pool.status();
  if (pool->versions.empty()) return AddMembers(context, *pool);
  // It may be the one that is asked for, made before.
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  auto members = ResolveMembers(context, context.Text("--members"));
  if (!members.ok()) return members.status();
  const auto pages = MakePages({sender->account(), pool->name}, *std::move(members));
  if (!pages.ok()) return pages.status();
  if (const v1::RecordView* done = VersionWith(*pool, *pages)) return AlreadyDone(context, *done);
  return RefusedHere("there is a pool called " + pool->name +
                     "; `tributary pool add` takes in members");
}

absl::Status Add(Context& context) {
  const auto pool = ReadExisting(context);
  if (!pool.ok()) return pool.status();
  return AddMembers(context, *pool);
}

// Every page of the pool with its weight: what the versions lead to and is no version itself.
absl::StatusOr<std::vector<Member>> PagesOf(const Pool& pool) {
  std::set<std::string> versions;
  for (const v1::RecordView& version : pool.versions) versions.insert(version.id());
  std::map<std::string, uint32_t> pages;
  const v1::RecordView* at = &pool.versions.back();
  while (at != nullptr) {
    const v1::RecordView* before = nullptr;
    for (const v1::EdgeView& edge : at->parents()) {
      if (!versions.contains(edge.record())) {
        pages.emplace(edge.record(), edge.weight());
        continue;
      }
      for (const v1::RecordView& version : pool.versions) {
        if (version.id() == edge.record()) before = &version;
      }
    }
    at = before;
  }
  std::vector<Member> members;
  for (const auto& [id, weight] : pages) {
    const auto record_id = client::FromField<base::RecordId>(id);
    if (!record_id) return base::Internal("the node gave a record id that is not 32 bytes");
    members.push_back({*record_id, weight});
  }
  return members;
}

bool HasVersionBelow(const Pool& pool, const v1::RecordView& version) {
  for (const v1::EdgeView& edge : version.parents()) {
    for (const v1::RecordView& other : pool.versions) {
      if (other.id() == edge.record()) return true;
    }
  }
  return false;
}

// A version over all pages directly, so that no share is rounded more than twice.
absl::Status Rebase(Context& context) {
  const auto pool = ReadExisting(context);
  if (!pool.ok()) return pool.status();
  const auto pages = PagesOf(*pool);
  if (!pages.ok()) return pages.status();
  const v1::RecordView& last = pool->versions.back();
  if (!HasVersionBelow(*pool, last)) return AlreadyDone(context, last);
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  if (pages->size() > kVersionPagesMax) {
    return UsageError("the pool has " + std::to_string(pages->size()) +
                      " pages and a version leads to at most 1,000: make a pool of pools");
  }
  const auto version =
      MakeVersion({sender->account(), pool->name}, pool->versions.size() + 1, *pages);
  if (!version.ok()) return version.status();
  return SendParts(context, *sender, {}, *version);
}

// By version: the largest error of a page's share, relative to it, in ppb.
std::vector<uint64_t> ErrorsOf(const Pool& pool) {
  std::map<std::string, uint64_t> sums_e15;  // by version's id
  std::vector<uint64_t> errors;
  for (const v1::RecordView& version : pool.versions) {
    uint64_t worst = 0;
    for (const v1::EdgeView& edge : version.parents()) {
      const auto before = sums_e15.find(edge.record());
      const uint64_t behind = before == sums_e15.end() ? 0 : before->second;
      worst = std::max(worst, EdgeErrorE15(edge.share_ppb()) + behind);
    }
    sums_e15[version.id()] = worst;
    errors.push_back(ErrorPpb(worst));
  }
  return errors;
}

absl::Status ShowPool(Context& context) {
  const auto pool = ReadExisting(context);
  if (!pool.ok()) return pool.status();
  if (context.json()) {
    v1::ListRecordsResponse all;
    for (const v1::RecordView& version : pool->versions) *all.add_records() = version;
    context.PrintJson(all);
    return absl::OkStatus();
  }
  const std::vector<uint64_t> errors = ErrorsOf(*pool);
  Table table({{"version", Align::kRight},
               {"record id"},
               {"parents", Align::kRight},
               {"weight", Align::kRight},
               {"error of a page, ppb below", Align::kRight}});
  for (size_t i = 0; i < pool->versions.size(); ++i) {
    const v1::RecordView& version = pool->versions[i];
    table.Add({std::to_string(i + 1), ShortHex(version.id()),
               std::to_string(version.parents_size()), std::to_string(WeightOf(version)),
               std::to_string(errors[i])});
  }
  table.Print(context.out());
  context.out() << "models cite " << pool->versions.back().record().external_id() << "\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> PoolCommands() {
  const Argument name = {"NAME", "a-z, 0-9, '.', '-', '_'", ArgumentKind::kText, true};
  const Argument members = {"--members", "file: RECORD and weight on each line",
                            ArgumentKind::kText, true};
  return {{"pool", "create", "make a pool of the members of a file", WithSigning({name, members}),
           &Create},
          {"pool", "add", "make its next version, with more members", WithSigning({name, members}),
           &Add},
          {"pool", "version", "make its next version, with all pages directly below it",
           WithSigning({name}), &Rebase},
          {"pool", "show", "show its versions", {name}, &ShowPool}};
}

}  // namespace tributary::cli
