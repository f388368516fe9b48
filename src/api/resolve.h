// From what a request names to rows: accounts, records, currencies.
#ifndef TRIBUTARY_API_RESOLVE_H_
#define TRIBUTARY_API_RESOLVE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/logged_event.h"
#include "api/page.h"
#include "api/read_context.h"
#include "grpcpp/support/status.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// All: OK and `to` is set, or BadRequest naming `field`, or NotFound.
grpc::Status Resolve(const ReadContext& context, const v1::AccountRef& ref, std::string_view field,
                     base::AccountIndex* to);
grpc::Status Resolve(const ReadContext& context, const v1::RecordRef& ref, std::string_view field,
                     base::RecordSeq* to);
grpc::Status ResolveCurrency(const ReadContext& context, const std::string& code,
                             base::CurrencyIndex* to);
// The one named, or all where `code` is empty.
grpc::Status ResolveCurrencies(const ReadContext& context, const std::string& code,
                               std::vector<base::CurrencyIndex>* to);
// Where an event stands that is named by its reporter and reference, or by its place. NotFound also
// for a reference older than the horizon. That there is an event at a place is not looked at.
grpc::Status ResolveEvent(const ReadContext& context, const v1::ExplainRevenueRequest& event,
                          LoggedPlace* to);
grpc::Status ResolveDigest(const std::string& bytes, std::string_view field, base::Hash* to);
// Leaves `to`, which holds where the first page begins, as it is where there is no token.
grpc::Status ResolveToken(const std::string& token, PageQuery query, std::vector<uint64_t>* to);

}  // namespace tributary::api

#define TRIBUTARY_API_RETURN_IF_ERROR(expression)                              \
  do {                                                                         \
    if (grpc::Status status__ = (expression); !status__.ok()) return status__; \
  } while (false)

#endif  // TRIBUTARY_API_RESOLVE_H_
