// Schema of revenue, funding and payouts: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_MONEY_H_
#define TRIBUTARY_CODEC_SCHEMA_MONEY_H_

#include "codec/field_rules.h"
#include "codec/ledger_money.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

template <>
struct Schema<Attribution> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Blob(1, "claim", m.claim, kInnerMessage);
    v.Fixed(2, "signature", m.signature);
  }
};

template <>
struct Schema<Influence> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "record", m.record);
    v.Number(2, "weight", m.weight, kWeight);
  }
};

template <>
struct Schema<AttributionClaim> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Fixed(2, "reporter", m.reporter);
    v.Text(3, "reference", m.reference, kReferenceText);
    v.Fixed(4, "attributor", m.attributor);
    v.Text(5, "method", m.method, kMethodText);
    v.Fixed(6, "report_sha256", m.report_sha256);
    v.Number(7, "alpha_ppb", m.alpha_ppb, kShareAboveZero);
    v.Repeated(8, "influences", m.influences, Count{1, kInfluencesMax});
  }
};

template <>
struct Schema<ReportRevenue> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Number(3, "amount_minor", m.amount_minor, kAmount);
    v.Number(4, "occurred_at_ms", m.occurred_at_ms, kAtLeastOne);
    v.Text(5, "reference", m.reference, kReferenceText);
    v.Message(6, "attribution", m.attribution);
  }
};

template <>
struct Schema<RevenueItem> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "amount_minor", m.amount_minor, kAmount);
    v.Number(2, "occurred_at_ms", m.occurred_at_ms, kAtLeastOne);
    v.Text(3, "reference", m.reference, kReferenceText);
  }
};

template <>
struct Schema<ReportRevenueBatch> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Repeated(3, "items", m.items, Count{1, kRevenueItemsMax});
  }
};

template <>
struct Schema<RefundRevenue> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "reference", m.reference, kReferenceText);
    v.Number(2, "amount_minor", m.amount_minor, kAmount);
    v.Text(3, "refund_reference", m.refund_reference, kReferenceText);
  }
};

template <>
struct Schema<SubmitStatement> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Number(3, "first_epoch", m.first_epoch, kAnyNumber);
    v.Number(4, "last_epoch", m.last_epoch, kAnyNumber);
    v.Number(5, "total_minor", m.total_minor, kAnyNumber);
  }
};

template <>
struct Schema<ConfirmFunding> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "reporter", m.reporter);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Number(3, "amount_minor", m.amount_minor, kAmount);
    v.Text(4, "external_reference", m.external_reference, kReferenceText);
  }
};

template <>
struct Schema<ConfirmDeposit> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Number(3, "amount_minor", m.amount_minor, kAmount);
    v.Text(4, "external_reference", m.external_reference, kReferenceText);
  }
};

template <>
struct Schema<RequestPayout> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "currency", m.currency, kCurrencyName);
    v.Number(2, "amount_minor", m.amount_minor, kAmount);
  }
};

template <>
struct Schema<ConfirmPayout> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "payout", m.payout, kAnyNumber);
    v.Text(2, "external_reference", m.external_reference, kReferenceText);
  }
};

template <>
struct Schema<FailPayout> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "payout", m.payout, kAnyNumber);
    v.Text(2, "reason", m.reason, Length{1, kFailReasonBytesMax});
  }
};

template <>
struct Schema<SetPayoutPreference> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "currency", m.currency, kCurrencyName);
    v.Number(2, "automatic_above_minor", m.automatic_above_minor, kAnyNumber);
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_MONEY_H_
