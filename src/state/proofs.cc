#include "state/proofs.h"

#include <algorithm>
#include <string>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/resident.h"
#include "state/rows.h"

namespace tributary::state {
namespace {

// Goes through the operations of one transaction, in order.
class Prover {
 public:
  Prover(PreparedTransaction& transaction, const Resident& resident, const PageSource& pages,
         base::TimeMs now)
      : transaction_(transaction), resident_(resident), pages_(pages), now_(now) {}

  void Run() {
    const auto& operations = transaction_.body.operations;
    for (at_ = 0; at_ < operations.size(); ++at_) {
      std::visit([this](const auto& one) { Take(one); }, operations[at_]);
    }
  }

 private:
  template <class Operation>
  void Take(const Operation&) {}

  void Take(const codec::RegisterAccount& operation) {
    const PreparedRegistration& prepared = transaction_.registrations[registration_++];
    if (!prepared.registration.public_key) return;
    Possession(prepared.id, *prepared.registration.public_key, *operation.possession);
  }
  void Take(const codec::ClaimAccount& operation) {
    Possession(operation.account, operation.public_key, operation.possession);
  }
  void Take(const codec::RotateKey& operation) {
    Possession(transaction_.body.sender, operation.public_key, operation.possession);
  }
  void Take(const codec::ReportRevenue& operation) {
    if (!operation.attribution) return;
    const PreparedAttribution& prepared = transaction_.attributions[attribution_++];
    const auto row = resident_.Find(Identity::kAccountId, AsKey(prepared.claim.attributor));
    if (!row) return;
    const std::string message =
        codec::AttributionMessage(transaction_.body.chain_id, operation.attribution->claim);
    for (const base::PublicKey& key : KeysInForce(ReadRow<AccountRow>(pages_, *row), now_)) {
      if (Note(key, message, operation.attribution->signature)) return;
    }
  }

  void Possession(const base::AccountId& account, const base::PublicKey& key,
                  const base::SignatureBytes& signature) {
    Note(key, codec::PossessionMessage(transaction_.body.chain_id, account, key), signature);
  }
  bool Note(const base::PublicKey& key, const std::string& message,
            const base::SignatureBytes& signature) {
    if (!crypto::Verify(key, base::AsBytes(message), signature)) return false;
    transaction_.proven.push_back({at_, key});
    return true;
  }

  PreparedTransaction& transaction_;
  const Resident& resident_;
  const PageSource& pages_;
  base::TimeMs now_;
  size_t at_ = 0;
  size_t registration_ = 0;
  size_t attribution_ = 0;
};

}  // namespace

bool WasProven(const PreparedTransaction& transaction, size_t operation,
               const std::vector<base::PublicKey>& keys) {
  // In order of operation: at most one for each.
  const auto proof = std::lower_bound(
      transaction.proven.begin(), transaction.proven.end(), operation,
      [](const VerifiedProof& one, size_t wanted) { return one.operation < wanted; });
  return proof != transaction.proven.end() && proof->operation == operation &&
         std::find(keys.begin(), keys.end(), proof->key) != keys.end();
}

void PreverifyProofs(PreparedTransaction& transaction, const Resident& resident,
                     const PageSource& pages, base::TimeMs now) {
  transaction.proven.clear();
  Prover(transaction, resident, pages, now).Run();
}

}  // namespace tributary::state
