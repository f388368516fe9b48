#include "api/page.h"

#include <algorithm>
#include <charconv>

#include "crypto/hash.h"
#include "tributary/base/types.h"

namespace tributary::api {

uint32_t PageSize(uint32_t asked) {
  return asked == 0 ? kPageSizeDefault : std::min(asked, kPageSizeMax);
}

uint64_t FilterHash(std::string_view serialized) {
  const base::Hash digest = crypto::Sha256(base::AsBytes(serialized));
  uint64_t hash = 0;
  for (size_t i = 0; i < 4; ++i) hash = hash << 8 | digest.bytes[i];
  return hash;
}

std::string MakeToken(PageQuery query, std::initializer_list<uint64_t> numbers) {
  std::string token = query.list + std::to_string(query.filter);
  for (const uint64_t number : numbers) token += '.' + std::to_string(number);
  return token;
}

std::optional<std::vector<uint64_t>> ParseToken(std::string_view token, PageQuery query,
                                                size_t count) {
  const std::string begin = MakeToken(query, {});
  if (token.substr(0, begin.size()) != begin) return std::nullopt;
  const char* at = token.data() + begin.size();
  const char* const end = token.data() + token.size();
  std::vector<uint64_t> numbers;
  while (numbers.size() < count) {
    if (at == end || *at++ != '.') return std::nullopt;
    uint64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    numbers.push_back(number);
    at = next;
  }
  if (at != end) return std::nullopt;
  return numbers;
}

}  // namespace tributary::api
