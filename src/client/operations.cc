// Operations that carry a proof of possession.
#include "codec/ids.h"
#include "tributary/client/transaction.h"

namespace tributary::client {
namespace {

std::string KeyField(const Signer& signer) {
  const auto& bytes = signer.public_key().bytes;
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Possession(std::string_view chain_id, const base::AccountId& account,
                       const Signer& signer) {
  const std::string message = codec::PossessionMessage(chain_id, account, signer.public_key());
  const base::SignatureBytes signature = signer.Sign(base::AsBytes(message));
  return {reinterpret_cast<const char*>(signature.bytes.data()), signature.bytes.size()};
}

}  // namespace

v1::Operation RegisterAccountOperation(std::string_view chain_id, std::string_view handle,
                                       const base::AccountId& sponsor, const Signer* signer,
                                       base::AccountId* id) {
  v1::Registration registration;
  registration.set_handle(std::string(handle));
  registration.set_sponsor(ToField(sponsor));
  if (signer != nullptr) registration.set_public_key(KeyField(*signer));
  v1::Operation operation;
  v1::RegisterAccount* account = operation.mutable_register_account();
  account->set_registration(registration.SerializeAsString());
  *id = AccountIdOf(account->registration());
  if (signer != nullptr) account->set_possession(Possession(chain_id, *id, *signer));
  return operation;
}

v1::Operation ClaimAccountOperation(std::string_view chain_id, const base::AccountId& account,
                                    const Signer& signer) {
  v1::Operation operation;
  v1::ClaimAccount* claim = operation.mutable_claim_account();
  claim->set_account(ToField(account));
  claim->set_public_key(KeyField(signer));
  claim->set_possession(Possession(chain_id, account, signer));
  return operation;
}

v1::Operation ObjectToClaimOperation(const base::AccountId& account, std::string_view reason) {
  v1::Operation operation;
  v1::ObjectToClaim* objection = operation.mutable_object_to_claim();
  objection->set_account(ToField(account));
  objection->set_reason(std::string(reason));
  return operation;
}

v1::Operation RotateKeyOperation(std::string_view chain_id, const base::AccountId& account,
                                 const Signer& signer, uint64_t overlap_ms) {
  v1::Operation operation;
  v1::RotateKey* rotate = operation.mutable_rotate_key();
  rotate->set_public_key(KeyField(signer));
  rotate->set_possession(Possession(chain_id, account, signer));
  rotate->set_overlap_ms(overlap_ms);
  return operation;
}

}  // namespace tributary::client
