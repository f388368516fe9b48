// Admission of a record's shares: relative weights become integer parts per billion.
#ifndef TRIBUTARY_REWARDS_ADMISSION_H_
#define TRIBUTARY_REWARDS_ADMISSION_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::rewards {

// Divides `total` among weights by largest remainder: each gets floor(total*w/W), and the units
// that are left go one each to the largest remainders, ties to the lower id. The result adds up to
// `total` exactly. Requires: ids.size() == weights.size(), fewer than 2^31 of them; no id twice;
// some weight is above zero, or there is none and total is 0.
std::vector<base::Ppb> LargestRemainder(base::Ppb total, std::span<const uint32_t> weights,
                                        std::span<const base::RecordId> ids);

// The share of each parent; they add up to `pass_through` exactly.
// `path` stands before the field in a rejection, e.g. "operations[3].submit_record.".
// Errors, in this order: kPpbRange (pass_through_ppb), kPassThroughWithoutParents
// (pass_through_ppb), kZeroWeight (parents[i].weight), kShareRoundsToZero (parents[i].weight).
// Parents of a record that passes nothing through are a lineage that is declared and no more: each
// share is exactly 0.
base::Checked<std::vector<base::Ppb>> AdmitShares(base::Ppb pass_through,
                                                  std::span<const uint32_t> weights,
                                                  std::span<const base::RecordId> parent_ids,
                                                  std::string_view path = {});

// Whether these are the authors of a record: at least one, each with 1..10^9, adding up to 10^9, no
// account twice. Requires: as many shares as accounts.
// Errors, in this order: kNoAuthors (authors), kPpbRange (authors[i].share_ppb), kAuthorShares
// (authors[i].share_ppb for a zero, else authors), kAuthorTwice (authors[i].account).
base::Verdict CheckAuthorShares(std::span<const base::AccountId> accounts,
                                std::span<const base::Ppb> shares, std::string_view path = {});

}  // namespace tributary::rewards

#endif  // TRIBUTARY_REWARDS_ADMISSION_H_
