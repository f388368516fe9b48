#include "property/state/fairness_laws.h"

#include <algorithm>
#include <set>

#include "codec/ids.h"
#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::testing {
namespace {

using base::Int128;
using base::Uint128;
using state::TableKind;

constexpr uint16_t kCurrencies = 2;
constexpr base::Epoch kEver{uint64_t{1} << 40};

Uint128 Held(const state::BalanceRow& row) {
  return row.available.value() + row.reserved.value() + row.escrowed.value() + row.bonded.value() +
         row.paid.value();
}

Int128 Change(base::Atoms before, base::Atoms now) {
  return static_cast<Int128>(now.value()) - static_cast<Int128>(before.value());
}

template <class Row>
std::vector<Row> AllRows(const state::MemoryPages& pages, uint16_t sub = 0) {
  state::RowScanner<Row> scanner(pages, sub);
  std::vector<Row> rows;
  rows.reserve(scanner.count());
  for (uint64_t row = 0; row < scanner.count(); ++row) rows.push_back(scanner.At(row));
  return rows;
}

template <class Operation, class Visit>
void ForEach(const std::vector<Accepted>& accepted, Visit visit) {
  for (const Accepted& transaction : accepted) {
    for (const codec::Operation& one : transaction.operations) {
      if (const auto* operation = std::get_if<Operation>(&one)) visit(transaction, *operation);
    }
  }
}

std::string At(const std::string& law, uint32_t account, uint16_t currency) {
  return law + ": account " + std::to_string(account) + ", currency " + std::to_string(currency);
}

}  // namespace

FairnessLaws::Snapshot FairnessLaws::Read() const {
  Snapshot now;
  const state::MemoryPages& pages = chain_.pages();
  now.totals = AllRows<state::TotalsRow>(pages);
  now.payouts = AllRows<state::PayoutRow>(pages);
  now.cases = AllRows<state::CaseRow>(pages);
  for (uint16_t currency = 0; currency < kCurrencies; ++currency) {
    const auto rows = AllRows<state::BalanceRow>(pages, currency);
    for (uint32_t i = 0; i < rows.size(); ++i) now.balances[{i, currency}] = rows[i];
  }
  for (const auto& claim : AllRows<state::CaseClaimRow>(pages)) {
    if (claim.claimant == state::kNone32) continue;
    now.bonds[{claim.claimant, claim.currency}] += claim.bond.value();
  }
  for (uint32_t record = 0; record < chain_.graph().size(); ++record) {
    // Most have not changed; what has is in the block's effects.
    now.lines.push_back(record < before_.lines.size() ? before_.lines[record]
                                                      : SharesOf(record, kEver));
  }
  return now;
}

FairnessLaws::Shares FairnessLaws::SharesOf(uint32_t record, base::Epoch epoch) const {
  const lineage::Split split = chain_.graph().SplitOf(base::RecordSeq(record), epoch);
  Shares shares;
  for (const lineage::Edge edge : split.edges) {
    shares.edges[edge.parent.value()] = edge.share.value();
  }
  for (const lineage::AuthorShare author : split.authors) {
    shares.authors[author.account.value()] = author.share.value();
  }
  shares.kept = split.kept.value();
  return shares;
}

std::string FairnessLaws::Broken(const state::BlockEffects& block) {
  Snapshot now = Read();
  for (const state::VersionChange& change : block.versions) {
    now.lines[change.record.value()] = SharesOf(change.record.value(), kEver);
  }
  std::string broken = CheckMoney(now);
  if (broken.empty()) broken = CheckReports(now);
  if (broken.empty()) broken = CheckCredits(now, block);
  if (broken.empty()) broken = CheckPayouts(now, block);
  if (broken.empty()) broken = CheckBonds(now);
  if (broken.empty()) broken = CheckLines(now, block);
  if (broken.empty()) broken = CheckRoles();
  before_ = std::move(now);
  return broken;
}

std::string FairnessLaws::CheckMoney(const Snapshot& now) const {
  std::vector<state::TotalsRow> sums(kCurrencies);
  for (const auto& [key, row] : now.balances) {
    state::TotalsRow& sum = sums[key.second];
    sum.available += row.available;
    sum.reserved += row.reserved;
    sum.bonds += row.bonded;
    sum.paid += row.paid;
  }
  for (uint16_t currency = 0; currency < kCurrencies; ++currency) {
    const state::TotalsRow& total = now.totals[currency];
    const state::TotalsRow& sum = sums[currency];
    const bool same = total.available == sum.available && total.reserved == sum.reserved &&
                      total.bonds == sum.bonds && total.paid == sum.paid;
    if (!same) return "1: balances do not add up, currency " + std::to_string(currency);
    const Uint128 in = total.reported.value() + total.deposited.value() + total.debits.value();
    const Uint128 out = total.reversed.value() + total.fees.value() + total.available.value() +
                        total.reserved.value() + total.escrow.value() + total.bonds.value() +
                        total.paid.value() + total.pending.value() + total.dust.value();
    if (in != out) return "1: money in is not money out, currency " + std::to_string(currency);
    if (total.paid.value() + total.reserved.value() > total.funded.value()) {
      return "3: more is paid than was funded, currency " + std::to_string(currency);
    }
  }
  return "";
}

std::string FairnessLaws::CheckReports(const Snapshot& now) const {
  std::vector<Uint128> reported(kCurrencies), reversed(kCurrencies), funded(kCurrencies);
  const auto add = [this](std::vector<Uint128>& sums, std::string_view currency,
                          base::MinorUnits amount) {
    sums[CurrencyOf(currency)] += Uint128{amount.value()} * base::kPpbOne;
  };
  const auto& accepted = chain_.accepted();
  ForEach<codec::ReportRevenue>(accepted, [&](const Accepted&, const codec::ReportRevenue& one) {
    add(reported, one.currency, one.amount_minor);
  });
  ForEach<codec::ReportRevenueBatch>(accepted,
                                     [&](const Accepted&, const codec::ReportRevenueBatch& one) {
                                       for (const codec::RevenueItem& item : one.items) {
                                         add(reported, one.currency, item.amount_minor);
                                       }
                                     });
  ForEach<codec::ConfirmFunding>(accepted, [&](const Accepted&, const codec::ConfirmFunding& one) {
    add(funded, one.currency, one.amount_minor);
  });
  Uint128 refunded = 0;
  ForEach<codec::RefundRevenue>(accepted, [&](const Accepted&, const codec::RefundRevenue& one) {
    refunded += Uint128{one.amount_minor.value()} * base::kPpbOne;
  });
  Int128 reversals = 0;
  for (uint16_t currency = 0; currency < kCurrencies; ++currency) {
    const state::TotalsRow& was = before_.totals[currency];
    const state::TotalsRow& is = now.totals[currency];
    if (Change(was.reported, is.reported) != static_cast<Int128>(reported[currency])) {
      return "1: more or less is reported than was signed";
    }
    if (Change(was.funded, is.funded) != static_cast<Int128>(funded[currency])) {
      return "1: more or less is funded than was signed";
    }
    if (!is.deposited.IsZero()) return "1: a deposit";
    reversals += Change(was.reversed, is.reversed);
  }
  if (reversals != static_cast<Int128>(refunded)) return "1: more or less is refunded than signed";
  return "";
}

std::string FairnessLaws::CheckCredits(const Snapshot& now,
                                       const state::BlockEffects& block) const {
  std::map<Key, Uint128> settled, compensated;
  for (const state::Settlement& settlement : block.settlements) {
    for (const state::Credit& credit : settlement.credits) {
      settled[{credit.account.value(), settlement.currency.value()}] += credit.amount.value();
    }
  }
  ForEach<codec::RuleIncident>(
      chain_.accepted(), [&](const Accepted&, const codec::RuleIncident& ruling) {
        for (const codec::Compensation& one : ruling.compensations) {
          const auto account =
              chain_.resident().Find(state::Identity::kAccountId, state::AsKey(one.account));
          compensated[{static_cast<uint32_t>(*account), CurrencyOf(one.currency)}] +=
              Uint128{one.amount_minor.value()} * base::kPpbOne;
        }
      });
  std::vector<Int128> lost(kCurrencies), won(kCurrencies);
  for (const auto& [key, row] : now.balances) {
    const auto found = before_.balances.find(key);
    const state::BalanceRow was =
        found == before_.balances.end() ? state::BalanceRow{} : found->second;
    const Int128 gain = static_cast<Int128>(Held(row)) - static_cast<Int128>(Held(was));
    const Int128 given = static_cast<Int128>(settled[key] + compensated[key]);
    const Int128 forfeited = Change(was.forfeited, row.forfeited);
    const Int128 bonds_won = gain - given + forfeited;
    if (forfeited < 0 || bonds_won < 0) return At("2: something is taken", key.first, key.second);
    if (Change(was.credited, row.credited) != static_cast<Int128>(settled[key])) {
      return At("2: credited is not what was settled", key.first, key.second);
    }
    lost[key.second] += forfeited;
    won[key.second] += bonds_won;
  }
  for (uint16_t currency = 0; currency < kCurrencies; ++currency) {
    if (lost[currency] != won[currency]) {
      return "2: what was gained is not what was given, currency " + std::to_string(currency);
    }
  }
  return "";
}

std::string FairnessLaws::CheckPayouts(const Snapshot& now,
                                       const state::BlockEffects& block) const {
  std::multiset<std::pair<Key, uint64_t>> wanted;  // with the amount
  ForEach<codec::RequestPayout>(
      chain_.accepted(), [&](const Accepted& by, const codec::RequestPayout& one) {
        wanted.insert({{by.sender.value(), CurrencyOf(one.currency)}, one.amount_minor.value()});
      });
  std::map<uint64_t, state::PayoutState> closed;
  ForEach<codec::ConfirmPayout>(chain_.accepted(),
                                [&](const Accepted&, const codec::ConfirmPayout& one) {
                                  closed[one.payout.value()] = state::PayoutState::kPaid;
                                });
  ForEach<codec::FailPayout>(chain_.accepted(), [&](const Accepted&, const codec::FailPayout& one) {
    closed[one.payout.value()] = state::PayoutState::kFailed;
  });
  std::map<Key, Uint128> reserved, paid;
  for (uint64_t i = 0; i < now.payouts.size(); ++i) {
    const state::PayoutRow& row = now.payouts[i];
    const Key key{row.account, row.currency};
    const auto state = static_cast<state::PayoutState>(row.state);
    if (state == state::PayoutState::kRequested) reserved[key] += row.amount_minor;
    if (state == state::PayoutState::kPaid) paid[key] += row.amount_minor;
    if (i >= before_.payouts.size()) {
      const bool by_itself =
          std::binary_search(block.automatic_payouts.begin(), block.automatic_payouts.end(), i);
      const auto request = wanted.find({key, row.amount_minor});
      const bool wishes = now.balances.at(key).automatic_above_minor > 0;
      if (by_itself ? !wishes : request == wanted.end()) {
        return At("3: a payout that nobody asked for", row.account, row.currency);
      }
      if (!by_itself) wanted.erase(request);
    }
    const auto was = i < before_.payouts.size()
                         ? static_cast<state::PayoutState>(before_.payouts[i].state)
                         : state::PayoutState::kRequested;
    const auto end = closed.find(i);
    if (state != was &&
        (end == closed.end() || end->second != state || was != state::PayoutState::kRequested)) {
      return "3: payout " + std::to_string(i) + " is closed by nobody";
    }
  }
  for (const auto& [key, row] : now.balances) {
    if (row.reserved.value() != reserved[key] * base::kPpbOne ||
        row.paid.value() != paid[key] * base::kPpbOne) {
      return At("3: reserved and paid are not those of the payouts", key.first, key.second);
    }
  }
  return wanted.empty() ? "" : "3: a payout was accepted and is not there";
}

std::string FairnessLaws::CheckBonds(const Snapshot& now) const {
  for (const auto& [key, row] : now.balances) {
    const auto held = now.bonds.find(key);
    const Uint128 bonds = held == now.bonds.end() ? Uint128{0} : held->second;
    if (row.bonded.value() != bonds) {
      return At("4: bonded is not what its claims hold", key.first, key.second);
    }
  }
  return "";
}

bool FairnessLaws::CaseEnded(const Snapshot& now, uint32_t record) const {
  for (size_t i = 0; i < now.cases.size(); ++i) {
    const auto ended = static_cast<uint8_t>(state::CaseState::kEnded);
    const bool was = i < before_.cases.size() && before_.cases[i].state == ended &&
                     before_.cases[i].released == now.cases[i].released;
    if (now.cases[i].state != ended || was) continue;
    if (chain_.Read<state::DisputedRow>(now.cases[i].disputed).subject == record) return true;
  }
  return false;
}

bool FairnessLaws::HolderSigned(const Accepted& accepted, uint32_t account) const {
  if (accepted.signers.contains(account)) return true;
  const auto row = chain_.Read<state::AccountRow>(account);
  return row.key == base::PublicKey{} && row.sponsor != state::kNone32 &&
         accepted.signers.contains(row.sponsor);
}

std::string FairnessLaws::CheckLines(const Snapshot& now, const state::BlockEffects& block) const {
  std::set<uint32_t> changed;
  for (const state::VersionChange& change : block.versions) changed.insert(change.record.value());
  for (const uint32_t record : changed) {
    if (record >= before_.lines.size() || CaseEnded(now, record)) continue;
    const std::string broken = CheckFalls(record, now.lines[record], changed);
    if (!broken.empty()) return broken;
  }
  return "";
}

// By amendments of the block alone: each line that falls has its holders' signatures on one of
// them. Those of an edge are its parent's authors when the amendment takes effect.
std::string FairnessLaws::CheckFalls(uint32_t record, const Shares& now,
                                     const std::set<uint32_t>& changed) const {
  const Shares& was = before_.lines[record];
  const auto id = chain_.Read<state::RecordRow>(record).id;
  const auto signed_by = [&](uint32_t account) {
    bool found = false;
    ForEach<codec::AmendRecord>(chain_.accepted(),
                                [&](const Accepted& by, const codec::AmendRecord& one) {
                                  found = found || (one.record == id && HolderSigned(by, account));
                                });
    ForEach<codec::WithdrawAmendment>(
        chain_.accepted(), [&](const Accepted& by, const codec::WithdrawAmendment& one) {
          found = found || (one.record == id && HolderSigned(by, account));
        });
    return found;
  };
  const std::string name = "5: record " + std::to_string(record) + ", ";
  for (const auto& [account, share] : was.authors) {
    const auto is = now.authors.find(account);
    const bool falls = is == now.authors.end() || is->second < share || now.kept < was.kept;
    if (falls && !signed_by(account)) return name + "author " + std::to_string(account);
  }
  bool withdrawn = false;  // what was to come and is taken back had never been promised for long
  std::vector<base::Epoch> effective;
  ForEach<codec::WithdrawAmendment>(chain_.accepted(),
                                    [&](const Accepted&, const codec::WithdrawAmendment& one) {
                                      withdrawn = withdrawn || one.record == id;
                                    });
  ForEach<codec::AmendRecord>(chain_.accepted(),
                              [&](const Accepted&, const codec::AmendRecord& one) {
                                if (one.record == id) effective.push_back(one.effective_epoch);
                              });
  if (withdrawn) return "";
  for (const auto& edge : was.edges) {
    const uint32_t parent = edge.first;
    const auto is = now.edges.find(parent);
    if (is != now.edges.end() && is->second >= edge.second) continue;
    // Who holds the line then is not clear where the parent changes in the same block.
    if (changed.contains(parent)) continue;
    const bool agreed = std::any_of(effective.begin(), effective.end(), [&](base::Epoch epoch) {
      const Shares holders = SharesOf(parent, epoch);
      return std::all_of(holders.authors.begin(), holders.authors.end(),
                         [&](const auto& author) { return signed_by(author.first); });
    });
    if (!agreed) return name + "edge to " + std::to_string(parent);
  }
  return "";
}

bool FairnessLaws::HasRole(uint32_t account, codec::Role role) const {
  return state::HasRole(chain_.Read<state::AccountRow>(account).roles, role);
}

size_t FairnessLaws::SignersWith(const Accepted& accepted, codec::Role role) const {
  return static_cast<size_t>(
      std::count_if(accepted.signers.begin(), accepted.signers.end(),
                    [&](uint32_t account) { return HasRole(account, role); }));
}

// Roles change before the entries of a block, never between them.
std::string FairnessLaws::CheckRoles() const {
  using codec::Role;
  static const std::map<std::string_view, std::pair<Role, size_t>> kNeeds = {
      {"report_revenue", {Role::kReporter, 1}},
      {"report_revenue_batch", {Role::kReporter, 1}},
      {"submit_statement", {Role::kReporter, 1}},
      {"confirm_funding", {Role::kTreasurer, 1}},
      {"confirm_payout", {Role::kTreasurer, 1}},
      {"fail_payout", {Role::kTreasurer, 1}},
      {"attest_lineage", {Role::kSteward, 1}},
      {"rule_case", {Role::kArbiter, 2}},
      {"freeze_asset", {Role::kArbiter, 2}},
      {"rule_incident", {Role::kArbiter, 2}},
      {"propose", {Role::kAdmin, 1}},
      {"approve_proposal", {Role::kAdmin, 1}}};
  for (const Accepted& accepted : chain_.accepted()) {
    for (const codec::Operation& operation : accepted.operations) {
      const auto needed = kNeeds.find(codec::OperationName(operation));
      if (needed == kNeeds.end()) continue;
      const auto [role, count] = needed->second;
      if (SignersWith(accepted, role) >= count) continue;
      return "6: " + std::string(needed->first) + " without the role";
    }
  }
  return "";
}

}  // namespace tributary::testing
