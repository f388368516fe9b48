#include "state/disputes.h"

#include <algorithm>

#include "state/identity_keys.h"
#include "state/versions.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

using base::RecordSeq;
using rewards::OwnedSplit;

OwnedSplit Own(const VersionLines& lines) {
  OwnedSplit split;
  uint32_t passed = 0;
  for (const EdgeRow& edge : lines.edges) {
    split.parents.push_back(edge.parent);
    split.shares.push_back(edge.share_ppb);
    split.relations.push_back(edge.relation);
    passed += edge.share_ppb;
  }
  split.kept = base::Ppb(base::kPpbOne - passed);
  split.authors = lines.authors;
  split.version = lines.number;
  return split;
}

std::optional<OpenCases::One> LoadCase(Overlay& overlay, uint32_t row) {
  if (row == kNone32) return std::nullopt;
  OpenCases::One one{row, overlay.Get<CaseRow>(row), {}};
  one.claims = ClaimsOf(overlay, one.value);
  return one;
}

}  // namespace

std::optional<Disputed> FindDisputed(Overlay& overlay, DisputedKind kind, uint32_t subject) {
  const auto row =
      overlay.Find(Identity::kDisputed, DisputedKey(static_cast<uint8_t>(kind), subject));
  if (!row) return std::nullopt;
  return Disputed{*row, overlay.Get<DisputedRow>(*row)};
}

bool HasOpenCase(Overlay& overlay, RecordSeq record) {
  const auto disputed = FindDisputed(overlay, DisputedKind::kRecord, record.value());
  return disputed && disputed->value.HasCase();
}

OwnedSplit SplitOfNumber(Overlay& overlay, RecordSeq record, uint32_t version) {
  if (version == 0) {
    return Own(AdmittedLines(overlay, overlay.Get<RecordRow>(record.value())));
  }
  const auto amended = FindAmended(overlay, record);
  TRIBUTARY_CHECK(amended.has_value(), "a version of a record that has none");
  for (uint32_t at = amended->value.newest; at != kNone32;) {
    const auto row = overlay.Get<VersionRow>(at);
    if (row.number == version) return Own(LinesOfVersion(overlay, row));
    at = row.previous;
  }
  TRIBUTARY_CHECK(false, "no such version");
  return {};
}

OwnedSplit SplitInForce(Overlay& overlay, RecordSeq record, base::Epoch epoch) {
  return Own(LinesAt(overlay, record, epoch));
}

const CaseClaim& OpenCases::One::Numbered(uint8_t number) const {
  const auto at = std::find_if(claims.begin(), claims.end(), [number](const CaseClaim& claim) {
    return claim.value.number == number;
  });
  TRIBUTARY_CHECK(at != claims.end(), "a case has no such claim");
  return *at;
}

OpenCases::OpenCases(Overlay& overlay, const DisputedRow& disputed)
    : lines_(LoadCase(overlay, disputed.lines_case)),
      authors_(LoadCase(overlay, disputed.authors_case)) {}

OwnedSplit OpenCases::Least(const OwnedSplit& status_quo, uint8_t lines_segment,
                            uint8_t authors_segment) const {
  OwnedSplit least = status_quo;
  if (lines_ && lines_segment != kNoSegment) {
    for (const CaseClaim& claim : lines_->claims) {
      if (Lowers(claim.value, lines_segment)) rewards::LowerLines(claim.vector, &least);
    }
  }
  if (authors_ && authors_segment != kNoSegment) {
    for (const CaseClaim& claim : authors_->claims) {
      if (Lowers(claim.value, authors_segment)) rewards::LowerAuthors(claim.vector, &least);
    }
  }
  return least;
}

Contests::Contests(Overlay& overlay, base::CurrencyIndex currency)
    : overlay_(overlay), currency_(currency) {
  for (const uint64_t row : overlay.Contested()) {
    const auto disputed = overlay.Get<DisputedRow>(row);
    if (disputed.kind != static_cast<uint8_t>(DisputedKind::kRecord)) continue;
    rows_.emplace(disputed.subject, row);
  }
}

// The currency's latest pot of the record, where it is of these segments and this version; else a
// new one.
PotRow& Contests::PotFor(uint64_t disputed_row, uint8_t lines_segment, uint8_t authors_segment,
                         uint32_t version) {
  auto disputed = overlay_.Get<DisputedRow>(disputed_row);
  for (uint32_t at = disputed.last_pot; at != kNone32; at = pot_.previous) {
    pot_ = overlay_.Get<PotRow>(at);
    pot_row_ = at;
    if (pot_.currency != currency_.value()) continue;
    const bool same = pot_.lines_segment == lines_segment &&
                      pot_.authors_segment == authors_segment && pot_.version == version;
    if (same) return pot_;
    break;
  }
  pot_ = PotRow{};
  pot_.disputed = static_cast<uint32_t>(disputed_row);
  pot_.currency = currency_.value();
  pot_.lines_segment = lines_segment;
  pot_.authors_segment = authors_segment;
  pot_.version = version;
  pot_.previous = disputed.last_pot;
  pot_row_ = overlay_.Append(pot_);
  disputed.last_pot = static_cast<uint32_t>(pot_row_);
  overlay_.PutDisputed(disputed_row, disputed);
  return pot_;
}

const rewards::PotChange* Contests::Contest(RecordSeq record, const lineage::Split& split,
                                            const rewards::Flow& arrived) {
  if (rows_.empty()) return nullptr;
  const auto at = rows_.find(record.value());
  if (at == rows_.end()) return nullptr;
  const OpenCases cases(overlay_, overlay_.Get<DisputedRow>(at->second));
  const uint8_t lines = cases.lines() ? cases.lines()->segment() : kNoSegment;
  const uint8_t authors = cases.authors() ? cases.authors()->segment() : kNoSegment;
  PotRow& pot = PotFor(at->second, lines, authors, split.version);
  change_.least = cases.Least(OwnedSplit::Of(split), lines, authors);
  change_.before = {pot.inflow, pot.extra};
  pot.inflow += arrived.inflow;
  pot.extra += arrived.extra;
  change_.after = {pot.inflow, pot.extra};
  const base::Atoms held = rewards::HeldOf(change_.after, change_.least);
  // Down, too: a pot in which little is contested is mostly dust, and dust comes and goes.
  escrow_change_ +=
      static_cast<base::Int128>(held.value()) - static_cast<base::Int128>(pot.held.value());
  pot.held = held;
  overlay_.Put(pot_row_, pot);
  return &change_;
}

}  // namespace tributary::state
