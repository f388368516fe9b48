#include "cli/exit_code.h"

#include "absl/strings/cord.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

// A payload tells our own verdicts from a node's status of the same code.
constexpr char kOwn[] = "tributary/cli";

absl::Status Own(absl::StatusCode code, std::string_view message) {
  absl::Status status = base::MakeStatus(code, message);
  status.SetPayload(kOwn, absl::Cord());
  return status;
}

}  // namespace

absl::Status UsageError(std::string_view message) {
  return Own(absl::StatusCode::kInvalidArgument, message);
}

absl::Status Unverified(std::string_view message) {
  return Own(absl::StatusCode::kDataLoss, message);
}

absl::Status Undecided(std::string_view message) {
  return Own(absl::StatusCode::kUnavailable, message);
}

absl::Status Expired(std::string_view message) { return Own(absl::StatusCode::kAborted, message); }

absl::Status RefusedHere(std::string_view message) {
  return Own(absl::StatusCode::kAborted, message);
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  if (status.GetPayload(kOwn).has_value()) {
    switch (status.code()) {
      case absl::StatusCode::kDataLoss: return ExitCode::kUnverified;
      case absl::StatusCode::kUnavailable: return ExitCode::kUndecided;
      case absl::StatusCode::kAborted: return ExitCode::kRefused;
      default: return ExitCode::kUsage;
    }
  }
  if (client::RefusalOf(status)) return ExitCode::kRefused;
  const std::string reason = client::ReasonOf(status);
  if (reason == "NotFound" || reason == "BadRequest" || reason == "LimitReached") {
    return ExitCode::kRefused;
  }
  return ExitCode::kEnvironment;
}

}  // namespace tributary::cli
