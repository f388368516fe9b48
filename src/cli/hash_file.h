// Files of which only the hash goes on the chain: contents, evidence, reasons.
#ifndef TRIBUTARY_CLI_HASH_FILE_H_
#define TRIBUTARY_CLI_HASH_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cli/context.h"
#include "tributary/base/types.h"

namespace tributary::cli {

struct HashedFile {
  base::Hash sha256;
  uint64_t bytes = 0;
};
absl::StatusOr<HashedFile> HashFile(const std::string& path);

// The argument is 64 hexadecimal digits, or a file, which is hashed here; as a field of a message.
absl::StatusOr<std::string> HashArgument(Context& context, std::string_view argument);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_HASH_FILE_H_
