#include "state/case_claims.h"
#include "state/context.h"
#include "state/keys_in_force.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

// A holder answers for itself; for one without a key its sponsor does.
bool MayAnswer(Context& c, const std::set<base::AccountIndex>& holders) {
  if (holders.contains(c.sender)) return true;
  for (const base::AccountIndex holder : holders) {
    const auto row = c.overlay.Get<AccountRow>(holder.value());
    if (row.sponsor == c.sender.value() && KeysInForce(row, c.block.time).empty()) return true;
  }
  return false;
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::RespondToCase& operation) {
  auto one = RequireOpenCase(c, operation.case_number);
  if (!one) return one.rejection();
  if (one->IsAnswered()) return c.Reject(RejectionCode::kCaseAnswered, "case_number");
  if (!MayAnswer(c, HoldersOfFallingLines(c.overlay, *one, c.block.chain.epoch))) {
    return c.Reject(RejectionCode::kNotParty, "case_number");
  }
  c.overlay.FinishDue({one->value.due_ms, DueKind::kCase, one->value.due_row});
  one->value.state = static_cast<uint8_t>(CaseState::kAnswered);
  one->value.respondent = c.sender.value();
  one->value.statement = operation.statement_sha256;
  one->value.answered_entry = c.entry();
  one->value.due_ms = c.block.time.value() + c.block.parameters.case_ruling_ms;
  DueRow due;
  due.due_ms = one->value.due_ms;
  due.subject = one->row;
  due.kind = static_cast<uint8_t>(DueKind::kCase);
  one->value.due_row = static_cast<uint32_t>(c.overlay.AddDue(due));
  c.overlay.Put(one->row, one->value);
  return std::nullopt;
}

}  // namespace tributary::state
