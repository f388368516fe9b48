// What a handler of a read has at hand: the view, and readers that remember what they read last.
#ifndef TRIBUTARY_API_READ_CONTEXT_H_
#define TRIBUTARY_API_READ_CONTEXT_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "api/lineage_shares.h"
#include "codec/header.h"
#include "codec/ledger.h"
#include "lineage/walk.h"
#include "node/read_view.h"
#include "tributary/base/types.h"

namespace tributary::api {

// One request's view of the ledger.
// Errors: what cannot be read shows as empty or zero, and status() is not ok from then on; whoever
// answers asks it first.
// Thread safety: none; one per request.
class ReadContext {
 public:
  // `lineages` and `stop` outlive the context. `stop` says that who asked has gone; null: never.
  ReadContext(std::shared_ptr<const node::ReadView> view, LineageCache& lineages,
              const lineage::StopSignal* stop = nullptr)
      : view_(std::move(view)), lineages_(lineages), stop_(stop) {}
  ReadContext(const ReadContext&) = delete;
  ReadContext& operator=(const ReadContext&) = delete;

  const node::ReadView& view() const { return *view_; }
  const lineage::Graph& graph() const { return view_->graph(); }
  LineageCache& lineages() { return lineages_; }
  const lineage::StopSignal* stop() const { return stop_; }
  bool IsStopped() const { return stop_ != nullptr && stop_->IsStopped(); }
  base::Epoch epoch() const { return base::Epoch(view_->chain().epoch); }

  // The exact bytes of a record; valid as long as the context.
  base::Bytes RecordBytes(base::RecordSeq seq);
  // What people call it: its external id, else its title, else the start of its id.
  std::string RecordName(base::RecordSeq seq);
  // Its id and name.
  RecordNames::Named Named(base::RecordSeq seq);
  std::string Handle(base::AccountIndex account);
  const state::CurrencyRow& Currency(base::CurrencyIndex currency);

  // The header of a block.
  codec::BlockHeader Header(base::Height height);
  base::Height HeightOf(base::EntryIndex entry);

  // A decoded transaction of the log; nullptr where the entry is none.
  // Valid until the next call of this or of Signers.
  const codec::TransactionBody* Transaction(base::EntryIndex entry);
  // Who signed it, in the order of the signatures; nobody where the entry is no transaction.
  std::vector<base::AccountId> Signers(base::EntryIndex entry);

  // Ok while everything could be read.
  absl::Status status() const;
  void Fail(const absl::Status& status);

 private:
  struct Decoded {
    std::string entry;
    codec::SignedTransaction envelope;
    codec::TransactionBody body;
  };
  static constexpr size_t kDecodedMax = 64;

  const Decoded* Decode(base::EntryIndex entry);
  // nullptr where it cannot be read. Valid until the next call.
  const std::string* Entry(base::EntryIndex entry);

  std::shared_ptr<const node::ReadView> view_;
  LineageCache& lineages_;
  const lineage::StopSignal* const stop_;
  absl::Status status_;
  std::map<uint64_t, std::unique_ptr<Decoded>> decoded_;  // by entry
  std::map<uint64_t, std::string> entries_;
  std::map<uint32_t, std::string> record_bytes_;
  std::map<uint32_t, std::string> handles_;
  std::map<uint16_t, state::CurrencyRow> currencies_;
  std::map<uint64_t, codec::BlockHeader> headers_;
};

}  // namespace tributary::api

#endif  // TRIBUTARY_API_READ_CONTEXT_H_
