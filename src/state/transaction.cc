#include "state/transaction.h"

#include <algorithm>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/quotas.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::Reject;
using base::RejectionCode;
using base::Verdict;

Verdict CheckWindow(const BlockContext& block, const PreparedTransaction& transaction) {
  const uint64_t until = transaction.body.valid_until_ms.value();
  const uint64_t now = block.time.value();
  if (until <= now) {
    return Reject(RejectionCode::kExpired, "valid_until_ms",
                  "block time is " + std::to_string(now));
  }
  if (until - now > block.parameters.validity_window_ms) {
    return Reject(RejectionCode::kValidUntilTooFar, "valid_until_ms",
                  "the window is " + std::to_string(block.parameters.validity_window_ms) + " ms");
  }
  return std::nullopt;
}

bool WasVerified(const PreparedTransaction& transaction, size_t position,
                 const std::vector<base::PublicKey>& keys) {
  for (const VerifiedSignature& verified : transaction.verified) {
    if (verified.position != position) continue;
    return std::find(keys.begin(), keys.end(), verified.key) != keys.end();
  }
  return false;
}

Verdict CheckSignature(const PreparedTransaction& transaction, size_t position,
                       const std::vector<base::PublicKey>& keys, std::string_view handle) {
  if (WasVerified(transaction, position, keys)) return std::nullopt;
  const std::string message = codec::TransactionMessage(transaction.envelope.body);
  const codec::Signature& signature = transaction.envelope.signatures[position];
  for (const base::PublicKey& key : keys) {
    if (crypto::Verify(key, base::AsBytes(message), signature.signature)) return std::nullopt;
  }
  return Reject(RejectionCode::kBadSignature,
                "signatures[" + std::to_string(position) + "].signature",
                "account " + std::string(handle));
}

Verdict CheckSigners(TransactionContext& c) {
  for (size_t i = 0; i < c.transaction.envelope.signatures.size(); ++i) {
    const codec::Signature& signature = c.transaction.envelope.signatures[i];
    const std::string field = "signatures[" + std::to_string(i) + "].account";
    const auto index = c.FindAccount(signature.account);
    if (!index) {
      return Reject(RejectionCode::kUnknownSigner, field, base::ToHex(signature.account.view()));
    }
    const auto account = c.overlay.Get<AccountRow>(index->value());
    const auto keys = KeysInForce(account, c.block.time);
    if (keys.empty()) {
      return Reject(RejectionCode::kCustodialSigner, field, std::string(account.Handle()));
    }
    if (auto bad = CheckSignature(c.transaction, i, keys, account.Handle())) return bad;
    c.signers.push_back({*index, account.roles, *index == c.sender});
  }
  std::sort(c.signers.begin(), c.signers.end(),
            [](const Signer& a, const Signer& b) { return a.account < b.account; });
  return std::nullopt;
}

template <class Operation>
concept Implemented = requires(Context& c, const Operation& operation) {
  {ApplyOperation(c, operation)};
};

Verdict ApplyOne(Context& c, const codec::Operation& operation) {
  return std::visit(
      [&c](const auto& one) -> Verdict {
        if constexpr (Implemented<std::decay_t<decltype(one)>>) {
          return ApplyOperation(c, one);
        } else {
          return c.Reject(RejectionCode::kNotYetInForce, "");
        }
      },
      operation);
}

Verdict ApplyOperations(TransactionContext& c) {
  const auto& operations = c.transaction.body.operations;
  for (c.operation = 0; c.operation < operations.size(); ++c.operation) {
    if (auto bad = ApplyOne(c, operations[c.operation])) return bad;
  }
  for (const Signer& signer : c.signers) {
    if (signer.used) continue;
    const auto account = c.overlay.Get<AccountRow>(signer.account.value());
    return Reject(RejectionCode::kUnneededSignature, "signatures",
                  "account " + std::string(account.Handle()));
  }
  return std::nullopt;
}

void RememberTxId(Overlay& overlay, BlockContext& block, const PreparedTransaction& transaction) {
  const uint64_t minute = transaction.body.valid_until_ms.value() / kMinuteMs;
  const auto slot = static_cast<uint16_t>(minute % kTxIdSlots);
  overlay.Append(TxIdRow{transaction.id}, slot);
  overlay.AddIdentity(Identity::kTxId, AsKey(transaction.id), slot);
  ++block.chain.live_txids;
}

Verdict CheckEnvelope(TransactionContext& c) {
  if (auto bad = CheckWindow(c.block, c.transaction)) return bad;
  if (c.overlay.Find(Identity::kTxId, AsKey(c.transaction.id))) {
    return Reject(RejectionCode::kDuplicateTransaction, "", base::ToHex(c.transaction.id.view()));
  }
  const auto sender = c.FindAccount(c.transaction.body.sender);
  if (!sender) {
    return Reject(RejectionCode::kUnknownSender, "sender",
                  base::ToHex(c.transaction.body.sender.view()));
  }
  c.sender = *sender;
  if (auto bad = CheckSigners(c)) return bad;
  if (!c.Signed(c.sender)) {
    return Reject(RejectionCode::kMissingSignature, "signatures", "the sender has not signed");
  }
  if (c.block.chain.live_txids >= kLiveTxIdsMax) {
    return Reject(RejectionCode::kReplayWindowFull, "valid_until_ms");
  }
  return std::nullopt;
}

}  // namespace

Verdict ApplyTransaction(Overlay& overlay, BlockContext& block,
                         const PreparedTransaction& transaction) {
  AppliedTransaction applied;
  applied.id = transaction.id;
  applied.entry = base::EntryIndex(block.first_entry + block.entries.size());
  TransactionContext c{overlay, block, transaction, applied, {}, {}};
  if (auto bad = CheckEnvelope(c)) return bad;
  applied.sender = c.sender;
  const ChainRow chain = block.chain;
  const auto settled = static_cast<ptrdiff_t>(block.settlements.size());
  overlay.BeginTransaction();
  Verdict bad = ChargeQuota(c);
  if (!bad) bad = ApplyOperations(c);
  if (bad) {
    overlay.RollbackTransaction();
    block.chain = chain;
    // A pot that an operation before the refused one has paid out.
    block.settlements.erase(block.settlements.begin() + settled, block.settlements.end());
    return bad;
  }
  RememberTxId(overlay, block, transaction);
  overlay.CommitTransaction();
  block.entries.push_back(transaction.bytes);
  block.transactions.push_back(std::move(applied));
  return std::nullopt;
}

}  // namespace tributary::state
