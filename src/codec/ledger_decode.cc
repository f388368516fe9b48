#include "codec/ledger.h"
#include "codec/limits.h"
#include "codec/message_reader.h"
#include "codec/schema.h"

namespace tributary::codec {

template <class T>
base::Checked<T> Decode(base::Bytes bytes, std::string_view path) {
  Failure failure;
  T message;
  if (std::is_same_v<T, SignedTransaction> && bytes.size() > kTransactionBytesMax) {
    failure.Set(base::RejectionCode::kTransactionTooLarge, {}, std::to_string(bytes.size()));
  } else {
    MessageReader reader(bytes, failure);
    Schema<T>::Visit(reader, message);
    reader.Finish();
  }
  if (!failure) return message;
  failure.Prefix(path);
  return failure.ToRejection();
}

template base::Checked<SignedTransaction> Decode(base::Bytes, std::string_view);
template base::Checked<TransactionBody> Decode(base::Bytes, std::string_view);
template base::Checked<Registration> Decode(base::Bytes, std::string_view);
template base::Checked<Record> Decode(base::Bytes, std::string_view);
template base::Checked<AttributionClaim> Decode(base::Bytes, std::string_view);
template base::Checked<Genesis> Decode(base::Bytes, std::string_view);
template base::Checked<Propose> Decode(base::Bytes, std::string_view);

}  // namespace tributary::codec
