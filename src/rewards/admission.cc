#include "rewards/admission.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "tributary/base/check.h"

namespace tributary::rewards {

using base::Ppb;
using base::Reject;
using base::RejectionCode;

namespace {

std::string Field(std::string_view path, std::string_view list, size_t index,
                  std::string_view name) {
  std::string field(path);
  field.append(list).append("[").append(std::to_string(index)).append("].").append(name);
  return field;
}

}  // namespace

std::vector<Ppb> LargestRemainder(Ppb total, std::span<const uint32_t> weights,
                                  std::span<const base::RecordId> ids) {
  TRIBUTARY_CHECK(ids.size() == weights.size(), "one id for each weight");
  const uint64_t sum = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  TRIBUTARY_CHECK(sum > 0 || total.value() == 0, "nothing to divide by");
  std::vector<Ppb> shares(weights.size());
  if (sum == 0) return shares;
  std::vector<uint64_t> remainders(weights.size());
  uint32_t left = total.value();
  for (size_t i = 0; i < weights.size(); ++i) {
    // total < 2^30 or so and a weight < 2^32: the product fits.
    const uint64_t product = uint64_t{total.value()} * weights[i];
    shares[i] = Ppb(static_cast<uint32_t>(product / sum));
    remainders[i] = product % sum;
    left -= shares[i].value();
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (remainders[a] != remainders[b]) return remainders[a] > remainders[b];
    return ids[a] < ids[b];
  });
  // Fewer units are left than there are remainders above zero.
  for (uint32_t i = 0; i < left; ++i) shares[order[i]] = shares[order[i]].Next();
  return shares;
}

base::Checked<std::vector<Ppb>> AdmitShares(Ppb pass_through, std::span<const uint32_t> weights,
                                            std::span<const base::RecordId> parent_ids,
                                            std::string_view path) {
  const std::string pass_field = std::string(path) + "pass_through_ppb";
  if (pass_through.value() > base::kPpbOne) {
    return Reject(RejectionCode::kPpbRange, pass_field, std::to_string(pass_through.value()));
  }
  if (weights.empty() && pass_through.value() > 0) {
    return Reject(RejectionCode::kPassThroughWithoutParents, pass_field,
                  std::to_string(pass_through.value()));
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) {
      return Reject(RejectionCode::kZeroWeight, Field(path, "parents", i, "weight"));
    }
  }
  std::vector<Ppb> shares = LargestRemainder(pass_through, weights, parent_ids);
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].value() == 0 && pass_through.value() > 0) {
      return Reject(RejectionCode::kShareRoundsToZero, Field(path, "parents", i, "weight"),
                    "weight " + std::to_string(weights[i]));
    }
  }
  return shares;
}

base::Verdict CheckAuthorShares(std::span<const base::AccountId> accounts,
                                std::span<const Ppb> shares, std::string_view path) {
  TRIBUTARY_CHECK(accounts.size() == shares.size(), "one share for each author");
  if (accounts.empty()) return Reject(RejectionCode::kNoAuthors, std::string(path) + "authors");
  uint64_t sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].value() > base::kPpbOne) {
      return Reject(RejectionCode::kPpbRange, Field(path, "authors", i, "share_ppb"),
                    std::to_string(shares[i].value()));
    }
    sum += shares[i].value();
  }
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].value() == 0) {
      return Reject(RejectionCode::kAuthorShares, Field(path, "authors", i, "share_ppb"), "0");
    }
  }
  if (sum != base::kPpbOne) {
    return Reject(RejectionCode::kAuthorShares, std::string(path) + "authors",
                  "they add up to " + std::to_string(sum));
  }
  for (size_t i = 0; i < accounts.size(); ++i) {
    const auto before = accounts.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(accounts.begin(), before, accounts[i]) != before) {
      return Reject(RejectionCode::kAuthorTwice, Field(path, "authors", i, "account"));
    }
  }
  return std::nullopt;
}

}  // namespace tributary::rewards
