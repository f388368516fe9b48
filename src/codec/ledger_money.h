// Revenue, funding and payouts: the messages of ledger.proto as plain structs; see ledger.h.
#ifndef TRIBUTARY_CODEC_LEDGER_MONEY_H_
#define TRIBUTARY_CODEC_LEDGER_MONEY_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tributary/base/types.h"

namespace tributary::codec {

struct Attribution {
  base::Bytes claim;
  base::SignatureBytes signature;
};

struct Influence {
  base::RecordId record;
  uint32_t weight = 0;
  friend bool operator==(const Influence&, const Influence&) = default;
};

struct AttributionClaim {
  base::RecordId asset;
  base::AccountId reporter;
  std::string_view reference;
  base::AccountId attributor;
  std::string_view method;
  std::optional<base::Hash> report_sha256;
  base::Ppb alpha_ppb;
  std::vector<Influence> influences;
};

struct ReportRevenue {
  base::RecordId asset;
  std::string_view currency;
  base::MinorUnits amount_minor;
  base::TimeMs occurred_at_ms;
  std::string_view reference;
  std::optional<Attribution> attribution;
};

struct RevenueItem {
  base::MinorUnits amount_minor;
  base::TimeMs occurred_at_ms;
  std::string_view reference;
};

struct ReportRevenueBatch {
  base::RecordId asset;
  std::string_view currency;
  std::vector<RevenueItem> items;
};

struct RefundRevenue {
  std::string_view reference;
  base::MinorUnits amount_minor;
  std::string_view refund_reference;
};

struct SubmitStatement {
  base::RecordId asset;
  std::string_view currency;
  base::Epoch first_epoch;
  base::Epoch last_epoch;
  base::MinorUnits total_minor;
};

struct ConfirmFunding {
  base::AccountId reporter;
  std::string_view currency;
  base::MinorUnits amount_minor;
  std::string_view external_reference;
};

struct ConfirmDeposit {
  base::AccountId account;
  std::string_view currency;
  base::MinorUnits amount_minor;
  std::string_view external_reference;
};

struct RequestPayout {
  std::string_view currency;
  base::MinorUnits amount_minor;
};

struct ConfirmPayout {
  base::PayoutIndex payout;
  std::string_view external_reference;
};

struct FailPayout {
  base::PayoutIndex payout;
  std::string_view reason;
};

struct SetPayoutPreference {
  std::string_view currency;
  base::MinorUnits automatic_above_minor;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_MONEY_H_
