// Cases and accountability: the messages of ledger.proto as plain structs; see ledger.h.
#ifndef TRIBUTARY_CODEC_LEDGER_CASES_H_
#define TRIBUTARY_CODEC_LEDGER_CASES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codec/ledger_enums.h"
#include "tributary/base/types.h"

namespace tributary::codec {

struct CandidateLine {
  base::Hash subject;  // bytes of a RecordId or an AccountId, by the level of the case
  base::Ppb share_ppb;
  friend bool operator==(const CandidateLine&, const CandidateLine&) = default;
};

struct Candidate {
  std::vector<CandidateLine> lines;
  base::Ppb kept_ppb;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct OpenCase {
  base::Hash subject;  // bytes of a RecordId; for CaseKind::kAccount of an AccountId
  CaseKind kind = CaseKind::kUnspecified;
  std::optional<Candidate> candidate;
  std::string_view currency;  // may be empty: a case without a bond
  base::Hash evidence_sha256;
  std::string_view evidence_uri;
};

struct JoinCase {
  uint64_t case_number = 0;
  std::optional<Candidate> candidate;
  std::string_view currency;  // may be empty
  base::Hash evidence_sha256;
  std::string_view evidence_uri;
};

struct RespondToCase {
  uint64_t case_number = 0;
  base::Hash statement_sha256;
  std::string_view statement_uri;
};

struct WithdrawClaim {
  uint64_t case_number = 0;
};

struct AgreeCase {
  uint64_t case_number = 0;
  Candidate outcome;
};

struct SegmentChoice {
  uint32_t claim = 0;
};

struct RuleCase {
  uint64_t case_number = 0;
  std::vector<SegmentChoice> choices;
  base::Hash reasons_sha256;
};

struct ReportIncident {
  base::RecordId subject;
  std::string_view category;
  uint32_t severity = 0;
  base::Hash evidence_sha256;
  std::string_view evidence_uri;
};

struct FreezeAsset {
  base::RecordId asset;
  uint64_t incident = 0;
};

struct Compensation {
  base::AccountId account;
  std::string_view currency;
  base::MinorUnits amount_minor;
};

struct RuleIncident {
  uint64_t incident = 0;
  bool upheld = false;
  std::vector<Compensation> compensations;
  base::Hash reasons_sha256;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_CASES_H_
