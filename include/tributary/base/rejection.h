// A rejection: input broke a rule. The same on every replica, with a number that never changes.
// Faults of the environment are absl::Status instead; a local failure never becomes a verdict.
#ifndef TRIBUTARY_BASE_REJECTION_H_
#define TRIBUTARY_BASE_REJECTION_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "tributary/base/check.h"

namespace tributary::base {

enum class RejectionCode : uint16_t {
#define X(number, name, what, advice) name = number,
#include "tributary/base/rejection.def"
#undef X
};

struct RejectionInfo {
  RejectionCode code;
  std::string_view name;    // without the k: "WrongChain"
  std::string_view what;    // what is wrong, without a full stop
  std::string_view advice;  // what to do now, without a full stop
};

// All rules in ascending order of number.
std::span<const RejectionInfo> AllRejections();
// Requires: `code` is one of AllRejections().
const RejectionInfo& Describe(RejectionCode code);
// nullptr for a number that names no rule.
const RejectionInfo* FindRejection(uint16_t number);

struct Rejection {
  RejectionCode code;
  std::string field;   // path of the offending field, e.g. "operations[3].submit_record.parents[0]"
  std::string detail;  // the values at fault, e.g. "record 1f3a…"; may be empty

  uint16_t number() const { return static_cast<uint16_t>(code); }
  // "412 NoAuthors at operations[0]…: the record has no author (detail). Do: name …"
  std::string ToString() const;
  friend bool operator==(const Rejection&, const Rejection&) = default;
};

inline Rejection Reject(RejectionCode code, std::string field, std::string detail = {}) {
  return Rejection{code, std::move(field), std::move(detail)};
}

// Nothing, or the rule that was broken.
using Verdict = std::optional<Rejection>;

// A value, or the rule that was broken.
template <class T>
class [[nodiscard]] Checked {
 public:
  Checked(T value) : value_(std::move(value)) {}                  // NOLINT: implicit
  Checked(Rejection rejection) : value_(std::move(rejection)) {}  // NOLINT: implicit
  bool ok() const { return value_.index() == 0; }
  explicit operator bool() const { return ok(); }
  const Rejection& rejection() const { return std::get<1>(value_); }
  T& operator*() & { return std::get<0>(value_); }
  const T& operator*() const& { return std::get<0>(value_); }
  T&& operator*() && { return std::get<0>(std::move(value_)); }
  T* operator->() { return &std::get<0>(value_); }
  const T* operator->() const { return &std::get<0>(value_); }

 private:
  std::variant<T, Rejection> value_;
};

}  // namespace tributary::base

#endif  // TRIBUTARY_BASE_REJECTION_H_
