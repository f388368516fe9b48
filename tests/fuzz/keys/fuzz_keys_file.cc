// Key files: a file is a key or it is refused, and no message holds anything of the seed.
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/text.h"
#include "fuzz/support/reached.h"
#include "keys/key_file.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

namespace tributary::fuzz {

std::vector<std::string> Required() {
  return {"a secret key", "no secret key", "a public key", "no public key"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  if (const auto key = keys::SigningKey::Parse(text, "file"); key.ok()) {
    fuzz::Reached("a secret key");
    TRIBUTARY_CHECK(codec::IsHandle(key->handle()), "a key belongs to a handle");
    TRIBUTARY_CHECK(text.starts_with("tributary-key-v1 " + key->handle() + " "), "one form");
  } else {
    fuzz::Reached("no secret key");
    TRIBUTARY_CHECK(key.status().message() ==
                        "file is not a key file: expected one line `tributary-key-v1 HANDLE "
                        "64-HEX-DIGITS`",
                    "a message holds nothing of the file");
  }
  if (const auto key = keys::ParsePublicKey(text, "file"); key.ok()) {
    fuzz::Reached("a public key");
    const std::string again =
        "tributary-pub-v1 " + key->handle + " " + base::ToHex(key->key.bytes) + "\n";
    TRIBUTARY_CHECK(again.size() == text.size(), "one form");
  } else {
    fuzz::Reached("no public key");
  }
  return 0;
}
