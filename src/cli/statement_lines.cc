#include "cli/statement_lines.h"

#include "cli/exit_code.h"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsAmount(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() &&
         field->message_type() == v1::Amount::descriptor();
}

}  // namespace

absl::StatusOr<v1::StatementPeriod> ParsePeriod(const std::string& text) {
  if (text.empty()) return v1::STATEMENT_PERIOD_UNSPECIFIED;
  if (text == "settlement") return v1::STATEMENT_PERIOD_SETTLEMENT;
  if (text == "epoch") return v1::STATEMENT_PERIOD_EPOCH;
  if (text == "month") return v1::STATEMENT_PERIOD_MONTH;
  return UsageError("'" + text + "' is no period; write settlement, epoch or month");
}

std::optional<base::Int128> SignedAtomsOf(const v1::Amount& amount) {
  std::string_view text = amount.atoms();
  const bool below = text.starts_with('-');
  if (below) text.remove_prefix(1);
  const auto atoms = base::ParseDecimal(text);
  if (!atoms || *atoms >> 126 != 0) return std::nullopt;
  const auto value = static_cast<base::Int128>(*atoms);
  return below ? -value : value;
}

v1::Amount MakeAmount(const std::string& currency, base::Int128 atoms, uint32_t decimals) {
  const base::Atoms size(static_cast<base::Uint128>(atoms < 0 ? -atoms : atoms));
  const std::string sign = atoms < 0 ? "-" : "";
  // Minor units without the zeros that people expect behind major ones.
  std::string minor = base::FormatAtoms(size, 0);
  if (minor.find('.') != std::string::npos) {
    minor.erase(minor.find_last_not_of('0') + 1);
    if (minor.back() == '.') minor.pop_back();
  }
  v1::Amount amount;
  amount.set_currency(currency);
  amount.set_atoms(sign + base::ToDecimal(size.value()));
  amount.set_minor(sign + minor);
  amount.set_major(sign + base::FormatAtoms(size, static_cast<int>(decimals)));
  return amount;
}

LineMerger::LineMerger(const v1::NodeStatus& status) {
  for (const v1::Currency& one : status.currencies()) decimals_[one.code()] = one.decimals();
}

std::string LineMerger::KeyOf(const Message& line) {
  const auto* reflection = line.GetReflection();
  const auto* descriptor = line.GetDescriptor();
  std::string key;
  if (const auto* kind = descriptor->FindFieldByName("kind")) {
    key = std::to_string(reflection->GetEnumValue(line, kind));
  }
  key += "/" + reflection->GetString(line, descriptor->FindFieldByName("period"));
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (!IsAmount(field) || !reflection->HasField(line, field)) continue;
    const auto& amount = static_cast<const v1::Amount&>(reflection->GetMessage(line, field));
    return key + "/" + amount.currency();
  }
  return key;
}

bool LineMerger::AddTo(const Message& line, Message* to) const {
  const auto* reflection = line.GetReflection();
  const auto* descriptor = line.GetDescriptor();
  const FieldDescriptor* count = descriptor->FindFieldByName("count");
  reflection->SetUInt64(to, count,
                        reflection->GetUInt64(*to, count) + reflection->GetUInt64(line, count));
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (!IsAmount(field) || !reflection->HasField(line, field)) continue;
    const auto& more = static_cast<const v1::Amount&>(reflection->GetMessage(line, field));
    auto* sum = static_cast<v1::Amount*>(reflection->MutableMessage(to, field));
    const auto a = SignedAtomsOf(*sum);
    const auto b = SignedAtomsOf(more);
    const auto decimals = decimals_.find(more.currency());
    if (!a || !b || decimals == decimals_.end()) return false;
    *sum = MakeAmount(more.currency(), *a + *b, decimals->second);
  }
  return true;
}

}  // namespace tributary::cli
