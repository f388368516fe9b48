// The limits of the signed messages, as ledger.proto states them. Lengths are bytes.
#ifndef TRIBUTARY_CODEC_LIMITS_H_
#define TRIBUTARY_CODEC_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace tributary::codec {

inline constexpr size_t kTransactionBytesMax = 65'535;
inline constexpr size_t kBodyBytesMax = 65'400;
inline constexpr size_t kSignaturesMax = 64;
inline constexpr size_t kOperationsMax = 512;

inline constexpr size_t kChainIdBytesMax = 50;
inline constexpr size_t kHandleBytesMax = 64;
inline constexpr size_t kSaltBytesMax = 32;
inline constexpr size_t kReasonBytesMax = 500;
inline constexpr size_t kFailReasonBytesMax = 200;

inline constexpr size_t kAuthorsMax = 64;
inline constexpr size_t kParentsMax = 1'024;
inline constexpr size_t kExternalIdBytesMin = 3;
inline constexpr size_t kExternalIdBytesMax = 200;
inline constexpr size_t kMediaTypeBytesMax = 100;
inline constexpr size_t kLicenceBytesMax = 100;
inline constexpr size_t kTitleBytesMax = 200;
inline constexpr size_t kUriBytesMax = 500;
inline constexpr size_t kSketchBytesMin = 128;
inline constexpr size_t kSketchBytesMax = 1'024;
inline constexpr size_t kMethodBytesMax = 40;

inline constexpr size_t kCurrencyCodeBytesMin = 3;
inline constexpr size_t kCurrencyCodeBytesMax = 12;
inline constexpr size_t kReferenceBytesMax = 64;
inline constexpr size_t kRevenueItemsMax = 1'024;
inline constexpr size_t kInfluencesMax = 1'024;
inline constexpr uint64_t kAmountMinorMax = (uint64_t{1} << 63) - 1;

inline constexpr size_t kCandidateLinesMax = 1'088;
inline constexpr size_t kSegmentChoicesMax = 64;
inline constexpr size_t kCategoryBytesMax = 40;
inline constexpr uint32_t kSeverityMax = 4;
inline constexpr size_t kCompensationsMax = 64;

inline constexpr size_t kChangesMax = 16;
inline constexpr size_t kCreditLimitsMax = 16;
inline constexpr size_t kRolesMax = 8;
inline constexpr size_t kCurrenciesMax = 64;
inline constexpr size_t kGenesisAccountsMax = 1'024;
inline constexpr size_t kValidatorsMax = 128;
inline constexpr uint32_t kRuleVersion = 1;
inline constexpr uint32_t kDecimalsMin = 6;
inline constexpr uint32_t kDecimalsMax = 9;

inline constexpr uint64_t kDayMs = 86'400'000;
inline constexpr uint64_t kEpochMsMin = 1'000;
inline constexpr uint64_t kEpochMsMax = 31 * kDayMs;
inline constexpr uint32_t kMaturityEpochsMax = 64;
inline constexpr uint64_t kValidityWindowMsMin = 100'000;
inline constexpr uint64_t kValidityWindowMsMax = kDayMs;
inline constexpr uint64_t kClaimNoticeMsMax = 90 * kDayMs;
inline constexpr uint64_t kKeyOverlapMsMax = 90 * kDayMs;
inline constexpr uint32_t kHorizonEpochsMax = 400;

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_LIMITS_H_
