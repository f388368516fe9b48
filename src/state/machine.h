// The deterministic state machine: the same blocks on the same state give the same bytes, on every
// machine and with every compiler. No clock, thread, randomness or float; time comes with the
// block.
#ifndef TRIBUTARY_STATE_MACHINE_H_
#define TRIBUTARY_STATE_MACHINE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/effects.h"
#include "state/page_source.h"
#include "state/prepared.h"
#include "state/resident.h"
#include "tributary/base/rejection.h"

namespace tributary::state {

class Overlay;
struct BlockContext;

// Builds one block at a time on a committed state. Dropping the block leaves no trace.
//
//   machine.Begin(time);            // deals with what is due, as of its nominal time
//   machine.Apply(transaction);     // any number of times
//   effects = machine.Finish();     // then commit the effects, resident.Apply, and begin again
//
// Thread safety: none. `pages` and `resident` must not change between Begin and Finish.
class Machine {
 public:
  Machine(const PageSource& pages, const Resident& resident);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // The block that holds the genesis alone (leaf 0) and the header of height 1 (leaf 1).
  // Requires: `resident` is empty. `genesis_bytes` is a serialized Genesis.
  base::Checked<BlockEffects> Genesis(std::string_view genesis_bytes);

  // Requires: a genesis; `time` not before the last header's.
  // Errors: DataLoss or Unavailable where pages cannot be read.
  absl::Status Begin(base::TimeMs time);

  // Applies a transaction at the block's time, or says which rule it breaks and changes nothing.
  // A failing read of pages is a status, not a verdict.
  absl::StatusOr<base::Verdict> Apply(const PreparedTransaction& transaction);

  // What Begin and Apply have changed so far, seen as a header would: false where there is no
  // transaction and nothing that was due changed anything but the clock.
  bool HasChanges() const;

  // Checks the invariants, computes the state root and the header, and ends the block.
  // Errors: Internal, naming the invariant and both of its sides, where conservation does not hold:
  // the node must halt and must not commit.
  absl::StatusOr<BlockEffects> Finish();

  // Ends the block without a trace.
  void Drop();

  // Tests plant a fault here and see the node refuse to commit it: called with the overlay just
  // before the invariants are checked.
  void set_fault_for_test(std::function<void(Overlay&)> fault) { fault_ = std::move(fault); }

 private:
  absl::StatusOr<BlockEffects> FinishBlock();

  const PageSource& pages_;
  const Resident& resident_;
  std::unique_ptr<Overlay> overlay_;
  std::unique_ptr<BlockContext> block_;
  std::function<void(Overlay&)> fault_;
};

// When the next thing becomes due that would change the state (money that matures, a claim that
// takes effect), or nothing. For engines: they begin a block then, without any transaction. Long
// ago where the pages that tell cannot be read: the block finds out.
std::optional<base::TimeMs> NextDue(const PageSource& pages, const Resident& resident);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_MACHINE_H_
