// The auditor's replay: blocks are read ahead, their transactions decoded and verified on all
// cores, and then applied in order.
#ifndef TRIBUTARY_AUDIT_REPLAYER_H_
#define TRIBUTARY_AUDIT_REPLAYER_H_

#include <functional>
#include <memory>

#include "audit/audit.h"
#include "state/memory_pages.h"
#include "state/replay.h"
#include "state/resident.h"

namespace tributary::audit {

// A state of the auditor's own, in memory.
class OwnState : public state::ReplaySink {
 public:
  OwnState();
  const state::PageSource& pages() const override { return pages_; }
  const state::MemoryPages& memory() const { return pages_; }
  state::Resident& resident() { return resident_; }
  // Also counts what the block holds, and shows it to `on_block`.
  absl::Status Commit(const state::BlockEffects& effects) override;

  uint64_t settlements = 0;
  std::function<absl::Status(const state::BlockEffects&)> on_block;  // if set

 private:
  state::MemoryPages pages_;
  state::Resident resident_;
};

// Replays all of `source`; see AuditEntries.
absl::StatusOr<AuditReport> ReplayAll(state::EntrySource& source, OwnState& own,
                                      const AuditOptions& options);

// The same without state: leaf hashes, log roots and header links only.
absl::StatusOr<AuditReport> HashAll(state::EntrySource& source, const AuditOptions& options);

}  // namespace tributary::audit

#endif  // TRIBUTARY_AUDIT_REPLAYER_H_
