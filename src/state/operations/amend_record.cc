#include <algorithm>

#include "lineage/graph.h"
#include "rewards/admission.h"
#include "state/accounts.h"
#include "state/context.h"
#include "state/disputes.h"
#include "state/edges.h"
#include "state/identity_keys.h"
#include "state/terms.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

// What an amendment becomes, as far as it has been checked.
struct Amendment {
  base::RecordSeq record;
  RecordRow row;
  VersionLines base;  // what it replaces
  std::vector<base::AccountIndex> authors;
  std::vector<base::RecordSeq> parents;
  std::vector<base::Ppb> shares;
};

std::string At(std::string_view list, size_t i, std::string_view leaf) {
  return std::string(list) + "[" + std::to_string(i) + "]." + std::string(leaf);
}

// Later than the current epoch and than every other amendment, of which there is a most.
Verdict CheckEpoch(Context& c, const codec::AmendRecord& operation, const Amendment& amendment) {
  const uint64_t current = c.block.chain.epoch;
  if (operation.effective_epoch.value() <= current) {
    return c.Reject(RejectionCode::kEffectiveEpoch, "effective_epoch",
                    "the current epoch is " + std::to_string(current));
  }
  const auto amended = FindAmended(c.overlay, amendment.record);
  if (!amended) return std::nullopt;
  if (amended->value.last != kNone32) {
    const uint64_t last = c.overlay.Get<VersionRow>(amended->value.last).effective_epoch;
    if (operation.effective_epoch.value() <= last) {
      return c.Reject(RejectionCode::kAmendmentPending, "effective_epoch",
                      "the last amendment takes effect in epoch " + std::to_string(last));
    }
  }
  if (amended->value.count < kVersionsMax) return std::nullopt;
  return c.Reject(RejectionCode::kTooManyVersions, "record");
}

// Those who own the record when the amendment takes effect.
Verdict CheckOwners(Context& c, const Amendment& amendment) {
  for (const lineage::AuthorShare author : amendment.base.authors) {
    if (!SignedByHolder(c, author.account)) {
      return c.Reject(RejectionCode::kNotAuthor, "record", HandleOf(c, author.account));
    }
  }
  return std::nullopt;
}

Verdict CheckNewAuthors(Context& c, const codec::AmendRecord& operation, Amendment& amendment) {
  for (size_t i = 0; i < operation.authors.size(); ++i) {
    const auto index = c.FindAccount(operation.authors[i].account);
    if (!index) {
      return c.Reject(RejectionCode::kAuthorUnknown, At("authors", i, "account"),
                      base::ToHex(operation.authors[i].account.view()));
    }
    amendment.authors.push_back(*index);
    if (!SignedByHolder(c, *index)) {
      return c.Reject(RejectionCode::kMissingSignature, At("authors", i, "account"),
                      "account " + HandleOf(c, *index));
    }
  }
  return std::nullopt;
}

const EdgeRow* FindEdge(const VersionLines& lines, base::RecordSeq parent) {
  for (const EdgeRow& edge : lines.edges) {
    if (edge.parent == parent.value()) return &edge;
  }
  return nullptr;
}

// Whether a record of this kind may have this parent, which comes `edge` if it is there already.
bool MayName(const Amendment& amendment, const codec::Parent& parent, const EdgeRow* edge) {
  if (edge != nullptr) return edge->relation == static_cast<uint8_t>(parent.relation);
  return amendment.row.kind == static_cast<uint8_t>(codec::RecordKind::kPool);
}

Verdict FindParents(Context& c, const codec::AmendRecord& operation, Amendment& amendment) {
  for (size_t i = 0; i < operation.parents.size(); ++i) {
    const codec::Parent& parent = operation.parents[i];
    const auto seq = c.FindRecord(parent.record);
    if (!seq) {
      return c.Reject(RejectionCode::kParentUnknown, At("parents", i, "record"),
                      base::ToHex(parent.record.view()));
    }
    if (*seq >= amendment.record) {
      return c.Reject(RejectionCode::kParentLater, At("parents", i, "record"));
    }
    if (!MayName(amendment, parent, FindEdge(amendment.base, *seq))) {
      return c.Reject(RejectionCode::kAmendmentParents, At("parents", i, "record"));
    }
    if (operation.pass_through_ppb.value() > 0) {
      if (auto bad = RequireCounts(c, *seq, At("parents", i, "record"))) return bad;
    }
    amendment.parents.push_back(*seq);
  }
  const bool pool = amendment.row.kind == static_cast<uint8_t>(codec::RecordKind::kPool);
  if (!pool && amendment.parents.size() != amendment.base.edges.size()) {
    return c.Reject(RejectionCode::kAmendmentParents, "parents");
  }
  return std::nullopt;
}

// Those whose royalties stand in the stack of a record, ascending.
std::vector<base::RecordSeq> ClaimantsOn(Context& c, const RecordRow& row) {
  std::vector<base::RecordSeq> claimants;
  if (row.royalty_stack == kNone32) return claimants;
  const auto stack = c.overlay.Get<RoyaltyStackRow>(row.royalty_stack);
  for (uint32_t i = 0; i < stack.count; ++i) {
    claimants.emplace_back(c.overlay.Get<RoyaltyEntryRow>(stack.first_entry + i).claimant);
  }
  return claimants;
}

// The record's stack was fixed when it was admitted: whoever would be owed through a parent that
// the amendment adds must stand in it already, or a pool would be a way around royalties. Who has
// lowered its royalty to nothing by then, also in this block, is owed none.
Verdict CheckRoyalties(Context& c, const codec::AmendRecord& operation,
                       const Amendment& amendment) {
  const auto owed = ClaimantsOn(c, amendment.row);
  for (size_t i = 0; i < amendment.parents.size(); ++i) {
    const base::RecordSeq parent = amendment.parents[i];
    if (FindEdge(amendment.base, parent) != nullptr) continue;
    auto claimants = ClaimantsOn(c, c.overlay.Get<RecordRow>(parent.value()));
    claimants.push_back(parent);
    for (const base::RecordSeq claimant : claimants) {
      if (std::binary_search(owed.begin(), owed.end(), claimant)) continue;
      if (TermsAt(c.overlay, claimant, operation.effective_epoch).royalty.value() == 0) continue;
      const auto row = c.overlay.Get<RecordRow>(claimant.value());
      return c.Reject(RejectionCode::kAmendmentRoyalty, At("parents", i, "record"),
                      "owed to " + base::ToHex(row.id.view()));
    }
  }
  return std::nullopt;
}

Verdict AdmitShares(Context& c, const codec::AmendRecord& operation, Amendment& amendment) {
  std::vector<uint32_t> weights;
  std::vector<base::RecordId> ids;
  for (const codec::Parent& parent : operation.parents) {
    weights.push_back(parent.weight);
    ids.push_back(parent.record);
  }
  auto shares = rewards::AdmitShares(operation.pass_through_ppb, weights, ids, c.Field("") + ".");
  if (!shares) return shares.rejection();
  amendment.shares = *std::move(shares);
  return CheckMinShares(c, amendment.parents, amendment.shares, operation.effective_epoch, "");
}

// The authors of a parent hold the line that leads to it.
Verdict RequireHolders(Context& c, const codec::AmendRecord& operation, base::RecordSeq parent,
                       const std::string& leaf) {
  for (const auto author : LinesAt(c.overlay, parent, operation.effective_epoch).authors) {
    if (SignedByHolder(c, author.account)) continue;
    const auto row = c.overlay.Get<RecordRow>(parent.value());
    return c.Reject(RejectionCode::kLineFalls, leaf,
                    HandleOf(c, author.account) + ", author of " + base::ToHex(row.id.view()));
  }
  return std::nullopt;
}

Verdict CheckFallingLines(Context& c, const codec::AmendRecord& operation,
                          const Amendment& amendment) {
  for (const EdgeRow& edge : amendment.base.edges) {
    const base::RecordSeq parent(edge.parent);
    const auto at = std::find(amendment.parents.begin(), amendment.parents.end(), parent);
    const auto i = static_cast<size_t>(at - amendment.parents.begin());
    const bool named = at != amendment.parents.end();
    if (named && amendment.shares[i].value() >= edge.share_ppb) continue;
    const std::string leaf = named ? At("parents", i, "weight") : "parents";
    if (auto bad = RequireHolders(c, operation, parent, leaf)) return bad;
  }
  return std::nullopt;
}

Verdict CheckRoom(Context& c, const codec::AmendRecord& operation) {
  const uint64_t edges = c.overlay.RowCount({TableKind::kEdges, 0}) + operation.parents.size();
  const uint64_t lines =
      c.overlay.RowCount({TableKind::kVersionLines, 0}) + operation.authors.size();
  const uint64_t versions = c.overlay.RowCount({TableKind::kVersions, 0}) + 1;
  const bool fits =
      edges <= lineage::kEdgeRowsMax && lines <= lineage::kAuthorRowsMax && versions < kNone32;
  if (fits) return std::nullopt;
  return c.Reject(RejectionCode::kChainFull, "record");
}

void AddEdges(Context& c, const codec::AmendRecord& operation, const Amendment& amendment) {
  for (size_t i = 0; i < amendment.parents.size(); ++i) {
    EdgeRow edge;
    edge.parent = amendment.parents[i].value();
    edge.share_ppb = amendment.shares[i].value();
    edge.weight = operation.parents[i].weight;
    edge.relation = static_cast<uint8_t>(operation.parents[i].relation);
    if (const EdgeRow* old = FindEdge(amendment.base, amendment.parents[i])) {
      edge.stance = old->stance;
      edge.flags = old->flags;
    }
    c.overlay.Append(edge);
    c.overlay.new_edges().push_back({amendment.parents[i], amendment.shares[i], edge.relation});
  }
}

bool IsAuthor(const VersionLines& lines, base::AccountIndex account) {
  return std::any_of(lines.authors.begin(), lines.authors.end(),
                     [account](const auto& author) { return author.account == account; });
}

void AddLines(Context& c, const codec::AmendRecord& operation, const Amendment& amendment,
              uint32_t version) {
  for (size_t i = 0; i < amendment.authors.size(); ++i) {
    const base::AccountIndex index = amendment.authors[i];
    auto account = c.overlay.Get<AccountRow>(index.value());
    VersionLineRow line;
    line.account = index.value();
    line.share_ppb = operation.authors[i].share_ppb.value();
    line.version = version;
    line.previous = account.last_version_line;
    account.last_version_line = static_cast<uint32_t>(c.overlay.Append(line));
    if (!IsAuthor(amendment.base, index)) ++account.record_count;
    c.overlay.Put(index.value(), account);
    c.overlay.new_authors().push_back({index, operation.authors[i].share_ppb});
  }
}

// The row of kAmended, made for a record's first amendment.
Amended AmendedOf(Context& c, Amendment& amendment) {
  if (const auto found = FindAmended(c.overlay, amendment.record)) return *found;
  AmendedRow row;
  row.record = amendment.record.value();
  const uint64_t number = c.overlay.Append(row);
  c.overlay.AddIdentity(Identity::kAmended, AmendedKey(amendment.record), number);
  amendment.row.flags |= kRecordAmended;
  c.overlay.Put(amendment.record.value(), amendment.row);
  return {number, row};
}

void AddVersion(Context& c, const codec::AmendRecord& operation, Amendment& amendment) {
  Amended amended = AmendedOf(c, amendment);
  const auto row = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kVersions, 0}));
  VersionChange change{};
  change.record = amendment.record;
  change.effective = operation.effective_epoch;
  change.pass_through = operation.pass_through_ppb;
  change.edge_begin = static_cast<uint32_t>(c.overlay.new_edges().size());
  change.edge_count = static_cast<uint32_t>(operation.parents.size());
  change.author_begin = static_cast<uint32_t>(c.overlay.new_authors().size());
  change.author_count = static_cast<uint32_t>(operation.authors.size());
  VersionRow version;
  version.record = amendment.record.value();
  version.number = ++amended.value.count;
  version.effective_epoch = operation.effective_epoch.value();
  version.entry = c.entry();
  version.operation = static_cast<uint16_t>(c.operation);
  version.first_edge = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kEdges, 0}));
  version.edge_count = static_cast<uint16_t>(operation.parents.size());
  version.first_line = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kVersionLines, 0}));
  version.author_count = static_cast<uint8_t>(operation.authors.size());
  version.pass_through_ppb = operation.pass_through_ppb.value();
  version.older = amended.value.last;
  version.previous = amended.value.newest;
  AddEdges(c, operation, amendment);
  AddLines(c, operation, amendment, row);
  c.overlay.Append(version);
  amended.value.last = amended.value.newest = row;
  c.overlay.Put(amended.row, amended.value);
  c.overlay.AddVersion(change);
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::AmendRecord& operation) {
  const auto record = c.FindRecord(operation.record);
  if (!record) return c.Reject(RejectionCode::kRecordUnknown, "record");
  if (HasOpenCase(c.overlay, *record)) return c.Reject(RejectionCode::kCaseOpen, "record");
  Amendment amendment;
  amendment.record = *record;
  amendment.row = c.overlay.Get<RecordRow>(record->value());
  if (auto bad = CheckEpoch(c, operation, amendment)) return bad;
  amendment.base = LinesAt(c.overlay, *record, operation.effective_epoch);
  if (auto bad = CheckOwners(c, amendment)) return bad;
  if (auto bad = CheckNewAuthors(c, operation, amendment)) return bad;
  if (auto bad = FindParents(c, operation, amendment)) return bad;
  if (auto bad = CheckRoyalties(c, operation, amendment)) return bad;
  if (auto bad = AdmitShares(c, operation, amendment)) return bad;
  if (auto bad = CheckFallingLines(c, operation, amendment)) return bad;
  if (auto bad = CheckRoom(c, operation)) return bad;
  AddVersion(c, operation, amendment);
  return std::nullopt;
}

}  // namespace tributary::state
