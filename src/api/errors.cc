#include "api/errors.h"

#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tributary/base/rejection_class.h"
#include "tributary/base/status.h"

namespace tributary::api {
namespace {

constexpr uint32_t kBusyRetryMs = 100;
constexpr uint32_t kRetryOverloadedMs = 1'000;
constexpr size_t kStatusTextBytesMax = 2'000;  // statuses travel in HTTP/2 headers of 8 KiB

std::string Cut(std::string_view text) {
  if (text.size() <= kStatusTextBytesMax) return std::string(text);
  size_t end = kStatusTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

google::rpc::ErrorInfo Info(std::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain("tributary");
  return info;
}

google::rpc::BadRequest Violation(std::string_view field, std::string_view what) {
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field(Cut(field));
  violation->set_description(Cut(what));
  return bad;
}

template <class... Details>
grpc::Status Make(grpc::StatusCode code, std::string_view message, const Details&... details) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(code));
  status.set_message(Cut(message));
  (status.add_details()->PackFrom(details), ...);
  return {code, status.message(), status.SerializeAsString()};
}

google::rpc::RetryInfo Retry(uint32_t after_ms) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(after_ms / 1'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(after_ms % 1'000 * 1'000'000));
  return retry;
}

}  // namespace

grpc::Status RefusedStatus(const base::Rejection& rejection) {
  const base::RejectionInfo& rule = base::Describe(rejection.code);
  google::rpc::ErrorInfo info = Info(rule.name);
  auto& metadata = *info.mutable_metadata();
  metadata["number"] = std::to_string(rejection.number());
  metadata["field"] = Cut(rejection.field);
  metadata["detail"] = Cut(rejection.detail);
  metadata["advice"] = std::string(rule.advice);
  const auto code = static_cast<grpc::StatusCode>(base::StatusCodeOf(rejection.code));
  return Make(code, rejection.ToString(), info, Violation(rejection.field, rule.what));
}

void EncodeRefusal(const base::Rejection& rejection, v1::Refusal* to) {
  const base::RejectionInfo& rule = base::Describe(rejection.code);
  to->set_number(rejection.number());
  to->set_name(std::string(rule.name));
  to->set_field(rejection.field);
  to->set_detail(rejection.detail);
  to->set_what(std::string(rule.what));
  to->set_advice(std::string(rule.advice));
}

grpc::Status TroubleStatus(const node::Trouble& trouble) {
  const std::string_view message = base::Message(trouble.status);
  if (trouble.status.code() == absl::StatusCode::kResourceExhausted) {
    return Make(grpc::StatusCode::RESOURCE_EXHAUSTED, message, Info("Overloaded"),
                Retry(trouble.retry_after_ms));
  }
  if (trouble.retry_after_ms == 0) {
    return Make(grpc::StatusCode::UNAVAILABLE, message, Info("ReadOnly"));
  }
  return Make(grpc::StatusCode::UNAVAILABLE, message, Info("NotServing"),
              Retry(trouble.retry_after_ms));
}

grpc::Status Overloaded(std::string_view what) {
  return Make(grpc::StatusCode::RESOURCE_EXHAUSTED, what, Info("Overloaded"),
              Retry(kRetryOverloadedMs));
}

void EncodeTrouble(const node::Trouble& trouble, v1::Trouble* to) {
  to->set_code(static_cast<uint32_t>(trouble.status.code()));
  to->set_message(Cut(base::Message(trouble.status)));
  to->set_retry_after_ms(trouble.retry_after_ms);
}

grpc::Status BadRequest(std::string_view field, std::string_view what) {
  return Make(grpc::StatusCode::INVALID_ARGUMENT, std::string(field) + ": " + std::string(what),
              Info("BadRequest"), Violation(field, what));
}

grpc::Status NotFound(std::string_view what) {
  return Make(grpc::StatusCode::NOT_FOUND, what, Info("NotFound"));
}

grpc::Status LimitReached(std::string_view what) {
  return Make(grpc::StatusCode::OUT_OF_RANGE, what, Info("LimitReached"));
}

grpc::Status NoLogKey() {
  return Make(
      grpc::StatusCode::FAILED_PRECONDITION,
      "this node signs no checkpoints, so there is nothing to prove a balance to: ask a node "
      "with a checkpoint.key_file",
      Info("NoLogKey"));
}

grpc::Status Busy(std::string_view what) {
  return Make(grpc::StatusCode::UNAVAILABLE, what, Info("Busy"), Retry(kBusyRetryMs));
}

grpc::Status CallerGone() {
  return {grpc::StatusCode::CANCELLED, "the caller has gone, or its deadline has passed"};
}

grpc::Status FaultStatus(const absl::Status& status) {
  const std::string_view message = base::Message(status);
  switch (status.code()) {
    case absl::StatusCode::kOk: return grpc::Status::OK;
    case absl::StatusCode::kNotFound: return NotFound(message);
    case absl::StatusCode::kInvalidArgument:
      return Make(grpc::StatusCode::INVALID_ARGUMENT, message, Info("BadRequest"));
    case absl::StatusCode::kDataLoss:
      return Make(grpc::StatusCode::DATA_LOSS, message, Info("Damaged"));
    default: return Make(grpc::StatusCode::UNAVAILABLE, message, Info("ReadFailed"));
  }
}

grpc::Status InternalError(std::string_view what) {
  return Make(grpc::StatusCode::INTERNAL, what, Info("Internal"));
}

}  // namespace tributary::api
