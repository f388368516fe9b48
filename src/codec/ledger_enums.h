// The enums of ledger.proto. Zero ("unspecified") is never accepted from outside.
#ifndef TRIBUTARY_CODEC_LEDGER_ENUMS_H_
#define TRIBUTARY_CODEC_LEDGER_ENUMS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::codec {

enum class RecordKind : uint8_t {
  kUnspecified = 0,
  kDataset = 1,
  kDataItem = 2,
  kAnnotation = 3,
  kPrompt = 4,
  kCorrection = 5,
  kTranslation = 6,
  kEvaluation = 7,
  kBiasReport = 8,
  kModeration = 9,
  kFeedback = 10,
  kCode = 11,
  kMethod = 12,
  kModel = 13,
  kAdapter = 14,
  kAgent = 15,
  kOutput = 16,
  kPool = 17,
  kPoolPage = 18,
  kDocumentation = 19,
  kReview = 20,
  kOther = 21,
};

enum class Relation : uint8_t {
  kUnspecified = 0,
  kTrainedOn = 1,
  kFinetunedFrom = 2,
  kMergedFrom = 3,
  kQuantizedFrom = 4,
  kAdapterOf = 5,
  kDerivedFrom = 6,
  kCorrectedBy = 7,
  kTranslatedFrom = 8,
  kEvaluatedBy = 9,
  kPromptedBy = 10,
  kRetrievedFrom = 11,
  kDistilledFrom = 12,
  kAnnotatedBy = 13,
  kModeratedBy = 14,
  kReviewedBy = 15,
  kUsesCode = 16,
  kUsesMethod = 17,
  kMember = 18,
  kGeneratedBy = 19,
  kInformedBy = 20,
  kOther = 21,
};

enum class EdgeStance : uint8_t { kUnspecified = 0, kAcknowledged = 1, kDisavowed = 2 };

enum class AttestationVerdict : uint8_t { kUnspecified = 0, kComplete = 1, kIncomplete = 2 };

enum class CaseKind : uint8_t {
  kUnspecified = 0,
  kAuthorship = 1,
  kEdge = 2,
  kMissingEdge = 3,
  kDuplicate = 4,
  kRevoked = 5,
  kAccount = 6,
};

enum class Role : uint8_t {
  kUnspecified = 0,
  kAdmin = 1,
  kValidator = 2,
  kSteward = 3,
  kReporter = 4,
  kAttributor = 5,
  kArbiter = 6,
  kTreasurer = 7,
  kAuditor = 8,
};

// The greatest value of each enum that this rule version knows.
inline constexpr RecordKind LastOf(RecordKind) { return RecordKind::kOther; }
inline constexpr Relation LastOf(Relation) { return Relation::kOther; }
inline constexpr EdgeStance LastOf(EdgeStance) { return EdgeStance::kDisavowed; }
inline constexpr AttestationVerdict LastOf(AttestationVerdict) {
  return AttestationVerdict::kIncomplete;
}
inline constexpr CaseKind LastOf(CaseKind) { return CaseKind::kAccount; }
inline constexpr Role LastOf(Role) { return Role::kAuditor; }

// Names as people write them, e.g. "data_item", "finetuned_from", "admin"; "unspecified" for zero.
std::string_view Name(RecordKind kind);
std::string_view Name(Relation relation);
std::string_view Name(EdgeStance stance);
std::string_view Name(AttestationVerdict verdict);
std::string_view Name(CaseKind kind);
std::string_view Name(Role role);

// The inverse; nullopt for any other text, "unspecified" included.
std::optional<RecordKind> ParseRecordKind(std::string_view name);
std::optional<Relation> ParseRelation(std::string_view name);
std::optional<Role> ParseRole(std::string_view name);

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_ENUMS_H_
