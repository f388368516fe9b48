// Amounts for pictures. Amounts that are sums of a response's amounts are made of atoms again.
#ifndef TRIBUTARY_CLI_SVG_AMOUNTS_H_
#define TRIBUTARY_CLI_SVG_AMOUNTS_H_

#include <string>

#include "tributary/base/amount.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// 0 where the message has no number.
base::Uint128 AtomsOf(const v1::Amount& amount);

// `atoms` of the currency of `like`, in major units. Exact; and for a box, with two decimals, or
// three digits that matter where it is below one, more being cut off.
std::string ExactText(base::Uint128 atoms, const v1::Amount& like);
std::string AmountText(base::Uint128 atoms, const v1::Amount& like);

// part / whole as a percentage with two decimals, rounded down: "12.34 %".
std::string ShareText(base::Uint128 part, base::Uint128 whole);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_AMOUNTS_H_
