// Schema of transactions: number, name and rule of every field; see schema.h.
#ifndef TRIBUTARY_CODEC_SCHEMA_TRANSACTION_H_
#define TRIBUTARY_CODEC_SCHEMA_TRANSACTION_H_

#include <iterator>
#include <string_view>
#include <variant>

#include "codec/field_rules.h"
#include "codec/ledger.h"
#include "codec/limits.h"
#include "codec/schema_base.h"

namespace tributary::codec {

inline constexpr std::string_view kOperationNames[] = {"register_account",
                                                       "claim_account",
                                                       "object_to_claim",
                                                       "rotate_key",
                                                       "submit_record",
                                                       "report_revenue",
                                                       "report_revenue_batch",
                                                       "refund_revenue",
                                                       "submit_statement",
                                                       "confirm_funding",
                                                       "confirm_deposit",
                                                       "request_payout",
                                                       "confirm_payout",
                                                       "fail_payout",
                                                       "set_payout_preference",
                                                       "amend_record",
                                                       "withdraw_amendment",
                                                       "lower_terms",
                                                       "reserve",
                                                       "set_edge_stance",
                                                       "countersign",
                                                       "attest_lineage",
                                                       "raise_identity",
                                                       "open_case",
                                                       "join_case",
                                                       "respond_to_case",
                                                       "withdraw_claim",
                                                       "agree_case",
                                                       "rule_case",
                                                       "report_incident",
                                                       "freeze_asset",
                                                       "rule_incident",
                                                       "propose",
                                                       "approve_proposal",
                                                       "withdraw_proposal"};
static_assert(std::size(kOperationNames) == std::variant_size_v<Operation>);

inline constexpr Count kOperationCount{1, kOperationsMax, base::RejectionCode::kNoOperations,
                                       base::RejectionCode::kTooManyOperations};
inline constexpr Count kSignatureCount{1, kSignaturesMax, base::RejectionCode::kMissingSignature,
                                       base::RejectionCode::kTooManySignatures};

template <>
struct Schema<Operation> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.OneOf(m, kOperationNames);
  }
};

template <>
struct Schema<TransactionBody> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Text(1, "chain_id", m.chain_id, Length{1, kChainIdBytesMax});
    v.Fixed(2, "sender", m.sender);
    v.Number(3, "valid_until_ms", m.valid_until_ms, kAtLeastOne);
    v.Fixed(4, "nonce", m.nonce);
    v.Repeated(5, "operations", m.operations, kOperationCount);
  }
};

template <>
struct Schema<Signature> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Fixed(1, "account", m.account);
    v.Fixed(2, "signature", m.signature);
  }
};

template <>
struct Schema<SignedTransaction> {
  template <class V, class M>
  static void Visit(V& v, M& m) {
    v.Blob(1, "body", m.body, Length{1, kBodyBytesMax});
    v.Repeated(2, "signatures", m.signatures, kSignatureCount);
  }
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_SCHEMA_TRANSACTION_H_
