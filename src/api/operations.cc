#include "api/operations.h"

#include <string>

#include "api/metrics.h"
#include "api/node_status.h"

namespace tributary::api {
namespace {

HttpResponse Ready(const node::Ledger& ledger) {
  if (ledger.mode() == node::Mode::kServing) return {200, "text/plain; charset=utf-8", "ready\n"};
  return {503, "text/plain; charset=utf-8",
          std::string(ModeName(ledger.mode())) + ": " + ledger.mode_reason() + "\n"};
}

}  // namespace

HttpResponse AnswerOperations(const node::Ledger& ledger, const RequestCounters& requests,
                              std::string_view path) {
  if (path == "/healthz") return {200, "text/plain; charset=utf-8", "ok\n"};
  if (path == "/readyz") return Ready(ledger);
  if (path == "/version") {
    return {200, "text/plain; charset=utf-8", std::string("tributaryd ") + kVersion + "\n"};
  }
  if (path == "/metrics") {
    return {200, "text/plain; version=0.0.4; charset=utf-8", MetricsText(ledger, requests)};
  }
  return {404, "text/plain; charset=utf-8", "/metrics /healthz /readyz /version\n"};
}

}  // namespace tributary::api
