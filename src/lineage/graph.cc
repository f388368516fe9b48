#include "lineage/graph.h"

#include <algorithm>

#include "lineage/segments.h"

namespace tributary::lineage {

using base::AccountIndex;
using base::Epoch;
using base::Ppb;
using base::RecordSeq;

Graph::Graph() : storage_(std::make_unique<Storage>()) {}
Graph::~Graph() = default;

bool Graph::HasRoomFor(size_t edges, size_t authors) const {
  return appended_ < kRecordsMax && edges <= kEdgesPerRecordMax && authors < kEdgesPerRecordMax &&
         RunStart(storage_->edge_slots, edges) + edges <= kEdgeSlotsMax &&
         RunStart(storage_->author_slots, authors + 1) + authors + 1 <= kListBit;
}

void Graph::CheckSpec(uint32_t seq, const NodeSpec& spec) const {
  TRIBUTARY_CHECK(HasRoomFor(spec.edges.size(), spec.authors.size()), "the graph is full");
  uint64_t passed = 0;
  for (const Edge& edge : spec.edges) {
    TRIBUTARY_CHECK(edge.parent.value() < seq, "a parent is not lower than its child");
    TRIBUTARY_CHECK(edge.share.value() > 0 || spec.pass_through.value() == 0,
                    "an edge without a share");
    passed += edge.share.value();
  }
  TRIBUTARY_CHECK(passed == spec.pass_through.value() && passed <= base::kPpbOne,
                  "the edges do not add up to what is passed through");
  uint64_t owned = 0;
  for (const AuthorShare& author : spec.authors) {
    TRIBUTARY_CHECK(author.account.value() < kAccountsMax, "an account number is too high");
    owned += author.share.value();
  }
  TRIBUTARY_CHECK(owned == base::kPpbOne, "the authors do not add up to 10^9");
}

RecordSeq Graph::Append(const NodeSpec& spec) {
  const uint32_t seq = static_cast<uint32_t>(appended_);
  CheckSpec(seq, spec);
  bool made = false;
  NodeSegment& node = storage_->nodes.Make(seq >> kSegmentBits, &made);
  uint64_t grown = made ? sizeof(NodeSegment) : 0;
  const uint32_t at = seq & kSegmentMask;
  node.kind[at] = spec.kind;

  if (spec.authors.size() == 1) {
    node.authors[at] = spec.authors[0].account.value();
  } else {
    const uint64_t start = RunStart(storage_->author_slots, spec.authors.size() + 1);
    AuthorSegment& list = storage_->authors.Make(start >> kSegmentBits, &made);
    grown += made ? sizeof(AuthorSegment) : 0;
    AuthorShare* slots = list.slots + (start & kSegmentMask);
    slots[0] = {AccountIndex(static_cast<uint32_t>(spec.authors.size())), Ppb(0)};
    std::copy(spec.authors.begin(), spec.authors.end(), slots + 1);
    node.authors[at] = kListBit | static_cast<uint32_t>(start);
    storage_->author_slots = start + spec.authors.size() + 1;
  }

  node.edges[at] = static_cast<uint16_t>(spec.edges.size());
  node.first_edge[at] = 0;
  if (!spec.edges.empty()) {
    const uint64_t start = RunStart(storage_->edge_slots, spec.edges.size());
    EdgeSegment& edges = storage_->edges.Make(start >> kSegmentBits, &made);
    grown += made ? sizeof(EdgeSegment) : 0;
    node.first_edge[at] = static_cast<uint32_t>(start);
    uint32_t slot = static_cast<uint32_t>(start) & kSegmentMask;
    for (const Edge& edge : spec.edges) {
      edges.parent[slot] = edge.parent.value();
      edges.share[slot] = edge.share.value();
      edges.relation[slot] = edge.relation;
      edges.next_child[slot] = FirstChild(edge.parent.value());
      ++slot;
    }
    // Linked last: whoever finds the child finds all of its edges written.
    for (const Edge& edge : spec.edges) {
      const uint32_t parent = edge.parent.value();
      TRIBUTARY_CHECK(FirstChild(parent) != seq, "a parent is named twice");
      storage_->NodeOf(parent).first_child[parent & kSegmentMask].store(seq,
                                                                        std::memory_order_release);
    }
    storage_->edge_slots = start + spec.edges.size();
    edge_count_.fetch_add(spec.edges.size(), std::memory_order_relaxed);
  }
  memory_bytes_.fetch_add(grown, std::memory_order_relaxed);
  ++appended_;
  return RecordSeq(seq);
}

void Graph::Publish() { published_.store(appended_, std::memory_order_release); }

uint8_t Graph::KindOf(RecordSeq seq) const {
  return storage_->NodeOf(seq.value()).kind[seq.value() & kSegmentMask];
}

EdgeRange Graph::EdgesOf(RecordSeq seq) const { return storage_->EdgesOf(seq.value()); }

AuthorRange Graph::AuthorsOf(RecordSeq seq) const { return storage_->AuthorsOf(seq.value()); }

Ppb Graph::KeptOf(RecordSeq seq) const { return storage_->FirstSplitOf(seq.value()).kept; }

Split Graph::SplitOf(RecordSeq seq) const { return storage_->FirstSplitOf(seq.value()); }

Graph::Children Graph::ChildrenOf(RecordSeq seq) const {
  return Children(this, seq.value(), size());
}

uint32_t Graph::FirstChild(uint32_t parent) const {
  return storage_->NodeOf(parent).first_child[parent & kSegmentMask].load(
      std::memory_order_acquire);
}

uint32_t Graph::NextChild(uint32_t parent, uint32_t child) const {
  const NodeSegment& node = storage_->NodeOf(child);
  const uint32_t at = child & kSegmentMask;
  if (node.edges[at] > 0) {
    const EdgeSegment& edges = storage_->edges[node.first_edge[at] >> kSegmentBits];
    const uint32_t first = node.first_edge[at] & kSegmentMask;
    const uint32_t* begin = edges.parent + first;
    const uint32_t* end = begin + node.edges[at];
    const uint32_t* found = std::find(begin, end, parent);
    if (found != end) return edges.next_child[first + static_cast<uint32_t>(found - begin)];
  }
  // The link stands in the oldest version that has the edge.
  const VersionHead* head = storage_->HeadOf(child);
  uint32_t next = 0;
  const Version* version =
      head ? static_cast<const Version*>(head->appended.load(std::memory_order_acquire)) : nullptr;
  for (; version != nullptr; version = version->previous) {
    const auto found = std::find(version->parents.begin(), version->parents.end(), parent);
    if (found == version->parents.end()) continue;
    next = version->next_child[static_cast<size_t>(found - version->parents.begin())];
  }
  return next;
}

}  // namespace tributary::lineage
