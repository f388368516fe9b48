#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kAccountsScannedMax = 20'000;

}  // namespace

grpc::Status GetAccount(ReadContext& c, const v1::GetAccountRequest& q, v1::AccountView* r) {
  base::AccountIndex index;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &index));
  EncodeAccount(c, index, r);
  EncodeAsOf(c.view(), r->mutable_as_of());
  return grpc::Status::OK;
}

grpc::Status ListAccounts(ReadContext& c, const v1::ListAccountsRequest& q,
                          v1::ListAccountsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.role() < 0 || q.role() > 16) return BadRequest("role", "not a role");
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('c', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  const auto page = static_cast<int>(PageSize(q.page_size()));
  uint64_t at = token[0];
  for (uint64_t scanned = 0; at < c.view().account_count(); ++at, ++scanned) {
    if (r->accounts_size() >= page || scanned >= kAccountsScannedMax) {
      r->set_next_page_token(MakeToken(query, {at}));
      break;
    }
    const base::AccountIndex index(static_cast<uint32_t>(at));
    const bool wanted = q.role() == v1::ROLE_UNSPECIFIED ||
                        (c.view().Account(index).roles >> (q.role() - 1) & 1) != 0;
    if (wanted) EncodeAccount(c, index, r->add_accounts());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
