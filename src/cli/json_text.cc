#include "cli/json_text.h"

#include <google/protobuf/descriptor.h>

#include "codec/text.h"
#include "tributary/base/hex.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void Escape(std::string& out, unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u00";
  out.push_back(kDigits[c >> 4]);
  out.push_back(kDigits[c & 15]);
}

// RECORD_KIND_DATA_ITEM of enum RecordKind: "data_item".
std::string EnumName(const EnumValueDescriptor* value) {
  std::string prefix;
  for (const char c : value->type()->name()) {
    if (c >= 'A' && c <= 'Z' && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(c);
  }
  prefix = codec::FoldCase(prefix) + "_";
  const std::string name = codec::FoldCase(value->name());
  return name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name;
}

std::string Scalar(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool repeated = field->is_repeated();
  const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return (repeated ? r.GetRepeatedBool(message, field, index) : r.GetBool(message, field))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(repeated ? r.GetRepeatedInt32(message, field, index)
                                     : r.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(repeated ? r.GetRepeatedUInt32(message, field, index)
                                     : r.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return quoted(std::to_string(repeated ? r.GetRepeatedInt64(message, field, index)
                                            : r.GetInt64(message, field)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return quoted(std::to_string(repeated ? r.GetRepeatedUInt64(message, field, index)
                                            : r.GetUInt64(message, field)));
    case FieldDescriptor::CPPTYPE_ENUM:
      return JsonQuote(EnumName(repeated ? r.GetRepeatedEnum(message, field, index)
                                         : r.GetEnum(message, field)));
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          repeated ? r.GetRepeatedString(message, field, index) : r.GetString(message, field);
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        return quoted(base::ToHex(base::AsBytes(text)));
      }
      return JsonQuote(text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ToJson(repeated ? r.GetRepeatedMessage(message, field, index)
                             : r.GetMessage(message, field));
    default: return "null";  // no floating point in our messages
  }
}

std::string List(const Message& message, const FieldDescriptor* field) {
  std::string out = "[";
  const int size = message.GetReflection()->FieldSize(message, field);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ",";
    out += Scalar(message, field, i);
  }
  return out + "]";
}

bool Absent(const Message& message, const FieldDescriptor* field) {
  return !field->is_repeated() && field->has_presence() &&
         !message.GetReflection()->HasField(message, field);
}

}  // namespace

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      Escape(out, byte);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

std::string ToJson(const Message& message) {
  std::string out = "{";
  const auto* descriptor = message.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (Absent(message, field)) continue;
    if (out.size() > 1) out += ",";
    out += JsonQuote(field->name()) + ":" +
           (field->is_repeated() ? List(message, field) : Scalar(message, field, 0));
  }
  return out + "}";
}

JsonObject& JsonObject::Raw(std::string_view name, std::string_view json) {
  if (text_.size() > 1) text_ += ",";
  text_ += JsonQuote(name) + ":" + std::string(json);
  return *this;
}

JsonObject& JsonObject::Text(std::string_view name, std::string_view value) {
  return Raw(name, JsonQuote(value));
}

JsonObject& JsonObject::Number(std::string_view name, uint64_t value) {
  return Raw(name, std::to_string(value));
}

JsonObject& JsonObject::Bool(std::string_view name, bool value) {
  return Raw(name, value ? "true" : "false");
}

}  // namespace tributary::cli
