// Page sizes and page tokens.
#ifndef TRIBUTARY_API_PAGE_H_
#define TRIBUTARY_API_PAGE_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::api {

inline constexpr uint32_t kPageSizeDefault = 100;
inline constexpr uint32_t kPageSizeMax = 1'000;

// 0 means the default; above the limit is the limit.
uint32_t PageSize(uint32_t asked);

// A token is the method's letter and the numbers to go on from, e.g. "s12.0.7".
std::string MakeToken(char method, std::initializer_list<uint64_t> numbers);
// nullopt: not a token of this method with so many numbers.
std::optional<std::vector<uint64_t>> ParseToken(std::string_view token, char method, size_t count);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_PAGE_H_
