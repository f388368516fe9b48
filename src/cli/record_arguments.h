// Authors and parents as the command line states them.
#ifndef TRIBUTARY_CLI_RECORD_ARGUMENTS_H_
#define TRIBUTARY_CLI_RECORD_ARGUMENTS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/context.h"
#include "cli/hash_file.h"
#include "cli/sender.h"
#include "tributary/client/record.h"

namespace tributary::cli {

// "hf:owner/name=finetuned_from*3": record, relation, and weight where it is not 1. The node is
// asked for the record's id.
absl::Status AddParent(Context& context, const std::string& text, client::RecordBuilder& record);

// --content, which is read and hashed, or --sha256 with --bytes; nullopt where neither is given.
absl::StatusOr<std::optional<HashedFile>> ContentOf(Context& context);

// Every --author, "HANDLE" or "HANDLE=SHARE"; without any the signer. Shares that are not stated
// are equal.
absl::Status AddAuthors(Context& context, const Sender& sender, client::RecordBuilder& record);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_RECORD_ARGUMENTS_H_
