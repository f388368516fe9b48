#include "cli/hash_file.h"

#include <array>
#include <fstream>

#include "cli/exit_code.h"
#include "crypto/hash.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/transaction.h"

namespace tributary::cli {

absl::StatusOr<HashedFile> HashFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::NotFound("cannot open the file " + path);
  crypto::Hasher hasher;
  HashedFile hashed;
  std::array<char, 65'536> buffer;
  while (file) {
    file.read(buffer.data(), buffer.size());
    const auto got = static_cast<size_t>(file.gcount());
    hasher.Update(std::string_view(buffer.data(), got));
    hashed.bytes += got;
  }
  if (!file.eof()) return base::Internal("cannot read the file " + path);
  hashed.sha256 = hasher.Finish();
  return hashed;
}

absl::StatusOr<std::string> HashArgument(Context& context, std::string_view argument) {
  const std::string text = context.Text(argument);
  if (const auto hash = base::DigestFromHex<base::Hash>(text)) return client::ToField(*hash);
  const auto file = HashFile(text);
  if (!file.ok()) {
    return UsageError(std::string(argument) + " '" + text +
                      "' is neither 64 hexadecimal digits nor a file that can be read");
  }
  return client::ToField(file->sha256);
}

}  // namespace tributary::cli
