// Accounts: the messages of ledger.proto as plain structs; see ledger.h for the rules they share.
#ifndef TRIBUTARY_CODEC_LEDGER_ACCOUNTS_H_
#define TRIBUTARY_CODEC_LEDGER_ACCOUNTS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "tributary/base/types.h"

namespace tributary::codec {

struct Registration {
  std::string_view handle;
  std::optional<base::AccountId> sponsor;
  std::optional<base::PublicKey> public_key;
  base::Bytes salt;
};

struct RegisterAccount {
  base::Bytes registration;
  std::optional<base::SignatureBytes> possession;
};

struct ClaimAccount {
  base::AccountId account;
  base::PublicKey public_key;
  base::SignatureBytes possession;
};

struct ObjectToClaim {
  base::AccountId account;
  std::string_view reason;
};

struct RotateKey {
  base::PublicKey public_key;
  base::SignatureBytes possession;
  uint64_t overlap_ms = 0;
};

struct RaiseIdentity {
  base::AccountId account;
  uint32_t records_per_epoch = 0;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_ACCOUNTS_H_
