#include "codec/ledger.h"
#include "codec/message_writer.h"
#include "codec/schema.h"

namespace tributary::codec {

template <class T>
std::string Encode(const T& message) {
  std::string bytes;
  MessageWriter writer(bytes);
  Schema<T>::Visit(writer, message);
  return bytes;
}

template std::string Encode(const Registration&);
template std::string Encode(const RegisterAccount&);
template std::string Encode(const ClaimAccount&);
template std::string Encode(const ObjectToClaim&);
template std::string Encode(const RotateKey&);
template std::string Encode(const RaiseIdentity&);
template std::string Encode(const Author&);
template std::string Encode(const Evidence&);
template std::string Encode(const Parent&);
template std::string Encode(const Terms&);
template std::string Encode(const Record&);
template std::string Encode(const SubmitRecord&);
template std::string Encode(const Reserve&);
template std::string Encode(const SetEdgeStance&);
template std::string Encode(const Countersign&);
template std::string Encode(const AttestLineage&);
template std::string Encode(const AmendRecord&);
template std::string Encode(const WithdrawAmendment&);
template std::string Encode(const LowerTerms&);
template std::string Encode(const Attribution&);
template std::string Encode(const Influence&);
template std::string Encode(const AttributionClaim&);
template std::string Encode(const ReportRevenue&);
template std::string Encode(const RevenueItem&);
template std::string Encode(const ReportRevenueBatch&);
template std::string Encode(const RefundRevenue&);
template std::string Encode(const SubmitStatement&);
template std::string Encode(const ConfirmFunding&);
template std::string Encode(const ConfirmDeposit&);
template std::string Encode(const RequestPayout&);
template std::string Encode(const ConfirmPayout&);
template std::string Encode(const FailPayout&);
template std::string Encode(const SetPayoutPreference&);
template std::string Encode(const CandidateLine&);
template std::string Encode(const Candidate&);
template std::string Encode(const OpenCase&);
template std::string Encode(const JoinCase&);
template std::string Encode(const RespondToCase&);
template std::string Encode(const WithdrawClaim&);
template std::string Encode(const AgreeCase&);
template std::string Encode(const SegmentChoice&);
template std::string Encode(const RuleCase&);
template std::string Encode(const ReportIncident&);
template std::string Encode(const FreezeAsset&);
template std::string Encode(const Compensation&);
template std::string Encode(const RuleIncident&);
template std::string Encode(const Parameters&);
template std::string Encode(const CreditLimit&);
template std::string Encode(const SetRole&);
template std::string Encode(const SetLimits&);
template std::string Encode(const SetParameters&);
template std::string Encode(const Currency&);
template std::string Encode(const SetValidator&);
template std::string Encode(const SetThresholds&);
template std::string Encode(const SetRuleVersion&);
template std::string Encode(const Propose&);
template std::string Encode(const ApproveProposal&);
template std::string Encode(const WithdrawProposal&);
template std::string Encode(const RoleGrant&);
template std::string Encode(const GenesisAccount&);
template std::string Encode(const Genesis&);
template std::string Encode(const Operation&);
template std::string Encode(const TransactionBody&);
template std::string Encode(const Signature&);
template std::string Encode(const SignedTransaction&);
template std::string Encode(const Change&);

}  // namespace tributary::codec
