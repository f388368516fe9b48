// Schema of accounts: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_ACCOUNTS_H_
#define TRIBUTARY_CODEC_SCHEMA_ACCOUNTS_H_

#include "codec/field_rules.h"
#include "codec/ledger_accounts.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

template <>
struct Schema<Registration> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "handle", m.handle, kHandleForm);
    v.Fixed(2, "sponsor", m.sponsor);
    v.Fixed(3, "public_key", m.public_key);
    v.Blob(4, "salt", m.salt, Length{0, kSaltBytesMax});
  }
};

template <>
struct Schema<RegisterAccount> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Blob(1, "registration", m.registration, kInnerMessage);
    v.Fixed(2, "possession", m.possession);
  }
};

template <>
struct Schema<ClaimAccount> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Fixed(2, "public_key", m.public_key);
    v.Fixed(3, "possession", m.possession);
  }
};

template <>
struct Schema<ObjectToClaim> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Text(2, "reason", m.reason, kReasonText);
  }
};

template <>
struct Schema<RotateKey> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "public_key", m.public_key);
    v.Fixed(2, "possession", m.possession);
    v.Number(3, "overlap_ms", m.overlap_ms, kAnyNumber);
  }
};

template <>
struct Schema<RaiseIdentity> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Number(2, "records_per_epoch", m.records_per_epoch, kAnyNumber);
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_ACCOUNTS_H_
