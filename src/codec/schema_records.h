// Schema of records: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_RECORDS_H_
#define TRIBUTARY_CODEC_SCHEMA_RECORDS_H_

#include "codec/field_rules.h"
#include "codec/ledger_records.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

inline constexpr Count kAuthorCount{1, kAuthorsMax, base::RejectionCode::kNoAuthors};
// 8-byte minima.
inline constexpr Length kSketchLength{kSketchBytesMin, kSketchBytesMax, 8, true};

template <>
struct Schema<Author> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Number(2, "share_ppb", m.share_ppb, kShareAboveZero);
  }
};

template <>
struct Schema<Evidence> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "method", m.method, kMethodText);
    v.SignedNumber(2, "score_nano", m.score_nano);
    v.Fixed(3, "report_sha256", m.report_sha256);
    v.Fixed(4, "evaluator", m.evaluator);
  }
};

template <>
struct Schema<Parent> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "record", m.record);
    v.Enum(2, "relation", m.relation);
    v.Number(3, "weight", m.weight, kWeight);
    v.Message(4, "evidence", m.evidence);
  }
};

template <>
struct Schema<Terms> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Number(1, "alpha_max_ppb", m.alpha_max_ppb, kShare);
    v.Number(2, "royalty_ppb", m.royalty_ppb, kShare);
    v.Number(3, "min_share_ppb", m.min_share_ppb, kShare);
  }
};

template <>
struct Schema<Record> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Enum(1, "kind", m.kind);
    v.Repeated(2, "authors", m.authors, kAuthorCount);
    v.Fixed(3, "content_sha256", m.content_sha256);
    v.Number(4, "content_bytes", m.content_bytes, kAnyNumber);
    v.Text(5, "external_id", m.external_id, kExternalIdForm);
    v.Text(6, "media_type", m.media_type, Length{0, kMediaTypeBytesMax});
    v.Text(7, "licence", m.licence, Length{0, kLicenceBytesMax});
    v.Text(8, "title", m.title, Length{0, kTitleBytesMax});
    v.Text(9, "uri", m.uri, kUriText);
    v.Number(10, "declared_ms", m.declared_ms, kAnyNumber);
    v.Repeated(11, "parents", m.parents, Count{0, kParentsMax});
    v.Number(12, "pass_through_ppb", m.pass_through_ppb, kShare);
    v.Message(13, "terms", m.terms, Presence::kDefaultLeftOut);
    v.Flag(14, "custodial", m.custodial);
    v.Blob(15, "sketch", m.sketch, kSketchLength);
    v.Fixed(16, "reservation_salt", m.reservation_salt);
  }
};

template <>
struct Schema<SubmitRecord> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Blob(1, "record", m.record, kInnerMessage);
    v.Flag(2, "skip_if_exists", m.skip_if_exists);
  }
};

template <>
struct Schema<Reserve> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "commitment", m.commitment);
  }
};

template <>
struct Schema<SetEdgeStance> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "child", m.child);
    v.Fixed(2, "parent", m.parent);
    v.Enum(3, "stance", m.stance);
  }
};

template <>
struct Schema<Countersign> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "child", m.child);
    v.Fixed(2, "parent", m.parent);
  }
};

template <>
struct Schema<AttestLineage> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "asset", m.asset);
    v.Enum(2, "verdict", m.verdict);
    v.Fixed(3, "report_sha256", m.report_sha256);
  }
};

template <>
struct Schema<AmendRecord> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "record", m.record);
    v.Number(2, "effective_epoch", m.effective_epoch, kAnyNumber);
    v.Repeated(3, "parents", m.parents, Count{0, kParentsMax});
    v.Number(4, "pass_through_ppb", m.pass_through_ppb, kShare);
    v.Repeated(5, "authors", m.authors, kAuthorCount);
  }
};

template <>
struct Schema<WithdrawAmendment> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "record", m.record);
    v.Number(2, "effective_epoch", m.effective_epoch, kAnyNumber);
  }
};

template <>
struct Schema<LowerTerms> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "record", m.record);
    v.Message(2, "terms", m.terms, Presence::kDefaultLeftOut);
    v.Number(3, "effective_epoch", m.effective_epoch, kAnyNumber);
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_RECORDS_H_
