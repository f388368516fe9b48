#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "api/statement_period.h"

namespace tributary::api {
namespace {

constexpr uint64_t kSettlementsScannedMax = 20'000;

void EncodeSettlement(ReadContext& c, uint64_t number, const index::SettlementSummary& one,
                      v1::Settlement* to) {
  const state::CurrencyRow& currency = c.Currency(one.currency);
  to->set_number(number);
  to->set_epoch(one.epoch.value());
  to->set_currency(std::string(node::CurrencyCode(currency)));
  EncodeAmount(one.gross, currency, to->mutable_gross());
  EncodeAmount(one.fee, currency, to->mutable_fee());
  EncodeAmount(one.credited, currency, to->mutable_credited());
  EncodeSignedAmount(one.dust_change, currency, to->mutable_dust_change());
  to->set_records(one.records_touched);
  to->set_credits(one.credits);
  to->set_height(one.height.value());
  to->set_time_ms(c.Header(one.height).time_ms.value());
  EncodeAmount(one.netted, currency, to->mutable_netted());
  to->set_of_pot(one.pot_case != state::kNone32);
  if (to->of_pot()) to->set_case_number(one.pot_case);
  EncodeAmount(one.released, currency, to->mutable_released());
  EncodeSignedAmount(one.escrow_change, currency, to->mutable_held_change());
}

void EncodeSource(ReadContext& c, const state::Source& source, const index::SettlementSummary& one,
                  v1::SettlementSource* to) {
  const state::CurrencyRow& currency = c.Currency(one.currency);
  const bool of_pot = one.pot_case != state::kNone32;
  const base::Atoms beside_net = source.inflow - source.net;
  to->set_record(AsString(c.view().Record(source.record).id));
  to->set_record_name(c.RecordName(source.record));
  to->set_sequence(source.record.value());
  EncodeAmount(source.gross, currency, to->mutable_gross());
  EncodeAmount(source.fee, currency, to->mutable_fee());
  EncodeAmount(source.net, currency, to->mutable_net());
  EncodeAmount(of_pot ? base::Atoms() : beside_net, currency, to->mutable_attributed());
  EncodeAmount(of_pot ? beside_net : base::Atoms(), currency, to->mutable_released());
  EncodeAmount(source.royalties, currency, to->mutable_royalties());
  const GrossUses uses = UsesOf(c, source, one.epoch);
  EncodeAmount(uses.royalties, currency, to->mutable_royalties_owed());
  EncodeAmount(uses.attributed, currency, to->mutable_directed());
  EncodeAmount(source.netted, currency, to->mutable_netted());
}

}  // namespace

grpc::Status GetSettlement(ReadContext& c, const v1::GetSettlementRequest& q,
                           v1::GetSettlementResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  const auto summary = c.view().snapshot().SettlementByNumber(q.number());
  if (!summary.ok()) return FaultStatus(summary.status());
  if (!summary->has_value()) {
    return NotFound("there is no settlement " + std::to_string(q.number()) + "; there are " +
                    std::to_string(c.view().chain().settlements) + ", from 0");
  }
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('g', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > UINT32_MAX) return BadRequest("page_token", "not a token of this method");
  EncodeSettlement(c, q.number(), **summary, r->mutable_settlement());
  const auto page = static_cast<int>(PageSize(q.page_size()));
  const auto visit = [&](const state::Source& source) {
    if (r->sources_size() >= page) {
      r->set_next_page_token(MakeToken(query, {source.record.value()}));
      return false;
    }
    EncodeSource(c, source, **summary, r->add_sources());
    return true;
  };
  const base::RecordSeq from(static_cast<uint32_t>(token[0]));
  const absl::Status status = c.view().snapshot().SourcesOfSettlement(q.number(), from, visit);
  return status.ok() ? grpc::Status::OK : FaultStatus(status);
}

grpc::Status ListSettlements(ReadContext& c, const v1::ListSettlementsRequest& q,
                             v1::ListSettlementsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::CurrencyIndex currency;
  if (!q.currency().empty()) {
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
  }
  const uint64_t count = c.view().chain().settlements;
  std::vector<uint64_t> token = {count};
  const PageQuery query = QueryOf('n', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  const auto page = static_cast<int>(PageSize(q.page_size()));
  uint64_t scanned = 0;
  for (uint64_t end = std::min(token[0], count); end > 0; --end, ++scanned) {
    if (r->settlements_size() >= page || scanned >= kSettlementsScannedMax) {
      r->set_next_page_token(MakeToken(query, {end}));
      break;
    }
    const auto summary = c.view().snapshot().SettlementByNumber(end - 1);
    if (!summary.ok()) return FaultStatus(summary.status());
    if (!summary->has_value()) continue;
    if (!q.currency().empty() && (*summary)->currency != currency) continue;
    EncodeSettlement(c, end - 1, **summary, r->add_settlements());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
