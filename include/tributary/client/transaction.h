// Builds and signs transactions: operations in, the exact bytes to send and their id out.
#ifndef TRIBUTARY_CLIENT_TRANSACTION_H_
#define TRIBUTARY_CLIENT_TRANSACTION_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"
#include "tributary/client/signer.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::client {

// A signed transaction. The id and the ids of its records are known before it is sent.
struct Transaction {
  base::TxId id;
  base::TimeMs valid_until;
  std::string bytes;  // serialized SignedTransaction
};

// An account that signs, and with what. The signer outlives the use.
struct AccountSigner {
  base::AccountId account;
  const Signer* signer = nullptr;
};

// Operations of one transaction, within the limits of ledger.proto.
class TransactionBuilder {
 public:
  // Room for `signatures` is kept within the size limit. The nonce is random.
  TransactionBuilder(std::string chain_id, const base::AccountId& sender, base::TimeMs valid_until,
                     size_t signatures = 1);

  // Appends `operation`, unless the transaction would grow beyond 512 operations or the size that a
  // transaction may have: then false, and nothing is changed.
  [[nodiscard]] bool Add(const v1::Operation& operation);
  size_t operations() const { return static_cast<size_t>(body_.operations_size()); }
  bool empty() const { return operations() == 0; }
  size_t body_bytes() const { return body_bytes_; }

  // For tests and for programs that must build the same bytes again.
  void SetNonce(const std::array<uint8_t, 16>& nonce);

  // Signs for each of `signers`, in that order, after reading the body back by the chain's strict
  // rules. Errors: the rules 100..199 for a field that no node would read (nothing is signed);
  // kNoOperations; kMissingSignature where the sender is not among the signers;
  // kUnneededSignature for an account that stands twice.
  base::Checked<Transaction> Sign(std::span<const AccountSigner> signers) const;

 private:
  v1::TransactionBody body_;
  size_t body_bytes_ = 0;
  size_t body_bytes_max_ = 0;
};

// Ids as the chain computes them.
base::RecordId RecordIdOf(std::string_view record_bytes);
base::AccountId AccountIdOf(std::string_view registration_bytes);

// Ids and hashes as protobuf fields, and back. FromField: nullopt unless it holds 32 bytes.
template <class D>
std::string ToField(const D& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}
template <class D>
std::optional<D> FromField(std::string_view field) {
  if (field.size() != D::kSize) return std::nullopt;
  return D::From(base::AsBytes(field));
}

// The operation that registers an account under `sponsor`; with `signer`, the account has its key
// from the start, without, it is custodial. `id` receives the account's id.
v1::Operation RegisterAccountOperation(std::string_view chain_id, std::string_view handle,
                                       const base::AccountId& sponsor, const Signer* signer,
                                       base::AccountId* id);
// The operations that bring in a key: `signer` holds the new one.
v1::Operation ClaimAccountOperation(std::string_view chain_id, const base::AccountId& account,
                                    const Signer& signer);
v1::Operation ObjectToClaimOperation(const base::AccountId& account, std::string_view reason);
v1::Operation RotateKeyOperation(std::string_view chain_id, const base::AccountId& account,
                                 const Signer& signer, uint64_t overlap_ms);

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_TRANSACTION_H_
