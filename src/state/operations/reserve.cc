#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::state {

base::Verdict ApplyOperation(Context& c, const codec::Reserve& operation) {
  if (c.overlay.Find(Identity::kReservation, operation.commitment)) {
    return c.Reject(base::RejectionCode::kReservationTaken, "commitment");
  }
  const uint64_t now = c.block.time.value();
  const uint64_t life = c.block.parameters.reserve_ms;
  ReservationRow row;
  row.commitment = operation.commitment;
  row.account = c.sender.value();
  row.expires_ms = life < kForever - now ? now + life : kForever;
  row.entry = c.entry();
  c.overlay.AddIdentity(Identity::kReservation, row.commitment, c.overlay.Append(row));
  return std::nullopt;
}

}  // namespace tributary::state
