#include "tributary/client/error.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "client/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tributary/base/status.h"

namespace tributary::client {
namespace {

constexpr char kPayload[] = "type.googleapis.com/google.rpc.Status";
constexpr char kDomain[] = "tributary";

std::optional<google::rpc::Status> DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  google::rpc::Status details;
  if (!payload || !details.ParseFromString(std::string(*payload))) return std::nullopt;
  return details;
}

template <class M>
std::optional<M> Find(const absl::Status& status) {
  const auto details = DetailsOf(status);
  if (!details) return std::nullopt;
  for (const auto& any : details->details()) {
    M message;
    if (any.Is<M>() && any.UnpackTo(&message)) return message;
  }
  return std::nullopt;
}

std::string Value(const google::rpc::ErrorInfo& info, const char* key) {
  const auto it = info.metadata().find(key);
  return it == info.metadata().end() ? std::string() : it->second;
}

std::string Sentence(const v1::Refusal& refusal) {
  std::string text = "refused by rule " + std::to_string(refusal.number()) + " " + refusal.name();
  if (!refusal.field().empty()) text += " at " + refusal.field();
  text += ": " + refusal.what();
  if (!refusal.detail().empty()) text += " (" + refusal.detail() + ")";
  if (!refusal.advice().empty()) text += ". Do: " + refusal.advice();
  return text + ".";
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status out =
      base::MakeStatus(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) {
    out.SetPayload(kPayload, absl::Cord(status.error_details()));
  }
  return out;
}

std::optional<v1::Refusal> RefusalOf(const absl::Status& status) {
  const auto info = Find<google::rpc::ErrorInfo>(status);
  if (!info || info->domain() != kDomain) return std::nullopt;
  const std::string number = Value(*info, "number");
  if (number.empty() || number.size() > 5 ||
      number.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  v1::Refusal refusal;
  refusal.set_number(static_cast<uint32_t>(std::stoul(number)));
  refusal.set_name(info->reason());
  refusal.set_field(Value(*info, "field"));
  refusal.set_detail(Value(*info, "detail"));
  refusal.set_advice(Value(*info, "advice"));
  const base::RejectionInfo* known =
      refusal.number() <= 0xffff ? base::FindRejection(static_cast<uint16_t>(refusal.number()))
                                 : nullptr;
  refusal.set_what(known != nullptr ? std::string(known->what)
                                    : std::string(base::Message(status)));
  return refusal;
}

std::optional<uint32_t> RetryAfterMs(const absl::Status& status) {
  const auto info = Find<google::rpc::RetryInfo>(status);
  if (!info || info->retry_delay().seconds() < 0) return std::nullopt;
  constexpr int64_t kSecondsMax = 3'600;
  const int64_t seconds = std::min<int64_t>(info->retry_delay().seconds(), kSecondsMax);
  return static_cast<uint32_t>(seconds * 1'000 + info->retry_delay().nanos() / 1'000'000);
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = Find<google::rpc::ErrorInfo>(status);
  return info && info->domain() == kDomain ? info->reason() : std::string();
}

std::string Readable(const absl::Status& status) {
  if (status.ok()) return "ok";
  if (const auto refusal = RefusalOf(status)) return Sentence(*refusal);
  std::string text(base::Message(status));
  if (text.empty()) text = absl::StatusCodeToString(status.code());
  if (const auto request = Find<google::rpc::BadRequest>(status)) {
    for (const auto& violation : request->field_violations()) {
      if (text.find(violation.field()) != std::string::npos) continue;
      text += " [" + violation.field() + ": " + violation.description() + "]";
    }
  }
  return text;
}

absl::Status ToStatus(const v1::Refusal& refusal) {
  google::rpc::ErrorInfo info;
  info.set_domain(kDomain);
  info.set_reason(refusal.name());
  auto& metadata = *info.mutable_metadata();
  metadata["number"] = std::to_string(refusal.number());
  metadata["field"] = refusal.field();
  metadata["detail"] = refusal.detail();
  metadata["advice"] = refusal.advice();
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  absl::Status status = base::FailedPrecondition(Sentence(refusal));
  status.SetPayload(kPayload, absl::Cord(details.SerializeAsString()));
  return status;
}

absl::Status ToStatus(const base::Rejection& rejection) {
  const base::RejectionInfo& rule = base::Describe(rejection.code);
  v1::Refusal refusal;
  refusal.set_number(rejection.number());
  refusal.set_name(std::string(rule.name));
  refusal.set_field(rejection.field);
  refusal.set_detail(rejection.detail);
  refusal.set_what(std::string(rule.what));
  refusal.set_advice(std::string(rule.advice));
  return ToStatus(refusal);
}

}  // namespace tributary::client
