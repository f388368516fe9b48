#include "cli/change_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "cli/table.h"
#include "codec/ledger_enums.h"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;

std::string ValueOf(const v1::Parameters& parameters, const FieldDescriptor* field) {
  const auto* reflection = parameters.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(parameters, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32: {
      const uint32_t value = reflection->GetUInt32(parameters, field);
      const std::string name = field->name();
      return name.ends_with("_ppb") ? Percent(value) : std::to_string(value);
    }
    default: return std::to_string(reflection->GetUInt64(parameters, field));
  }
}

std::vector<ChangeText> RoleTexts(const v1::ProposedChange& one) {
  const v1::SetRole& change = one.change().set_role();
  const auto text = [](bool granted) { return std::string(granted ? "granted" : "not granted"); };
  return {{"role " + std::string(codec::Name(static_cast<codec::Role>(change.role()))) + " of " +
               Printable(one.handle()),
           one.has_before() ? text(one.before().set_role().granted()) : "-",
           text(change.granted())}};
}

std::string QuotaText(uint64_t quota) {
  if (quota == 0) return "the chain's";
  return quota == UINT64_MAX ? "no limit" : Plural(quota, "operation") + " in an epoch";
}

std::string CreditText(const v1::CreditLimit& limit) {
  if (limit.limit_minor() == UINT64_MAX) return "no limit";
  return std::to_string(limit.limit_minor()) + " minor units";
}

std::vector<ChangeText> LimitsTexts(const v1::ProposedChange& one) {
  const v1::SetLimits& change = one.change().set_limits();
  const v1::SetLimits& before = one.before().set_limits();
  std::vector<ChangeText> texts;
  const std::string quota = QuotaText(change.sponsor_quota());
  if (!one.has_before() || before.sponsor_quota() != change.sponsor_quota()) {
    texts.push_back({"quota of " + Printable(one.handle()),
                     one.has_before() ? QuotaText(before.sponsor_quota()) : "-", quota});
  }
  for (int i = 0; i < change.credit_limits_size(); ++i) {
    const v1::CreditLimit& limit = change.credit_limits(i);
    const bool known = i < before.credit_limits_size();
    texts.push_back({"credit of " + Printable(one.handle()) + " in " + limit.currency(),
                     known ? CreditText(before.credit_limits(i)) : "-", CreditText(limit)});
  }
  return texts;
}

std::vector<ChangeText> ParametersTexts(const v1::ProposedChange& one) {
  const auto after = ParameterTexts(one.change().set_parameters().parameters());
  const auto before = ParameterTexts(one.before().set_parameters().parameters());
  std::vector<ChangeText> texts;
  for (size_t i = 0; i < after.size(); ++i) {
    if (one.has_before() && before[i].second == after[i].second) continue;
    texts.push_back({after[i].first, one.has_before() ? before[i].second : "-", after[i].second});
  }
  return texts;
}

std::vector<ChangeText> CurrencyTexts(const v1::Currency& currency) {
  return {{"currency " + currency.code(), "-",
           Plural(currency.decimals(), "decimal") + ", payouts in units of " +
               std::to_string(currency.payout_unit_minor()) + " minor units"}};
}

std::vector<ChangeText> ValidatorTexts(const v1::ProposedChange& one) {
  const v1::SetValidator& change = one.change().set_validator();
  return {{"validator " + ShortHex(change.public_key()) + " of " + Printable(one.handle()),
           one.has_before() ? "power " + std::to_string(one.before().set_validator().power()) : "-",
           "power " + std::to_string(change.power())}};
}

std::vector<ChangeText> ThresholdTexts(const v1::ProposedChange& one) {
  const v1::SetThresholds& after = one.change().set_thresholds();
  const v1::SetThresholds& before = one.before().set_thresholds();
  const auto from = [&one](uint32_t value) {
    return one.has_before() ? std::to_string(value) : "-";
  };
  return {{"admins that decide", from(before.admins()), std::to_string(after.admins())},
          {"arbiters that decide", from(before.arbiters()), std::to_string(after.arbiters())}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ParameterTexts(const v1::Parameters& parameters) {
  std::vector<std::pair<std::string, std::string>> texts;
  const auto* descriptor = parameters.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    texts.emplace_back(field->name(), ValueOf(parameters, field));
  }
  return texts;
}

std::vector<ChangeText> ChangeTexts(const v1::ProposedChange& change) {
  switch (change.change().change_case()) {
    case v1::Change::kSetRole: return RoleTexts(change);
    case v1::Change::kSetLimits: return LimitsTexts(change);
    case v1::Change::kSetParameters: return ParametersTexts(change);
    case v1::Change::kAddCurrency: return CurrencyTexts(change.change().add_currency());
    case v1::Change::kSetValidator: return ValidatorTexts(change);
    case v1::Change::kSetThresholds: return ThresholdTexts(change);
    case v1::Change::kSetRuleVersion:
      return {
          {"rule version",
           change.has_before() ? std::to_string(change.before().set_rule_version().version()) : "-",
           std::to_string(change.change().set_rule_version().version())}};
    case v1::Change::CHANGE_NOT_SET: break;
  }
  return {};
}

}  // namespace tributary::cli
