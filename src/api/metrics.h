// The node's metrics in the Prometheus text format; names and units by its conventions.
#ifndef TRIBUTARY_API_METRICS_H_
#define TRIBUTARY_API_METRICS_H_

#include <string>

#include "api/request_counters.h"
#include "node/ledger.h"

namespace tributary::api {

std::string MetricsText(const node::Ledger& ledger, const RequestCounters& requests);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_METRICS_H_
