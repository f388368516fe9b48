#include "tributary/base/rejection.h"

#include <algorithm>
#include <array>

namespace tributary::base {
namespace {

constexpr RejectionInfo kRejections[] = {
#define X(number, name, what, advice) \
  {RejectionCode::name, std::string_view(#name).substr(1), what, advice},
#include "tributary/base/rejection.def"
#undef X
};

}  // namespace

std::span<const RejectionInfo> AllRejections() { return kRejections; }

const RejectionInfo* FindRejection(uint16_t number) {
  const auto it = std::find_if(
      std::begin(kRejections), std::end(kRejections),
      [number](const RejectionInfo& info) { return static_cast<uint16_t>(info.code) == number; });
  return it == std::end(kRejections) ? nullptr : &*it;
}

const RejectionInfo& Describe(RejectionCode code) {
  const RejectionInfo* info = FindRejection(static_cast<uint16_t>(code));
  TRIBUTARY_CHECK(info != nullptr, "a rejection code without a description");
  return *info;
}

std::string Rejection::ToString() const {
  const RejectionInfo& info = Describe(code);
  std::string out = std::to_string(number()) + " " + std::string(info.name);
  if (!field.empty()) out += " at " + field;
  out += ": " + std::string(info.what);
  if (!detail.empty()) out += " (" + detail + ")";
  return out + ". Do: " + std::string(info.advice) + ".";
}

}  // namespace tributary::base
