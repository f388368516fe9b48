#include "state/royalties.h"

#include <algorithm>
#include <set>
#include <string>

#include "rewards/open_inflows.h"
#include "rewards/royalty_stack.h"
#include "state/identity_keys.h"
#include "state/terms.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using rewards::Royalty;

constexpr size_t kClaimantsNamed = 8;

uint32_t StackOf(Overlay& overlay, base::RecordSeq record) {
  const Resident& resident = overlay.resident();
  if (record.value() < resident.graph().appended()) return resident.terms().StackOf(record);
  return overlay.Get<RecordRow>(record.value()).royalty_stack;
}

// The claimants of a stack that is above the cap, largest first.
std::string Claimants(Overlay& overlay, std::vector<Royalty> stack, uint64_t total_ppb,
                      base::Ppb cap) {
  std::sort(stack.begin(), stack.end(), [](const Royalty& a, const Royalty& b) {
    return a.share != b.share ? a.share > b.share : a.record < b.record;
  });
  std::string text = "at least " + std::to_string(total_ppb) + " of at most " +
                     std::to_string(cap.value()) + " ppb: ";
  const size_t named = std::min(stack.size(), kClaimantsNamed);
  for (size_t i = 0; i < named; ++i) {
    const auto claimant = overlay.Get<RecordRow>(stack[i].record.value());
    text += (i == 0 ? "" : ", ") + base::ToHex(claimant.id.view()) + " " +
            std::to_string(stack[i].share.value());
  }
  if (named < stack.size()) text += " and " + std::to_string(stack.size() - named) + " more";
  return text;
}

}  // namespace

base::Checked<RoyaltyAdmission> AdmitRoyalties(const Context& c,
                                               const std::vector<base::RecordSeq>& parents) {
  const base::Epoch now(c.block.chain.epoch);
  const base::Ppb cap(c.block.parameters.royalty_max_ppb);
  RoyaltyAdmission admission;
  std::set<uint32_t> stacks;
  for (const base::RecordSeq parent : parents) {
    const base::Ppb royalty = TermsAt(c.overlay, parent, now).royalty;
    if (royalty.value() > 0) admission.entries.push_back({parent, royalty});
    const uint32_t stack = StackOf(c.overlay, parent);
    if (stack != kNone32) stacks.insert(stack);
  }
  if (admission.entries.empty() && stacks.size() == 1 &&
      !c.overlay.resident().terms().AnyLowered()) {
    admission.stack = *stacks.begin();
    return admission;
  }
  std::sort(admission.entries.begin(), admission.entries.end(),
            [](const Royalty& a, const Royalty& b) { return a.record < b.record; });
  // Stops at the first stack that is too much: so the work is bounded whatever the parents are.
  auto next = stacks.begin();
  while (true) {
    const uint64_t total = rewards::TotalPpb(admission.entries);
    if (total > cap.value()) {
      return c.Reject(base::RejectionCode::kRoyaltyCap, "record.parents",
                      Claimants(c.overlay, std::move(admission.entries), total, cap));
    }
    if (next == stacks.end()) break;
    admission.entries = rewards::UniteStacks(admission.entries, StackAt(c.overlay, *next++, now));
  }
  TRIBUTARY_CHECK(admission.entries.size() <= rewards::kStackEntriesMax,
                  "a royalty stack within the cap has too many entries");
  return admission;
}

uint32_t PutStack(Overlay& overlay, const RoyaltyAdmission& admission) {
  if (admission.stack != kNone32 || admission.entries.empty()) return admission.stack;
  RoyaltyStackRow stack;
  stack.key = StackKey(admission.entries);
  if (const auto row = overlay.Find(Identity::kRoyaltyStack, stack.key)) {
    return static_cast<uint32_t>(*row);
  }
  stack.first_entry = static_cast<uint32_t>(overlay.RowCount({TableKind::kRoyaltyEntries, 0}));
  stack.count = static_cast<uint16_t>(admission.entries.size());
  stack.total_ppb = static_cast<uint32_t>(rewards::TotalPpb(admission.entries));
  for (const Royalty& royalty : admission.entries) {
    overlay.Append(RoyaltyEntryRow{royalty.record.value(), royalty.share.value()});
  }
  const uint64_t row = overlay.Append(stack);
  overlay.AddIdentity(Identity::kRoyaltyStack, stack.key, row);
  return static_cast<uint32_t>(row);
}

std::vector<Royalty> StackAt(Overlay& overlay, uint32_t stack, base::Epoch epoch) {
  const TermsBook& terms = overlay.resident().terms();
  const auto row = overlay.Get<RoyaltyStackRow>(stack);
  std::vector<Royalty> royalties;
  royalties.reserve(row.count);
  for (uint32_t i = 0; i < row.count; ++i) {
    const auto entry = overlay.Get<RoyaltyEntryRow>(row.first_entry + i);
    const base::RecordSeq claimant(entry.claimant);
    const base::Ppb share = terms.RoyaltyAt(claimant, base::Ppb(entry.share_ppb), epoch);
    if (share.value() > 0) royalties.push_back({claimant, share});
  }
  return royalties;
}

std::vector<Royalty> StackAsAdmitted(const PageSource& pages, uint32_t stack) {
  const auto row = ReadRow<RoyaltyStackRow>(pages, stack);
  RowScanner<RoyaltyEntryRow> entries(pages);
  std::vector<Royalty> royalties;
  royalties.reserve(row.count);
  for (uint32_t i = 0; i < row.count; ++i) {
    const RoyaltyEntryRow entry = entries.At(row.first_entry + i);
    royalties.push_back({base::RecordSeq(entry.claimant), base::Ppb(entry.share_ppb)});
  }
  return royalties;
}

base::Ppb RoyaltiesOn(Overlay& overlay, base::RecordSeq asset, base::Epoch epoch) {
  const uint32_t stack = StackOf(overlay, asset);
  if (stack == kNone32) return {};
  if (!overlay.resident().terms().AnyLowered()) {
    return base::Ppb(overlay.Get<RoyaltyStackRow>(stack).total_ppb);
  }
  return base::Ppb(static_cast<uint32_t>(rewards::TotalPpb(StackAt(overlay, stack, epoch))));
}

base::Ppb RoyaltySums::Take(base::RecordSeq asset, base::Uint128 gross_minor) {
  const uint32_t stack = StackOf(overlay_, asset);
  if (stack == kNone32) return {};
  const auto [sum, inserted] = stacks_.try_emplace(stack);
  if (inserted) sum->second.share = RoyaltiesOn(overlay_, asset, epoch_);
  sum->second.gross_minor += gross_minor;
  return sum->second.share;
}

std::vector<rewards::RecordAmount> RoyaltySums::ByClaimant() {
  rewards::OpenInflows sums(overlay_.resident().graph().appended());
  for (const auto& [stack, sum] : stacks_) {
    for (const Royalty& royalty : StackAt(overlay_, stack, epoch_)) {
      sums.Add(royalty.record.value(), sum.gross_minor * royalty.share.value());
    }
  }
  std::vector<rewards::RecordAmount> owed;
  uint32_t record = 0;
  base::Uint128 amount = 0;
  while (sums.PopHighest(&record, &amount)) {
    owed.push_back({base::RecordSeq(record), base::Atoms(amount)});
  }
  return owed;
}

}  // namespace tributary::state
