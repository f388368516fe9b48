// Every message of ledger.proto as a plain struct of the same name, and its strict codec.
//
// In a struct, bytes of fixed size are strong types, std::optional where the proto file allows them
// to be empty; bytes and strings of variable length are views into the decoded buffer, or, for
// Encode, into whatever the caller keeps. Messages that travel as bytes in another one (Record,
// Registration, AttributionClaim, TransactionBody) stay bytes there and are decoded on their own.
//
// What Decode checks: the wire rules at the top of ledger.proto, and every rule on the presence,
// length, count, range and syntax of a single field. What needs two fields or the chain (sums,
// duplicates, content against external id, fee against fee_max) is judged by the row `state`.
// Order of checks: fields in ascending order, each with what is inside it, depth first; the first
// broken rule is the one reported. A count is checked as each element begins.
#ifndef TRIBUTARY_CODEC_LEDGER_H_
#define TRIBUTARY_CODEC_LEDGER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "codec/ledger_accounts.h"
#include "codec/ledger_cases.h"
#include "codec/ledger_enums.h"
#include "codec/ledger_governance.h"
#include "codec/ledger_money.h"
#include "codec/ledger_records.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::codec {

// The alternatives stand in the order of their field numbers: index() + 1 is the number.
using Operation =
    std::variant<RegisterAccount, ClaimAccount, ObjectToClaim, RotateKey, SubmitRecord,
                 ReportRevenue, ReportRevenueBatch, RefundRevenue, SubmitStatement, ConfirmFunding,
                 ConfirmDeposit, RequestPayout, ConfirmPayout, FailPayout, SetPayoutPreference,
                 AmendRecord, WithdrawAmendment, LowerTerms, Reserve, SetEdgeStance, Countersign,
                 AttestLineage, RaiseIdentity, OpenCase, JoinCase, RespondToCase, WithdrawClaim,
                 AgreeCase, RuleCase, ReportIncident, FreezeAsset, RuleIncident, Propose,
                 ApproveProposal, WithdrawProposal>;

// The field name of an operation, e.g. "submit_record". Requires: index < variant_size.
std::string_view OperationName(size_t index);
inline std::string_view OperationName(const Operation& operation) {
  return OperationName(operation.index());
}

struct Nonce {
  std::array<uint8_t, 16> bytes{};
  friend auto operator<=>(const Nonce&, const Nonce&) = default;
};

struct TransactionBody {
  std::string_view chain_id;
  base::AccountId sender;
  base::TimeMs valid_until_ms;
  Nonce nonce;
  std::vector<Operation> operations;
};

struct Signature {
  base::AccountId account;
  base::SignatureBytes signature;
};

struct SignedTransaction {
  base::Bytes body;
  std::vector<Signature> signatures;
};

// Decodes exactly `bytes`. T is SignedTransaction, TransactionBody, Registration, Record,
// AttributionClaim or Genesis. The field of a rejection starts with `path`, where the bytes stand
// inside another message: Decode<Record>(bytes, "operations[3].submit_record.record").
// Requires: `bytes` outlives the result, which holds views into it.
template <class T>
base::Checked<T> Decode(base::Bytes bytes, std::string_view path = {});

// The bytes that libprotobuf would write for the same message; T is any struct of ledger.proto.
// Requires: nothing but live views. Whether the result can be decoded is up to the values.
template <class T>
std::string Encode(const T& message);

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LEDGER_H_
