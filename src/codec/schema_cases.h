// Schema of cases and accountability: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_CASES_H_
#define TRIBUTARY_CODEC_SCHEMA_CASES_H_

#include "codec/field_rules.h"
#include "codec/ledger_cases.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

template <>
struct Schema<CandidateLine> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "subject", m.subject);
    v.Number(2, "share_ppb", m.share_ppb, kShare);
  }
};

template <>
struct Schema<Candidate> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Repeated(1, "lines", m.lines, Count{1, kCandidateLinesMax});
    v.Number(2, "kept_ppb", m.kept_ppb, kShare);
  }
};

template <>
struct Schema<OpenCase> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "subject", m.subject);
    v.Enum(2, "kind", m.kind);
    v.Message(3, "candidate", m.candidate);
    v.Text(4, "currency", m.currency, Length{0, kCurrencyCodeBytesMax});
    v.Fixed(5, "evidence_sha256", m.evidence_sha256);
    v.Text(6, "evidence_uri", m.evidence_uri, kUriText);
  }
};

template <>
struct Schema<JoinCase> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "case_number", m.case_number, kAnyNumber);
    v.Message(2, "candidate", m.candidate);
    v.Text(3, "currency", m.currency, Length{0, kCurrencyCodeBytesMax});
    v.Fixed(4, "evidence_sha256", m.evidence_sha256);
    v.Text(5, "evidence_uri", m.evidence_uri, kUriText);
  }
};

template <>
struct Schema<RespondToCase> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "case_number", m.case_number, kAnyNumber);
    v.Fixed(2, "statement_sha256", m.statement_sha256);
    v.Text(3, "statement_uri", m.statement_uri, kUriText);
  }
};

template <>
struct Schema<WithdrawClaim> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "case_number", m.case_number, kAnyNumber);
  }
};

template <>
struct Schema<AgreeCase> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "case_number", m.case_number, kAnyNumber);
    v.Message(2, "outcome", m.outcome, Presence::kRequired);
  }
};

template <>
struct Schema<SegmentChoice> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "claim", m.claim, kAnyNumber);
  }
};

template <>
struct Schema<RuleCase> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "case_number", m.case_number, kAnyNumber);
    v.Repeated(2, "choices", m.choices, Count{1, kSegmentChoicesMax});
    v.Fixed(3, "reasons_sha256", m.reasons_sha256);
  }
};

template <>
struct Schema<ReportIncident> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "subject", m.subject);
    v.Text(2, "category", m.category, Length{1, kCategoryBytesMax});
    v.Number(3, "severity", m.severity, Range{1, kSeverityMax});
    v.Fixed(4, "evidence_sha256", m.evidence_sha256);
    v.Text(5, "evidence_uri", m.evidence_uri, kUriText);
  }
};

template <>
struct Schema<FreezeAsset> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Number(2, "incident", m.incident, kAnyNumber);
  }
};

template <>
struct Schema<Compensation> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Text(2, "currency", m.currency, kCurrencyName);
    v.Number(3, "amount_minor", m.amount_minor, kAmount);
  }
};

template <>
struct Schema<RuleIncident> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "incident", m.incident, kAnyNumber);
    v.Flag(2, "upheld", m.upheld);
    v.Repeated(3, "compensations", m.compensations, Count{0, kCompensationsMax});
    v.Fixed(4, "reasons_sha256", m.reasons_sha256);
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_CASES_H_
