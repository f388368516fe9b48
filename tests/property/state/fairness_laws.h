// What must hold after every block, whatever was tried in it: nobody gains what the rules do not
// give, and nobody loses what they have but by their own signature or a ruling.
#ifndef TRIBUTARY_TESTS_PROPERTY_STATE_FAIRNESS_LAWS_H_
#define TRIBUTARY_TESTS_PROPERTY_STATE_FAIRNESS_LAWS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "property/state/hostile_chain.h"

namespace tributary::testing {

// Holds the state as it was after the block before, read from the tables alone.
//
//  1 Money in is money out plus money held: what reporters signed, less refunds, is fees, balances,
//    pending money, dust, escrow and bonds; each line of the totals is the sum of its rows.
//  2 An account's credits come only from settlements and pots, from compensations that name it, and
//    from bonds that others lost; a bond lost is a bond gained.
//  3 Reserved is the sum of open payouts and paid that of confirmed ones; each was asked for by its
//    account, or by its standing wish; a treasurer closes them; both together are funded.
//  4 Bonded is the sum of the bonds of the account's own claims.
//  5 No line falls without the signature of its holder, or the end of a case on the record.
//  6 Each operation was signed by somebody with the role that it takes.
class FairnessLaws {
 public:
  explicit FairnessLaws(const HostileChain& chain) : chain_(chain) { before_ = Read(); }

  // The first law that the block breaks, in words, or nothing. To be called after each block that
  // changed anything.
  std::string Broken(const state::BlockEffects& block);

 private:
  using Key = std::pair<uint32_t, uint16_t>;  // account, currency
  struct Shares {
    std::map<uint32_t, uint32_t> edges, authors;  // by parent, by account
    uint32_t kept = 0;
  };
  struct Snapshot {
    std::map<Key, state::BalanceRow> balances;
    std::vector<state::TotalsRow> totals;
    std::vector<state::PayoutRow> payouts;
    std::vector<state::CaseRow> cases;
    std::map<Key, base::Uint128> bonds;
    std::vector<Shares> lines;  // by record: what is promised for good
  };

  Snapshot Read() const;
  Shares SharesOf(uint32_t record, base::Epoch epoch) const;
  std::string CheckMoney(const Snapshot& now) const;
  std::string CheckReports(const Snapshot& now) const;
  std::string CheckCredits(const Snapshot& now, const state::BlockEffects& block) const;
  std::string CheckPayouts(const Snapshot& now, const state::BlockEffects& block) const;
  std::string CheckBonds(const Snapshot& now) const;
  std::string CheckLines(const Snapshot& now, const state::BlockEffects& block) const;
  std::string CheckFalls(uint32_t record, const Shares& now,
                         const std::set<uint32_t>& changed) const;
  std::string CheckRoles() const;
  bool CaseEnded(const Snapshot& now, uint32_t record) const;
  bool HolderSigned(const Accepted& accepted, uint32_t account) const;
  bool HasRole(uint32_t account, codec::Role role) const;
  size_t SignersWith(const Accepted& accepted, codec::Role role) const;
  uint16_t CurrencyOf(std::string_view code) const { return code == "USD" ? 0 : 1; }

  const HostileChain& chain_;
  Snapshot before_;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_PROPERTY_STATE_FAIRNESS_LAWS_H_
