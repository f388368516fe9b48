#include "api/page.h"

#include <algorithm>
#include <charconv>

namespace tributary::api {

uint32_t PageSize(uint32_t asked) {
  return asked == 0 ? kPageSizeDefault : std::min(asked, kPageSizeMax);
}

std::string MakeToken(char method, std::initializer_list<uint64_t> numbers) {
  std::string token(1, method);
  for (const uint64_t number : numbers) {
    if (token.size() > 1) token += '.';
    token += std::to_string(number);
  }
  return token;
}

std::optional<std::vector<uint64_t>> ParseToken(std::string_view token, char method, size_t count) {
  if (token.empty() || token.front() != method) return std::nullopt;
  const char* at = token.data() + 1;
  const char* const end = token.data() + token.size();
  std::vector<uint64_t> numbers;
  while (numbers.size() < count) {
    if (!numbers.empty() && (at == end || *at++ != '.')) return std::nullopt;
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
