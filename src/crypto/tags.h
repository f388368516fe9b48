// The domain tags: every hash and every signed message starts with one of them and a zero byte, so
// that bytes of one meaning can never pass for bytes of another.
#ifndef TRIBUTARY_CRYPTO_TAGS_H_
#define TRIBUTARY_CRYPTO_TAGS_H_

#include <string_view>

namespace tributary::crypto {

enum class Tag {
  kTransaction,    // message: signed by every signer of a transaction
  kTransactionId,  // hash of a transaction body
  kAccount,        // hash of a registration
  kRecord,         // hash of a record
  kPossession,     // message: signed by a new key
  kAttribution,    // message: signed by an attributor
  kReserve,        // hash of account id, salt and content hash
  kHeader,         // hash of a block header
  kContentKey,     // hash: uniqueness of content
  kExternalId,     // hash: uniqueness of an external id
  kReference,      // hash: uniqueness of a reference
  kStateRoot,      // hash of the table roots
  kTableRoot,      // hash of a table's tree root and size
  kResults,        // hash of a block's results
  kSettlement,     // hash of a block's settlement summary
  kRoyaltyStack,   // hash of a royalty stack's entries
};

// The ASCII text of a tag, e.g. "tributary/v1/record", without the zero byte that follows it.
std::string_view TagText(Tag tag);

}  // namespace tributary::crypto

#endif  // TRIBUTARY_CRYPTO_TAGS_H_
