#include "merkle/lines.h"

#include "tributary/base/amount.h"
#include "tributary/base/base64.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {

std::optional<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::string_view> After(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

std::optional<uint64_t> ParseSize(std::string_view text) {
  const auto value = base::ParseDecimal(text);
  if (!value || *value > kTreeSizeMax) return std::nullopt;
  return static_cast<uint64_t>(*value);
}

std::optional<base::Hash> ParseHash(std::string_view text) {
  const auto bytes = base::FromBase64(text);
  if (!bytes || bytes->size() != base::Hash::kSize) return std::nullopt;
  return base::Hash::From(*bytes);
}

}  // namespace tributary::merkle
