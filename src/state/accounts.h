// What the operations on accounts share.
#ifndef TRIBUTARY_STATE_ACCOUNTS_H_
#define TRIBUTARY_STATE_ACCOUNTS_H_

#include <string>
#include <string_view>

#include "codec/ledger.h"
#include "state/context.h"
#include "state/overlay.h"
#include "state/tables.h"
#include "tributary/base/rejection.h"

namespace tributary::state {

// Adds the row and its identities. Requires: neither id nor handle is taken.
base::AccountIndex AddAccount(Overlay& overlay, const codec::Registration& registration,
                              const base::AccountId& id, uint32_t sponsor, uint16_t roles,
                              uint64_t entry);
// kNotSponsor where neither the account's sponsor nor two stewards signed.
base::Verdict RequireSponsorOrStewards(Context& c, const AccountRow& account,
                                       std::string_view leaf);
// Whether the account signed; for one without a key its sponsor does, or two stewards where it has
// none. Who signed then counts as needed.
bool SignedByHolder(Context& c, base::AccountIndex account);
std::string HandleOf(Context& c, base::AccountIndex account);
// kKeySmallOrder for an unusable key, kBadPossession where the proof does not verify.
base::Verdict CheckNewKey(const Context& c, const base::AccountId& account,
                          const base::PublicKey& key, const base::SignatureBytes& possession);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_ACCOUNTS_H_
