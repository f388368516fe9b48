#include "state/accounts.h"
#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::RegisterAccount& operation) {
  const PreparedRegistration& prepared = c.transaction.registrations[c.next_registration++];
  const codec::Registration& registration = prepared.registration;
  if (auto bad = c.RequireSenderRole({codec::Role::kSteward, codec::Role::kAdmin})) return bad;
  if (registration.sponsor != c.transaction.body.sender) {
    return c.Reject(RejectionCode::kSponsorMismatch, "registration.sponsor");
  }
  if (c.overlay.Find(Identity::kAccountId, AsKey(prepared.id))) {
    return c.Reject(RejectionCode::kAccountExists, "registration");
  }
  if (c.overlay.Find(Identity::kHandle, HandleKey(registration.handle))) {
    return c.Reject(RejectionCode::kHandleTaken, "registration.handle",
                    std::string(registration.handle));
  }
  if (registration.public_key) {
    if (auto bad = CheckNewKey(c, prepared.id, *registration.public_key, *operation.possession)) {
      return bad;
    }
  }
  if (c.overlay.RowCount({TableKind::kAccounts, 0}) >= lineage::kAccountsMax) {
    return c.Reject(RejectionCode::kChainFull, "registration");
  }
  AddAccount(c.overlay, registration, prepared.id, c.sender.value(), 0, c.entry());
  return std::nullopt;
}

}  // namespace tributary::state
