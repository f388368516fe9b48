#include "state/case_end.h"

#include <algorithm>
#include <map>

#include "rewards/dispute.h"
#include "state/identity_keys.h"
#include "state/settle.h"
#include "state/versions.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

using base::RecordSeq;
using rewards::OwnedSplit;

// What a ruling gives an edge that the record did not name itself.
constexpr auto kRuledRelation = static_cast<uint8_t>(codec::Relation::kDerivedFrom);

// What was chosen at one level for a segment: nothing is the status quo.
const CaseClaim* ChosenAt(const std::optional<OpenCases::One>& one, uint8_t segment) {
  if (!one || segment == kNoSegment) return nullptr;
  const uint8_t choice = one->value.choices[segment];
  return choice == 0 ? nullptr : &one->Numbered(choice);
}

struct Chosen {
  const CaseClaim* lines;
  const CaseClaim* authors;
  bool IsStatusQuo() const { return lines == nullptr && authors == nullptr; }

  void TakeOver(OwnedSplit* split) const {
    if (lines) rewards::TakeLines(lines->vector, kRuledRelation, split);
    if (authors) rewards::TakeAuthors(authors->vector, split);
  }
  // Names the split that comes of it with the status quo `version`.
  uint64_t Vectors(uint32_t version) const {
    const auto part = [version](const CaseClaim* claim) {
      return claim ? uint32_t{1} << 31 | claim->value.number : version;
    };
    return uint64_t{part(lines)} << 32 | part(authors);
  }
};

Chosen ChosenIn(const OpenCases& cases, uint8_t lines_segment, uint8_t authors_segment) {
  return {ChosenAt(cases.lines(), lines_segment), ChosenAt(cases.authors(), authors_segment)};
}

Chosen ChosenAtLast(const OpenCases& cases) {
  return ChosenIn(cases, cases.lines() ? cases.lines()->segment() : kNoSegment,
                  cases.authors() ? cases.authors()->segment() : kNoSegment);
}

Amended AmendedOf(Overlay& overlay, RecordSeq record) {
  if (const auto found = FindAmended(overlay, record)) return *found;
  AmendedRow row;
  row.record = record.value();
  const uint64_t number = overlay.Append(row);
  overlay.AddIdentity(Identity::kAmended, AmendedKey(record), number);
  auto record_row = overlay.Get<RecordRow>(record.value());
  record_row.flags |= kRecordAmended;
  overlay.Put(record.value(), record_row);
  return {number, row};
}

void AppendLines(Overlay& overlay, const OwnedSplit& split, const OwnedSplit& former,
                 uint32_t version) {
  for (size_t i = 0; i < split.parents.size(); ++i) {
    EdgeRow edge;
    edge.parent = split.parents[i];
    edge.share_ppb = edge.weight = split.shares[i];
    edge.relation = split.relations[i];
    overlay.Append(edge);
    overlay.new_edges().push_back(
        {RecordSeq(edge.parent), base::Ppb(edge.share_ppb), edge.relation});
  }
  for (const lineage::AuthorShare& author : split.authors) {
    auto account = overlay.Get<AccountRow>(author.account.value());
    VersionLineRow line;
    line.account = author.account.value();
    line.share_ppb = author.share.value();
    line.version = version;
    line.previous = account.last_version_line;
    account.last_version_line = static_cast<uint32_t>(overlay.Append(line));
    const bool known = std::any_of(
        former.authors.begin(), former.authors.end(),
        [&author](const lineage::AuthorShare& one) { return one.account == author.account; });
    if (!known) ++account.record_count;
    overlay.Put(author.account.value(), account);
    overlay.new_authors().push_back(author);
  }
}

// The row that is in force before `effective`, among those from `last` on.
uint32_t OlderThan(Overlay& overlay, uint32_t last, uint64_t effective) {
  while (last != kNone32) {
    const auto version = overlay.Get<VersionRow>(last);
    if (version.effective_epoch < effective) break;
    last = version.older;
  }
  return last;
}

// A version of the record that a ruling makes; sets its number.
void AddRuledVersion(Overlay& overlay, RecordSeq record, uint64_t effective, uint64_t entry,
                     const OwnedSplit& former, OwnedSplit* split) {
  Amended amended = AmendedOf(overlay, record);
  const auto row = static_cast<uint32_t>(overlay.RowCount({TableKind::kVersions, 0}));
  VersionChange change{};
  change.record = record;
  change.effective = base::Epoch(effective);
  change.pass_through = base::Ppb(base::kPpbOne - split->kept.value());
  change.edge_begin = static_cast<uint32_t>(overlay.new_edges().size());
  change.edge_count = static_cast<uint32_t>(split->parents.size());
  change.author_begin = static_cast<uint32_t>(overlay.new_authors().size());
  change.author_count = static_cast<uint32_t>(split->authors.size());
  VersionRow version;
  version.record = record.value();
  version.number = split->version = ++amended.value.count;
  version.effective_epoch = effective;
  version.entry = entry;
  version.first_edge = static_cast<uint32_t>(overlay.RowCount({TableKind::kEdges, 0}));
  version.edge_count = static_cast<uint16_t>(split->parents.size());
  version.first_line = static_cast<uint32_t>(overlay.RowCount({TableKind::kVersionLines, 0}));
  version.author_count = static_cast<uint8_t>(split->authors.size());
  version.pass_through_ppb = change.pass_through.value();
  version.older = OlderThan(overlay, amended.value.last, effective);
  version.previous = amended.value.newest;
  AppendLines(overlay, *split, former, row);
  overlay.Append(version);
  amended.value.last = amended.value.newest = row;
  overlay.Put(amended.row, amended.value);
  overlay.AddVersion(change);
}

// Pots by currency, in order of time; what they hold is taken out.
std::map<uint16_t, std::vector<PotRow>> TakePots(Overlay& overlay, const DisputedRow& disputed) {
  std::map<uint16_t, std::vector<PotRow>> pots;
  for (uint32_t row = disputed.last_pot; row != kNone32;) {
    auto pot = overlay.Get<PotRow>(row);
    pots[pot.currency].push_back(pot);
    pot.held = base::Atoms();
    overlay.Put(row, pot);
    row = pot.previous;
  }
  for (auto& [currency, list] : pots) std::reverse(list.begin(), list.end());
  return pots;
}

// The version that the record's totals in a currency belong to. Sets it where `to` is given.
uint32_t FlowVersion(Overlay& overlay, RecordSeq record, uint16_t currency) {
  const auto amended = FindAmended(overlay, record);
  if (!amended || amended->row >= overlay.RowCount({TableKind::kFlowVersions, currency})) return 0;
  return overlay.Get<FlowVersionRow>(amended->row, currency).version;
}

void PutFlow(Overlay& overlay, RecordSeq record, uint16_t currency, const rewards::Flow& flow,
             uint32_t version) {
  overlay.Grow({TableKind::kFlows, currency}, uint64_t{record.value()} + 1);
  overlay.Put(record.value(), FlowRow{flow.inflow, flow.extra}, currency);
  const auto amended = FindAmended(overlay, record);
  if (!amended) return;
  overlay.Grow({TableKind::kFlowVersions, currency}, amended->row + 1);
  overlay.Put(amended->row, FlowVersionRow{version}, currency);
}

rewards::Flow FlowOf(Overlay& overlay, RecordSeq record, uint16_t currency) {
  if (record.value() >= overlay.RowCount({TableKind::kFlows, currency})) return {};
  const auto row = overlay.Get<FlowRow>(record.value(), currency);
  return {row.inflow, row.extra};
}

// Pays the pot of one currency out. `ruled` is the record's new version, if there is one.
void PayOut(Overlay& overlay, BlockContext& block, RecordSeq record, uint32_t case_row,
            const OpenCases& cases, const std::vector<PotRow>& pots, const OwnedSplit* ruled) {
  const uint16_t currency = pots.front().currency;
  std::vector<rewards::PotSegment> segments;
  OwnedSplit last_status_quo;
  for (const PotRow& pot : pots) {
    const OwnedSplit status_quo = SplitOfNumber(overlay, record, pot.version);
    const Chosen chosen = ChosenIn(cases, pot.lines_segment, pot.authors_segment);
    rewards::PotSegment segment;
    segment.arrived = {pot.inflow, pot.extra};
    segment.least = cases.Least(status_quo, pot.lines_segment, pot.authors_segment);
    segment.chosen = status_quo;
    chosen.TakeOver(&segment.chosen);
    segment.vectors = chosen.Vectors(pot.version);
    TRIBUTARY_CHECK(rewards::HeldOf(segment.arrived, segment.least) == pot.held,
                    "a pot does not hold what its lines left");
    segments.push_back(std::move(segment));
    last_status_quo = status_quo;
  }
  const uint32_t before_version = FlowVersion(overlay, record, currency);
  const OwnedSplit before = SplitOfNumber(overlay, record, before_version);
  const OwnedSplit& last = ruled ? *ruled : last_status_quo;
  const Chosen none{nullptr, nullptr};
  const rewards::PotRelease release =
      rewards::ReleasePot(FlowOf(overlay, record, currency), {before, none.Vectors(before_version)},
                          segments, {last, none.Vectors(last.version)});
  PutFlow(overlay, record, currency, release.flow, last.version);
  SettleRelease(overlay, block, base::CurrencyIndex(currency),
                {record, case_row, release.held, release.parents, release.authors});
}

void MarkReleased(Overlay& overlay, const std::optional<OpenCases::One>& one) {
  if (!one) return;
  auto row = overlay.Get<CaseRow>(one->row);
  row.released = 1;
  overlay.Put(one->row, row);
}

// Both levels are decided: the record goes on under what was chosen last, and the pot is paid out.
void Release(Overlay& overlay, BlockContext& block, uint64_t disputed_row, uint32_t case_row,
             uint64_t entry) {
  auto disputed = overlay.Get<DisputedRow>(disputed_row);
  const RecordSeq record(disputed.subject);
  const OpenCases cases(overlay, disputed);
  OwnedSplit ruled;
  const Chosen last = ChosenAtLast(cases);
  if (!last.IsStatusQuo()) {
    const OwnedSplit former = SplitInForce(overlay, record, base::Epoch(block.chain.epoch));
    ruled = former;
    last.TakeOver(&ruled);
    AddRuledVersion(overlay, record, block.chain.settled_epochs, entry, former, &ruled);
  }
  const auto pots = TakePots(overlay, disputed);
  disputed.lines_case = disputed.authors_case = disputed.last_pot = kNone32;
  overlay.PutDisputed(disputed_row, disputed);
  MarkReleased(overlay, cases.lines());
  MarkReleased(overlay, cases.authors());
  for (const auto& [currency, list] : pots) {
    PayOut(overlay, block, record, case_row, cases, list, last.IsStatusQuo() ? nullptr : &ruled);
  }
}

bool WasChosen(const CaseRow& one, uint8_t number) {
  const auto* end = one.choices.begin() + one.segments;
  return std::find(one.choices.begin(), end, number) != end;
}

// The arbiters' verdict decides on bonds; where they gave none, every claimant has its own back.
void SettleClaims(Overlay& overlay, const CaseRow& one, uint64_t epoch) {
  const auto disputed = overlay.Get<DisputedRow>(one.disputed);
  std::vector<CaseClaim> claims = ClaimsOf(overlay, one);
  const bool ruled = one.outcome == static_cast<uint8_t>(CaseOutcome::kRuled);
  const CaseClaim* winner = nullptr;
  for (const CaseClaim& claim : claims) {
    if (claim.value.claimant != kNone32 && WasChosen(one, claim.value.number)) winner = &claim;
  }
  for (CaseClaim& claim : claims) {
    if (claim.value.state != static_cast<uint8_t>(CaseClaimState::kStanding)) continue;
    const bool upheld = WasChosen(one, claim.value.number);
    claim.value.state =
        static_cast<uint8_t>(upheld ? CaseClaimState::kUpheld : CaseClaimState::kRejected);
    if (ruled && !upheld) {
      ForfeitBond(overlay, claim, one, disputed, epoch, winner);
    } else {
      ReturnBond(overlay, claim);
    }
    overlay.Put(claim.row, claim.value);
  }
}

}  // namespace

std::optional<std::string> ReadChoices(const CaseRow& one, const std::vector<CaseClaim>& claims,
                                       std::span<const uint32_t> choices, CaseEnding* ending) {
  if (choices.size() != one.segments) return "choices";
  for (uint8_t segment = 0; segment < one.segments; ++segment) {
    const uint32_t choice = choices[segment];
    const bool stood =
        std::any_of(claims.begin(), claims.end(), [choice, segment](const CaseClaim& claim) {
          return claim.value.number == choice && InForce(claim.value, segment) &&
                 claim.value.state == static_cast<uint8_t>(CaseClaimState::kStanding);
        });
    if (choice != 0 && !stood) return "choices[" + std::to_string(segment) + "].claim";
    ending->choices[segment] = static_cast<uint8_t>(choice);
  }
  return std::nullopt;
}

void EndCase(Overlay& overlay, BlockContext& block, uint64_t case_row, const CaseEnding& ending) {
  auto one = overlay.Get<CaseRow>(case_row);
  TRIBUTARY_CHECK(one.state != static_cast<uint8_t>(CaseState::kEnded), "a case ends twice");
  one.state = static_cast<uint8_t>(CaseState::kEnded);
  one.outcome = static_cast<uint8_t>(ending.outcome);
  one.choices = ending.choices;
  one.ended_ms = ending.time_ms;
  one.ended_entry = ending.entry;
  one.reasons = ending.reasons;
  overlay.Put(case_row, one);
  overlay.FinishDue({one.due_ms, DueKind::kCase, one.due_row});
  SettleClaims(overlay, one, block.chain.epoch);
  const OpenCases cases(overlay, overlay.Get<DisputedRow>(one.disputed));
  for (const auto* level : {&cases.lines(), &cases.authors()}) {
    if (*level && (*level)->value.state != static_cast<uint8_t>(CaseState::kEnded)) return;
  }
  Release(overlay, block, one.disputed, static_cast<uint32_t>(case_row), ending.entry);
}

void CaseDeadline(Overlay& overlay, BlockContext& block, const DueItem& item) {
  const uint64_t case_row = overlay.Get<DueRow>(item.row).subject;
  const auto one = overlay.Get<CaseRow>(case_row);
  CaseEnding ending;
  ending.time_ms = item.due_ms;
  ending.outcome = CaseOutcome::kUnruled;
  if (one.state == static_cast<uint8_t>(CaseState::kOpen)) {
    ending.outcome = CaseOutcome::kUnanswered;
    const std::vector<CaseClaim> claims = ClaimsOf(overlay, one);
    const auto first = std::find_if(claims.begin(), claims.end(), [](const CaseClaim& claim) {
      return claim.value.state == static_cast<uint8_t>(CaseClaimState::kStanding);
    });
    TRIBUTARY_CHECK(first != claims.end(), "a case without a claim is open");
    for (uint8_t segment = 0; segment < one.segments; ++segment) {
      if (InForce(first->value, segment)) ending.choices[segment] = first->value.number;
    }
  }
  EndCase(overlay, block, case_row, ending);
  block.due_happened = true;
}

}  // namespace tributary::state
