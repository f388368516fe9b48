// Our schemas against the descriptors that protoc made of ledger.proto: every field of every
// message, with its number, name, type and multiplicity, and every value of every enum.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "codec/ledger.h"
#include "codec/schema.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::codec {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// Walks a schema beside a descriptor and notes which messages it has seen.
class DescriptorChecker {
 public:
  DescriptorChecker(const Descriptor* message, std::set<std::string>& seen)
      : message_(message), seen_(seen) {
    seen_.insert(message->name());
  }
  void Done() const { EXPECT_EQ(fields_, message_->field_count()) << message_->name(); }

  template <class Rule>
  void Text(uint32_t number, std::string_view name, std::string_view&, const Rule&) {
    Check(number, name, FieldDescriptor::TYPE_STRING);
  }
  void Blob(uint32_t number, std::string_view name, base::Bytes&, const Length&) {
    Check(number, name, FieldDescriptor::TYPE_BYTES);
  }
  template <class F>
  void Fixed(uint32_t number, std::string_view name, F&) {
    Check(number, name, FieldDescriptor::TYPE_BYTES);
  }
  void SignedNumber(uint32_t number, std::string_view name, int64_t&) {
    Check(number, name, FieldDescriptor::TYPE_SINT64);
  }
  void Flag(uint32_t number, std::string_view name, bool&) {
    Check(number, name, FieldDescriptor::TYPE_BOOL);
  }
  template <class N>
  void Number(uint32_t number, std::string_view name, N&, const Range&) {
    Check(number, name,
          sizeof(N) == 4 ? FieldDescriptor::TYPE_UINT32 : FieldDescriptor::TYPE_UINT64);
  }
  template <class E>
  void Enum(uint32_t number, std::string_view name, E&) {
    const FieldDescriptor* field = Check(number, name, FieldDescriptor::TYPE_ENUM);
    if (field == nullptr) return;
    const EnumDescriptor* values = field->enum_type();
    ASSERT_EQ(values->value_count(), static_cast<int>(LastOf(E{})) + 1) << values->name();
    for (int i = 1; i < values->value_count(); ++i) {
      ASSERT_EQ(values->value(i)->number(), i);
      EXPECT_EQ(Upper(Name(static_cast<E>(i))), WithoutPrefix(*values, i));
    }
  }
  template <class T>
  void Message(uint32_t number, std::string_view name, T& out, Presence) {
    Descend(Check(number, name, FieldDescriptor::TYPE_MESSAGE), out);
  }
  template <class T>
  void Message(uint32_t number, std::string_view name, std::optional<T>& out) {
    Descend(Check(number, name, FieldDescriptor::TYPE_MESSAGE), out.emplace());
  }
  template <class T>
  void Repeated(uint32_t number, std::string_view name, std::vector<T>& out, const Count&) {
    Descend(Check(number, name, FieldDescriptor::TYPE_MESSAGE, true), out.emplace_back());
  }
  template <class... Ts>
  void OneOf(std::variant<Ts...>&, const std::string_view* names) {
    uint32_t number = 0;
    ((++number, Alternative<Ts>(number, names[number - 1])), ...);
  }

 private:
  static std::string Upper(std::string_view name) {
    std::string out(name);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }
  // RECORD_KIND_DATA_ITEM of RECORD_KIND_UNSPECIFIED: DATA_ITEM.
  static std::string WithoutPrefix(const EnumDescriptor& values, int index) {
    const size_t prefix = values.value(0)->name().size() - std::string("UNSPECIFIED").size();
    return values.value(index)->name().substr(prefix);
  }
  const FieldDescriptor* Check(uint32_t number, std::string_view name, FieldDescriptor::Type type,
                               bool repeated = false) {
    ++fields_;
    EXPECT_GT(number, last_) << "fields ascend in " << message_->name();
    last_ = number;
    const FieldDescriptor* field = message_->FindFieldByNumber(static_cast<int>(number));
    if (field == nullptr) {
      ADD_FAILURE() << message_->name() << " has no field " << number;
      return nullptr;
    }
    EXPECT_EQ(field->name(), name) << message_->name();
    EXPECT_EQ(field->type(), type) << message_->name() << "." << name;
    EXPECT_EQ(field->is_repeated(), repeated) << message_->name() << "." << name;
    return field;
  }
  template <class T>
  void Alternative(uint32_t number, std::string_view name) {
    T value{};
    const FieldDescriptor* field = Check(number, name, FieldDescriptor::TYPE_MESSAGE);
    EXPECT_TRUE(field == nullptr || field->containing_oneof() != nullptr) << name;
    Descend(field, value);
  }
  template <class T>
  void Descend(const FieldDescriptor* field, T& out) {
    if (field == nullptr) return;
    DescriptorChecker inner(field->message_type(), seen_);
    Schema<T>::Visit(inner, out);
    inner.Done();
  }

  const Descriptor* message_;
  std::set<std::string>& seen_;
  uint32_t last_ = 0;
  int fields_ = 0;
};

template <class T>
void CheckMessage(const Descriptor* descriptor, std::set<std::string>& seen) {
  DescriptorChecker checker(descriptor, seen);
  T message{};
  Schema<T>::Visit(checker, message);
  checker.Done();
}

TEST(SchemaTest, EveryFieldOfLedgerProtoIsKnownByNumberNameAndType) {
  std::set<std::string> seen;
  CheckMessage<SignedTransaction>(v1::SignedTransaction::descriptor(), seen);
  CheckMessage<TransactionBody>(v1::TransactionBody::descriptor(), seen);
  CheckMessage<Registration>(v1::Registration::descriptor(), seen);
  CheckMessage<Record>(v1::Record::descriptor(), seen);
  CheckMessage<AttributionClaim>(v1::AttributionClaim::descriptor(), seen);
  CheckMessage<Genesis>(v1::Genesis::descriptor(), seen);
  const auto* file = v1::Record::descriptor()->file();
  for (int i = 0; i < file->message_type_count(); ++i) {
    EXPECT_EQ(seen.count(file->message_type(i)->name()), 1u) << file->message_type(i)->name();
  }
}

}  // namespace
}  // namespace tributary::codec
