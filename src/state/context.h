// What the handlers of operations work with. One handler for each operation, one file each, in
// state/operations/.
#ifndef TRIBUTARY_STATE_CONTEXT_H_
#define TRIBUTARY_STATE_CONTEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "codec/ledger.h"
#include "state/effects.h"
#include "state/overlay.h"
#include "state/prepared.h"
#include "state/tables.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::state {

// The block that is being built.
struct BlockContext {
  base::TimeMs time;
  ChainRow chain;             // written back by Finish
  ParametersRow parameters;   // in force in the current epoch
  uint64_t first_entry = 0;   // of the block
  bool due_happened = false;  // something that was due changed the state
  std::vector<AppliedTransaction> transactions;
  std::vector<std::string> entries;
  std::vector<Settlement> settlements;
  bool payouts_wait = false;  // automatic ones that the blocks before have left
  std::vector<uint64_t> automatic_payouts;
};

// One account that signed, and whether some operation needed it.
struct Signer {
  base::AccountIndex account;
  uint16_t roles;
  bool used;
};

// One transaction while it is applied.
struct TransactionContext {
  Overlay& overlay;
  BlockContext& block;
  const PreparedTransaction& transaction;
  AppliedTransaction& applied;
  std::vector<Signer> signers;  // ascending by account
  base::AccountIndex sender;
  size_t operation = 0;    // index of the one being applied
  size_t next_record = 0;  // position in transaction.records
  size_t next_registration = 0;
  size_t next_attribution = 0;

  // "operations[3].submit_record." + leaf.
  std::string Field(std::string_view leaf) const;
  base::Rejection Reject(base::RejectionCode code, std::string_view leaf,
                         std::string detail = {}) const {
    return base::Rejection{code, Field(leaf), std::move(detail)};
  }
  uint64_t entry() const { return applied.entry.value(); }

  // True where the account signed; it then counts as needed.
  bool Signed(base::AccountIndex account);
  // kMissingSignature, naming the account, where it did not sign.
  base::Verdict RequireSigner(base::AccountIndex account, std::string_view leaf);
  // kMissingRole where the sender has none of the roles; each is a codec::Role.
  base::Verdict RequireSenderRole(std::initializer_list<codec::Role> roles);
  // How many signers have the role; they count as needed.
  size_t CountSignersWith(codec::Role role);

  std::optional<base::AccountIndex> FindAccount(const base::AccountId& id) const;
  std::optional<base::RecordSeq> FindRecord(const base::RecordId& id) const;
  // kCurrencyUnknown where the code is not registered.
  base::Checked<base::CurrencyIndex> RequireCurrency(std::string_view code, std::string_view leaf);
};

inline bool HasRole(uint16_t roles, codec::Role role) {
  return (roles >> (static_cast<int>(role) - 1) & 1) != 0;
}
std::string_view CodeOf(const CurrencyRow& currency);

// The handlers. Each checks in the order that docs/errors.md gives, then changes the overlay.
using Context = TransactionContext;
base::Verdict ApplyOperation(Context& c, const codec::RegisterAccount& operation);
base::Verdict ApplyOperation(Context& c, const codec::ClaimAccount& operation);
base::Verdict ApplyOperation(Context& c, const codec::ObjectToClaim& operation);
base::Verdict ApplyOperation(Context& c, const codec::RotateKey& operation);
base::Verdict ApplyOperation(Context& c, const codec::SubmitRecord& operation);
base::Verdict ApplyOperation(Context& c, const codec::ReportRevenue& operation);
base::Verdict ApplyOperation(Context& c, const codec::ReportRevenueBatch& operation);
base::Verdict ApplyOperation(Context& c, const codec::RefundRevenue& operation);
base::Verdict ApplyOperation(Context& c, const codec::SubmitStatement& operation);
base::Verdict ApplyOperation(Context& c, const codec::ConfirmFunding& operation);
base::Verdict ApplyOperation(Context& c, const codec::RequestPayout& operation);
base::Verdict ApplyOperation(Context& c, const codec::ConfirmPayout& operation);
base::Verdict ApplyOperation(Context& c, const codec::FailPayout& operation);
base::Verdict ApplyOperation(Context& c, const codec::SetPayoutPreference& operation);
base::Verdict ApplyOperation(Context& c, const codec::AmendRecord& operation);
base::Verdict ApplyOperation(Context& c, const codec::WithdrawAmendment& operation);
base::Verdict ApplyOperation(Context& c, const codec::LowerTerms& operation);
base::Verdict ApplyOperation(Context& c, const codec::Reserve& operation);
base::Verdict ApplyOperation(Context& c, const codec::SetEdgeStance& operation);
base::Verdict ApplyOperation(Context& c, const codec::Countersign& operation);
base::Verdict ApplyOperation(Context& c, const codec::AttestLineage& operation);
base::Verdict ApplyOperation(Context& c, const codec::RaiseIdentity& operation);
base::Verdict ApplyOperation(Context& c, const codec::ReportIncident& operation);
base::Verdict ApplyOperation(Context& c, const codec::FreezeAsset& operation);
base::Verdict ApplyOperation(Context& c, const codec::RuleIncident& operation);
base::Verdict ApplyOperation(Context& c, const codec::Propose& operation);
base::Verdict ApplyOperation(Context& c, const codec::ApproveProposal& operation);
base::Verdict ApplyOperation(Context& c, const codec::WithdrawProposal& operation);
base::Verdict ApplyOperation(Context& c, const codec::OpenCase& operation);
base::Verdict ApplyOperation(Context& c, const codec::JoinCase& operation);
base::Verdict ApplyOperation(Context& c, const codec::RespondToCase& operation);
base::Verdict ApplyOperation(Context& c, const codec::WithdrawClaim& operation);
base::Verdict ApplyOperation(Context& c, const codec::AgreeCase& operation);
base::Verdict ApplyOperation(Context& c, const codec::RuleCase& operation);

// Balances grow with the accounts that are credited; a row that is not there yet is zero.
BalanceRow GetBalance(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account);
void PutBalance(Overlay& overlay, base::CurrencyIndex currency, base::AccountIndex account,
                const BalanceRow& balance);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_CONTEXT_H_
