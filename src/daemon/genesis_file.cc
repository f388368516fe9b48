#include "daemon/genesis_file.h"

#include <charconv>
#include <functional>
#include <map>
#include <utility>

#include "crypto/hash.h"
#include "daemon/toml_document.h"
#include "keys/key_file.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::daemon {
namespace {

constexpr size_t kElementsMax = 1'024;
constexpr uint64_t kDayMs = 86'400'000;

absl::StatusOr<uint64_t> Number(const TomlValue& value) {
  const auto* number = std::get_if<int64_t>(&value.value);
  if (number == nullptr || *number < 0) return base::InvalidArgument("must be a whole number");
  return static_cast<uint64_t>(*number);
}

absl::Status SetNumber(const TomlValue& value, uint64_t* to) {
  const auto number = Number(value);
  if (!number.ok()) return number.status();
  *to = *number;
  return absl::OkStatus();
}

absl::Status SetText(const TomlValue& value, std::string* to) {
  const auto* text = std::get_if<std::string>(&value.value);
  if (text == nullptr) return base::InvalidArgument("must be a text in quotes");
  *to = *text;
  return absl::OkStatus();
}

absl::Status SetFlag(const TomlValue& value, bool* to) {
  const auto* flag = std::get_if<bool>(&value.value);
  if (flag == nullptr) return base::InvalidArgument("must be true or false");
  *to = *flag;
  return absl::OkStatus();
}

absl::Status SetSmall(const TomlValue& value, const std::function<void(uint32_t)>& set) {
  const auto number = Number(value);
  if (!number.ok()) return number.status();
  if (*number > UINT32_MAX) return base::InvalidArgument("must be below 2^32");
  set(static_cast<uint32_t>(*number));
  return absl::OkStatus();
}

absl::Status SetSmall(const TomlValue& value, uint32_t* to) {
  return SetSmall(value, [to](uint32_t number) { *to = number; });
}

// "accounts[3].roles[1]" -> name "accounts", index 3, rest "roles[1]".
struct Path {
  std::string name;
  std::optional<size_t> index;
  std::string rest;
};

Path Split(const std::string& key) {
  const size_t dot = key.find('.');
  Path path{key.substr(0, dot), std::nullopt, dot == std::string::npos ? "" : key.substr(dot + 1)};
  const size_t bracket = path.name.find('[');
  if (bracket == std::string::npos) return path;
  size_t index = 0;
  std::from_chars(path.name.data() + bracket + 1, path.name.data() + path.name.size(), index);
  path.index = index;
  path.name.resize(bracket);
  return path;
}

template <class T>
absl::StatusOr<T*> Element(std::vector<T>* list, const Path& path) {
  if (!path.index || *path.index >= kElementsMax) {
    return base::InvalidArgument("must be a list of at most 1,024: [[" + path.name + "]]");
  }
  if (list->size() <= *path.index) list->resize(*path.index + 1);
  return &(*list)[*path.index];
}

absl::Status NoSuchKey() { return base::InvalidArgument("there is no such key"); }

absl::Status SetParameter(const std::string& name, const TomlValue& v, codec::Parameters* p) {
  const std::map<std::string, uint64_t*> wide = {{"epoch_ms", &p->epoch_ms},
                                                 {"validity_window_ms", &p->validity_window_ms},
                                                 {"claim_notice_ms", &p->claim_notice_ms},
                                                 {"key_overlap_ms_max", &p->key_overlap_ms_max},
                                                 {"reserve_ms", &p->reserve_ms},
                                                 {"case_response_ms", &p->case_response_ms},
                                                 {"case_ruling_ms", &p->case_ruling_ms},
                                                 {"freeze_ms", &p->freeze_ms},
                                                 {"sponsor_quota", &p->sponsor_quota}};
  const std::map<std::string, uint32_t*> narrow = {
      {"maturity_epochs", &p->maturity_epochs},
      {"horizon_epochs", &p->horizon_epochs},
      {"new_identity_records", &p->new_identity_records}};
  const std::map<std::string, base::Ppb*> shares = {{"fee_ppb", &p->fee_ppb},
                                                    {"fee_max_ppb", &p->fee_max_ppb},
                                                    {"royalty_max_ppb", &p->royalty_max_ppb},
                                                    {"bond_ppb", &p->bond_ppb}};
  const std::map<std::string, bool*> flags = {{"attestation_required", &p->attestation_required},
                                              {"countersign_required", &p->countersign_required}};
  if (const auto it = wide.find(name); it != wide.end()) return SetNumber(v, it->second);
  if (const auto it = flags.find(name); it != flags.end()) return SetFlag(v, it->second);
  if (const auto it = narrow.find(name); it != narrow.end()) {
    return SetSmall(v, it->second);
  }
  if (const auto it = shares.find(name); it != shares.end()) {
    return SetSmall(v, [&it](uint32_t number) { *it->second = base::Ppb(number); });
  }
  if (name == "bond_floor_minor") {
    return SetSmall(v, [p](uint32_t number) { p->bond_floor_minor = base::MinorUnits(number); });
  }
  return NoSuchKey();
}

absl::Status SetCurrency(const Path& path, const TomlValue& v, GenesisDescription* to) {
  const auto currency = Element(&to->currencies, path);
  if (!currency.ok()) return currency.status();
  if (path.rest == "code") return SetText(v, &(*currency)->code);
  if (path.rest == "decimals") return SetSmall(v, &(*currency)->decimals);
  if (path.rest == "payout_unit_minor") return SetNumber(v, &(*currency)->payout_unit_minor);
  if (path.rest == "minimum_payout_minor") return SetNumber(v, &(*currency)->minimum_payout_minor);
  return NoSuchKey();
}

absl::Status SetLimit(const Path& path, const TomlValue& v, GenesisDescription::Account* account) {
  const auto limit = Element(&account->credit_limits, path);
  if (!limit.ok()) return limit.status();
  if (path.rest == "currency") return SetText(v, &(*limit)->currency);
  if (path.rest != "limit_minor") return NoSuchKey();
  const auto* text = std::get_if<std::string>(&v.value);
  if (text == nullptr) return SetNumber(v, &(*limit)->limit_minor);
  if (*text != "unlimited") return base::InvalidArgument("must be a number or \"unlimited\"");
  (*limit)->limit_minor = UINT64_MAX;
  return absl::OkStatus();
}

absl::Status SetPublicKey(const TomlValue& v, GenesisDescription::Account* account) {
  std::string text;
  TRIBUTARY_RETURN_IF_ERROR(SetText(v, &text));
  const auto bytes = base::FromHex(text);
  if (!bytes || bytes->size() != 32) return base::InvalidArgument("must be 64 hex digits");
  account->public_key.emplace();
  std::copy(bytes->begin(), bytes->end(), account->public_key->bytes.begin());
  return absl::OkStatus();
}

absl::Status LoadPublicKeyOf(const TomlValue& v, const std::string& directory,
                             GenesisDescription::Account* account) {
  std::string path;
  TRIBUTARY_RETURN_IF_ERROR(SetText(v, &path));
  if (!path.empty() && path.front() != '/') path = directory + "/" + path;
  const auto key = keys::LoadPublicKey(path);
  if (!key.ok()) return key.status();
  account->public_key = key->key;
  return absl::OkStatus();
}

absl::Status AddRole(const TomlValue& v, GenesisDescription::Account* account) {
  std::string name;
  TRIBUTARY_RETURN_IF_ERROR(SetText(v, &name));
  const auto role = codec::ParseRole(name);
  if (!role) return base::InvalidArgument("there is no role '" + name + "'");
  account->roles.push_back(*role);
  return absl::OkStatus();
}

absl::Status SetAccount(const Path& path, const TomlValue& v, const std::string& directory,
                        GenesisDescription* to) {
  const auto account = Element(&to->accounts, path);
  if (!account.ok()) return account.status();
  (*account)->line = v.line;
  const Path inner = Split(path.rest);
  if (inner.name == "roles" && inner.index) return AddRole(v, *account);
  if (inner.name == "credit_limits") return SetLimit(inner, v, *account);
  if (path.rest == "handle") return SetText(v, &(*account)->handle);
  if (path.rest == "public_key") return SetPublicKey(v, *account);
  if (path.rest == "public_key_file") return LoadPublicKeyOf(v, directory, *account);
  if (path.rest == "sponsor_quota") return SetNumber(v, &(*account)->sponsor_quota);
  if (path.rest == "commons") return SetFlag(v, &(*account)->commons);
  return NoSuchKey();
}

absl::Status SetValidator(const Path& path, const TomlValue& v, GenesisDescription* to) {
  const auto validator = Element(&to->validators, path);
  if (!validator.ok()) return validator.status();
  if (path.rest == "account") return SetText(v, &(*validator)->account);
  if (path.rest == "power") return SetNumber(v, &(*validator)->power);
  if (path.rest != "public_key") return NoSuchKey();
  std::string text;
  TRIBUTARY_RETURN_IF_ERROR(SetText(v, &text));
  const auto bytes = base::FromHex(text);
  if (!bytes || bytes->size() != 32) return base::InvalidArgument("must be 64 hex digits");
  std::copy(bytes->begin(), bytes->end(), (*validator)->public_key.bytes.begin());
  return absl::OkStatus();
}

absl::Status SetKey(const TomlValue& v, const std::string& directory, GenesisDescription* to) {
  const Path path = Split(v.key);
  if (path.name == "chain_id") return SetText(v, &to->chain_id);
  if (path.name == "time_ms") return SetNumber(v, &to->time_ms);
  if (path.name == "parameters") return SetParameter(path.rest, v, &to->parameters);
  if (path.name == "currencies") return SetCurrency(path, v, to);
  if (path.name == "accounts") return SetAccount(path, v, directory, to);
  if (path.name == "validators") return SetValidator(path, v, to);
  if (v.key == "thresholds.admins") return SetSmall(v, &to->admins);
  if (v.key == "thresholds.arbiters") return SetSmall(v, &to->arbiters);
  return NoSuchKey();
}

}  // namespace

GenesisDescription::GenesisDescription() {
  parameters.epoch_ms = kDayMs;
  parameters.maturity_epochs = 14;
  parameters.fee_ppb = base::Ppb(10'000'000);
  parameters.fee_max_ppb = base::Ppb(50'000'000);
  parameters.royalty_max_ppb = base::Ppb(500'000'000);
  parameters.validity_window_ms = 3'600'000;
  parameters.claim_notice_ms = 7 * kDayMs;
  parameters.key_overlap_ms_max = 7 * kDayMs;
  parameters.horizon_epochs = 90;
  parameters.reserve_ms = 7 * kDayMs;
  parameters.case_response_ms = 14 * kDayMs;
  parameters.case_ruling_ms = 30 * kDayMs;
  parameters.freeze_ms = 30 * kDayMs;
  parameters.bond_floor_minor = base::MinorUnits(1'000'000);
  parameters.bond_ppb = base::Ppb(100'000'000);
}

absl::StatusOr<GenesisDescription> ParseGenesis(std::string_view text, std::string_view name,
                                                const std::string& directory) {
  const auto values = ParseToml(text, name);
  if (!values.ok()) return values.status();
  GenesisDescription genesis;
  for (const TomlValue& value : *values) {
    const absl::Status status = SetKey(value, directory, &genesis);
    if (status.ok()) continue;
    return base::InvalidArgument(std::string(name) + ", line " + std::to_string(value.line) +
                                 ": key '" + value.key +
                                 "': " + std::string(base::Message(status)));
  }
  return genesis;
}

std::string EncodeGenesis(const GenesisDescription& genesis) {
  codec::Genesis to;
  to.chain_id = genesis.chain_id;
  to.time_ms = base::TimeMs(genesis.time_ms);
  to.rule_version = 1;
  to.parameters = genesis.parameters;
  for (const auto& currency : genesis.currencies) {
    to.currencies.push_back({currency.code, currency.decimals,
                             base::MinorUnits(currency.payout_unit_minor),
                             base::MinorUnits(currency.minimum_payout_minor)});
  }
  std::vector<std::string> registrations;  // kept until all is encoded: views point into them
  registrations.reserve(genesis.accounts.size());
  for (const auto& account : genesis.accounts) {
    codec::Registration registration;
    registration.handle = account.handle;
    registration.public_key = account.public_key;
    registrations.push_back(codec::Encode(registration));
    codec::GenesisAccount encoded;
    encoded.registration = base::AsBytes(registrations.back());
    for (const codec::Role role : account.roles) encoded.roles.push_back({role});
    for (const auto& limit : account.credit_limits) {
      encoded.credit_limits.push_back({limit.currency, limit.limit_minor});
    }
    encoded.sponsor_quota = account.sponsor_quota;
    encoded.commons = account.commons;
    to.accounts.push_back(std::move(encoded));
  }
  for (const auto& validator : genesis.validators) {
    codec::SetValidator encoded;
    encoded.public_key = validator.public_key;
    encoded.power = validator.power;
    // One that is no account of the genesis: the machine refuses it and says so.
    for (size_t i = 0; i < genesis.accounts.size(); ++i) {
      if (genesis.accounts[i].handle != validator.account) continue;
      encoded.account = crypto::TaggedDigest<base::AccountId>(crypto::Tag::kAccount,
                                                              {base::AsBytes(registrations[i])});
    }
    to.validators.push_back(encoded);
  }
  to.thresholds.admins = genesis.admins;
  to.thresholds.arbiters = genesis.arbiters;
  return codec::Encode(to);
}

}  // namespace tributary::daemon
