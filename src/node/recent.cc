#include "node/recent.h"

#include <utility>

namespace tributary::node {
namespace {

uint64_t EstimateBytes(const std::variant<Committed, Refused>& result) {
  constexpr uint64_t kSlotBytes = 320;  // map node, order entry, struct
  if (const auto* committed = std::get_if<Committed>(&result)) {
    return kSlotBytes + 4 * committed->records.size() + 8 * committed->payouts.size();
  }
  const base::Rejection& rejection = std::get<Refused>(result).rejection;
  return kSlotBytes + rejection.field.size() + rejection.detail.size();
}

}  // namespace

void RecentDecisions::Add(const base::TxId& id, base::TimeMs valid_until, const Decision& decision,
                          base::TimeMs now) {
  if (std::holds_alternative<Trouble>(decision.result)) return;
  Known known{{}, valid_until};
  if (const auto* committed = std::get_if<Committed>(&decision.result)) {
    known.result = *committed;
  } else {
    known.result = std::get<Refused>(decision.result);
  }
  const std::lock_guard lock(mutex_);
  const auto it = slots_.find(id);
  if (it != slots_.end()) {
    const bool was_committed = std::holds_alternative<Committed>(it->second.known.result);
    if (was_committed && std::holds_alternative<Refused>(known.result)) return;
    bytes_ -= it->second.bytes;
    slots_.erase(it);
  }
  const uint64_t bytes = EstimateBytes(known.result);
  bytes_ += bytes;
  order_.emplace_back(next_number_, id);
  slots_.emplace(id, Slot{std::move(known), now, next_number_, bytes});
  ++next_number_;
  while (order_.size() > limits_.decisions_max || bytes_ > limits_.bytes_max) DropOldest();
}

void RecentDecisions::DropOldest() {
  const std::pair<uint64_t, base::TxId> oldest = order_.front();
  order_.pop_front();
  const auto it = slots_.find(oldest.second);
  if (it == slots_.end() || it->second.number != oldest.first) return;
  bytes_ -= it->second.bytes;
  slots_.erase(it);
}

std::optional<RecentDecisions::Known> RecentDecisions::Find(const base::TxId& id,
                                                            base::TimeMs now) const {
  const std::lock_guard lock(mutex_);
  const auto it = slots_.find(id);
  if (it == slots_.end()) return std::nullopt;
  const Slot& slot = it->second;
  const bool refused = std::holds_alternative<Refused>(slot.known.result);
  if (refused && now.value() - slot.added.value() > limits_.refusal_ms_max) return std::nullopt;
  return slot.known;
}

}  // namespace tributary::node
