#include "cli/proposed_changes.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <map>

#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "codec/ledger_enums.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;

struct Named {
  std::string name;
  std::string value;
};

absl::StatusOr<Named> Split(std::string_view text, std::string_view form) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    return UsageError("'" + std::string(text) + "' is not understood; write " + std::string(form));
  }
  return Named{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

absl::StatusOr<v1::AccountView> AccountNamed(Context& context, const std::string& name) {
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(name);
  return context.node().GetAccount(request);
}

absl::StatusOr<uint64_t> NumberOf(const std::string& text, const std::string& unlimited) {
  if (text == unlimited) return UINT64_MAX;
  const auto number = ParseNumber(text);
  if (!number) return UsageError("'" + text + "' is no whole number, nor " + unlimited);
  return *number;
}

absl::Status AddRoles(Context& context, const char* option, bool granted, v1::Propose* to) {
  for (const std::string& text : context.List(option)) {
    const auto named = Split(text, std::string(option) + " ACCOUNT=ROLE");
    if (!named.ok()) return named.status();
    const auto role = codec::ParseRole(named->value);
    if (!role) return UsageError("'" + named->value + "' is no role");
    const auto account = AccountNamed(context, named->name);
    if (!account.ok()) return account.status();
    v1::SetRole* change = to->add_changes()->mutable_set_role();
    change->set_account(account->id());
    change->set_role(static_cast<v1::Role>(*role));
    change->set_granted(granted);
  }
  return absl::OkStatus();
}

// One SetLimits for each account; where no quota is stated, its own as it is.
class LimitChanges {
 public:
  LimitChanges(Context& context, v1::Propose* to) : context_(context), to_(to) {}

  absl::StatusOr<v1::SetLimits*> Of(const std::string& name) {
    const auto account = AccountNamed(context_, name);
    if (!account.ok()) return account.status();
    const auto [at, is_new] = changes_.try_emplace(account->id(), to_->changes_size());
    if (is_new) {
      v1::SetLimits* change = to_->add_changes()->mutable_set_limits();
      change->set_account(account->id());
      change->set_sponsor_quota(account->quota().as_set());
    }
    return to_->mutable_changes(at->second)->mutable_set_limits();
  }

 private:
  Context& context_;
  v1::Propose* const to_;
  std::map<std::string, int> changes_;  // by account id
};

absl::Status AddLimits(Context& context, const v1::NodeStatus& status, v1::Propose* to) {
  LimitChanges changes(context, to);
  for (const std::string& text : context.List("--quota")) {
    const auto named = Split(text, "--quota ACCOUNT=OPERATIONS");
    if (!named.ok()) return named.status();
    const auto quota = NumberOf(named->value, "unlimited");
    if (!quota.ok()) return quota.status();
    const auto change = changes.Of(named->name);
    if (!change.ok()) return change.status();
    (*change)->set_sponsor_quota(*quota);
  }
  for (const std::string& text : context.List("--credit")) {
    constexpr std::string_view kForm = "--credit ACCOUNT=CURRENCY:AMOUNT";
    const auto named = Split(text, kForm);
    if (!named.ok()) return named.status();
    const size_t colon = named->value.find(':');
    if (colon == std::string::npos) return UsageError("write " + std::string(kForm));
    const std::string currency = named->value.substr(0, colon);
    const std::string amount = named->value.substr(colon + 1);
    const auto decimals = DecimalsOf(status, currency);
    if (!decimals.ok()) return decimals.status();
    const absl::StatusOr<uint64_t> minor = amount == "unlimited"
                                               ? absl::StatusOr<uint64_t>(UINT64_MAX)
                                               : ParseMajor(amount, *decimals);
    if (!minor.ok()) return minor.status();
    const auto change = changes.Of(named->name);
    if (!change.ok()) return change.status();
    v1::CreditLimit* limit = (*change)->add_credit_limits();
    limit->set_currency(currency);
    limit->set_limit_minor(*minor);
  }
  return absl::OkStatus();
}

absl::Status AddParameters(Context& context, const v1::NodeStatus& status, v1::Propose* to) {
  if (!context.Has("--parameter")) return absl::OkStatus();
  v1::Parameters* parameters = to->add_changes()->mutable_set_parameters()->mutable_parameters();
  *parameters = status.parameters();
  for (const std::string& text : context.List("--parameter")) {
    TRIBUTARY_RETURN_IF_ERROR(SetParameter(text, parameters));
  }
  return absl::OkStatus();
}

// CODE:DECIMALS:UNIT[:MINIMUM]
absl::Status AddCurrencies(Context& context, v1::Propose* to) {
  for (const std::string& text : context.List("--new-currency")) {
    std::vector<std::string> parts;
    for (size_t at = 0; at <= text.size();) {
      const size_t end = std::min(text.find(':', at), text.size());
      parts.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    uint64_t numbers[3] = {0, 0, 0};
    bool good = parts.size() == 3 || parts.size() == 4;
    for (size_t i = 1; good && i < parts.size(); ++i) {
      const auto number = ParseNumber(parts[i]);
      good = number.has_value();
      if (good) numbers[i - 1] = *number;
    }
    if (!good || numbers[0] > 9) {
      return UsageError("'" + text +
                        "' is no currency; write CODE:DECIMALS:UNIT or CODE:DECIMALS:UNIT:MINIMUM");
    }
    v1::Currency* currency = to->add_changes()->mutable_add_currency();
    currency->set_code(parts[0]);
    currency->set_decimals(static_cast<uint32_t>(numbers[0]));
    currency->set_payout_unit_minor(numbers[1]);
    currency->set_minimum_payout_minor(numbers[2]);
  }
  return absl::OkStatus();
}

// KEY=POWER@ACCOUNT
absl::Status AddValidators(Context& context, v1::Propose* to) {
  for (const std::string& text : context.List("--validator")) {
    constexpr std::string_view kForm = "--validator PUBLIC_KEY=POWER@ACCOUNT";
    const auto named = Split(text, kForm);
    if (!named.ok()) return named.status();
    const size_t sign = named->value.find('@');
    const auto key = base::DigestFromHex<base::Hash>(named->name);
    const auto power = ParseNumber(named->value.substr(0, sign));
    if (sign == std::string::npos || !key || !power)
      return UsageError("write " + std::string(kForm));
    const auto account = AccountNamed(context, named->value.substr(sign + 1));
    if (!account.ok()) return account.status();
    v1::SetValidator* change = to->add_changes()->mutable_set_validator();
    change->set_public_key(reinterpret_cast<const char*>(key->bytes.data()), key->bytes.size());
    change->set_power(*power);
    change->set_account(account->id());
  }
  return absl::OkStatus();
}

absl::Status AddThresholds(Context& context, const v1::NodeStatus& status, v1::Propose* to) {
  const bool stated = context.Has("--admins") || context.Has("--arbiters");
  if (!stated) return absl::OkStatus();
  const auto value = [&context](const char* option, uint32_t now) -> uint32_t {
    if (!context.Has(option)) return now;
    return static_cast<uint32_t>(std::min<uint64_t>(context.Number(option), UINT32_MAX));
  };
  v1::SetThresholds* change = to->add_changes()->mutable_set_thresholds();
  change->set_admins(value("--admins", status.admin_threshold()));
  change->set_arbiters(value("--arbiters", status.arbiter_threshold()));
  return absl::OkStatus();
}

}  // namespace

std::vector<Argument> ChangeArguments() {
  return {
      {"--grant", "ACCOUNT=ROLE; may be given again", ArgumentKind::kList},
      {"--revoke", "ACCOUNT=ROLE; may be given again", ArgumentKind::kList},
      {"--quota", "ACCOUNT=OPERATIONS in an epoch by all it sponsors; 0: the chain's; unlimited",
       ArgumentKind::kList},
      {"--credit", "ACCOUNT=CURRENCY:AMOUNT or ACCOUNT=CURRENCY:unlimited", ArgumentKind::kList},
      {"--parameter", "NAME=VALUE; may be given again; alone in its proposal", ArgumentKind::kList},
      {"--new-currency", "CODE:DECIMALS:UNIT[:MINIMUM], both in minor units", ArgumentKind::kList},
      {"--validator", "PUBLIC_KEY=POWER@ACCOUNT; power 0 removes it", ArgumentKind::kList},
      {"--admins", "how many admins decide", ArgumentKind::kNumber},
      {"--arbiters", "how many arbiters decide", ArgumentKind::kNumber},
      {"--rule-version", "version of the rules", ArgumentKind::kNumber}};
}

absl::Status AddChanges(Context& context, const v1::NodeStatus& status, v1::Propose* propose) {
  TRIBUTARY_RETURN_IF_ERROR(AddParameters(context, status, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddRoles(context, "--grant", true, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddRoles(context, "--revoke", false, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddLimits(context, status, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddCurrencies(context, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddValidators(context, propose));
  TRIBUTARY_RETURN_IF_ERROR(AddThresholds(context, status, propose));
  if (context.Has("--rule-version")) {
    propose->add_changes()->mutable_set_rule_version()->set_version(
        static_cast<uint32_t>(std::min<uint64_t>(context.Number("--rule-version"), UINT32_MAX)));
  }
  if (propose->changes_size() == 0) return UsageError("say what is to change: see --help");
  if (context.Has("--parameter") && propose->changes_size() > 1) {
    return UsageError("parameters are a proposal of their own");
  }
  return absl::OkStatus();
}

absl::Status SetParameter(std::string_view text, v1::Parameters* parameters) {
  const auto named = Split(text, "--parameter NAME=VALUE");
  if (!named.ok()) return named.status();
  const FieldDescriptor* field = parameters->GetDescriptor()->FindFieldByName(named->name);
  if (field == nullptr) {
    return UsageError("'" + named->name + "' is no parameter; `tributary gov status` lists them");
  }
  const auto* reflection = parameters->GetReflection();
  const auto wrong = [&named] {
    return UsageError("'" + named->value + "' is no value of " + named->name);
  };
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    if (named->value != "true" && named->value != "false") return wrong();
    reflection->SetBool(parameters, field, named->value == "true");
    return absl::OkStatus();
  }
  if (named->name.ends_with("_ppb")) {
    const auto share = ParsePpb(named->value);
    if (!share.ok()) return share.status();
    reflection->SetUInt32(parameters, field, *share);
    return absl::OkStatus();
  }
  const auto number = ParseNumber(named->value);
  if (!number) return wrong();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    reflection->SetUInt64(parameters, field, *number);
    return absl::OkStatus();
  }
  if (*number > UINT32_MAX) return wrong();
  reflection->SetUInt32(parameters, field, static_cast<uint32_t>(*number));
  return absl::OkStatus();
}

}  // namespace tributary::cli
