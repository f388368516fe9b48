// The rules that a schema states about one field; see schema.h. `absent` is the rejection where a
// field that must be there is not, the other codes where its value is out of bounds.
#ifndef TRIBUTARY_CODEC_FIELD_RULES_H_
#define TRIBUTARY_CODEC_FIELD_RULES_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "codec/limits.h"
#include "codec/text.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::codec {

// A string or bytes of `min`..`max` bytes, a multiple of `step`. min = 0: may be left out.
struct Length {
  size_t min;
  size_t max;
  size_t step = 1;
  bool optional = false;  // may be left out although min > 0
};

// A string of a form. It may be left out where `required` is false.
struct Form {
  bool (*matches)(std::string_view);
  bool required;
  base::RejectionCode absent;
  base::RejectionCode broken;
};

// A number in min..max; min = 0: may be left out.
struct Range {
  uint64_t min;
  uint64_t max;
  base::RejectionCode absent = base::RejectionCode::kWireMissing;
  base::RejectionCode beyond = base::RejectionCode::kWireRange;
};

// How many elements a repeated field has.
struct Count {
  size_t min;
  size_t max;
  base::RejectionCode none = base::RejectionCode::kWireMissing;
  base::RejectionCode over = base::RejectionCode::kWireCount;
};

// A message that must be there, or one whose default (all zero) is left out.
enum class Presence { kRequired, kDefaultLeftOut };

inline constexpr uint64_t kMax32 = std::numeric_limits<uint32_t>::max();
inline constexpr uint64_t kMax64 = std::numeric_limits<uint64_t>::max();

inline constexpr Range kAnyNumber{0, kMax64};
inline constexpr Range kAtLeastOne{1, kMax64};
inline constexpr Range kShare{0, base::kPpbOne, base::RejectionCode::kWireMissing,
                              base::RejectionCode::kPpbRange};
inline constexpr Range kShareAboveZero{1, base::kPpbOne, base::RejectionCode::kWireMissing,
                                       base::RejectionCode::kPpbRange};
inline constexpr Range kWeight{1, kMax32, base::RejectionCode::kZeroWeight,
                               base::RejectionCode::kWireRange};
inline constexpr Range kAmount{1, kAmountMinorMax, base::RejectionCode::kAmountZero,
                               base::RejectionCode::kAmountTooLarge};

inline constexpr Form kHandleForm{IsHandle, true, base::RejectionCode::kHandleInvalid,
                                  base::RejectionCode::kHandleInvalid};
inline constexpr Form kExternalIdForm{IsExternalId, false, base::RejectionCode::kWireMissing,
                                      base::RejectionCode::kExternalIdInvalid};
inline constexpr Form kChainIdForm{IsChainId, true, base::RejectionCode::kWireMissing,
                                   base::RejectionCode::kWireSyntax};
inline constexpr Form kCurrencyForm{IsCurrencyCode, true, base::RejectionCode::kWireMissing,
                                    base::RejectionCode::kWireSyntax};

// A currency that an operation names: whether it is registered is judged by the state.
inline constexpr Length kCurrencyName{1, kCurrencyCodeBytesMax};
inline constexpr Length kReferenceText{1, kReferenceBytesMax};
inline constexpr Length kReasonText{1, kReasonBytesMax};
inline constexpr Length kUriText{0, kUriBytesMax};
inline constexpr Length kMethodText{1, kMethodBytesMax};
inline constexpr Length kInnerMessage{1, kBodyBytesMax};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_FIELD_RULES_H_
