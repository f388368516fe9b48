// A lineage as a file states it, checked whole and put into an order in which it can be recorded.
//
// The file has one JSON object on each line: author, id, parents (a list of id, relation and
// optionally weight), and optionally created (seconds since 1970) and licence. docs/cli.md is the
// manual.
#ifndef TRIBUTARY_CLI_LINEAGE_PLAN_H_
#define TRIBUTARY_CLI_LINEAGE_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "codec/ledger_enums.h"

namespace tributary::cli {

struct PlannedParent {
  size_t record = 0;  // index into LineagePlan::records, always lower than the child's
  codec::Relation relation = codec::Relation::kUnspecified;
  uint32_t weight = 1;
};

struct PlannedRecord {
  std::string external_id;  // "hf:" and the id as the file writes it
  size_t author = 0;        // index into LineagePlan::authors
  codec::RecordKind kind = codec::RecordKind::kModel;
  std::string licence;
  uint64_t declared_ms = 0;
  bool stub = false;  // named as a parent only
  std::vector<PlannedParent> parents;
};

struct PlannedAuthor {
  std::string name;  // as the file writes it first
  std::string handle;
};

struct LineagePlan {
  std::vector<PlannedAuthor> authors;  // in order of first appearance in `records`
  std::vector<PlannedRecord> records;  // every parent before its children
  size_t stubs = 0;
  size_t edges = 0;
};

// "hf/" and the name in lower case. Characters that a handle cannot hold become ":" and two hex
// digits for each byte, so that different names (compared without case) have different handles; a
// handle that would be longer than 64 becomes "hf/::" and the first 50 hex digits of the name's
// SHA-256.
std::string HandleOfAuthor(std::string_view name);

// Errors: kInvalidArgument (exit code 1) naming file and line: no such object, an unknown relation
// or member, an id that stands twice, a parent twice, an id that the chain would refuse; a cycle,
// with the ids along it.
absl::StatusOr<LineagePlan> ParseLineage(std::istream& in, const std::string& path);
absl::StatusOr<LineagePlan> ReadLineage(const std::string& path);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_LINEAGE_PLAN_H_
