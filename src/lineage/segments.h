// The storage of a Graph: segments of 65,536 slots that are made on demand and never move.
#ifndef TRIBUTARY_LINEAGE_SEGMENTS_H_
#define TRIBUTARY_LINEAGE_SEGMENTS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "lineage/graph.h"
#include "tributary/base/check.h"

namespace tributary::lineage {

inline constexpr int kSegmentBits = 16;
inline constexpr uint32_t kSegmentSlots = 1u << kSegmentBits;
inline constexpr uint32_t kSegmentMask = kSegmentSlots - 1;
inline constexpr size_t kSegmentsMax = size_t{1} << (32 - kSegmentBits);

// Up to 65,536 segments. The writer makes them in order; a reader may look at those that hold what
// has been published. The table of pointers is zeroed memory that costs nothing until it is used.
template <class Segment>
class Directory {
 public:
  Directory() : segments_(static_cast<Segment**>(std::calloc(kSegmentsMax, sizeof(Segment*)))) {
    TRIBUTARY_CHECK(segments_ != nullptr, "out of memory");
  }
  ~Directory() { std::free(segments_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  Segment& operator[](size_t index) const {
    return *std::atomic_ref<Segment*>(segments_[index]).load(std::memory_order_acquire);
  }
  // The segment, made if it is not there; `made` says so.
  Segment& Make(size_t index, bool* made) {
    *made = index >= owned_.size();
    if (*made) {
      TRIBUTARY_CHECK(index == owned_.size(), "segments are made in order");
      // Plain columns are left as they are: nothing is read before it is written.
      owned_.emplace_back(new Segment);
      std::atomic_ref<Segment*>(segments_[index])
          .store(owned_.back().get(), std::memory_order_release);
    }
    return *owned_[index];
  }

 private:
  Segment** segments_;
  std::vector<std::unique_ptr<Segment>> owned_;
};

// A version other than the first. Immutable once linked; never freed before the graph, because a
// reader may stand on it.
struct Graph::Version {
  base::Epoch effective;
  uint32_t number = 0;  // from 1, in the order of appending
  base::Ppb kept;
  std::vector<uint32_t> parents;
  std::vector<uint32_t> shares;
  std::vector<uint8_t> relations;
  std::vector<AuthorShare> authors;
  // Reverse links of the edges to parents that no earlier version had, in the order of `parents`.
  std::vector<uint32_t> next_child;
  const Version* older = nullptr;     // in force before this one; null: the first split
  const Version* previous = nullptr;  // appended before this one, in force or not
};

// What the versions of one record look like now.
struct VersionHead {
  std::atomic<const void*> in_force{nullptr};  // latest in force: start of the chain by `older`
  std::atomic<const void*> appended{nullptr};  // latest appended: start of the chain by `previous`
};

struct Graph::VersionPage {
  static constexpr uint32_t kSlots = 256;
  std::array<VersionHead, kSlots> heads;
};

struct Graph::NodeSegment {
  uint32_t first_edge[kSegmentSlots];
  uint16_t edges[kSegmentSlots];
  uint32_t authors[kSegmentSlots];  // account; with kListBit: slot of the list's length
  uint8_t kind[kSegmentSlots];
  std::array<std::atomic<uint8_t>, kSegmentSlots> versioned;
  std::array<std::atomic<uint32_t>, kSegmentSlots> first_child;  // 0: none
  std::array<std::atomic<VersionPage*>, kSegmentSlots / VersionPage::kSlots> pages;
};

struct Graph::EdgeSegment {
  uint32_t parent[kSegmentSlots];
  uint32_t share[kSegmentSlots];
  uint32_t next_child[kSegmentSlots];  // the child linked to the same parent before; 0: none
  uint8_t relation[kSegmentSlots];
};

struct Graph::AuthorSegment {
  // A list is a slot whose account holds the length, and then so many authors.
  AuthorShare slots[kSegmentSlots];
};

inline constexpr uint32_t kListBit = uint32_t{1} << 31;

class Graph::Storage {
 public:
  Directory<NodeSegment> nodes;
  Directory<EdgeSegment> edges;
  Directory<AuthorSegment> authors;
  uint64_t edge_slots = 0;    // used, with the gaps at the ends of segments
  uint64_t author_slots = 0;  // the same
  std::deque<Version> versions;
  std::vector<std::unique_ptr<VersionPage>> pages;

  NodeSegment& NodeOf(uint32_t seq) const { return nodes[seq >> kSegmentBits]; }
  // Whether the record has had other versions than the first.
  bool IsVersioned(uint32_t seq) const {
    return NodeOf(seq).versioned[seq & kSegmentMask].load(std::memory_order_acquire) != 0;
  }
  // The heads of a record that has versions; null for one that has none.
  const VersionHead* HeadOf(uint32_t seq) const;
  // The first version.
  EdgeRange EdgesOf(uint32_t seq) const;
  AuthorRange AuthorsOf(uint32_t seq) const;
  Split FirstSplitOf(uint32_t seq) const;
};

inline EdgeRange Graph::Storage::EdgesOf(uint32_t seq) const {
  const NodeSegment& node = NodeOf(seq);
  const uint32_t at = seq & kSegmentMask;
  if (node.edges[at] == 0) return {};
  const EdgeSegment& columns = edges[node.first_edge[at] >> kSegmentBits];
  const uint32_t slot = node.first_edge[at] & kSegmentMask;
  return EdgeRange(columns.parent + slot, columns.share + slot, columns.relation + slot,
                   node.edges[at]);
}

inline AuthorRange Graph::Storage::AuthorsOf(uint32_t seq) const {
  const uint32_t held = NodeOf(seq).authors[seq & kSegmentMask];
  if ((held & kListBit) == 0) return AuthorRange(base::AccountIndex(held));
  const uint32_t start = held & ~kListBit;
  const AuthorShare* slots = authors[start >> kSegmentBits].slots + (start & kSegmentMask);
  return AuthorRange(std::span<const AuthorShare>(slots + 1, slots[0].account.value()));
}

inline Split Graph::Storage::FirstSplitOf(uint32_t seq) const {
  Split split{EdgesOf(seq), base::Ppb(), AuthorsOf(seq), 0, IsVersioned(seq)};
  uint32_t kept = base::kPpbOne;
  for (size_t i = 0; i < split.edges.size(); ++i) kept -= split.edges.shares()[i];
  split.kept = base::Ppb(kept);
  return split;
}

// The first of `count` slots in a row that do not straddle two segments, at or after `used`.
inline uint64_t RunStart(uint64_t used, uint64_t count) {
  const uint64_t room = kSegmentSlots - (used & kSegmentMask);
  return count <= room ? used : used + room;
}

}  // namespace tributary::lineage

#endif  // TRIBUTARY_LINEAGE_SEGMENTS_H_
