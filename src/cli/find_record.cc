#include "cli/find_record.h"

#include "cli/parse.h"

namespace tributary::cli {

absl::StatusOr<std::string> FindRecordId(Context& context, const std::string& text) {
  const auto ref = ParseRecord(text);
  if (!ref.ok()) return ref.status();
  if (ref->ref_case() == v1::RecordRef::kId) return ref->id();
  v1::GetRecordRequest request;
  *request.mutable_record() = *ref;
  const auto record = context.node().GetRecord(request);
  if (!record.ok()) return record.status();
  return record->id();
}

}  // namespace tributary::cli
