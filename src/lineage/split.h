// How a record divides what reaches it: lines to its parents, what its authors keep, and the
// authors.
#ifndef TRIBUTARY_LINEAGE_SPLIT_H_
#define TRIBUTARY_LINEAGE_SPLIT_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "tributary/base/types.h"

namespace tributary::lineage {

// One line from a record to a parent. `relation` is the number of tributary.v1.Relation; this row
// does not interpret it.
struct Edge {
  base::RecordSeq parent;
  base::Ppb share;
  uint8_t relation = 0;
  friend bool operator==(const Edge&, const Edge&) = default;
};

// One author's part of what the authors of a record receive together.
struct AuthorShare {
  base::AccountIndex account;
  base::Ppb share;
  friend bool operator==(const AuthorShare&, const AuthorShare&) = default;
};

// Iterates a range by position; elements are values.
template <class Range>
class IndexIterator {
 public:
  IndexIterator(const Range* range, size_t index) : range_(range), index_(index) {}
  auto operator*() const { return (*range_)[index_]; }
  IndexIterator& operator++() {
    ++index_;
    return *this;
  }
  friend bool operator==(const IndexIterator& a, const IndexIterator& b) {
    return a.index_ == b.index_;
  }

 private:
  const Range* range_;
  size_t index_;
};

// The edges of one version of a record, in the order in which they were given.
// Ownership: a view into the Graph; valid as long as the graph.
class EdgeRange {
 public:
  EdgeRange() = default;
  EdgeRange(const uint32_t* parents, const uint32_t* shares, const uint8_t* relations, size_t size)
      : parents_(parents), shares_(shares), relations_(relations), size_(size) {}
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Edge operator[](size_t i) const {
    return Edge{base::RecordSeq(parents_[i]), base::Ppb(shares_[i]), relations_[i]};
  }
  // The columns, for loops that must be fast.
  const uint32_t* parents() const { return parents_; }
  const uint32_t* shares() const { return shares_; }
  auto begin() const { return IndexIterator<EdgeRange>(this, 0); }
  auto end() const { return IndexIterator<EdgeRange>(this, size_); }

 private:
  const uint32_t* parents_ = nullptr;
  const uint32_t* shares_ = nullptr;
  const uint8_t* relations_ = nullptr;
  size_t size_ = 0;
};

// The authors of one version of a record; their shares add up to 10^9.
// Ownership: a view into the Graph, except for a single author, which it holds itself.
class AuthorRange {
 public:
  AuthorRange() = default;
  explicit AuthorRange(base::AccountIndex only) : only_{only, base::Ppb(base::kPpbOne)}, size_(1) {}
  explicit AuthorRange(std::span<const AuthorShare> list)
      : list_(list.data()), size_(list.size()) {}
  size_t size() const { return size_; }
  AuthorShare operator[](size_t i) const { return list_ ? list_[i] : only_; }
  auto begin() const { return IndexIterator<AuthorRange>(this, 0); }
  auto end() const { return IndexIterator<AuthorRange>(this, size_); }
  friend bool operator==(const AuthorRange& a, const AuthorRange& b) {
    if (a.size_ != b.size_) return false;
    for (size_t i = 0; i < a.size_; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }

 private:
  const AuthorShare* list_ = nullptr;
  AuthorShare only_;
  size_t size_ = 0;
};

// One version of a record's shares. The edges' shares and `kept` add up to 10^9.
struct Split {
  EdgeRange edges;
  base::Ppb kept;  // what the record's authors keep
  AuthorRange authors;
  uint32_t version = 0;    // 0: as admitted; else as returned by AppendVersion
  bool versioned = false;  // the record has had other versions than the first
};

}  // namespace tributary::lineage

#endif  // TRIBUTARY_LINEAGE_SPLIT_H_
