#include "state/parameters.h"

#include <algorithm>

#include "codec/limits.h"
#include "tributary/base/check.h"

namespace tributary::state {

std::optional<ParameterFault> FaultOf(const codec::Parameters& p) {
  if (p.fee_ppb > p.fee_max_ppb) return ParameterFault{"fee_ppb", "above parameters.fee_max_ppb"};
  if (uint64_t{p.fee_max_ppb.value()} + p.royalty_max_ppb.value() > base::kPpbOne) {
    return ParameterFault{"royalty_max_ppb",
                          "fee_max_ppb and royalty_max_ppb together exceed 1,000,000,000"};
  }
  return std::nullopt;
}

ParametersRow RowOf(const codec::Parameters& p, uint64_t effective_epoch) {
  ParametersRow row;
  row.effective_epoch = effective_epoch;
  row.epoch_ms = p.epoch_ms;
  row.maturity_epochs = p.maturity_epochs;
  row.fee_ppb = p.fee_ppb.value();
  row.fee_max_ppb = p.fee_max_ppb.value();
  row.royalty_max_ppb = p.royalty_max_ppb.value();
  row.validity_window_ms = p.validity_window_ms;
  row.claim_notice_ms = p.claim_notice_ms;
  row.key_overlap_ms_max = p.key_overlap_ms_max;
  row.horizon_epochs = p.horizon_epochs;
  row.reserve_ms = p.reserve_ms;
  row.case_response_ms = p.case_response_ms;
  row.case_ruling_ms = p.case_ruling_ms;
  row.freeze_ms = p.freeze_ms;
  row.bond_floor_minor = p.bond_floor_minor.value();
  row.bond_ppb = p.bond_ppb.value();
  row.sponsor_quota = p.sponsor_quota;
  row.new_identity_records = p.new_identity_records;
  row.attestation_required = p.attestation_required ? 1 : 0;
  row.countersign_required = p.countersign_required ? 1 : 0;
  return row;
}

ParametersRow ParametersAt(Overlay& overlay, uint64_t epoch) {
  uint64_t row = overlay.RowCount({TableKind::kParameters, 0});
  while (row-- > 0) {
    const auto parameters = overlay.Get<ParametersRow>(row);
    if (parameters.effective_epoch <= epoch) return parameters;
  }
  TRIBUTARY_CHECK(false, "no parameters are in force");
  return {};
}

// Of the epochs up to `epoch` that one set of parameters is in force in, the last settles last.
uint64_t MaturesWithEndOf(Overlay& overlay, uint64_t epoch) {
  uint64_t row = overlay.RowCount({TableKind::kParameters, 0});
  uint64_t last = epoch;
  uint64_t matures = epoch;
  while (row-- > 0 && last + codec::kMaturityEpochsMax >= matures) {
    const auto parameters = overlay.Get<ParametersRow>(row);
    if (parameters.effective_epoch > last) continue;
    matures = std::max(matures, last + parameters.maturity_epochs);
    if (parameters.effective_epoch == 0) break;
    last = parameters.effective_epoch - 1;
  }
  return matures;
}

}  // namespace tributary::state
