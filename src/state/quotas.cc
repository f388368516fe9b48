#include "state/quotas.h"

#include "state/keys_in_force.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

constexpr uint64_t kNoQuota = UINT64_MAX;

// The two counters belong to the current epoch from now on.
void EnterEpochOf(const Context& c, AccountRow& account) {
  if (account.quota_epoch == c.block.chain.epoch) return;
  account.quota_epoch = c.block.chain.epoch;
  account.quota_used = 0;
  account.records_in_epoch = 0;
}

uint32_t RecordLimit(const Context& c, const AccountRow& account) {
  if (account.sponsor == kNone32) return 0;
  if (account.records_per_epoch != kNone32) return account.records_per_epoch;
  return c.block.parameters.new_identity_records;
}

}  // namespace

base::Verdict ChargeQuota(Context& c) {
  const auto sender = c.overlay.Get<AccountRow>(c.sender.value());
  const uint32_t payer = sender.sponsor == kNone32 ? c.sender.value() : sender.sponsor;
  auto account = sender.sponsor == kNone32 ? sender : c.overlay.Get<AccountRow>(payer);
  const uint64_t quota =
      account.sponsor_quota == 0 ? c.block.parameters.sponsor_quota : account.sponsor_quota;
  if (quota == 0 || quota == kNoQuota) return std::nullopt;
  EnterEpochOf(c, account);
  const uint64_t used = account.quota_used + c.transaction.body.operations.size();
  if (used > quota || used >= kNone32) {
    return base::Reject(RejectionCode::kSponsorQuota, "operations",
                        "the quota of " + std::string(account.Handle()) + " is " +
                            std::to_string(quota) + " operations, " +
                            std::to_string(account.quota_used) + " are used");
  }
  account.quota_used = static_cast<uint32_t>(used);
  c.overlay.Put(payer, account);
  return std::nullopt;
}

base::Verdict ChargeIdentity(Context& c, base::AccountIndex author, const std::string& leaf) {
  auto account = c.overlay.Get<AccountRow>(author.value());
  const uint32_t limit = RecordLimit(c, account);
  if (limit == 0 || KeysInForce(account, c.block.time).empty()) return std::nullopt;
  EnterEpochOf(c, account);
  if (account.records_in_epoch >= limit) {
    return c.Reject(
        RejectionCode::kIdentityLimited, leaf,
        std::string(account.Handle()) + " may submit " + std::to_string(limit) + " in an epoch");
  }
  ++account.records_in_epoch;
  c.overlay.Put(author.value(), account);
  return std::nullopt;
}

}  // namespace tributary::state
