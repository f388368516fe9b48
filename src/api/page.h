// Page sizes and page tokens.
#ifndef TRIBUTARY_API_PAGE_H_
#define TRIBUTARY_API_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::api {

inline constexpr uint32_t kPageSizeDefault = 100;
inline constexpr uint32_t kPageSizeMax = 1'000;
// A page is full, whatever its size, when it holds so much: with its last element it still fits
// into a message.
inline constexpr size_t kResponseBytesMax = 3u << 20;

// 0 means the default; above the limit is the limit.
uint32_t PageSize(uint32_t asked);

uint64_t FilterHash(std::string_view serialized);

// What a token belongs to: a list, and everything in its request but the page.
struct PageQuery {
  char list = 0;  // a letter of its own for each list
  uint64_t filter = 0;
};

// Of a request with page_size and page_token.
template <class Request>
PageQuery QueryOf(char list, const Request& request) {
  Request filter = request;
  filter.clear_page_size();
  filter.clear_page_token();
  return {list, FilterHash(filter.SerializeAsString())};
}

// A token is the list's letter, the filter, and the numbers to go on from, e.g. "s7041.12.0.7".
std::string MakeToken(PageQuery query, std::initializer_list<uint64_t> numbers);
// nullopt: not a token of this query with so many numbers.
std::optional<std::vector<uint64_t>> ParseToken(std::string_view token, PageQuery query,
                                                size_t count);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_PAGE_H_
