// What GetStatus, /readyz and /version say of the node.
#ifndef TRIBUTARY_API_NODE_STATUS_H_
#define TRIBUTARY_API_NODE_STATUS_H_

#include <string>

#include "api/read_context.h"
#include "node/ledger.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

inline constexpr const char* kVersion = "0.1.0";

void EncodeStatus(ReadContext& c, const node::Ledger& ledger, const std::string& engine,
                  v1::NodeStatus* to);
// "serving", "read_only", "halted", "clock_refused", "stopping".
std::string_view ModeName(node::Mode mode);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_NODE_STATUS_H_
