#include "state/terms.h"

#include <string>

#include "rewards/royalty_stack.h"
#include "tributary/base/hex.h"

namespace tributary::state {

using base::RejectionCode;
using base::Verdict;

Terms TermsOf(const codec::Terms& terms) {
  return {terms.alpha_max_ppb, terms.royalty_ppb, terms.min_share_ppb};
}

Terms TermsAt(Overlay& overlay, base::RecordSeq record, base::Epoch epoch) {
  const Resident& resident = overlay.resident();
  Terms terms = record.value() < resident.graph().appended()
                    ? resident.terms().At(record, epoch)
                    : TermsOf(overlay.Get<RecordRow>(record.value()));
  // What this block lowers takes effect later than the epoch it began in.
  if (epoch <= resident.header().epoch) return terms;
  for (const LoweredTerms& lowered : overlay.lowered_terms()) {
    if (lowered.record == record && lowered.effective <= epoch) terms = lowered.terms;
  }
  return terms;
}

Verdict CheckRoyalty(const Context& c, base::Ppb royalty, std::string_view path) {
  if (royalty.value() == 0) return std::nullopt;
  const base::Ppb cap(c.block.parameters.royalty_max_ppb);
  const base::Ppb least = rewards::RoyaltyMin(cap);
  const std::string field = std::string(path) + "royalty_ppb";
  if (royalty > cap) {
    return c.Reject(RejectionCode::kRoyaltyCap, field,
                    std::to_string(royalty.value()) + " of at most " + std::to_string(cap.value()));
  }
  if (royalty >= least) return std::nullopt;
  return c.Reject(
      RejectionCode::kRoyaltyTooSmall, field,
      std::to_string(royalty.value()) + " of 0 or at least " + std::to_string(least.value()));
}

Verdict CheckMinShares(const Context& c, const std::vector<base::RecordSeq>& parents,
                       const std::vector<base::Ppb>& shares, base::Epoch epoch,
                       std::string_view path) {
  for (size_t i = 0; i < parents.size(); ++i) {
    const base::Ppb least = TermsAt(c.overlay, parents[i], epoch).min_share;
    if (shares[i] >= least) continue;
    const auto parent = c.overlay.Get<RecordRow>(parents[i].value());
    return c.Reject(RejectionCode::kMinShare,
                    std::string(path) + "parents[" + std::to_string(i) + "].weight",
                    "record " + base::ToHex(parent.id.view()) + " asks for at least " +
                        std::to_string(least.value()) + " ppb; its share is " +
                        std::to_string(shares[i].value()));
  }
  return std::nullopt;
}

}  // namespace tributary::state
