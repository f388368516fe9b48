#include "codec/ids.h"

#include "crypto/ed25519.h"
#include "crypto/hash.h"

namespace tributary::codec {
namespace {

using crypto::Tag;

constexpr uint8_t kSeparator[] = {0};

}  // namespace

base::AccountId AccountIdOf(base::Bytes registration) {
  return crypto::TaggedDigest<base::AccountId>(Tag::kAccount, {registration});
}

base::RecordId RecordIdOf(base::Bytes record) {
  return crypto::TaggedDigest<base::RecordId>(Tag::kRecord, {record});
}

base::TxId TxIdOf(base::Bytes body) {
  return crypto::TaggedDigest<base::TxId>(Tag::kTransactionId, {body});
}

base::Hash ReserveCommitment(const base::AccountId& account, const base::Hash& salt,
                             const base::Hash& content_sha256) {
  return crypto::TaggedHash(Tag::kReserve, {account.bytes, salt.bytes, content_sha256.bytes});
}

std::string TransactionMessage(base::Bytes body) {
  return crypto::TaggedMessage(Tag::kTransaction, {body});
}

std::string PossessionMessage(std::string_view chain_id, const base::AccountId& account,
                              const base::PublicKey& key) {
  return crypto::TaggedMessage(Tag::kPossession,
                               {base::AsBytes(chain_id), kSeparator, account.bytes, key.bytes});
}

std::string AttributionMessage(std::string_view chain_id, base::Bytes claim) {
  return crypto::TaggedMessage(Tag::kAttribution, {base::AsBytes(chain_id), kSeparator, claim});
}

}  // namespace tributary::codec
