#include "state/context.h"

#include <algorithm>

#include "state/identity_keys.h"
#include "tributary/base/hex.h"

namespace tributary::state {

using base::RejectionCode;
using base::Verdict;

std::string TransactionContext::Field(std::string_view leaf) const {
  return "operations[" + std::to_string(operation) + "]." +
         std::string(codec::OperationName(transaction.body.operations[operation])) +
         (leaf.empty() ? "" : ".") + std::string(leaf);
}

bool TransactionContext::Signed(base::AccountIndex account) {
  const auto it =
      std::lower_bound(signers.begin(), signers.end(), account,
                       [](const Signer& s, base::AccountIndex a) { return s.account < a; });
  if (it == signers.end() || it->account != account) return false;
  it->used = true;
  return true;
}

Verdict TransactionContext::RequireSigner(base::AccountIndex account, std::string_view leaf) {
  if (Signed(account)) return std::nullopt;
  const auto row = overlay.Get<AccountRow>(account.value());
  return Reject(RejectionCode::kMissingSignature, leaf, "account " + std::string(row.Handle()));
}

Verdict TransactionContext::RequireSenderRole(std::initializer_list<codec::Role> roles) {
  const auto row = overlay.Get<AccountRow>(sender.value());
  std::string names;
  for (const codec::Role role : roles) {
    if (HasRole(row.roles, role)) return std::nullopt;
    names += (names.empty() ? "" : " or ") + std::string(codec::Name(role));
  }
  return Reject(RejectionCode::kMissingRole, "", std::string(row.Handle()) + " is not " + names);
}

size_t TransactionContext::CountSignersWith(codec::Role role) {
  size_t count = 0;
  for (Signer& signer : signers) {
    if (!HasRole(signer.roles, role)) continue;
    signer.used = true;
    ++count;
  }
  return count;
}

std::optional<base::AccountIndex> TransactionContext::FindAccount(const base::AccountId& id) const {
  const auto row = overlay.Find(Identity::kAccountId, AsKey(id));
  if (!row) return std::nullopt;
  return base::AccountIndex(static_cast<uint32_t>(*row));
}

std::optional<base::RecordSeq> TransactionContext::FindRecord(const base::RecordId& id) const {
  const auto row = overlay.Find(Identity::kRecordId, AsKey(id));
  if (!row) return std::nullopt;
  return base::RecordSeq(static_cast<uint32_t>(*row));
}

std::string_view CodeOf(const CurrencyRow& currency) {
  const auto* text = reinterpret_cast<const char*>(currency.code.data());
  size_t size = 0;
  while (size < currency.code.size() && text[size] != 0) ++size;
  return {text, size};
}

base::Checked<base::CurrencyIndex> TransactionContext::RequireCurrency(std::string_view code,
                                                                       std::string_view leaf) {
  const uint64_t count = overlay.RowCount({TableKind::kCurrencies, 0});
  for (uint64_t row = 0; row < count; ++row) {
    if (CodeOf(overlay.Get<CurrencyRow>(row)) == code) {
      return base::CurrencyIndex(static_cast<uint16_t>(row));
    }
  }
  return Reject(RejectionCode::kCurrencyUnknown, leaf, std::string(code));
}

BalanceRow GetBalance(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account) {
  if (account.value() >= overlay.RowCount({TableKind::kBalances, currency.value()})) return {};
  return overlay.Get<BalanceRow>(account.value(), currency.value());
}

void PutBalance(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account,
                const BalanceRow& balance) {
  overlay.Grow({TableKind::kBalances, currency.value()}, uint64_t{account.value()} + 1);
  overlay.Put(account.value(), balance, currency.value());
}

}  // namespace tributary::state
