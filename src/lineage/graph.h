// The contribution graph in memory: who contributed, from which parents, with which shares.
//
// Append-only. Nodes, edges and author lists stand in segments of 65,536 that never move, so there
// is no growing vector, no spike, and readers take no lock. Memory: 16 bytes per record, 13 per
// edge (with the link that lets descendants be walked), nothing for a single author, 8 per
// co-author.
//
// A record's number is its position, and every parent has a lower number than its children: the
// sequence is a topological order and cycles cannot exist.
//
// Versions: a record starts with the split it was appended with. AppendVersion gives it another one
// from an epoch on; the split in force in epoch e is that of the latest appended version among
// those effective at or before e.
//
// Thread safety: one writer (Append, AppendVersion, DropVersions, Publish). Any number of readers
// at the same time, for records below the size() that they have read. A version is visible to
// readers as soon as AppendVersion returns; records when Publish does.
#ifndef TRIBUTARY_LINEAGE_GRAPH_H_
#define TRIBUTARY_LINEAGE_GRAPH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lineage/split.h"
#include "tributary/base/check.h"
#include "tributary/base/types.h"

namespace tributary::lineage {

// Limits of what a Graph can address.
inline constexpr uint64_t kRecordsMax = (uint64_t{1} << 32) - 1;
inline constexpr uint64_t kEdgeSlotsMax = uint64_t{1} << 32;
// Rows of edges and of authors that always fit, however they fall: a run of edges (at most 1,024)
// or a list of authors (at most 64, and one slot for its length; a single author takes none) never
// straddles two segments. What admits input goes by these; a graph holds a little more.
inline constexpr uint64_t kEdgeRowsMax = kEdgeSlotsMax - (uint64_t{1} << 27);
inline constexpr uint64_t kAuthorRowsMax = uint64_t{1} << 30;
inline constexpr uint64_t kAccountsMax = uint64_t{1} << 31;
inline constexpr size_t kEdgesPerRecordMax = 65'535;

// A version of a record's shares as it is appended. Requires: the edges' shares add up to
// pass_through; each is 1..10^9, or all are 0 where pass_through is; no parent twice; parents lower
// than the record; authors not empty and their shares add up to 10^9; at most kEdgesPerRecordMax
// edges and authors.
struct NodeSpec {
  uint8_t kind = 0;  // number of tributary.v1.RecordKind; ignored by AppendVersion
  base::Ppb pass_through;
  std::span<const Edge> edges;
  std::span<const AuthorShare> authors;
};

class Graph {
 public:
  Graph();
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  // Whether a record with so many edges and authors can still be appended: always, while all of
  // them together are within kRecordsMax, kEdgeRowsMax and kAuthorRowsMax. Input beyond that is
  // refused with kChainFull by whoever admits it; Append itself checks.
  bool HasRoomFor(size_t edges, size_t authors) const;
  // Writer. Adds a record and returns its number, appended() before the call. Readers do not see it
  // before Publish. A spec that breaks what it requires is a bug: the program ends.
  base::RecordSeq Append(const NodeSpec& spec);
  // Writer. From `effective` on, until a version appended later says otherwise, `seq` has this
  // split; versions that were to take effect at `effective` or later are superseded. The parents
  // may differ from those of other versions. Returns the version's number: 1 for the first one
  // appended to this record, then 2 and so on. A graph that is rebuilt appends (and drops) them in
  // the same order.
  uint32_t AppendVersion(base::RecordSeq seq, base::Epoch effective, const NodeSpec& spec);
  // Writer. Takes back every version of `seq` that takes effect at `from` or later; what was in
  // force before goes on. (An amendment withdrawn before it took effect.)
  void DropVersions(base::RecordSeq seq, base::Epoch from);
  // Writer. Makes all appended records visible to readers: size() becomes appended().
  void Publish();

  // Number of published records; what a reader may ask about.
  uint64_t size() const { return published_.load(std::memory_order_acquire); }
  // Writer. Number of records including those not yet published.
  uint64_t appended() const { return appended_; }
  // Number of edges of all versions, published or not.
  uint64_t edge_count() const { return edge_count_.load(std::memory_order_relaxed); }

  // All below require: seq < size(), or < appended() on the writer's thread.
  uint8_t KindOf(base::RecordSeq seq) const;
  // Everything about the split at once; cheaper than one accessor after the other.
  Split SplitOf(base::RecordSeq seq, base::Epoch epoch) const;
  EdgeRange EdgesOf(base::RecordSeq seq, base::Epoch epoch) const;
  AuthorRange AuthorsOf(base::RecordSeq seq, base::Epoch epoch) const;
  base::Ppb KeptOf(base::RecordSeq seq, base::Epoch epoch) const;
  // By the number of a version, also of one that is no longer in force. Requires: it was appended.
  Split SplitOfVersion(base::RecordSeq seq, uint32_t version) const;
  // As the record was admitted.
  Split SplitOf(base::RecordSeq seq) const;
  EdgeRange EdgesOf(base::RecordSeq seq) const;
  AuthorRange AuthorsOf(base::RecordSeq seq) const;
  base::Ppb KeptOf(base::RecordSeq seq) const;

  bool HasVersions(base::RecordSeq seq) const;
  // Epochs at which the split of `seq` changes, ascending; empty for most records.
  std::vector<base::Epoch> ChangesOf(base::RecordSeq seq) const;

  // Records that have `seq` as a parent in some version, also in one that is superseded or not yet
  // in force (ask EdgesOf); each once, the latest linked first. Iteration costs the number of edges
  // of each child.
  class Children;
  Children ChildrenOf(base::RecordSeq seq) const;

  // The storage itself, for passes over the whole graph; lineage/segments.h has its inline
  // accessors.
  class Storage;
  const Storage& storage() const { return *storage_; }

  // Bytes of memory held, for metrics. Any thread.
  uint64_t MemoryBytes() const { return memory_bytes_.load(std::memory_order_relaxed); }

 private:
  struct NodeSegment;
  struct EdgeSegment;
  struct AuthorSegment;
  struct Version;
  struct VersionPage;
  friend class Children;

  // The child that was linked to `parent` before `child` was; 0 = none (record 0 has no parent).
  uint32_t NextChild(uint32_t parent, uint32_t child) const;
  uint32_t FirstChild(uint32_t parent) const;
  // Whether `child` stands in the list of children of `parent`.
  bool IsLinked(uint32_t parent, uint32_t child) const;
  static Split SplitOfOne(const Version& version);
  const Version* VersionAt(uint32_t seq, base::Epoch epoch) const;
  void CheckSpec(uint32_t seq, const NodeSpec& spec) const;

  std::unique_ptr<Storage> storage_;
  uint64_t appended_ = 0;
  std::atomic<uint64_t> published_{0};
  std::atomic<uint64_t> edge_count_{0};
  std::atomic<uint64_t> memory_bytes_{0};
};

// A forward range over child records: for (base::RecordSeq child : graph.ChildrenOf(seq)).
class Graph::Children {
 public:
  struct Sentinel {};
  class Iterator {
   public:
    Iterator(const Graph* graph, uint32_t parent, uint32_t child, uint64_t size)
        : graph_(graph), parent_(parent), child_(child), size_(size) {
      SkipUnpublished();
    }
    base::RecordSeq operator*() const { return base::RecordSeq(child_); }
    Iterator& operator++() {
      child_ = graph_->NextChild(parent_, child_);
      SkipUnpublished();
      return *this;
    }
    friend bool operator==(const Iterator& a, Sentinel) { return a.child_ == 0; }

   private:
    void SkipUnpublished() {
      while (child_ != 0 && child_ >= size_) child_ = graph_->NextChild(parent_, child_);
    }
    const Graph* graph_;
    uint32_t parent_;
    uint32_t child_;
    uint64_t size_;
  };
  Children(const Graph* graph, uint32_t parent, uint64_t size)
      : graph_(graph), parent_(parent), size_(size) {}
  Iterator begin() const { return Iterator(graph_, parent_, graph_->FirstChild(parent_), size_); }
  Sentinel end() const { return {}; }

 private:
  const Graph* graph_;
  uint32_t parent_;
  uint64_t size_;
};

}  // namespace tributary::lineage

#endif  // TRIBUTARY_LINEAGE_GRAPH_H_
