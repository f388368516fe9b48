#include "api/streams.h"

#include <algorithm>

#include "api/encode.h"
#include "api/handlers.h"
#include "api/resolve.h"
#include "api/stream_reader.h"

namespace tributary::api {
namespace {

constexpr uint64_t kEntriesAtATime = 256;
constexpr uint64_t kBytesAtATime = 256u << 10;
constexpr int kCreditLinesMax = 10'000;

class EntryStream : public StreamReader<v1::Entry> {
 public:
  EntryStream(node::Ledger& ledger, const v1::StreamEntriesRequest& request)
      : StreamReader(ledger, request.follow()),
        next_(request.first()),
        end_(request.follow() ? UINT64_MAX : ledger.view()->log_size()) {}

 protected:
  grpc::Status Read(const node::ReadView& view, std::deque<v1::Entry>* to, bool*) override {
    const uint64_t end = std::min(end_, view.log_size());
    if (next_ >= end) return grpc::Status::OK;
    const absl::Status status = view.snapshot().ReadEntries(
        base::EntryIndex(next_), std::min(kEntriesAtATime, end - next_), kBytesAtATime,
        [this, to](base::EntryIndex index, std::string_view data) {
          v1::Entry& entry = to->emplace_back();
          entry.set_index(index.value());
          EncodeEntry(data, &entry);
          next_ = index.value() + 1;
          return true;
        });
    return FaultStatus(status);
  }

 private:
  uint64_t next_;
  const uint64_t end_;
};

class CreditStream : public StreamReader<v1::CreditBatch> {
 public:
  CreditStream(node::Ledger& ledger, LineageCache& lineages, uint64_t settlements_max,
               const v1::StreamCreditsRequest& request)
      : StreamReader(ledger, request.follow()),
        lineages_(lineages),
        settlements_max_(settlements_max),
        next_(request.first_settlement()),
        end_(request.follow() ? UINT64_MAX : ledger.view()->chain().settlements) {}

  grpc::Status Resolve(const v1::StreamCreditsRequest& request) {
    ReadContext c(ledger().view(), lineages_);
    TRIBUTARY_API_RETURN_IF_ERROR(api::Resolve(c, request.account(), "account", &account_));
    if (request.currency().empty()) return grpc::Status::OK;
    currency_.emplace();
    return ResolveCurrency(c, request.currency(), &*currency_);
  }

 protected:
  // One message at a time, for it may be large. A settlement without credits of the account makes
  // none.
  grpc::Status Read(const node::ReadView&, std::deque<v1::CreditBatch>* to, bool* more) override {
    ReadContext c(ledger().view(), lineages_);
    const uint64_t end = std::min(end_, c.view().chain().settlements);
    const uint64_t stop = next_ + std::min(end - std::min(next_, end), settlements_max_);
    while (next_ < stop && to->empty()) {
      TRIBUTARY_API_RETURN_IF_ERROR(AddSettlement(c, next_, to));
      TRIBUTARY_API_RETURN_IF_ERROR(FaultStatus(c.status()));
      ++next_;
    }
    *more = next_ < end;
    return grpc::Status::OK;
  }

 private:
  grpc::Status AddSettlement(ReadContext& c, uint64_t number, std::deque<v1::CreditBatch>* to) {
    const auto summary = c.view().snapshot().SettlementByNumber(number);
    if (!summary.ok()) return FaultStatus(summary.status());
    if (!summary->has_value()) return grpc::Status::OK;
    if (currency_ && (*summary)->currency != *currency_) return grpc::Status::OK;
    const state::CurrencyRow& currency = c.Currency((*summary)->currency);
    v1::CreditBatch batch;
    base::Atoms total, folded;
    const auto visit = [&](const state::Credit& credit) {
      total += credit.amount;
      if (batch.lines_size() >= kCreditLinesMax) {
        folded += credit.amount;
        return true;
      }
      v1::CreditLine* line = batch.add_lines();
      line->set_record(AsString(c.view().Record(credit.record).id));
      line->set_sequence(credit.record.value());
      EncodeAmount(credit.amount, currency, line->mutable_amount());
      EncodeAmount(credit.royalty, currency, line->mutable_royalties());
      return true;
    };
    const absl::Status status = c.view().snapshot().CreditsOfAccount(number, account_, visit);
    if (!status.ok()) return FaultStatus(status);
    if (batch.lines_size() == 0) return grpc::Status::OK;
    batch.set_settlement(number);
    batch.set_epoch((*summary)->epoch.value());
    batch.set_currency(std::string(node::CurrencyCode(currency)));
    batch.set_height((*summary)->height.value());
    EncodeAmount(total, currency, batch.mutable_total());
    EncodeAmount(folded, currency, batch.mutable_folded());
    to->push_back(std::move(batch));
    return grpc::Status::OK;
  }

  LineageCache& lineages_;
  const uint64_t settlements_max_;
  base::AccountIndex account_;
  std::optional<base::CurrencyIndex> currency_;
  uint64_t next_;
  const uint64_t end_;
};

}  // namespace

grpc::ServerWriteReactor<v1::Entry>* StartStreamEntries(node::Ledger& ledger, CommitFanout& fanout,
                                                        StreamSlots& slots,
                                                        const v1::StreamEntriesRequest& request) {
  const auto stream = std::make_shared<EntryStream>(ledger, request);
  const bool beyond = request.first() > ledger.view()->log_size();
  stream->Begin(fanout, slots,
                beyond ? BadRequest("first", "beyond the end of the log") : grpc::Status::OK);
  return stream.get();
}

grpc::ServerWriteReactor<v1::CreditBatch>* StartStreamCredits(
    node::Ledger& ledger, CommitFanout& fanout, StreamSlots& slots, LineageCache& lineages,
    const v1::StreamCreditsRequest& request) {
  const auto stream =
      std::make_shared<CreditStream>(ledger, lineages, slots.limits().settlements_max, request);
  stream->Begin(fanout, slots, stream->Resolve(request));
  return stream.get();
}

}  // namespace tributary::api
