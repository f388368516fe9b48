// Schema of governance and genesis: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_GOVERNANCE_H_
#define TRIBUTARY_CODEC_SCHEMA_GOVERNANCE_H_

#include <iterator>
#include <string_view>
#include <variant>

#include "codec/field_rules.h"
#include "codec/ledger_governance.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

inline constexpr std::string_view kChangeNames[] = {
    "set_role",      "set_limits",     "set_parameters",  "add_currency",
    "set_validator", "set_thresholds", "set_rule_version"};
static_assert(std::size(kChangeNames) == std::variant_size_v<Change>);

template <>
struct Schema<Parameters> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "epoch_ms", m.epoch_ms, Range{kEpochMsMin, kEpochMsMax});
    v.Number(2, "maturity_epochs", m.maturity_epochs, Range{0, kMaturityEpochsMax});
    v.Number(3, "fee_ppb", m.fee_ppb, kShare);
    v.Number(4, "fee_max_ppb", m.fee_max_ppb, kShare);
    v.Number(5, "royalty_max_ppb", m.royalty_max_ppb, kShare);
    v.Number(6, "validity_window_ms", m.validity_window_ms,
             Range{kValidityWindowMsMin, kValidityWindowMsMax});
    v.Number(7, "claim_notice_ms", m.claim_notice_ms, Range{0, kClaimNoticeMsMax});
    v.Number(8, "key_overlap_ms_max", m.key_overlap_ms_max, Range{0, kKeyOverlapMsMax});
    v.Number(9, "horizon_epochs", m.horizon_epochs, Range{1, kHorizonEpochsMax});
    v.Number(10, "reserve_ms", m.reserve_ms, kAnyNumber);
    v.Number(11, "case_response_ms", m.case_response_ms, kAnyNumber);
    v.Number(12, "case_ruling_ms", m.case_ruling_ms, kAnyNumber);
    v.Number(13, "freeze_ms", m.freeze_ms, kAnyNumber);
    v.Number(14, "bond_floor_minor", m.bond_floor_minor, kAnyNumber);
    v.Number(15, "bond_ppb", m.bond_ppb, kShare);
    v.Number(16, "sponsor_quota", m.sponsor_quota, kAnyNumber);
    v.Number(17, "new_identity_records", m.new_identity_records, kAnyNumber);
    v.Flag(18, "attestation_required", m.attestation_required);
    v.Flag(19, "countersign_required", m.countersign_required);
  }
};

template <>
struct Schema<CreditLimit> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "currency", m.currency, kCurrencyName);
    v.Number(2, "limit_minor", m.limit_minor, kAnyNumber);
  }
};

template <>
struct Schema<SetRole> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Enum(2, "role", m.role);
    v.Flag(3, "granted", m.granted);
  }
};

template <>
struct Schema<SetLimits> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Number(2, "sponsor_quota", m.sponsor_quota, kAnyNumber);
    v.Repeated(3, "credit_limits", m.credit_limits, Count{0, kCreditLimitsMax});
  }
};

template <>
struct Schema<SetParameters> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Message(1, "parameters", m.parameters, Presence::kRequired);
  }
};

template <>
struct Schema<Currency> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "code", m.code, kCurrencyForm);
    v.Number(2, "decimals", m.decimals, Range{kDecimalsMin, kDecimalsMax});
    v.Number(3, "payout_unit_minor", m.payout_unit_minor, kAtLeastOne);
    v.Number(4, "minimum_payout_minor", m.minimum_payout_minor, kAnyNumber);
  }
};

template <>
struct Schema<SetValidator> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "public_key", m.public_key);
    v.Number(2, "power", m.power, kAnyNumber);
    v.Fixed(3, "account", m.account);
  }
};

template <>
struct Schema<SetThresholds> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "admins", m.admins, kAtLeastOne);
    v.Number(2, "arbiters", m.arbiters, kAnyNumber);
  }
};

template <>
struct Schema<SetRuleVersion> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "version", m.version, kAtLeastOne);
  }
};

template <>
struct Schema<Change> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.OneOf(m, kChangeNames);
  }
};

template <>
struct Schema<Propose> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Repeated(1, "changes", m.changes, Count{1, kChangesMax});
    v.Number(2, "effective_height", m.effective_height, kAnyNumber);
    v.Number(3, "effective_epoch", m.effective_epoch, kAnyNumber);
    v.Text(4, "reason", m.reason, kReasonText);
  }
};

template <>
struct Schema<ApproveProposal> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "proposal", m.proposal, kAnyNumber);
  }
};

template <>
struct Schema<WithdrawProposal> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "proposal", m.proposal, kAnyNumber);
  }
};

template <>
struct Schema<RoleGrant> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Enum(1, "role", m.role);
  }
};

template <>
struct Schema<GenesisAccount> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Blob(1, "registration", m.registration, kInnerMessage);
    v.Repeated(2, "roles", m.roles, Count{0, kRolesMax});
    v.Repeated(3, "credit_limits", m.credit_limits, Count{0, kCreditLimitsMax});
    v.Number(4, "sponsor_quota", m.sponsor_quota, kAnyNumber);
    v.Flag(5, "commons", m.commons);
  }
};

template <>
struct Schema<Genesis> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "chain_id", m.chain_id, kChainIdForm);
    v.Number(2, "time_ms", m.time_ms, kAtLeastOne);
    v.Number(3, "rule_version", m.rule_version, Range{kRuleVersion, kRuleVersion});
    v.Message(4, "parameters", m.parameters, Presence::kRequired);
    v.Repeated(5, "currencies", m.currencies, Count{1, kCurrenciesMax});
    v.Repeated(6, "accounts", m.accounts, Count{1, kGenesisAccountsMax});
    v.Message(7, "thresholds", m.thresholds, Presence::kRequired);
    v.Repeated(8, "validators", m.validators, Count{0, kValidatorsMax});
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_GOVERNANCE_H_
