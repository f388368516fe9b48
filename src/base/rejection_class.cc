#include "tributary/base/rejection_class.h"

namespace tributary::base {
namespace {

// Codes below this are about bytes alone: messages, proofs, notes, keys.
constexpr uint16_t kFirstStatefulNumber = 200;

bool IsInvalidArgument(RejectionCode code) {
  using enum RejectionCode;
  switch (code) {
    case kTransactionTooLarge:
    case kWrongChain:
    case kNoOperations:
    case kTooManyOperations:
    case kUnneededSignature:
    case kTooManySignatures:
    case kHandleInvalid:
    case kKeySmallOrder:
    case kNoContent:
    case kParentTwice:
    case kZeroWeight:
    case kShareRoundsToZero:
    case kPassThroughWithoutParents:
    case kPpbRange:
    case kAuthorShares:
    case kAuthorTwice:
    case kNoAuthors:
    case kCustodialFlag:
    case kRoyaltyTooSmall:
    case kContentSize:
    case kExternalIdInvalid:
    case kAmountZero:
    case kAmountTooLarge:
    case kAttributionTarget:
    case kPayoutUnit:
    case kCandidateInvalid:
    case kGenesisInvalid: return true;
    default: return static_cast<uint16_t>(code) < kFirstStatefulNumber;
  }
}

bool IsNotFound(RejectionCode code) {
  using enum RejectionCode;
  switch (code) {
    case kUnknownSender:
    case kUnknownSigner:
    case kUnknownAccount:
    case kParentUnknown:
    case kAuthorUnknown:
    case kRecordUnknown:
    case kReservationUnknown:
    case kAssetUnknown:
    case kCurrencyUnknown:
    case kEventUnknown:
    case kPayoutUnknown:
    case kReporterUnknown:
    case kCaseUnknown:
    case kIncidentUnknown:
    case kEdgeUnknown:
    case kProposalUnknown: return true;
    default: return false;
  }
}

bool IsAlreadyExists(RejectionCode code) {
  using enum RejectionCode;
  switch (code) {
    case kDuplicateTransaction:
    case kHandleTaken:
    case kAccountExists:
    case kKeyInUse:
    case kRecordExists:
    case kContentTaken:
    case kExternalIdTaken:
    case kReferenceTaken:
    case kExternalReferenceTaken:
    case kAlreadyClaimed:
    case kReservationTaken:
    case kAlreadyApproved: return true;
    default: return false;
  }
}

bool IsUnauthenticated(RejectionCode code) {
  using enum RejectionCode;
  return code == kMissingSignature || code == kBadSignature || code == kBadPossession ||
         code == kAttributionSignature;
}

bool IsPermissionDenied(RejectionCode code) {
  using enum RejectionCode;
  switch (code) {
    case kCustodialSigner:
    case kMissingRole:
    case kSponsorMismatch:
    case kNotSponsor:
    case kCommonsOwner:
    case kNotAuthor:
    case kLineFalls:
    case kAttributorTied:
    case kNotParty:
    case kArbiterTied:
    case kStewardTied:
    case kNotProposer:
    case kThreshold: return true;
    default: return false;
  }
}

bool IsResourceExhausted(RejectionCode code) {
  using enum RejectionCode;
  return code == kReplayWindowFull || code == kSponsorQuota || code == kIdentityLimited ||
         code == kChainFull || code == kTooManyProposals;
}

}  // namespace

absl::StatusCode StatusCodeOf(RejectionCode code) {
  if (IsInvalidArgument(code)) return absl::StatusCode::kInvalidArgument;
  if (IsNotFound(code)) return absl::StatusCode::kNotFound;
  if (IsAlreadyExists(code)) return absl::StatusCode::kAlreadyExists;
  if (IsUnauthenticated(code)) return absl::StatusCode::kUnauthenticated;
  if (IsPermissionDenied(code)) return absl::StatusCode::kPermissionDenied;
  if (IsResourceExhausted(code)) return absl::StatusCode::kResourceExhausted;
  return absl::StatusCode::kFailedPrecondition;
}

std::string_view StatusCodeName(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case absl::StatusCode::kNotFound: return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists: return "ALREADY_EXISTS";
    case absl::StatusCode::kUnauthenticated: return "UNAUTHENTICATED";
    case absl::StatusCode::kPermissionDenied: return "PERMISSION_DENIED";
    case absl::StatusCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case absl::StatusCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    default: return "UNKNOWN";
  }
}

}  // namespace tributary::base
