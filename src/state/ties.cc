#include "state/ties.h"

#include <algorithm>

#include "state/versions.h"

namespace tributary::state {

using base::RejectionCode;

bool Tied(Overlay& overlay, base::AccountIndex a, base::AccountIndex b) {
  if (a == b) return true;
  return overlay.Get<AccountRow>(a.value()).sponsor == b.value() ||
         overlay.Get<AccountRow>(b.value()).sponsor == a.value();
}

bool TiedToAny(Overlay& overlay, base::AccountIndex account,
               const std::vector<base::AccountIndex>& parties) {
  return std::any_of(parties.begin(), parties.end(),
                     [&](base::AccountIndex party) { return Tied(overlay, account, party); });
}

std::vector<base::AccountIndex> AuthorsNow(Context& c, base::RecordSeq record) {
  std::vector<base::AccountIndex> authors;
  const base::Epoch now(c.block.chain.epoch);
  for (const auto author : LinesAt(c.overlay, record, now).authors) {
    authors.push_back(author.account);
  }
  return authors;
}

base::Verdict RequireArbiters(Context& c, const std::vector<base::AccountIndex>& parties) {
  const uint32_t needed = std::max<uint32_t>(1, c.block.chain.arbiter_threshold);
  uint32_t count = 0;
  std::string tied;
  for (Signer& signer : c.signers) {
    if (!HasRole(signer.roles, codec::Role::kArbiter)) continue;
    signer.used = true;
    if (!TiedToAny(c.overlay, signer.account, parties)) {
      ++count;
      continue;
    }
    const auto account = c.overlay.Get<AccountRow>(signer.account.value());
    tied += (tied.empty() ? "" : ", ") + std::string(account.Handle());
  }
  if (count >= needed) return std::nullopt;
  const std::string detail = std::to_string(count) + " of " + std::to_string(needed) + " arbiters";
  if (tied.empty()) return c.Reject(RejectionCode::kThreshold, "", detail);
  return c.Reject(RejectionCode::kArbiterTied, "", detail + "; " + tied + " tied to a party");
}

}  // namespace tributary::state
