// Configuration and genesis, as people write them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/ledger.h"
#include "daemon/config.h"
#include "daemon/genesis_file.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

// The parser of TOML has many words for what is no TOML.
void ReachedStatus(const absl::Status& status, std::string_view file) {
  const std::string text(status.message().data(), status.message().size());
  TRIBUTARY_CHECK(text.starts_with(file), "a message names the file");
  for (const std::string& label : Required()) {
    if (text.find(label) != std::string::npos) return Reached(label);
  }
  Reached("no TOML");
}

void CheckConfig(std::string_view text) {
  const auto config = daemon::ParseConfig(text, "config");
  if (!config.ok()) return ReachedStatus(config.status(), "config");
  Reached("a configuration");
  TRIBUTARY_CHECK(daemon::CheckCombinations(*config, {}).ok(), "what is accepted goes together");
}

void CheckGenesis(std::string_view text) {
  // Another file's content is not this input's.
  if (text.find("public_key_file") != std::string_view::npos) return;
  const auto genesis = daemon::ParseGenesis(text, "genesis", "/nonexistent");
  if (!genesis.ok()) return ReachedStatus(genesis.status(), "genesis");
  Reached("a genesis");
  const std::string bytes = daemon::EncodeGenesis(*genesis);
  const auto decoded = codec::Decode<codec::Genesis>(base::AsBytes(bytes));
  if (!decoded) return;
  Reached("a genesis in its form");
  TRIBUTARY_CHECK(decoded->chain_id == genesis->chain_id, "the chain's name");
  TRIBUTARY_CHECK(decoded->accounts.size() == genesis->accounts.size(), "accounts");
  TRIBUTARY_CHECK(decoded->currencies.size() == genesis->currencies.size(), "currencies");
  for (size_t i = 0; i < decoded->currencies.size(); ++i) {
    TRIBUTARY_CHECK(decoded->currencies[i].decimals == genesis->currencies[i].decimals, "decimals");
  }
  TRIBUTARY_CHECK(decoded->thresholds.admins == genesis->admins, "admins");
}

}  // namespace

std::vector<std::string> Required() {
  return {"a configuration",
          "a genesis",
          "a genesis in its form",
          "no TOML",
          "stands outside of quotes and comments",
          "is neither a text, a whole number, true nor false",
          "must not be empty",
          "must be one of: ",
          "must be a whole number",
          "must be a text in quotes",
          "must be true or false",
          "must be below 2^32",
          "must be 64 hex digits",
          "must be a list of at most 1,024",
          "must be a number or \"unlimited\"",
          "there is no such key",
          "there is no role",
          "no block could ever be so large",
          "each needs its own",
          "is not a loopback address",
          "must be 1.."};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  fuzz::CheckConfig(text);
  fuzz::CheckGenesis(text);
  return 0;
}
