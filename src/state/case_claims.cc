#include "state/case_claims.h"

#include <algorithm>

#include "state/identity_keys.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;
using rewards::ClaimedVector;
using rewards::OwnedSplit;

constexpr size_t kAuthorsMax = 64;
constexpr size_t kParentsMax = 1'024;

uint32_t ShareOf(const ClaimedVector& vector, uint32_t subject) {
  for (const auto& line : vector.lines) {
    if (line.subject == subject) return line.share.value();
  }
  return 0;
}

// The lines that the status quo has at a level.
std::vector<ClaimedVector::Line> LinesOf(const OwnedSplit& split, CaseLevel level) {
  std::vector<ClaimedVector::Line> lines;
  if (level == CaseLevel::kLines) {
    for (size_t i = 0; i < split.parents.size(); ++i) {
      lines.push_back({split.parents[i], base::Ppb(split.shares[i])});
    }
  } else {
    for (const auto& author : split.authors) {
      lines.push_back({author.account.value(), author.share});
    }
  }
  return lines;
}

base::Checked<uint32_t> ReadSubject(Context& c, const base::Hash& subject,
                                    const CandidateRules& rules, const std::string& leaf) {
  if (rules.level == CaseLevel::kAuthors) {
    const auto account = c.FindAccount(base::AccountId{subject.bytes});
    if (!account) {
      return c.Reject(RejectionCode::kUnknownAccount, leaf, base::ToHex(subject.view()));
    }
    return account->value();
  }
  const auto record = c.FindRecord(base::RecordId{subject.bytes});
  if (!record) return c.Reject(RejectionCode::kRecordUnknown, leaf, base::ToHex(subject.view()));
  if (*record >= rules.record) return c.Reject(RejectionCode::kParentLater, leaf);
  return record->value();
}

// The sum of all lines that get something, and how many these are.
struct Weighed {
  uint64_t ppb = 0;
  size_t lines = 0;
};

Weighed Weigh(const ClaimedVector& vector) {
  Weighed weighed{vector.kept.value(), 0};
  for (const auto& line : vector.lines) {
    weighed.ppb += line.share.value();
    if (line.share.value() > 0) ++weighed.lines;
  }
  return weighed;
}

// What the lines that would fall have earned so far, by the part that they would lose.
base::Atoms Contested(Overlay& overlay, base::RecordSeq record, CaseLevel level,
                      const OwnedSplit& status_quo, const ClaimedVector& vector,
                      base::CurrencyIndex currency) {
  if (record.value() >= overlay.RowCount({TableKind::kFlows, currency.value()})) return {};
  const auto row = overlay.Get<FlowRow>(record.value(), currency.value());
  const rewards::Flow flow{row.inflow, row.extra};
  base::Atoms total = flow.inflow;
  if (level == CaseLevel::kAuthors) total = rewards::FlowOut(flow.inflow, status_quo.kept);
  if (level == CaseLevel::kAuthors) total += flow.extra;
  uint32_t fall = 0;
  for (const auto& line : LinesOf(status_quo, level)) {
    const uint32_t share = ShareOf(vector, line.subject);
    if (line.share.value() > share) fall += line.share.value() - share;
  }
  if (level == CaseLevel::kLines && status_quo.kept > vector.kept) {
    fall += status_quo.kept.value() - vector.kept.value();
  }
  return rewards::FlowOut(total, base::Ppb(fall));
}

void AddHolders(Overlay& overlay, const OpenCaseOf& one, const ClaimedVector& vector,
                uint64_t epoch, std::set<base::AccountIndex>* to) {
  for (const auto& holder : FallingHolders(overlay, one.level(), one.status_quo, vector, epoch)) {
    to->insert(holder.account);
  }
}

void AddRising(Overlay& overlay, const OpenCaseOf& one, const ClaimedVector& vector, uint64_t epoch,
               std::set<base::AccountIndex>* to) {
  const auto now = LinesOf(one.status_quo, one.level());
  for (const auto& line : vector.lines) {
    const auto at = std::find_if(now.begin(), now.end(),
                                 [&line](const auto& has) { return has.subject == line.subject; });
    if (at != now.end() && at->share >= line.share) continue;
    if (one.level() == CaseLevel::kAuthors) {
      to->insert(base::AccountIndex(line.subject));
      continue;
    }
    const base::RecordSeq parent(line.subject);
    for (const auto& author : SplitInForce(overlay, parent, base::Epoch(epoch)).authors) {
      to->insert(author.account);
    }
  }
  if (one.level() == CaseLevel::kLines && vector.kept > one.status_quo.kept) {
    for (const auto& author : one.status_quo.authors) to->insert(author.account);
  }
}

bool IsStanding(const CaseClaim& claim) {
  return claim.value.state == static_cast<uint8_t>(CaseClaimState::kStanding);
}

}  // namespace

base::Checked<OpenCaseOf> RequireOpenCase(Context& c, uint64_t number) {
  if (number >= c.overlay.RowCount({TableKind::kCases, 0})) {
    return c.Reject(RejectionCode::kCaseUnknown, "case_number");
  }
  OpenCaseOf one;
  one.row = number;
  one.value = c.overlay.Get<CaseRow>(number);
  if (one.value.state == static_cast<uint8_t>(CaseState::kEnded)) {
    return c.Reject(RejectionCode::kCaseClosed, "case_number");
  }
  one.disputed = {one.value.disputed, c.overlay.Get<DisputedRow>(one.value.disputed)};
  one.record = base::RecordSeq(one.disputed.value.subject);
  one.status_quo = SplitInForce(c.overlay, one.record, base::Epoch(c.block.chain.epoch));
  one.claims = ClaimsOf(c.overlay, one.value);
  return one;
}

base::Checked<ClaimedVector> ReadCandidate(Context& c, const codec::Candidate& candidate,
                                           const CandidateRules& rules,
                                           const OwnedSplit& status_quo, std::string_view leaf) {
  const std::string path(leaf);
  const auto now = LinesOf(status_quo, rules.level);
  ClaimedVector vector;
  vector.kept = candidate.kept_ppb;
  std::set<uint32_t> named;
  for (size_t i = 0; i < candidate.lines.size(); ++i) {
    const std::string at = path + ".lines[" + std::to_string(i) + "].subject";
    const auto subject = ReadSubject(c, candidate.lines[i].subject, rules, at);
    if (!subject) return subject.rejection();
    if (!named.insert(*subject).second) {
      return c.Reject(RejectionCode::kCandidateInvalid, at, "it stands twice");
    }
    const bool known = std::any_of(
        now.begin(), now.end(), [&subject](const auto& line) { return line.subject == *subject; });
    if (!known && rules.level == CaseLevel::kLines && !rules.may_add_parents) {
      return c.Reject(RejectionCode::kCaseSubject, at, "a parent that the record does not have");
    }
    vector.lines.push_back({*subject, candidate.lines[i].share_ppb});
  }
  for (const auto& line : now) {
    if (named.contains(line.subject)) continue;
    return c.Reject(RejectionCode::kCandidateInvalid, path + ".lines",
                    "a line of the record is not named");
  }
  if (rules.level == CaseLevel::kAuthors && candidate.kept_ppb.value() != 0) {
    return c.Reject(RejectionCode::kCandidateInvalid, path + ".kept_ppb");
  }
  const Weighed weighed = Weigh(vector);
  const size_t lines_max = rules.level == CaseLevel::kAuthors ? kAuthorsMax : kParentsMax;
  if (weighed.ppb != base::kPpbOne || weighed.lines > lines_max) {
    return c.Reject(RejectionCode::kCandidateInvalid, path + ".lines",
                    "the shares add up to " + std::to_string(weighed.ppb));
  }
  return vector;
}

bool IsStatusQuo(const ClaimedVector& vector, CaseLevel level, const OwnedSplit& status_quo) {
  const auto now = LinesOf(status_quo, level);
  return std::all_of(now.begin(), now.end(),
                     [&vector](const auto& line) {
                       return ShareOf(vector, line.subject) == line.share.value();
                     }) &&
         (level == CaseLevel::kAuthors || vector.kept == status_quo.kept);
}

bool MayAddParents(codec::CaseKind kind) { return kind == codec::CaseKind::kMissingEdge; }

bool HasClaimed(Overlay& overlay, const DisputedRow& disputed, base::AccountIndex account) {
  for (uint32_t row = disputed.newest_case; row != kNone32;) {
    const auto one = overlay.Get<CaseRow>(row);
    for (uint32_t at = one.last_claim; at != kNone32;) {
      const auto claim = overlay.Get<CaseClaimRow>(at);
      if (claim.claimant == account.value()) return true;
      at = claim.previous;
    }
    row = one.previous;
  }
  return false;
}

Verdict RequireBond(Context& c, base::RecordSeq record, CaseLevel level,
                    const OwnedSplit& status_quo, std::string_view currency, NewClaim& claim) {
  const ParametersRow& parameters = c.block.parameters;
  const bool free = parameters.bond_floor_minor == 0 && parameters.bond_ppb == 0;
  if (free && currency.empty()) return std::nullopt;
  const auto index = c.RequireCurrency(currency, "currency");
  if (!index) return index.rejection();
  claim.currency = *index;
  const base::Atoms contested =
      Contested(c.overlay, record, level, status_quo, claim.vector, claim.currency);
  claim.bond = std::max(base::Atoms(base::Uint128{parameters.bond_floor_minor} * base::kPpbOne),
                        rewards::FlowOut(contested, base::Ppb(parameters.bond_ppb)));
  if (GetBalance(c.overlay, claim.currency, c.sender).available >= claim.bond) return std::nullopt;
  return c.Reject(RejectionCode::kBondTooSmall, "currency",
                  "the bond is " + base::ToDecimal(claim.bond.value()) + " atoms");
}

void AppendVector(Overlay& overlay, const ClaimedVector& vector, CaseClaimRow& claim) {
  claim.first_line = static_cast<uint32_t>(overlay.RowCount({TableKind::kCandidateLines, 0}));
  claim.line_count = static_cast<uint16_t>(vector.lines.size());
  claim.kept_ppb = vector.kept.value();
  for (const auto& line : vector.lines) {
    overlay.Append(CandidateLineRow{line.subject, line.share.value()});
  }
}

void AddClaim(Context& c, uint64_t case_row, CaseRow& one, const NewClaim& claim) {
  CaseClaimRow row;
  row.case_row = static_cast<uint32_t>(case_row);
  row.number = ++one.claims;
  ++one.standing;
  row.state = static_cast<uint8_t>(CaseClaimState::kStanding);
  row.claimant = c.sender.value();
  row.currency = claim.currency.value();
  row.bond = claim.bond;
  AppendVector(c.overlay, claim.vector, row);
  row.first_segment = static_cast<uint8_t>(one.segments - 1);
  row.evidence = claim.evidence;
  row.entry = c.entry();
  row.operation = static_cast<uint16_t>(c.operation);
  row.previous = one.last_claim;
  one.last_claim = static_cast<uint32_t>(c.overlay.Append(row));
  if (!claim.bond.IsZero()) TakeBond(c.overlay, c.sender, claim.currency, claim.bond);
}

std::set<base::AccountIndex> HoldersOfFallingLines(Overlay& overlay, const OpenCaseOf& one,
                                                   uint64_t epoch) {
  std::set<base::AccountIndex> holders;
  for (const CaseClaim& claim : one.claims) {
    if (IsStanding(claim)) AddHolders(overlay, one, claim.vector, epoch, &holders);
  }
  return holders;
}

std::set<base::AccountIndex> PartiesOf(Overlay& overlay, const OpenCaseOf& one, uint64_t epoch) {
  std::set<base::AccountIndex> parties;
  for (const CaseClaim& claim : one.claims) {
    if (claim.value.claimant == kNone32) continue;
    parties.insert(base::AccountIndex(claim.value.claimant));
    AddHolders(overlay, one, claim.vector, epoch, &parties);
    AddRising(overlay, one, claim.vector, epoch, &parties);
  }
  return parties;
}

}  // namespace tributary::state
