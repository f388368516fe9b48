#include "daemon/config.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "api/listen_address.h"
#include "daemon/toml_document.h"
#include "keys/key_file.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

const ConfigKey* FindKey(std::string_view name) {
  const std::span<const ConfigKey> keys = ConfigKeys();
  const auto it = std::find_if(keys.begin(), keys.end(),
                               [name](const ConfigKey& key) { return key.name == name; });
  return it == keys.end() ? nullptr : &*it;
}

bool IsChoice(std::string_view choices, const std::string& value) {
  std::istringstream words{std::string(choices)};
  for (std::string word; words >> word;) {
    if (word == value) return true;
  }
  return false;
}

absl::Status CheckText(const ConfigKey& key, const std::string& value) {
  switch (key.type) {
    case KeyType::kPath:
      if (value.empty()) return base::InvalidArgument("must not be empty");
      return absl::OkStatus();
    case KeyType::kOptionalAddress:
      if (value.empty()) return absl::OkStatus();
      return api::ParseListenAddress(value).status();
    case KeyType::kAddress: return api::ParseListenAddress(value).status();
    case KeyType::kChoice:
      if (IsChoice(key.choices, value)) return absl::OkStatus();
      return base::InvalidArgument("must be one of: " + std::string(key.choices));
    case KeyType::kKeyFile:
      if (value.empty()) return absl::OkStatus();
      return keys::SigningKey::Load(value).status();
    case KeyType::kNumber: break;
  }
  return absl::OkStatus();
}

absl::Status SetNumber(const ConfigKey& key, const TomlValue& value, Config* to) {
  const auto* number = std::get_if<int64_t>(&value.value);
  if (number == nullptr) return base::InvalidArgument("must be a whole number");
  if (*number < 0 || static_cast<uint64_t>(*number) < key.min ||
      static_cast<uint64_t>(*number) > key.max) {
    return base::InvalidArgument("must be " + std::to_string(key.min) + ".." +
                                 std::to_string(key.max));
  }
  to->*std::get<uint64_t Config::*>(key.field) = static_cast<uint64_t>(*number);
  return absl::OkStatus();
}

absl::Status SetText(const ConfigKey& key, const TomlValue& value, Config* to) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr) return base::InvalidArgument("must be a text in quotes");
  TRIBUTARY_RETURN_IF_ERROR(CheckText(key, *text));
  to->*std::get<std::string Config::*>(key.field) = *text;
  return absl::OkStatus();
}

absl::Status SetKey(const TomlValue& value, Config* to) {
  const ConfigKey* key = FindKey(value.key);
  if (key == nullptr) return base::InvalidArgument("there is no such key");
  return key->type == KeyType::kNumber ? SetNumber(*key, value, to) : SetText(*key, value, to);
}

std::string DefaultText(const ConfigKey& key) {
  const Config defaults;
  if (const auto* number = std::get_if<uint64_t Config::*>(&key.field)) {
    return std::to_string(defaults.**number);
  }
  return "\"" + defaults.*std::get<std::string Config::*>(key.field) + "\"";
}

std::string BoundsText(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::kNumber: return std::to_string(key.min) + ".." + std::to_string(key.max);
    case KeyType::kChoice: return "one of: " + std::string(key.choices);
    case KeyType::kAddress: return "address:port";
    case KeyType::kOptionalAddress: return "address:port, or empty";
    case KeyType::kPath: return "path";
    case KeyType::kKeyFile: return "path of a key file, or empty";
  }
  return {};
}

}  // namespace

absl::Status CheckCombinations(const Config& config, const KeyLines& lines) {
  const auto at = [&lines](std::string_view key) {
    const auto line = lines.find(key);
    return "'" + std::string(key) + "' (" +
           (line == lines.end() ? "default " + DefaultText(*FindKey(key))
                                : "line " + std::to_string(line->second)) +
           ")";
  };
  if (config.block_bytes_max > config.mempool_bytes_max) {
    return base::InvalidArgument(at("block.bytes_max") + " is above " + at("mempool.bytes_max") +
                                 ": no block could ever be so large");
  }
  if (config.block_transactions_max > config.mempool_transactions_max) {
    return base::InvalidArgument(at("block.transactions_max") + " is above " +
                                 at("mempool.transactions_max") +
                                 ": no block could ever be so large");
  }
  std::map<std::string, std::string_view> addresses;
  for (const std::string_view key : {"grpc.listen", "operations.listen", "tiles.listen"}) {
    const std::string& text = config.*std::get<std::string Config::*>(FindKey(key)->field);
    if (text.empty()) continue;
    const auto address = api::ParseListenAddress(text);
    if (!address.ok()) return address.status();
    if (address->port == 0) continue;
    const auto [other, is_new] = addresses.emplace(address->ToString(), key);
    if (!is_new) {
      return base::InvalidArgument(at(other->second) + " and " + at(key) + " are both " +
                                   address->ToString() + ": each needs its own");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Config> ParseConfig(std::string_view text, std::string_view name) {
  const auto values = ParseToml(text, name);
  if (!values.ok()) return values.status();
  Config config;
  KeyLines lines;
  for (const TomlValue& value : *values) {
    lines.emplace(value.key, value.line);
    const absl::Status status = SetKey(value, &config);
    if (status.ok()) continue;
    return base::InvalidArgument(std::string(name) + ", line " + std::to_string(value.line) +
                                 ": key '" + value.key +
                                 "': " + std::string(base::Message(status)));
  }
  if (const absl::Status status = CheckCombinations(config, lines); !status.ok()) {
    return base::InvalidArgument(std::string(name) + ": " + std::string(base::Message(status)));
  }
  return config;
}

std::string ExampleConfig() {
  std::string out =
      "# tributaryd: every key with its default. An unknown key, or a value outside its bounds,\n"
      "# keeps the node from starting. Made by `tributaryd config example`.\n";
  std::string section;
  for (const ConfigKey& key : ConfigKeys()) {
    const size_t dot = key.name.find('.');
    const std::string in(dot == std::string_view::npos ? "" : key.name.substr(0, dot));
    if (in != section) out += "\n[" + in + "]\n";
    section = in;
    out += "\n# " + std::string(key.meaning) + "\n# " + BoundsText(key) + "\n";
    out += std::string(dot == std::string_view::npos ? key.name : key.name.substr(dot + 1)) +
           " = " + DefaultText(key) + "\n";
  }
  return out;
}

std::string ConfigMarkdown() {
  std::string out = "| key | default | bounds | meaning |\n|---|---|---|---|\n";
  for (const ConfigKey& key : ConfigKeys()) {
    out += "| `" + std::string(key.name) + "` | `" + DefaultText(key) + "` | " + BoundsText(key) +
           " | " + std::string(key.meaning) + " |\n";
  }
  return out;
}

}  // namespace tributary::daemon
