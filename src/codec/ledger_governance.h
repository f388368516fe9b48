// Governance and genesis: the messages of ledger.proto as plain structs; see ledger.h.
#ifndef TRIBUTARY_CODEC_LEDGER_GOVERNANCE_H_
#define TRIBUTARY_CODEC_LEDGER_GOVERNANCE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/ledger_enums.h"
#include "tributary/base/types.h"

namespace tributary::codec {

struct Parameters {
  uint64_t epoch_ms = 0;
  uint32_t maturity_epochs = 0;
  base::Ppb fee_ppb;
  base::Ppb fee_max_ppb;
  base::Ppb royalty_max_ppb;
  uint64_t validity_window_ms = 0;
  uint64_t claim_notice_ms = 0;
  uint64_t key_overlap_ms_max = 0;
  uint32_t horizon_epochs = 0;
  uint64_t reserve_ms = 0;
  uint64_t case_response_ms = 0;
  uint64_t case_ruling_ms = 0;
  uint64_t freeze_ms = 0;
  base::MinorUnits bond_floor_minor;
  base::Ppb bond_ppb;
  uint64_t sponsor_quota = 0;
  uint32_t new_identity_records = 0;
  bool attestation_required = false;
  bool countersign_required = false;
  friend bool operator==(const Parameters&, const Parameters&) = default;
};

struct CreditLimit {
  std::string_view currency;
  uint64_t limit_minor = 0;  // 2^64-1: no limit
};

struct SetRole {
  base::AccountId account;
  Role role = Role::kUnspecified;
  bool granted = false;
};

struct SetLimits {
  base::AccountId account;
  uint64_t sponsor_quota = 0;
  std::vector<CreditLimit> credit_limits;
};

struct SetParameters {
  Parameters parameters;
};

struct Currency {
  std::string_view code;
  uint32_t decimals = 0;
  base::MinorUnits payout_unit_minor;
  base::MinorUnits minimum_payout_minor;
};

struct SetValidator {
  base::PublicKey public_key;
  uint64_t power = 0;
  base::AccountId account;
};

struct SetThresholds {
  uint32_t admins = 0;
  uint32_t arbiters = 0;
};

struct SetRuleVersion {
  uint32_t version = 0;
};

// The alternatives stand in the order of their field numbers: index() + 1 is the number.
using Change = std::variant<SetRole, SetLimits, SetParameters, Currency, SetValidator,
                            SetThresholds, SetRuleVersion>;

struct Propose {
  std::vector<Change> changes;
  base::Height effective_height;
  base::Epoch effective_epoch;
  std::string_view reason;
};

struct ApproveProposal {
  uint64_t proposal = 0;
};

struct WithdrawProposal {
  uint64_t proposal = 0;
};

struct RoleGrant {
  Role role = Role::kUnspecified;
};

struct GenesisAccount {
  base::Bytes registration;
  std::vector<RoleGrant> roles;
  std::vector<CreditLimit> credit_limits;
  uint64_t sponsor_quota = 0;
  bool commons = false;
};

struct Genesis {
  std::string_view chain_id;
  base::TimeMs time_ms;
  uint32_t rule_version = 0;
  Parameters parameters;
  std::vector<Currency> currencies;
  std::vector<GenesisAccount> accounts;
  SetThresholds thresholds;
  std::vector<SetValidator> validators;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_GOVERNANCE_H_
