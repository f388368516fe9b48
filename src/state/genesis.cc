#include "state/genesis.h"

#include <algorithm>
#include <string>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/accounts.h"
#include "state/due.h"
#include "state/identity_keys.h"
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

// What later rule versions enforce must not be promised by this one.
Verdict CheckInForce(const codec::Genesis& genesis) {
  const codec::Parameters& p = genesis.parameters;
  const std::pair<bool, std::string_view> later[] = {
      {p.attestation_required, "parameters.attestation_required"},
      {p.countersign_required, "parameters.countersign_required"},
      {p.sponsor_quota != 0, "parameters.sponsor_quota"},
      {p.new_identity_records != 0, "parameters.new_identity_records"},
      {!genesis.validators.empty(), "validators"},
  };
  for (const auto& [set, field] : later) {
    if (set) return Invalid(std::string(field), "this rule version does not enforce it yet");
  }
  return std::nullopt;
}

Verdict CheckParameters(const codec::Parameters& p) {
  if (p.fee_ppb > p.fee_max_ppb) {
    return Invalid("parameters.fee_ppb", "above parameters.fee_max_ppb");
  }
  if (uint64_t{p.fee_max_ppb.value()} + p.royalty_max_ppb.value() > base::kPpbOne) {
    return Invalid("parameters.royalty_max_ppb",
                   "fee_max_ppb and royalty_max_ppb together exceed 1,000,000,000");
  }
  return std::nullopt;
}

ParametersRow ToRow(const codec::Parameters& p) {
  ParametersRow row;
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
    CurrencyRow row;
    std::copy(currency.code.begin(), currency.code.end(), row.code.begin());
    row.decimals = static_cast<uint8_t>(currency.decimals);
    row.payout_unit_minor = unit;
    row.minimum_payout_minor = minimum == 0 ? unit : minimum;
    overlay.Append(row);
    overlay.Append(TotalsRow{});
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

Verdict CheckThresholds(const codec::Genesis& genesis) {
  uint32_t admins = 0;
  uint32_t arbiters = 0;
  for (const codec::GenesisAccount& account : genesis.accounts) {
    const auto registration = codec::Decode<codec::Registration>(account.registration);
    const bool has_key = registration.ok() && registration->public_key.has_value();
    if (has_key && HasRole(RolesOf(account), codec::Role::kAdmin)) ++admins;
    if (has_key && HasRole(RolesOf(account), codec::Role::kArbiter)) ++arbiters;
  }
  if (genesis.thresholds.admins == 0 || genesis.thresholds.admins > admins) {
    return Invalid("thresholds.admins",
                   "there are " + std::to_string(admins) + " admins with a key");
  }
  if (genesis.thresholds.arbiters > arbiters) {
    return Invalid("thresholds.arbiters",
                   "there are " + std::to_string(arbiters) + " arbiters with a key");
  }
  return std::nullopt;
}

}  // namespace

Verdict ApplyGenesis(Overlay& overlay, BlockContext& block, const codec::Genesis& genesis) {
  if (auto bad = CheckInForce(genesis)) return bad;
  if (genesis.time_ms.value() > kTimeMsMax) return Invalid("time_ms", "after the year 9999");
  if (auto bad = CheckParameters(genesis.parameters)) return bad;
  if (auto bad = CheckThresholds(genesis)) return bad;
  ChainRow& chain = block.chain;
  chain.rule_version = genesis.rule_version;
  std::copy(genesis.chain_id.begin(), genesis.chain_id.end(), chain.chain_id.begin());
  chain.admin_threshold = genesis.thresholds.admins;
  chain.arbiter_threshold = genesis.thresholds.arbiters;
  chain.txid_minute = genesis.time_ms.value() / kMinuteMs;
  overlay.Append(chain);
  block.parameters = ToRow(genesis.parameters);
  overlay.Append(block.parameters);
  if (auto bad = AddCurrencies(overlay, genesis)) return bad;
  for (size_t i = 0; i < genesis.accounts.size(); ++i) {
    if (auto bad = AddGenesisAccount(overlay, block, genesis, i)) return bad;
  }
  EnterEpoch(overlay, chain, 0, genesis.time_ms.value(), block.parameters.epoch_ms);
  return std::nullopt;
}

}  // namespace tributary::state
