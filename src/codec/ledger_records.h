// Records: the messages of ledger.proto as plain structs; see ledger.h for the rules they share.
#ifndef TRIBUTARY_CODEC_LEDGER_RECORDS_H_
#define TRIBUTARY_CODEC_LEDGER_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codec/ledger_enums.h"
#include "tributary/base/types.h"

namespace tributary::codec {

struct Author {
  base::AccountId account;
  base::Ppb share_ppb;
  friend bool operator==(const Author&, const Author&) = default;
};

struct Evidence {
  std::string_view method;
  int64_t score_nano = 0;
  std::optional<base::Hash> report_sha256;
  std::optional<base::AccountId> evaluator;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Parent {
  base::RecordId record;
  Relation relation = Relation::kUnspecified;
  uint32_t weight = 0;
  std::optional<Evidence> evidence;
  friend bool operator==(const Parent&, const Parent&) = default;
};

struct Terms {
  base::Ppb alpha_max_ppb;
  base::Ppb royalty_ppb;
  base::Ppb min_share_ppb;
  friend bool operator==(const Terms&, const Terms&) = default;
};

struct Record {
  RecordKind kind = RecordKind::kUnspecified;
  std::vector<Author> authors;
  std::optional<base::Hash> content_sha256;
  uint64_t content_bytes = 0;
  std::string_view external_id;
  std::string_view media_type;
  std::string_view licence;
  std::string_view title;
  std::string_view uri;
  base::TimeMs declared_ms;
  std::vector<Parent> parents;
  base::Ppb pass_through_ppb;
  Terms terms;
  bool custodial = false;
  base::Bytes sketch;
  std::optional<base::Hash> reservation_salt;
};

struct SubmitRecord {
  base::Bytes record;
  bool skip_if_exists = false;
};

struct Reserve {
  base::Hash commitment;
};

struct SetEdgeStance {
  base::RecordId child;
  base::RecordId parent;
  EdgeStance stance = EdgeStance::kUnspecified;
};

struct Countersign {
  base::RecordId child;
  base::RecordId parent;
};

struct AttestLineage {
  base::RecordId asset;
  AttestationVerdict verdict = AttestationVerdict::kUnspecified;
  base::Hash report_sha256;
};

struct AmendRecord {
  base::RecordId record;
  base::Epoch effective_epoch;
  std::vector<Parent> parents;
  base::Ppb pass_through_ppb;
  std::vector<Author> authors;
};

struct WithdrawAmendment {
  base::RecordId record;
  base::Epoch effective_epoch;
};

struct LowerTerms {
  base::RecordId record;
  Terms terms;
  base::Epoch effective_epoch;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_RECORDS_H_
