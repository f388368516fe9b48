// The operations listener's pages: /metrics, /healthz, /readyz, /version.
#ifndef TRIBUTARY_API_OPERATIONS_H_
#define TRIBUTARY_API_OPERATIONS_H_

#include <string_view>

#include "api/http_listener.h"
#include "api/request_counters.h"
#include "node/ledger.h"

namespace tributary::api {

// /healthz is 200 while the process answers; /readyz is 200 where the node takes transactions, else
// 503 with the reason.
HttpResponse AnswerOperations(const node::Ledger& ledger, const RequestCounters& requests,
                              std::string_view path);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_OPERATIONS_H_
