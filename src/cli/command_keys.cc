#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "codec/text.h"
#include "keys/key_file.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

void PrintKey(Context& context, const std::string& file, const std::string& handle,
              const base::PublicKey& key) {
  const std::string hex = base::ToHex(key.bytes);
  if (context.json()) {
    context.out()
        << JsonObject().Text("file", file).Text("handle", handle).Text("public_key", hex).Finish()
        << "\n";
  } else {
    context.out() << "handle      " << handle << "\npublic key  " << hex << "\nfile        " << file
                  << "\n";
  }
}

absl::Status New(Context& context) {
  const std::string handle = context.Text("HANDLE");
  if (!codec::IsHandle(handle)) {
    return UsageError("'" + handle +
                      "' is no handle: 1 to 64 of a-z 0-9 . _ - / : that start "
                      "with a letter or digit");
  }
  std::string file = context.Text("--out");
  if (file.empty()) file = handle.substr(handle.rfind('/') + 1) + ".key";
  const keys::SigningKey key = keys::SigningKey::Generate(handle);
  TRIBUTARY_RETURN_IF_ERROR(key.Save(file));
  PrintKey(context, file, handle, key.public_key());
  if (!context.json()) {
    context.out() << "Keep " << file << " secret and backed up: whoever has it signs for " << handle
                  << ".\n";
  }
  return absl::OkStatus();
}

bool IsPublicFile(const std::string& file) {
  return file.size() > 4 && file.compare(file.size() - 4, 4, ".pub") == 0;
}

absl::Status Show(Context& context) {
  const std::string file = context.Text("FILE");
  if (IsPublicFile(file)) {
    const auto key = keys::LoadPublicKey(file);
    if (!key.ok()) return key.status();
    PrintKey(context, file, key->handle, key->key);
    return absl::OkStatus();
  }
  const auto key = keys::SigningKey::Load(file);
  if (!key.ok()) return key.status();
  PrintKey(context, file, key->handle(), key->public_key());
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> KeysCommands() {
  return {{"keys",
           "new",
           "make a key for a handle",
           {{"HANDLE", "of the account that it will sign for", ArgumentKind::kText, true},
            {"--out,-o", "file; default: the last part of the handle, and .key"}},
           &New},
          {"keys",
           "show",
           "show the public key and the handle of a key file",
           {{"FILE", "key file, secret or .pub", ArgumentKind::kText, true}},
           &Show}};
}

}  // namespace tributary::cli
