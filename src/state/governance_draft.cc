#include "state/governance_draft.h"

#include <algorithm>

#include "codec/limits.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/parameters.h"

namespace tributary::state {

using base::Reject;
using base::RejectionCode;
using base::Verdict;

void AppendCurrency(Overlay& overlay, const codec::Currency& currency) {
  CurrencyRow row;
  std::copy(currency.code.begin(), currency.code.end(), row.code.begin());
  row.decimals = static_cast<uint8_t>(currency.decimals);
  row.payout_unit_minor = currency.payout_unit_minor.value();
  const uint64_t minimum = currency.minimum_payout_minor.value();
  row.minimum_payout_minor = minimum == 0 ? row.payout_unit_minor : minimum;
  overlay.Append(row);
  overlay.Append(TotalsRow{});
}

void CountRoles(ChainRow& chain, uint16_t before, uint16_t after) {
  const auto has = [](uint16_t roles, codec::Role role) -> uint32_t {
    return HasRole(roles, role) ? 1 : 0;
  };
  chain.admins += has(after, codec::Role::kAdmin) - has(before, codec::Role::kAdmin);
  chain.arbiters += has(after, codec::Role::kArbiter) - has(before, codec::Role::kArbiter);
}

GovernanceDraft::GovernanceDraft(Overlay& overlay, const BlockContext& block)
    : overlay_(overlay), now_(block.time), chain_(block.chain), in_force_(block.parameters) {}

Verdict GovernanceDraft::Take(const codec::Change& change, const std::string& path) {
  return std::visit([&](const auto& one) { return TakeOne(one, path); }, change);
}

base::Checked<uint32_t> GovernanceDraft::RequireAccount(const base::AccountId& id,
                                                        const std::string& path) {
  const auto row = overlay_.Find(Identity::kAccountId, AsKey(id));
  if (!row) return Reject(RejectionCode::kUnknownAccount, path + "account");
  return static_cast<uint32_t>(*row);
}

std::optional<uint16_t> GovernanceDraft::FindCurrency(std::string_view code) {
  const uint64_t count = overlay_.RowCount({TableKind::kCurrencies, 0});
  for (uint64_t row = 0; row < count; ++row) {
    if (CodeOf(overlay_.Get<CurrencyRow>(row)) == code) return static_cast<uint16_t>(row);
  }
  for (size_t i = 0; i < currencies_.size(); ++i) {
    if (currencies_[i].code == code) return static_cast<uint16_t>(count + i);
  }
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetRole& change, const std::string& path) {
  const auto account = RequireAccount(change.account, path);
  if (!account) return account.rejection();
  const auto row = overlay_.Get<AccountRow>(*account);
  if (change.granted && KeysInForce(row, now_).empty()) {
    return Reject(RejectionCode::kCustodialSigner, path + "account", std::string(row.Handle()));
  }
  uint16_t& roles = roles_.try_emplace(*account, row.roles).first->second;
  const auto bit = static_cast<uint16_t>(1U << (static_cast<int>(change.role) - 1));
  const auto after = static_cast<uint16_t>(change.granted ? roles | bit : roles & ~bit);
  if (!KeysInForce(row, now_).empty()) CountRoles(chain_, roles, after);
  roles = after;
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetLimits& change, const std::string& path) {
  const auto account = RequireAccount(change.account, path);
  if (!account) return account.rejection();
  Limits limits{*account, change.sponsor_quota, {}};
  for (size_t i = 0; i < change.credit_limits.size(); ++i) {
    const codec::CreditLimit& limit = change.credit_limits[i];
    const auto currency = FindCurrency(limit.currency);
    if (!currency) {
      return Reject(RejectionCode::kCurrencyUnknown,
                    path + "credit_limits[" + std::to_string(i) + "].currency",
                    std::string(limit.currency));
    }
    limits.credit.emplace_back(*currency, limit.limit_minor);
  }
  limits_.push_back(std::move(limits));
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetParameters& change, const std::string& path) {
  const codec::Parameters& p = change.parameters;
  if (const auto fault = FaultOf(p)) {
    return Reject(RejectionCode::kInvariantBroken, path + "parameters." + std::string(fault->field),
                  fault->detail);
  }
  const struct {
    std::string_view field;
    uint32_t is, was;
  } constants[] = {
      {"fee_max_ppb", p.fee_max_ppb.value(), in_force_.fee_max_ppb},
      {"royalty_max_ppb", p.royalty_max_ppb.value(), in_force_.royalty_max_ppb},
  };
  for (const auto& constant : constants) {
    if (constant.is == constant.was) continue;
    return Reject(RejectionCode::kInvariantBroken,
                  path + "parameters." + std::string(constant.field),
                  "a constant of the chain: " + std::to_string(constant.was));
  }
  parameters_ = p;
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::Currency& change, const std::string& path) {
  if (FindCurrency(change.code)) {
    return Reject(RejectionCode::kInvariantBroken, path + "code",
                  std::string(change.code) + " is registered already");
  }
  if (change.minimum_payout_minor.value() % change.payout_unit_minor.value() != 0) {
    return Reject(RejectionCode::kInvariantBroken, path + "minimum_payout_minor",
                  "not a multiple of payout_unit_minor");
  }
  const uint64_t count = overlay_.RowCount({TableKind::kCurrencies, 0}) + currencies_.size();
  if (count >= codec::kCurrenciesMax) {
    return Reject(RejectionCode::kInvariantBroken, path + "code",
                  "a chain has at most " + std::to_string(codec::kCurrenciesMax) + " currencies");
  }
  currencies_.push_back(change);
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetValidator& change, const std::string& path) {
  const auto account = RequireAccount(change.account, path);
  if (!account) return account.rejection();
  if (change.power > kTotalPowerMax) {
    return Reject(RejectionCode::kInvariantBroken, path + "power",
                  "at most " + std::to_string(kTotalPowerMax) + " for all of them together");
  }
  validators_[change.public_key] = {change.power, *account};
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetThresholds& change, const std::string&) {
  chain_.admin_threshold = change.admins;
  chain_.arbiter_threshold = change.arbiters;
  return std::nullopt;
}

Verdict GovernanceDraft::TakeOne(const codec::SetRuleVersion& change, const std::string& path) {
  if (change.version > codec::kRuleVersion) {
    return Reject(RejectionCode::kRuleVersionTooNew, path + "version",
                  "it knows up to " + std::to_string(codec::kRuleVersion));
  }
  if (change.version <= chain_.rule_version) {
    return Reject(RejectionCode::kInvariantBroken, path + "version",
                  "version " + std::to_string(chain_.rule_version) + " is in force");
  }
  chain_.rule_version = change.version;
  return std::nullopt;
}

Verdict GovernanceDraft::Check(const std::string& path) const {
  const auto left = [&path](std::string_view who, uint32_t count, uint32_t threshold) {
    return Reject(RejectionCode::kUngovernable, path,
                  std::to_string(count) + " " + std::string(who) + " would be left of the " +
                      std::to_string(threshold) + " that the threshold asks for");
  };
  if (chain_.admins < chain_.admin_threshold || chain_.admin_threshold == 0) {
    return left("admins", chain_.admins, chain_.admin_threshold);
  }
  if (chain_.arbiters < chain_.arbiter_threshold) {
    return left("arbiters", chain_.arbiters, chain_.arbiter_threshold);
  }
  if (validators_.empty()) return std::nullopt;
  base::Uint128 total = 0;
  size_t count = 0;
  const auto add = [&total, &count](uint64_t power) {
    total += power;
    count += power > 0 ? 1 : 0;
  };
  for (uint64_t row = 0; row < overlay_.RowCount({TableKind::kValidators, 0}); ++row) {
    const auto validator = overlay_.Get<ValidatorRow>(row);
    if (!validators_.contains(validator.key)) add(validator.power);
  }
  for (const auto& [key, power] : validators_) add(power.power);
  if (total == 0) return Reject(RejectionCode::kUngovernable, path, "no validator would be left");
  if (total > kTotalPowerMax || count > codec::kValidatorsMax) {
    return Reject(RejectionCode::kInvariantBroken, path,
                  "at most " + std::to_string(codec::kValidatorsMax) +
                      " validators with a power of " + std::to_string(kTotalPowerMax) +
                      " together");
  }
  return std::nullopt;
}

void GovernanceDraft::StoreRoles() {
  for (const auto& [account, roles] : roles_) {
    auto row = overlay_.Get<AccountRow>(account);
    row.roles = roles;
    overlay_.Put(account, row);
  }
}

void GovernanceDraft::StoreLimits() {
  for (const Limits& limits : limits_) {
    auto row = overlay_.Get<AccountRow>(limits.account);
    row.sponsor_quota = limits.sponsor_quota;
    overlay_.Put(limits.account, row);
    for (const auto& [currency, limit] : limits.credit) {
      const base::Hash key = ReceivableKey(limits.account, currency);
      ReceivableRow receivable;
      const auto known = overlay_.Find(Identity::kReceivable, key);
      if (known) receivable = overlay_.Get<ReceivableRow>(*known);
      receivable.reporter = limits.account;
      receivable.currency = currency;
      receivable.limit_minor = limit;
      if (known) {
        overlay_.Put(*known, receivable);
      } else {
        overlay_.AddIdentity(Identity::kReceivable, key, overlay_.Append(receivable));
      }
    }
  }
}

void GovernanceDraft::StoreValidators(uint64_t height, uint32_t proposal) {
  for (const auto& [key, power] : validators_) {
    ValidatorRow row;
    row.key = key;
    row.power = power.power;
    row.account = power.account;
    row.since_height = height;
    row.proposal = proposal;
    if (const auto known = overlay_.Find(Identity::kValidator, AsKey(key))) {
      overlay_.Put(*known, row);
    } else {
      overlay_.AddIdentity(Identity::kValidator, AsKey(key), overlay_.Append(row));
    }
  }
}

void GovernanceDraft::Store(BlockContext& block, uint64_t epoch, uint32_t proposal) {
  ChainRow& chain = block.chain;
  chain.admins = chain_.admins;
  chain.arbiters = chain_.arbiters;
  chain.admin_threshold = chain_.admin_threshold;
  chain.arbiter_threshold = chain_.arbiter_threshold;
  chain.rule_version = chain_.rule_version;
  for (const codec::Currency& currency : currencies_) AppendCurrency(overlay_, currency);
  StoreRoles();
  StoreLimits();
  StoreValidators(chain.height + 1, proposal);
  if (parameters_) overlay_.Append(RowOf(*parameters_, epoch));
}

}  // namespace tributary::state
