// Lists of the node, page by page, as one response.
#ifndef TRIBUTARY_CLI_PAGES_H_
#define TRIBUTARY_CLI_PAGES_H_

#include <algorithm>
#include <cstdint>

#include "absl/status/statusor.h"
#include "tributary/client/client.h"

namespace tributary::cli {

// Asks `read` for pages until they hold `limit` elements or there are no more. `size` counts the
// elements of a response. The next page's token stays in the result: there is more.
template <class Request, class Response>
absl::StatusOr<Response> ReadPages(client::Client& node,
                                   absl::StatusOr<Response> (client::Client::*read)(const Request&),
                                   int (Response::*size)() const, Request request, uint64_t limit) {
  Response all;
  do {
    request.set_page_size(static_cast<uint32_t>(std::min<uint64_t>(limit, 1'000)));
    const absl::StatusOr<Response> page = (node.*read)(request);
    if (!page.ok()) return page.status();
    limit -= std::min<uint64_t>(limit, static_cast<uint64_t>(((*page).*size)()));
    request.set_page_token(page->next_page_token());
    all.MergeFrom(*page);
    all.set_next_page_token(page->next_page_token());
  } while (limit > 0 && !request.page_token().empty());
  return all;
}

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_PAGES_H_
