// Ids and signed messages: what exactly is hashed and what exactly is signed.
#ifndef TRIBUTARY_CODEC_IDS_H_
#define TRIBUTARY_CODEC_IDS_H_

#include <string>
#include <string_view>

#include "tributary/base/types.h"

namespace tributary::codec {

base::AccountId AccountIdOf(base::Bytes registration);
base::RecordId RecordIdOf(base::Bytes record);
base::TxId TxIdOf(base::Bytes body);

// The commitment of Reserve: over account id, the 32-byte salt and the content hash.
base::Hash ReserveCommitment(const base::AccountId& account, const base::Hash& salt,
                             const base::Hash& content_sha256);

// Signed by every signer of a transaction.
std::string TransactionMessage(base::Bytes body);
// Signed by a new key, for RegisterAccount, ClaimAccount and RotateKey.
std::string PossessionMessage(std::string_view chain_id, const base::AccountId& account,
                              const base::PublicKey& key);
// Signed by an attributor over a serialized AttributionClaim.
std::string AttributionMessage(std::string_view chain_id, base::Bytes claim);

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_IDS_H_
