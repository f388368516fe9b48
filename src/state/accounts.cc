#include "state/accounts.h"

#include <algorithm>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/proofs.h"

namespace tributary::state {
namespace {

constexpr size_t kStewardsInPlaceOfSponsor = 2;

}  // namespace

base::AccountIndex AddAccount(Overlay& overlay, const codec::Registration& registration,
                              const base::AccountId& id, uint32_t sponsor, uint16_t roles,
                              uint64_t entry) {
  AccountRow row;
  row.id = id;
  row.handle_bytes = static_cast<uint8_t>(registration.handle.size());
  std::copy(registration.handle.begin(), registration.handle.end(), row.handle.begin());
  row.sponsor = sponsor;
  row.roles = roles;
  if (registration.public_key) row.key = *registration.public_key;
  row.key_until_ms = kForever;
  row.registered_entry = entry;
  const uint64_t index = overlay.Append(row);
  overlay.AddIdentity(Identity::kAccountId, AsKey(id), index);
  overlay.AddIdentity(Identity::kHandle, HandleKey(registration.handle), index);
  return base::AccountIndex(static_cast<uint32_t>(index));
}

base::Verdict RequireSponsorOrStewards(Context& c, const AccountRow& account,
                                       std::string_view leaf) {
  if (account.sponsor != kNone32 && c.Signed(base::AccountIndex(account.sponsor))) {
    return std::nullopt;
  }
  if (c.CountSignersWith(codec::Role::kSteward) >= kStewardsInPlaceOfSponsor) return std::nullopt;
  return c.Reject(base::RejectionCode::kNotSponsor, leaf, std::string(account.Handle()));
}

bool SignedByHolder(Context& c, base::AccountIndex account) {
  const auto row = c.overlay.Get<AccountRow>(account.value());
  if (!KeysInForce(row, c.block.time).empty()) return c.Signed(account);
  if (row.sponsor != kNone32) return c.Signed(base::AccountIndex(row.sponsor));
  return c.CountSignersWith(codec::Role::kSteward) >= kStewardsInPlaceOfSponsor;
}

std::string HandleOf(Context& c, base::AccountIndex account) {
  return std::string(c.overlay.Get<AccountRow>(account.value()).Handle());
}

base::Verdict CheckNewKey(const Context& c, const base::AccountId& account,
                          const base::PublicKey& key, const base::SignatureBytes& possession) {
  if (WasProven(c.transaction, c.operation, {key})) return std::nullopt;
  if (!crypto::IsUsableKey(key)) {
    return c.Reject(base::RejectionCode::kKeySmallOrder, "public_key");
  }
  const std::string message = codec::PossessionMessage(c.transaction.body.chain_id, account, key);
  if (!crypto::Verify(key, base::AsBytes(message), possession)) {
    return c.Reject(base::RejectionCode::kBadPossession, "possession");
  }
  return std::nullopt;
}

}  // namespace tributary::state
