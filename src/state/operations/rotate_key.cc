#include <algorithm>

#include "state/accounts.h"
#include "state/context.h"
#include "state/keys_in_force.h"

namespace tributary::state {

using base::RejectionCode;

base::Verdict ApplyOperation(Context& c, const codec::RotateKey& operation) {
  auto account = c.overlay.Get<AccountRow>(c.sender.value());
  const auto keys = KeysInForce(account, c.block.time);
  if (std::find(keys.begin(), keys.end(), operation.public_key) != keys.end()) {
    return c.Reject(RejectionCode::kKeyInUse, "public_key");
  }
  if (keys.size() > 1 || operation.overlap_ms > c.block.parameters.key_overlap_ms_max) {
    return c.Reject(RejectionCode::kRotationOverlap, "overlap_ms",
                    "at most " + std::to_string(c.block.parameters.key_overlap_ms_max) + " ms");
  }
  if (auto bad = CheckNewKey(c, account.id, operation.public_key, operation.possession)) {
    return bad;
  }
  account.key = keys.front();
  account.next_key = operation.public_key;
  account.key_until_ms = c.block.time.value() + operation.overlap_ms;
  c.overlay.Put(c.sender.value(), account);
  return std::nullopt;
}

}  // namespace tributary::state
