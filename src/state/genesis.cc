#include "state/genesis.h"

#include <algorithm>
#include <string>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/accounts.h"
#include "state/due.h"
#include "state/governance.h"
#include "state/identity_keys.h"
#include "state/parameters.h"
#include "state/transaction.h"

namespace tributary::state {
namespace {

using base::Reject;
using base::RejectionCode;
using base::Verdict;

constexpr uint64_t kTimeMsMax = 253'402'300'799'999;  // the end of the year 9999

Verdict Invalid(std::string field, std::string detail) {
  return Reject(RejectionCode::kGenesisInvalid, std::move(field), std::move(detail));
}

std::string At(std::string_view list, size_t i, std::string_view leaf) {
  return std::string(list) + "[" + std::to_string(i) + "]." + std::string(leaf);
}

Verdict CheckParameters(const codec::Parameters& p) {
  const auto fault = FaultOf(p);
  if (!fault) return std::nullopt;
  return Invalid("parameters." + std::string(fault->field), fault->detail);
}

Verdict AddCurrencies(Overlay& overlay, const codec::Genesis& genesis) {
  for (size_t i = 0; i < genesis.currencies.size(); ++i) {
    const codec::Currency& currency = genesis.currencies[i];
    for (size_t j = 0; j < i; ++j) {
      if (genesis.currencies[j].code != currency.code) continue;
      return Invalid(At("currencies", i, "code"), std::string(currency.code) + " stands twice");
    }
    const uint64_t unit = currency.payout_unit_minor.value();
    const uint64_t minimum = currency.minimum_payout_minor.value();
    if (minimum % unit != 0) {
      return Invalid(At("currencies", i, "minimum_payout_minor"),
                     "not a multiple of payout_unit_minor");
    }
    AppendCurrency(overlay, currency);
  }
  return std::nullopt;
}

Verdict AddCreditLimits(Overlay& overlay, const codec::Genesis& genesis, size_t position,
                        base::AccountIndex account) {
  const codec::GenesisAccount& from = genesis.accounts[position];
  for (size_t i = 0; i < from.credit_limits.size(); ++i) {
    const codec::CreditLimit& limit = from.credit_limits[i];
    const std::string field = At("accounts", position, At("credit_limits", i, "currency"));
    const auto currency =
        std::find_if(genesis.currencies.begin(), genesis.currencies.end(),
                     [&limit](const codec::Currency& c) { return c.code == limit.currency; });
    if (currency == genesis.currencies.end()) {
      return Reject(RejectionCode::kCurrencyUnknown, field, std::string(limit.currency));
    }
    ReceivableRow row;
    row.reporter = account.value();
    row.currency = static_cast<uint16_t>(currency - genesis.currencies.begin());
    row.limit_minor = limit.limit_minor;
    const base::Hash key = ReceivableKey(row.reporter, row.currency);
    if (overlay.Find(Identity::kReceivable, key)) {
      return Invalid(field, std::string(limit.currency) + " stands twice");
    }
    overlay.AddIdentity(Identity::kReceivable, key, overlay.Append(row));
  }
  return std::nullopt;
}

uint16_t RolesOf(const codec::GenesisAccount& account) {
  uint16_t roles = 0;
  for (const codec::RoleGrant& grant : account.roles) {
    roles = static_cast<uint16_t>(roles | 1 << (static_cast<int>(grant.role) - 1));
  }
  return roles;
}

Verdict AddGenesisAccount(Overlay& overlay, BlockContext& block, const codec::Genesis& genesis,
                          size_t i) {
  const codec::GenesisAccount& from = genesis.accounts[i];
  const std::string path = At("accounts", i, "registration");
  auto registration = codec::Decode<codec::Registration>(from.registration, path);
  if (!registration) return registration.rejection();
  if (registration->sponsor) return Invalid(path + ".sponsor", "nobody sponsors the genesis");
  if (registration->public_key && !crypto::IsUsableKey(*registration->public_key)) {
    return Reject(RejectionCode::kKeySmallOrder, path + ".public_key");
  }
  if (overlay.Find(Identity::kHandle, HandleKey(registration->handle))) {
    return Reject(RejectionCode::kHandleTaken, path + ".handle", std::string(registration->handle));
  }
  const auto index = AddAccount(overlay, *registration, codec::AccountIdOf(from.registration),
                                kNone32, RolesOf(from), 0);
  auto row = overlay.Get<AccountRow>(index.value());
  row.sponsor_quota = from.sponsor_quota;
  if (from.commons) {
    if (block.chain.commons_account != kNone32) {
      return Invalid(At("accounts", i, "commons"), "the commons has one owner");
    }
    row.flags = kAccountCommons;
    block.chain.commons_account = index.value();
  }
  overlay.Put(index.value(), row);
  return AddCreditLimits(overlay, genesis, i, index);
}

Verdict AddValidators(Overlay& overlay, const codec::Genesis& genesis) {
  uint64_t total = 0;
  for (size_t i = 0; i < genesis.validators.size(); ++i) {
    const codec::SetValidator& validator = genesis.validators[i];
    const auto account = overlay.Find(Identity::kAccountId, AsKey(validator.account));
    if (!account) return Invalid(At("validators", i, "account"), "not an account of the genesis");
    if (overlay.Find(Identity::kValidator, AsKey(validator.public_key))) {
      return Invalid(At("validators", i, "public_key"), "it stands twice");
    }
    const bool fits =
        validator.power <= kTotalPowerMax && total <= kTotalPowerMax - validator.power;
    if (validator.power == 0 || !fits) {
      return Invalid(At("validators", i, "power"),
                     "1.." + std::to_string(kTotalPowerMax) + " for all of them together");
    }
    total += validator.power;
    ValidatorRow row;
    row.key = validator.public_key;
    row.power = validator.power;
    row.account = static_cast<uint32_t>(*account);
    row.since_height = 1;
    overlay.AddIdentity(Identity::kValidator, AsKey(row.key), overlay.Append(row));
  }
  return std::nullopt;
}

// How many accounts with a key have the role.
struct RoleCounts {
  uint32_t admins = 0;
  uint32_t arbiters = 0;
};

RoleCounts CountRoles(const codec::Genesis& genesis) {
  RoleCounts counts;
  for (const codec::GenesisAccount& account : genesis.accounts) {
    const auto registration = codec::Decode<codec::Registration>(account.registration);
    const bool has_key = registration.ok() && registration->public_key.has_value();
    if (has_key && HasRole(RolesOf(account), codec::Role::kAdmin)) ++counts.admins;
    if (has_key && HasRole(RolesOf(account), codec::Role::kArbiter)) ++counts.arbiters;
  }
  return counts;
}

Verdict CheckThresholds(const codec::Genesis& genesis, const RoleCounts& counts) {
  if (genesis.thresholds.admins == 0 || genesis.thresholds.admins > counts.admins) {
    return Invalid("thresholds.admins",
                   "there are " + std::to_string(counts.admins) + " admins with a key");
  }
  if (genesis.thresholds.arbiters > counts.arbiters) {
    return Invalid("thresholds.arbiters",
                   "there are " + std::to_string(counts.arbiters) + " arbiters with a key");
  }
  return std::nullopt;
}

}  // namespace

Verdict ApplyGenesis(Overlay& overlay, BlockContext& block, const codec::Genesis& genesis) {
  if (genesis.time_ms.value() > kTimeMsMax) return Invalid("time_ms", "after the year 9999");
  if (auto bad = CheckParameters(genesis.parameters)) return bad;
  const RoleCounts counts = CountRoles(genesis);
  if (auto bad = CheckThresholds(genesis, counts)) return bad;
  ChainRow& chain = block.chain;
  chain.admins = counts.admins;
  chain.arbiters = counts.arbiters;
  chain.rule_version = genesis.rule_version;
  std::copy(genesis.chain_id.begin(), genesis.chain_id.end(), chain.chain_id.begin());
  chain.admin_threshold = genesis.thresholds.admins;
  chain.arbiter_threshold = genesis.thresholds.arbiters;
  chain.txid_minute = genesis.time_ms.value() / kMinuteMs;
  overlay.Append(chain);
  block.parameters = RowOf(genesis.parameters, 0);
  overlay.Append(block.parameters);
  if (auto bad = AddCurrencies(overlay, genesis)) return bad;
  for (size_t i = 0; i < genesis.accounts.size(); ++i) {
    if (auto bad = AddGenesisAccount(overlay, block, genesis, i)) return bad;
  }
  if (auto bad = AddValidators(overlay, genesis)) return bad;
  EnterEpoch(overlay, chain, 0, genesis.time_ms.value(), block.parameters.epoch_ms);
  return std::nullopt;
}

}  // namespace tributary::state
