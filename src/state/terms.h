// Terms of records as operations see them: what is in force, and the rules of admission.
#ifndef TRIBUTARY_STATE_TERMS_H_
#define TRIBUTARY_STATE_TERMS_H_

#include <string_view>
#include <vector>

#include "codec/ledger.h"
#include "state/context.h"
#include "state/overlay.h"
#include "state/terms_book.h"

namespace tributary::state {

Terms TermsOf(const codec::Terms& terms);

// In force in `epoch`, as far as is known now. Also of a record of this block.
Terms TermsAt(Overlay& overlay, base::RecordSeq record, base::Epoch epoch);

// A royalty is 0, or at least a thousandth of the chain's cap and at most the cap.
// `path` stands before "royalty_ppb". Errors: kRoyaltyTooSmall, kRoyaltyCap.
base::Verdict CheckRoyalty(const Context& c, base::Ppb royalty, std::string_view path);

// Each parent passes judgement on its own edge: its share must be at least the parent's
// min_share_ppb in force in `epoch`. `path` stands before "parents[i].weight".
// Errors: kMinShare, naming the parent, what it asks for and the share.
base::Verdict CheckMinShares(const Context& c, const std::vector<base::RecordSeq>& parents,
                             const std::vector<base::Ppb>& shares, base::Epoch epoch,
                             std::string_view path);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_TERMS_H_
