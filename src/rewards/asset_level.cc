#include "rewards/asset_level.h"

#include "tributary/base/check.h"

namespace tributary::rewards {

using base::Atoms;
using base::Uint128;

Atoms ExactShare(Uint128 gross_minor, base::Ppb share) {
  TRIBUTARY_CHECK(gross_minor >> 90 == 0, "gross above a currency's lifetime total");
  return Atoms(gross_minor * share.value());
}

GrossSplit SplitGross(Uint128 gross_minor, base::Ppb fee, std::span<const Royalty> royalties,
                      std::span<const RecordAmount> attribution) {
  GrossSplit split;
  split.fee = ExactShare(gross_minor, fee);
  Atoms net = ExactShare(gross_minor, base::Ppb(base::kPpbOne)) - split.fee;
  split.royalties.reserve(royalties.size());
  for (const Royalty& royalty : royalties) {
    split.royalties.push_back({royalty.record, ExactShare(gross_minor, royalty.share)});
    net -= split.royalties.back().amount;
  }
  for (const RecordAmount& line : attribution) split.attributed += line.amount;
  split.net = net - split.attributed;
  return split;
}

Uint128 NettedDebit(Uint128 debit_minor, Uint128 gross_minor, base::Ppb net, Atoms directed) {
  Uint128 bearable = gross_minor;
  if (!directed.IsZero()) {
    bearable = (ExactShare(gross_minor, net) - directed).value() / net.value();
  }
  return debit_minor < bearable ? debit_minor : bearable;
}

}  // namespace tributary::rewards
