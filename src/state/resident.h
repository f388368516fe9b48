// What is kept in memory of the committed state: everything here is derived from the pages and the
// log's right edge, is rebuilt when a store is opened, and is not hashed itself.
#ifndef TRIBUTARY_STATE_RESIDENT_H_
#define TRIBUTARY_STATE_RESIDENT_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "codec/header.h"
#include "lineage/graph.h"
#include "merkle/log_tree.h"
#include "merkle/table_tree.h"
#include "state/effects.h"
#include "state/identity_table.h"
#include "state/page_source.h"
#include "state/root_tree.h"
#include "state/tables.h"
#include "state/terms_book.h"

namespace tributary::state {

// Something due at a time, in the order in which it is dealt with.
struct DueItem {
  uint64_t due_ms;
  DueKind kind;
  uint64_t row;  // of kDue
  friend auto operator<=>(const DueItem&, const DueItem&) = default;
};

// The resident part of the state at one height.
//
// Thread safety: const members may run in parallel with each other, not with Apply. The graph may
// be read during Apply: it is append-only and publishes its size.
class Resident {
 public:
  // `tag_key` keys the identity tables: random and secret for each process, so that nobody can look
  // for keys that collide. Nothing committed depends on it.
  explicit Resident(const TagKey& tag_key);
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;

  // Reads every page of `pages`, builds trees and tables, and compares the state root with the last
  // header's. `header_bytes` is the last header entry; `log` the tree of all entries including it.
  // Errors: DataLoss names the table and row, or the root, that does not fit.
  // `progress`, if set, is called with (pages read so far, tables read so far).
  absl::Status Rebuild(const PageSource& pages, std::string header_bytes, merkle::LogTree log,
                       const std::function<void(uint64_t, uint64_t)>& progress = {});

  // Takes in a block that is durable. Requires: `effects` was made on this very state.
  void Apply(const BlockEffects& effects);

  bool empty() const { return header_bytes_.empty(); }  // no genesis yet
  const codec::BlockHeader& header() const { return header_; }
  const std::string& header_bytes() const { return header_bytes_; }
  const base::Hash& header_hash() const { return header_hash_; }
  const lineage::Graph& graph() const { return *graph_; }
  const TermsBook& terms() const { return terms_; }
  const merkle::LogTree& log() const { return log_; }

  std::optional<uint64_t> Find(Identity kind, const base::Hash& key) const;
  // The same where the key's tag under tag_key() is at hand.
  std::optional<uint64_t> FindTag(Identity kind, const Tag96& tag) const;
  uint64_t RowCount(TableId table) const;
  // nullptr where the table has no rows.
  const merkle::TableTree* Tree(TableId table) const;
  // Root over all tables at this height.
  base::Hash StateRoot() const { return roots_.StateRoot(); }
  const RootTree& roots() const { return roots_; }
  const std::set<DueItem>& due() const { return due_; }
  // Rows of kDisputed with a case whose pot has not been paid out.
  const std::set<uint64_t>& contested() const { return contested_; }
  const std::set<StatementItem>& statements() const { return statements_; }
  // Balances that wait for an automatic payout, by currency and account.
  struct RipeBalance {
    uint16_t currency;
    uint32_t account;
    friend auto operator<=>(const RipeBalance&, const RipeBalance&) = default;
  };
  const std::set<RipeBalance>& ripe() const { return ripe_; }
  const TagKey& tag_key() const { return tag_key_; }
  uint64_t MemoryBytes() const;

 private:
  friend class Overlay;
  struct Table {
    uint64_t row_count = 0;
    merkle::TableTree tree;
  };

  absl::Status ReadTable(const PageSource& pages, TableId table);
  absl::Status ReadRowIdentities(TableId table, uint64_t row, const uint8_t* bytes);
  absl::Status AddIdentity(TableId table, uint64_t row, Identity kind, const base::Hash& key,
                           uint64_t value);
  absl::Status BuildGraph(const PageSource& pages);
  absl::Status BuildTerms(const PageSource& pages);
  base::Hash RootOf(TableId table) const;
  absl::Status BuildVersions(const PageSource& pages);
  void ApplyTables(const BlockEffects& effects);
  void ApplyDue(const BlockEffects& effects);
  void ApplyDisputed(const BlockEffects& effects);
  void NoteDisputed(uint64_t row, const uint8_t* bytes);
  void ApplyStatements(const BlockEffects& effects);
  void ApplyRipe(const BlockEffects& effects);
  void ApplyVersion(const BlockEffects& effects, const VersionChange& change);
  void SetHeader(std::string header_bytes);

  TagKey tag_key_;
  std::map<TableId, Table> tables_;
  RootTree roots_;
  std::array<IdentityTable, kIdentities> identities_;
  std::set<DueItem> due_;
  std::set<uint64_t> contested_;
  std::set<StatementItem> statements_;
  std::set<RipeBalance> ripe_;
  std::unique_ptr<lineage::Graph> graph_;
  TermsBook terms_;
  merkle::LogTree log_;
  codec::BlockHeader header_;
  std::string header_bytes_;
  base::Hash header_hash_;
};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_RESIDENT_H_
