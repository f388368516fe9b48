// A transaction made ready for the writer: decoded, hashed, and checked as far as no state is
// needed.
#ifndef TRIBUTARY_STATE_PREPARED_H_
#define TRIBUTARY_STATE_PREPARED_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/ledger.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::state {

class Resident;
class PageSource;

// What `Prepare` computed for a SubmitRecord.
struct PreparedRecord {
  codec::Record record;  // views into the transaction's bytes
  base::RecordId id;
  base::Hash content_key;   // zero: no content hash
  base::Hash external_key;  // zero: no external id
};

struct PreparedRegistration {
  codec::Registration registration;
  base::AccountId id;
};

// What `Prepare` computed for a ReportRevenue with an attribution.
struct PreparedAttribution {
  codec::AttributionClaim claim;  // views into the transaction's bytes
  std::vector<base::Ppb> shares;  // of gross, in the order of the influences
};

// A signature inside an operation that was found good against `key`; see state/proofs.h.
struct VerifiedProof {
  size_t operation;
  base::PublicKey key;
};

// A signature that was found good against `key`. The machine verifies again only where another key
// is in force when the transaction executes.
struct VerifiedSignature {
  size_t position;  // in SignedTransaction.signatures
  base::PublicKey key;
};

struct PreparedTransaction {
  PreparedTransaction() = default;
  PreparedTransaction(const PreparedTransaction&) = delete;
  PreparedTransaction& operator=(const PreparedTransaction&) = delete;

  std::string bytes;  // the SignedTransaction, as it stands in the log; views below point into it
  codec::SignedTransaction envelope;
  codec::TransactionBody body;
  base::TxId id;
  std::vector<PreparedRecord> records;              // of the SubmitRecord operations, in order
  std::vector<PreparedRegistration> registrations;  // of the RegisterAccount operations, in order
  std::vector<PreparedAttribution> attributions;    // of the ReportRevenue that have one, in order
  std::vector<VerifiedSignature> verified;
  std::vector<VerifiedProof> proven;  // ascending by operation
};

// Decodes and checks all that needs no state. The first rule broken is reported; the order of
// checks is: size, envelope, body, chain id, then the operations in order. Thread safety: pure.
base::Checked<std::unique_ptr<PreparedTransaction>> Prepare(std::string bytes,
                                                            std::string_view chain_id);

// Verifies the signatures against the keys in force at `now` in the committed state and notes the
// good ones in `transaction.verified`; where all of them are good, the proofs inside the operations
// likewise. Signatures of accounts that are unknown, or that do not verify, are left for the
// machine, which decides. Thread safety: `resident` and `pages` must not change meanwhile.
void Preverify(PreparedTransaction& transaction, const Resident& resident, const PageSource& pages,
               base::TimeMs now);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_PREPARED_H_
