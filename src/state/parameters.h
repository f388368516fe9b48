// Parameters of the chain: the rules that a set of them keeps, and which is in force when.
#ifndef TRIBUTARY_STATE_PARAMETERS_H_
#define TRIBUTARY_STATE_PARAMETERS_H_

#include <optional>
#include <string>
#include <string_view>

#include "codec/ledger.h"
#include "state/overlay.h"
#include "state/tables.h"

namespace tributary::state {

// A parameter that breaks a rule, beyond the ranges that the codec checks.
struct ParameterFault {
  std::string_view field;
  std::string detail;
};
// The fee is within its bound, and the bounds of fee and royalties together within the whole.
std::optional<ParameterFault> FaultOf(const codec::Parameters& parameters);
ParametersRow RowOf(const codec::Parameters& parameters, uint64_t effective_epoch);

// The parameters in force in `epoch`.
ParametersRow ParametersAt(Overlay& overlay, uint64_t epoch);

// The epoch with whose end revenue of `epoch` settles: epoch + W by the parameters of that epoch,
// but no revenue settles before that of an earlier epoch.
uint64_t MaturesWithEndOf(Overlay& overlay, uint64_t epoch);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PARAMETERS_H_
