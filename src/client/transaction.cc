#include "tributary/client/transaction.h"

#include <google/protobuf/io/coded_stream.h>
#include <algorithm>
#include <set>
#include <utility>

#include "codec/ids.h"
#include "codec/ledger.h"
#include "codec/limits.h"
#include "keys/random.h"

namespace tributary::client {
namespace {

using base::Reject;
using base::RejectionCode;

// Tag and length of `bytes` as a field below number 16.
size_t FieldBytes(size_t bytes) {
  return 1 + google::protobuf::io::CodedOutputStream::VarintSize64(bytes) + bytes;
}

constexpr size_t kSignatureBytes = (2 + 32) + (2 + 64);

size_t BodyBytesMax(size_t signatures) {
  const size_t framing = 1 + 3;  // tag and length of a body of this size
  const size_t signing = signatures * FieldBytes(kSignatureBytes);
  if (framing + signing >= codec::kTransactionBytesMax) return 0;
  return std::min(codec::kBodyBytesMax, codec::kTransactionBytesMax - framing - signing);
}

template <size_t N>
std::string ToText(const std::array<uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What travels as bytes in an operation is read on its own, as a node does.
base::Verdict CheckInner(const codec::Operation& operation, const std::string& path) {
  if (const auto* submit = std::get_if<codec::SubmitRecord>(&operation)) {
    const auto record =
        codec::Decode<codec::Record>(submit->record, path + ".submit_record.record");
    if (!record) return record.rejection();
  }
  if (const auto* account = std::get_if<codec::RegisterAccount>(&operation)) {
    const auto registration = codec::Decode<codec::Registration>(
        account->registration, path + ".register_account.registration");
    if (!registration) return registration.rejection();
  }
  return std::nullopt;
}

base::Verdict CheckBody(std::string_view bytes) {
  const auto body = codec::Decode<codec::TransactionBody>(base::AsBytes(bytes));
  if (!body) return body.rejection();
  for (size_t i = 0; i < body->operations.size(); ++i) {
    if (auto verdict = CheckInner(body->operations[i], "operations[" + std::to_string(i) + "]")) {
      return verdict;
    }
  }
  return std::nullopt;
}

base::Verdict CheckSigners(const std::string& sender, std::span<const AccountSigner> signers) {
  std::set<base::AccountId> seen;
  for (const AccountSigner& signer : signers) {
    if (!seen.insert(signer.account).second) {
      return Reject(RejectionCode::kUnneededSignature, "signatures", signer.signer->handle());
    }
  }
  if (signers.size() > codec::kSignaturesMax) {
    return Reject(RejectionCode::kTooManySignatures, "signatures", std::to_string(signers.size()));
  }
  const auto sender_id = FromField<base::AccountId>(sender);
  if (!sender_id || seen.count(*sender_id) == 0) {
    return Reject(RejectionCode::kMissingSignature, "signatures", "the sender");
  }
  return std::nullopt;
}

}  // namespace

TransactionBuilder::TransactionBuilder(std::string chain_id, const base::AccountId& sender,
                                       base::TimeMs valid_until, size_t signatures)
    : body_bytes_max_(BodyBytesMax(signatures)) {
  body_.set_chain_id(std::move(chain_id));
  body_.set_sender(ToField(sender));
  body_.set_valid_until_ms(valid_until.value());
  std::array<uint8_t, 16> nonce;
  keys::FillRandom(nonce);
  SetNonce(nonce);
}

void TransactionBuilder::SetNonce(const std::array<uint8_t, 16>& nonce) {
  body_.set_nonce(ToText(nonce));
  body_bytes_ = body_.ByteSizeLong();
}

bool TransactionBuilder::Add(const v1::Operation& operation) {
  const size_t added = FieldBytes(operation.ByteSizeLong());
  if (operations() >= codec::kOperationsMax || body_bytes_ + added > body_bytes_max_) return false;
  *body_.add_operations() = operation;
  body_bytes_ += added;
  return true;
}

base::Checked<Transaction> TransactionBuilder::Sign(std::span<const AccountSigner> signers) const {
  if (empty()) return Reject(RejectionCode::kNoOperations, "operations");
  if (auto verdict = CheckSigners(body_.sender(), signers)) return *verdict;
  v1::SignedTransaction transaction;
  transaction.set_body(body_.SerializeAsString());
  const base::Bytes body = base::AsBytes(transaction.body());
  if (auto verdict = CheckBody(transaction.body())) return *verdict;
  const std::string message = codec::TransactionMessage(body);
  for (const AccountSigner& signer : signers) {
    v1::Signature* signature = transaction.add_signatures();
    signature->set_account(ToField(signer.account));
    signature->set_signature(ToText(signer.signer->Sign(base::AsBytes(message)).bytes));
  }
  Transaction out;
  out.id = codec::TxIdOf(body);
  out.valid_until = base::TimeMs(body_.valid_until_ms());
  out.bytes = transaction.SerializeAsString();
  if (out.bytes.size() > codec::kTransactionBytesMax) {
    return Reject(RejectionCode::kTransactionTooLarge, "", std::to_string(out.bytes.size()));
  }
  return out;
}

base::RecordId RecordIdOf(std::string_view record_bytes) {
  return codec::RecordIdOf(base::AsBytes(record_bytes));
}

base::AccountId AccountIdOf(std::string_view registration_bytes) {
  return codec::AccountIdOf(base::AsBytes(registration_bytes));
}

}  // namespace tributary::client
