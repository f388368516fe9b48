#include "state/context.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::RaiseIdentity& operation) {
  const auto index = c.FindAccount(operation.account);
  if (!index) return c.Reject(RejectionCode::kUnknownAccount, "account");
  auto account = c.overlay.Get<AccountRow>(index->value());
  if (account.sponsor != c.sender.value()) {
    return c.Reject(RejectionCode::kNotSponsor, "account", std::string(account.Handle()));
  }
  account.records_per_epoch = operation.records_per_epoch;
  c.overlay.Put(index->value(), account);
  return std::nullopt;
}

}  // namespace tributary::state
