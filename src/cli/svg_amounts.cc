#include "cli/svg_amounts.h"

#include <algorithm>
#include <cstddef>

namespace tributary::cli {
namespace {

using base::Atoms;
using base::Uint128;

// The currency's decimals: those with which the node wrote the amount.
int DecimalsOf(const v1::Amount& like) {
  constexpr int kMost = 18;
  const Atoms atoms(AtomsOf(like));
  for (int decimals = 0; decimals <= kMost; ++decimals) {
    if (base::FormatAtoms(atoms, decimals) == like.major()) return decimals;
  }
  return 0;
}

// As long as a box has room for.
std::string Cut(const std::string& major) {
  constexpr size_t kCents = 2;
  constexpr size_t kDigits = 3;
  const size_t point = major.find('.');
  if (point == std::string::npos) return major;
  if (major.substr(0, point) != "0") return major.substr(0, point + 1 + kCents);
  const size_t first = major.find_first_not_of('0', point + 1);
  if (first == std::string::npos) return "0";
  return major.substr(0, std::max(first + kDigits, point + 1 + kCents));
}

}  // namespace

Uint128 AtomsOf(const v1::Amount& amount) {
  return base::ParseDecimal(amount.atoms()).value_or(Uint128{0});
}

std::string ExactText(Uint128 atoms, const v1::Amount& like) {
  return base::FormatAtoms(Atoms(atoms), DecimalsOf(like)) + " " + like.currency();
}

std::string AmountText(Uint128 atoms, const v1::Amount& like) {
  return Cut(base::FormatAtoms(Atoms(atoms), DecimalsOf(like))) + " " + like.currency();
}

std::string ShareText(Uint128 part, Uint128 whole) {
  constexpr Uint128 kHundredths = 10'000;
  while (part > ~Uint128{0} / kHundredths) {
    part >>= 1;
    whole >>= 1;
  }
  if (whole == 0) return "0.00 %";
  const auto hundredths = static_cast<uint64_t>(part * kHundredths / whole);
  std::string digits = std::to_string(hundredths % 100);
  digits.insert(0, 2 - digits.size(), '0');
  return std::to_string(hundredths / 100) + "." + digits + " %";
}

}  // namespace tributary::cli
