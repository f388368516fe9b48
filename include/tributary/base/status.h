// The few helpers for absl::Status that take std::string_view: faults of the environment.
// The code tells the caller what to do: kUnavailable = try again; kDataLoss = stop and repair;
// kResourceExhausted = slow down; kFailedPrecondition = change something first.
#ifndef TRIBUTARY_BASE_STATUS_H_
#define TRIBUTARY_BASE_STATUS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tributary::base {

absl::Status MakeStatus(absl::StatusCode code, std::string_view message);
std::string_view Message(const absl::Status& status);

inline absl::Status DataLoss(std::string_view m) {
  return MakeStatus(absl::StatusCode::kDataLoss, m);
}
inline absl::Status Unavailable(std::string_view m) {
  return MakeStatus(absl::StatusCode::kUnavailable, m);
}
inline absl::Status InvalidArgument(std::string_view m) {
  return MakeStatus(absl::StatusCode::kInvalidArgument, m);
}
inline absl::Status FailedPrecondition(std::string_view m) {
  return MakeStatus(absl::StatusCode::kFailedPrecondition, m);
}
inline absl::Status NotFound(std::string_view m) {
  return MakeStatus(absl::StatusCode::kNotFound, m);
}
inline absl::Status ResourceExhausted(std::string_view m) {
  return MakeStatus(absl::StatusCode::kResourceExhausted, m);
}
inline absl::Status Internal(std::string_view m) {
  return MakeStatus(absl::StatusCode::kInternal, m);
}

}  // namespace tributary::base

#define TRIBUTARY_RETURN_IF_ERROR(expression)                               \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#endif  // TRIBUTARY_BASE_STATUS_H_
