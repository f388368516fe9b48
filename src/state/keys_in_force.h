// Which keys of an account are in force at a time: none, one, or two while it rotates.
#ifndef TRIBUTARY_STATE_KEYS_IN_FORCE_H_
#define TRIBUTARY_STATE_KEYS_IN_FORCE_H_

#include <vector>

#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

// The newer key first; empty for a custodial account.
inline std::vector<base::PublicKey> KeysInForce(const AccountRow& account, base::TimeMs now) {
  std::vector<base::PublicKey> keys;
  if (!account.next_key.IsZero()) keys.push_back(account.next_key);
  if (!account.key.IsZero() && now.value() < account.key_until_ms) keys.push_back(account.key);
  return keys;
}

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_KEYS_IN_FORCE_H_
