#include <map>

#include "state/case_end.h"
#include "state/journal.h"
#include "tributary/base/check.h"

namespace tributary::state {
namespace {

using base::Atoms;
using base::CurrencyIndex;

// What each line falls by, with the accounts that hold it and their shares of it.
struct FallingLine {
  uint32_t fall;
  std::vector<lineage::AuthorShare> holders;
};

uint32_t Fall(uint32_t share, const rewards::ClaimedVector& claim, uint32_t subject) {
  for (const auto& line : claim.lines) {
    if (line.subject == subject) return share > line.share.value() ? share - line.share.value() : 0;
  }
  return share;
}

std::vector<FallingLine> FallingLines(Overlay& overlay, CaseLevel level,
                                      const rewards::OwnedSplit& status_quo,
                                      const rewards::ClaimedVector& claim, uint64_t epoch) {
  std::vector<FallingLine> lines;
  if (level == CaseLevel::kAuthors) {
    for (const lineage::AuthorShare& author : status_quo.authors) {
      const uint32_t fall = Fall(author.share.value(), claim, author.account.value());
      if (fall > 0) lines.push_back({fall, {{author.account, base::Ppb(base::kPpbOne)}}});
    }
    return lines;
  }
  for (size_t i = 0; i < status_quo.parents.size(); ++i) {
    const uint32_t fall = Fall(status_quo.shares[i], claim, status_quo.parents[i]);
    if (fall == 0) continue;
    const base::RecordSeq parent(status_quo.parents[i]);
    lines.push_back({fall, SplitInForce(overlay, parent, base::Epoch(epoch)).authors});
  }
  if (status_quo.kept > claim.kept) {
    lines.push_back({status_quo.kept.value() - claim.kept.value(), status_quo.authors});
  }
  return lines;
}

void Give(Overlay& overlay, base::AccountIndex account, CurrencyIndex currency, Atoms amount) {
  if (amount.IsZero()) return;
  BalanceRow balance = GetBalance(overlay, currency, account);
  balance.available += amount;
  PutBalance(overlay, currency, account, balance);
}

}  // namespace

std::vector<rewards::AuthorAmount> FallingHolders(Overlay& overlay, CaseLevel level,
                                                  const rewards::OwnedSplit& status_quo,
                                                  const rewards::ClaimedVector& claim,
                                                  uint64_t epoch) {
  // A fall in ppb times a share in ppb: the parts of all lines on one scale.
  std::map<base::AccountIndex, base::Uint128> parts;
  for (const FallingLine& line : FallingLines(overlay, level, status_quo, claim, epoch)) {
    for (const lineage::AuthorShare& holder : line.holders) {
      parts[holder.account] += base::Uint128{line.fall} * holder.share.value();
    }
  }
  std::vector<rewards::AuthorAmount> holders;
  for (const auto& [account, part] : parts) holders.push_back({account, Atoms(part)});
  return holders;
}

void TakeBond(Overlay& overlay, base::AccountIndex account, CurrencyIndex currency, Atoms bond) {
  BalanceRow balance = GetBalance(overlay, currency, account);
  balance.available -= bond;
  balance.bonded += bond;
  PutBalance(overlay, currency, account, balance);
  PostMoved(overlay, currency, &TotalsRow::available, &TotalsRow::bonds, bond);
}

void ReturnBond(Overlay& overlay, CaseClaim& claim) {
  if (claim.value.bond.IsZero()) return;
  const CurrencyIndex currency(claim.value.currency);
  const base::AccountIndex claimant(claim.value.claimant);
  BalanceRow balance = GetBalance(overlay, currency, claimant);
  balance.bonded -= claim.value.bond;
  balance.available += claim.value.bond;
  PutBalance(overlay, currency, claimant, balance);
  PostMoved(overlay, currency, &TotalsRow::bonds, &TotalsRow::available, claim.value.bond);
  claim.value.bond = Atoms();
}

void ForfeitBond(Overlay& overlay, CaseClaim& claim, const CaseRow& one,
                 const DisputedRow& disputed, uint64_t epoch, const CaseClaim* winner) {
  const Atoms bond = claim.value.bond;
  if (bond.IsZero()) return;
  const CurrencyIndex currency(claim.value.currency);
  const base::AccountIndex claimant(claim.value.claimant);
  BalanceRow balance = GetBalance(overlay, currency, claimant);
  balance.bonded -= bond;
  balance.forfeited += bond;
  PutBalance(overlay, currency, claimant, balance);
  PostMoved(overlay, currency, &TotalsRow::bonds, &TotalsRow::available, bond);
  claim.value.bond = Atoms();
  if (winner != nullptr) {
    Give(overlay, base::AccountIndex(winner->value.claimant), currency, bond);
    return;
  }
  const base::RecordSeq record(disputed.subject);
  const auto holders =
      FallingHolders(overlay, static_cast<CaseLevel>(one.level),
                     SplitInForce(overlay, record, base::Epoch(epoch)), claim.vector, epoch);
  TRIBUTARY_CHECK(!holders.empty(), "a claim that lowers no line");
  base::Uint128 whole = 0;
  for (const auto& holder : holders) whole += holder.amount.value();
  // In proportion, in whole ppb, so that no product leaves 128 bits; the first takes the rest.
  Atoms given;
  for (const auto& holder : holders) {
    const auto ppb = static_cast<uint32_t>(holder.amount.value() * base::kPpbOne / whole);
    const Atoms part = rewards::FlowOut(bond, base::Ppb(ppb));
    Give(overlay, holder.account, currency, part);
    given += part;
  }
  Give(overlay, holders.front().account, currency, bond - given);
}

}  // namespace tributary::state
