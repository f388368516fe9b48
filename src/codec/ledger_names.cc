#include <cstddef>
#include <iterator>

#include "codec/ledger.h"
#include "codec/schema.h"
#include "tributary/base/check.h"

namespace tributary::codec {
namespace {

constexpr std::string_view kRecordKindNames[] = {
    "unspecified", "dataset",       "data_item",   "annotation", "prompt",   "correction",
    "translation", "evaluation",    "bias_report", "moderation", "feedback", "code",
    "method",      "model",         "adapter",     "agent",      "output",   "pool",
    "pool_page",   "documentation", "review",      "other"};
static_assert(std::size(kRecordKindNames) == static_cast<size_t>(LastOf(RecordKind())) + 1);

constexpr std::string_view kRelationNames[] = {
    "unspecified", "trained_on",     "finetuned_from", "merged_from",     "quantized_from",
    "adapter_of",  "derived_from",   "corrected_by",   "translated_from", "evaluated_by",
    "prompted_by", "retrieved_from", "distilled_from", "annotated_by",    "moderated_by",
    "reviewed_by", "uses_code",      "uses_method",    "member",          "generated_by",
    "informed_by", "other"};
static_assert(std::size(kRelationNames) == static_cast<size_t>(LastOf(Relation())) + 1);

constexpr std::string_view kEdgeStanceNames[] = {"unspecified", "acknowledged", "disavowed"};
static_assert(std::size(kEdgeStanceNames) == static_cast<size_t>(LastOf(EdgeStance())) + 1);

constexpr std::string_view kAttestationVerdictNames[] = {"unspecified", "complete", "incomplete"};
static_assert(std::size(kAttestationVerdictNames) ==
              static_cast<size_t>(LastOf(AttestationVerdict())) + 1);

constexpr std::string_view kCaseKindNames[] = {
    "unspecified", "authorship", "edge", "missing_edge", "duplicate", "revoked", "account"};
static_assert(std::size(kCaseKindNames) == static_cast<size_t>(LastOf(CaseKind())) + 1);

constexpr std::string_view kRoleNames[] = {"unspecified", "admin",     "validator",
                                           "steward",     "reporter",  "attributor",
                                           "arbiter",     "treasurer", "auditor"};
static_assert(std::size(kRoleNames) == static_cast<size_t>(LastOf(Role())) + 1);

template <class E, size_t N>
std::string_view NameOf(const std::string_view (&names)[N], E value) {
  const size_t index = static_cast<size_t>(value);
  TRIBUTARY_CHECK(index < N, "an enum value without a name");
  return names[index];
}

template <class E, size_t N>
std::optional<E> Parse(const std::string_view (&names)[N], std::string_view name) {
  for (size_t i = 1; i < N; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Name(RecordKind kind) { return NameOf(kRecordKindNames, kind); }
std::string_view Name(Relation relation) { return NameOf(kRelationNames, relation); }
std::string_view Name(EdgeStance stance) { return NameOf(kEdgeStanceNames, stance); }
std::string_view Name(AttestationVerdict verdict) {
  return NameOf(kAttestationVerdictNames, verdict);
}
std::string_view Name(CaseKind kind) { return NameOf(kCaseKindNames, kind); }
std::string_view Name(Role role) { return NameOf(kRoleNames, role); }

std::optional<RecordKind> ParseRecordKind(std::string_view name) {
  return Parse<RecordKind>(kRecordKindNames, name);
}
std::optional<Relation> ParseRelation(std::string_view name) {
  return Parse<Relation>(kRelationNames, name);
}
std::optional<Role> ParseRole(std::string_view name) { return Parse<Role>(kRoleNames, name); }

std::string_view OperationName(size_t index) {
  TRIBUTARY_CHECK(index < std::size(kOperationNames), "an operation without a name");
  return kOperationNames[index];
}

}  // namespace tributary::codec
