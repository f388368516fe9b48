// Versions of a record's split: a chain per record, kept aside for the few records that have any.
#include <algorithm>

#include "lineage/graph.h"
#include "lineage/segments.h"

namespace tributary::lineage {

using base::Epoch;
using base::Ppb;
using base::RecordSeq;

const VersionHead* Graph::Storage::HeadOf(uint32_t seq) const {
  const NodeSegment& node = NodeOf(seq);
  const uint32_t at = seq & kSegmentMask;
  if (node.versioned[at].load(std::memory_order_acquire) == 0) return nullptr;
  const VersionPage* page = node.pages[at / VersionPage::kSlots].load(std::memory_order_acquire);
  return &page->heads[at % VersionPage::kSlots];
}

bool Graph::HasVersions(RecordSeq seq) const {
  const VersionHead* head = storage_->HeadOf(seq.value());
  return head != nullptr && head->in_force.load(std::memory_order_acquire) != nullptr;
}

const Graph::Version* Graph::VersionAt(uint32_t seq, Epoch epoch) const {
  const VersionHead* head = storage_->HeadOf(seq);
  if (head == nullptr) return nullptr;
  const auto* version = static_cast<const Version*>(head->in_force.load(std::memory_order_acquire));
  while (version != nullptr && version->effective > epoch) version = version->older;
  return version;
}

std::vector<Epoch> Graph::ChangesOf(RecordSeq seq) const {
  std::vector<Epoch> epochs;
  const VersionHead* head = storage_->HeadOf(seq.value());
  if (head == nullptr) return epochs;
  const auto* version = static_cast<const Version*>(head->in_force.load(std::memory_order_acquire));
  for (; version != nullptr; version = version->older) epochs.push_back(version->effective);
  std::reverse(epochs.begin(), epochs.end());
  return epochs;
}

uint32_t Graph::AppendVersion(RecordSeq seq, Epoch effective, const NodeSpec& spec) {
  TRIBUTARY_CHECK(seq.value() < appended_, "a version of a record that does not exist");
  CheckSpec(seq.value(), spec);
  NodeSegment& node = storage_->NodeOf(seq.value());
  const uint32_t at = seq.value() & kSegmentMask;
  std::atomic<VersionPage*>& page_slot = node.pages[at / VersionPage::kSlots];
  uint64_t grown =
      sizeof(Version) + spec.edges.size() * 13 + spec.authors.size() * sizeof(AuthorShare);
  if (page_slot.load(std::memory_order_relaxed) == nullptr) {
    storage_->pages.push_back(std::make_unique<VersionPage>());
    page_slot.store(storage_->pages.back().get(), std::memory_order_release);
    grown += sizeof(VersionPage);
  }
  VersionHead& head = page_slot.load(std::memory_order_relaxed)->heads[at % VersionPage::kSlots];

  Version& version = storage_->versions.emplace_back();
  version.effective = effective;
  version.kept = Ppb(base::kPpbOne - spec.pass_through.value());
  version.authors.assign(spec.authors.begin(), spec.authors.end());
  version.previous = static_cast<const Version*>(head.appended.load(std::memory_order_relaxed));
  version.number = version.previous == nullptr ? 1 : version.previous->number + 1;
  version.older = VersionAt(seq.value(), effective);
  while (version.older != nullptr && version.older->effective == effective) {
    version.older = version.older->older;
  }
  std::vector<uint32_t> unlinked;  // parents that no earlier version has
  for (const Edge& edge : spec.edges) {
    const uint32_t parent = edge.parent.value();
    TRIBUTARY_CHECK(
        std::find(version.parents.begin(), version.parents.end(), parent) == version.parents.end(),
        "a parent is named twice");
    const bool linked = IsLinked(parent, seq.value());
    if (!linked) unlinked.push_back(parent);
    version.parents.push_back(parent);
    version.shares.push_back(edge.share.value());
    version.relations.push_back(edge.relation);
    version.next_child.push_back(linked ? 0 : FirstChild(parent));
  }
  head.appended.store(&version, std::memory_order_release);
  head.in_force.store(&version, std::memory_order_release);
  node.versioned[at].store(1, std::memory_order_release);
  for (const uint32_t parent : unlinked) {
    storage_->NodeOf(parent).first_child[parent & kSegmentMask].store(seq.value(),
                                                                      std::memory_order_release);
  }
  edge_count_.fetch_add(spec.edges.size(), std::memory_order_relaxed);
  memory_bytes_.fetch_add(grown, std::memory_order_relaxed);
  return version.number;
}

void Graph::DropVersions(RecordSeq seq, Epoch from) {
  const VersionHead* found = storage_->HeadOf(seq.value());
  if (found == nullptr) return;
  NodeSegment& node = storage_->NodeOf(seq.value());
  const uint32_t at = seq.value() & kSegmentMask;
  VersionHead& head = node.pages[at / VersionPage::kSlots]
                          .load(std::memory_order_relaxed)
                          ->heads[at % VersionPage::kSlots];
  const auto* version = static_cast<const Version*>(head.in_force.load(std::memory_order_relaxed));
  while (version != nullptr && version->effective >= from) version = version->older;
  head.in_force.store(version, std::memory_order_release);
}

bool Graph::IsLinked(uint32_t parent, uint32_t child) const {
  const EdgeRange edges = EdgesOf(RecordSeq(child));
  if (std::find(edges.parents(), edges.parents() + edges.size(), parent) !=
      edges.parents() + edges.size()) {
    return true;
  }
  const VersionHead* head = storage_->HeadOf(child);
  if (head == nullptr) return false;
  const auto* version = static_cast<const Version*>(head->appended.load(std::memory_order_acquire));
  for (; version != nullptr; version = version->previous) {
    if (std::find(version->parents.begin(), version->parents.end(), parent) !=
        version->parents.end()) {
      return true;
    }
  }
  return false;
}

Split Graph::SplitOfOne(const Version& version) {
  return Split{EdgeRange(version.parents.data(), version.shares.data(), version.relations.data(),
                         version.parents.size()),
               version.kept, AuthorRange(std::span<const AuthorShare>(version.authors)),
               version.number, true};
}

Split Graph::SplitOf(RecordSeq seq, Epoch epoch) const {
  const Version* version = VersionAt(seq.value(), epoch);
  return version == nullptr ? SplitOf(seq) : SplitOfOne(*version);
}

Split Graph::SplitOfVersion(RecordSeq seq, uint32_t number) const {
  if (number == 0) return SplitOf(seq);
  const VersionHead* head = storage_->HeadOf(seq.value());
  TRIBUTARY_CHECK(head != nullptr, "the record has no such version");
  const auto* version = static_cast<const Version*>(head->appended.load(std::memory_order_acquire));
  while (version != nullptr && version->number != number) version = version->previous;
  TRIBUTARY_CHECK(version != nullptr, "the record has no such version");
  return SplitOfOne(*version);
}

EdgeRange Graph::EdgesOf(RecordSeq seq, Epoch epoch) const {
  const Version* version = VersionAt(seq.value(), epoch);
  return version == nullptr ? EdgesOf(seq) : SplitOfOne(*version).edges;
}

AuthorRange Graph::AuthorsOf(RecordSeq seq, Epoch epoch) const {
  const Version* version = VersionAt(seq.value(), epoch);
  return version == nullptr ? AuthorsOf(seq) : SplitOfOne(*version).authors;
}

Ppb Graph::KeptOf(RecordSeq seq, Epoch epoch) const {
  const Version* version = VersionAt(seq.value(), epoch);
  return version == nullptr ? KeptOf(seq) : version->kept;
}

}  // namespace tributary::lineage
