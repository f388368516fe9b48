#include "tributary/merkle/verify.h"

#include <bit>
#include <string>

#include "crypto/hash.h"

namespace tributary::merkle {
namespace {

using base::Hash;
using base::Reject;
using base::RejectionCode;

base::Rejection WrongLength(size_t hashes) {
  return Reject(RejectionCode::kProofLength, "proof", std::to_string(hashes) + " hashes");
}

base::Verdict RequireEmpty(std::span<const Hash> proof) {
  if (!proof.empty()) return WrongLength(proof.size());
  return std::nullopt;
}

// Where a verifier stands on its way up: `node` is its node's number within the level, `last` the
// number of the level's last node.
struct Position {
  uint64_t node;
  uint64_t last;

  bool AtRoot() const { return last == 0; }
  // The next proof hash stands to the left of ours (or we are the level's lone last node, and our
  // sibling is further up, to the left too).
  bool SiblingIsLeft() const { return (node & 1) != 0 || node == last; }
  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // A lone last node is its own parent; skip to the level on which it has a sibling.
  void SkipLoneLevels() {
    while (node != 0 && (node & 1) == 0) Up();
  }
  void SkipRightChildren() {
    while ((node & 1) != 0) Up();
  }
};

base::Verdict CheckBetween(uint64_t m, uint64_t n, const Hash& root_m, const Hash& root_n,
                           std::span<const Hash> proof) {
  if (proof.empty() || proof.size() > kProofHashesMax) return WrongLength(proof.size());
  Position at{m - 1, n - 1};
  at.SkipRightChildren();
  // The old root of a complete tree is not in the proof: it is what we have.
  const bool complete = std::has_single_bit(m);
  const Hash first = complete ? root_m : proof.front();
  Hash old_root = first;
  Hash new_root = first;
  for (const Hash& sibling : proof.subspan(complete ? 0 : 1)) {
    if (at.AtRoot()) return WrongLength(proof.size());
    if (at.SiblingIsLeft()) {
      old_root = crypto::NodeHash(sibling, old_root);
      new_root = crypto::NodeHash(sibling, new_root);
      at.SkipLoneLevels();
    } else {
      new_root = crypto::NodeHash(new_root, sibling);
    }
    at.Up();
  }
  if (!at.AtRoot()) return WrongLength(proof.size());
  if (old_root != root_m) return Reject(RejectionCode::kProofMismatch, "root_m");
  if (new_root != root_n) return Reject(RejectionCode::kProofMismatch, "root_n");
  return std::nullopt;
}

}  // namespace

Hash EmptyRoot() {
  static constexpr Hash kEmptyRoot{{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
                                    0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
                                    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
                                    0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};
  return kEmptyRoot;
}

base::Checked<Hash> RootFromInclusion(uint64_t index, uint64_t size, const Hash& leaf,
                                      std::span<const Hash> proof) {
  if (size > kTreeSizeMax) return Reject(RejectionCode::kProofRange, "size");
  if (index >= size) return Reject(RejectionCode::kProofRange, "index");
  if (proof.size() > kProofHashesMax) return WrongLength(proof.size());
  Position at{index, size - 1};
  Hash root = leaf;
  for (const Hash& sibling : proof) {
    if (at.AtRoot()) return WrongLength(proof.size());
    if (at.SiblingIsLeft()) {
      root = crypto::NodeHash(sibling, root);
      at.SkipLoneLevels();
    } else {
      root = crypto::NodeHash(root, sibling);
    }
    at.Up();
  }
  if (!at.AtRoot()) return WrongLength(proof.size());
  return root;
}

base::Verdict VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf,
                              std::span<const Hash> proof, const Hash& root) {
  const auto led_to = RootFromInclusion(index, size, leaf, proof);
  if (!led_to) return led_to.rejection();
  if (*led_to != root) return Reject(RejectionCode::kProofMismatch, "root");
  return std::nullopt;
}

base::Verdict VerifyConsistency(uint64_t m, uint64_t n, const Hash& root_m, const Hash& root_n,
                                std::span<const Hash> proof) {
  if (n > kTreeSizeMax) return Reject(RejectionCode::kProofRange, "n");
  if (m > n) return Reject(RejectionCode::kProofRange, "m");
  if (m != 0 && m != n) return CheckBetween(m, n, root_m, root_n, proof);
  if (auto verdict = RequireEmpty(proof)) return verdict;
  if (m == 0 && root_m != EmptyRoot()) return Reject(RejectionCode::kProofMismatch, "root_m");
  if (m == n && root_n != root_m) return Reject(RejectionCode::kProofMismatch, "root_n");
  return std::nullopt;
}

}  // namespace tributary::merkle
