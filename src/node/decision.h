// What became of a submitted transaction.
#ifndef TRIBUTARY_NODE_DECISION_H_
#define TRIBUTARY_NODE_DECISION_H_

#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::node {

// Durable on this node.
struct Committed {
  base::EntryIndex entry;
  base::Height height;
  base::TimeMs time;
  std::vector<base::RecordSeq> records;  // created, in order
  uint64_t skipped_records = 0;
  std::vector<uint64_t> payouts;  // created or closed
};

// A rule was broken; the transaction left no trace.
struct Refused {
  base::Rejection rejection;
  base::Height height;  // the last one when it was tried
};

// Nothing is wrong with the transaction: the node cannot take it.
struct Trouble {
  absl::Status status;          // kResourceExhausted, or kUnavailable
  uint32_t retry_after_ms = 0;  // 0: not before the operator has acted
};

struct Decision {
  base::TxId id;
  std::variant<Committed, Refused, Trouble> result;
};

// Called once, on the writer's thread: it must be quick and must not call the ledger.
using DecisionCallback = std::function<void(const Decision&)>;

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_DECISION_H_
