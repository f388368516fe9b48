#include <algorithm>
#include <map>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/lineage_shares.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kSettlementsMax = 200'000;  // looked through for one answer
constexpr int kAssetsMax = 20;
constexpr lineage::WalkLimits kAssetWalk{2'000, 50'000};
constexpr int kAssetWalksMax = 200;  // records of a page for which assets are looked for

struct Source {
  base::RecordSeq record;
  base::Atoms amount;
  base::Atoms royalties;
  base::Atoms of_pots;
  uint64_t settlements = 0;
  uint64_t first_epoch = 0;
  uint64_t last_epoch = 0;
};

// All credits of the account, by record, largest first.
grpc::Status Collect(ReadContext& c, base::AccountIndex account, base::CurrencyIndex currency,
                     std::vector<Source>* to) {
  const storage::ReadSnapshot& snapshot = c.view().snapshot();
  const uint64_t settlements = c.view().chain().settlements;
  if (settlements > kSettlementsMax) {
    return LimitReached("more than 200,000 settlements: use GetStatement, page by page");
  }
  std::map<base::RecordSeq, Source> sums;
  for (uint64_t number = 0; number < settlements; ++number) {
    const auto summary = snapshot.SettlementByNumber(number);
    if (!summary.ok()) return FaultStatus(summary.status());
    if (!summary->has_value() || (*summary)->currency != currency) continue;
    const uint64_t epoch = (*summary)->epoch.value();
    const bool of_pot = (*summary)->pot_case != state::kNone32;
    const auto visit = [&sums, epoch, of_pot](const state::Credit& credit) {
      Source& source = sums[credit.record];
      if (source.settlements == 0) source.first_epoch = epoch;
      source.record = credit.record;
      source.amount += credit.amount;
      source.royalties += credit.royalty;
      if (of_pot) source.of_pots += credit.amount;
      source.last_epoch = epoch;
      ++source.settlements;
      return true;
    };
    const absl::Status status = snapshot.CreditsOfAccount(number, account, visit);
    if (!status.ok()) return FaultStatus(status);
  }
  for (const auto& sum : sums) to->push_back(sum.second);
  std::sort(to->begin(), to->end(), [](const Source& a, const Source& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.record < b.record;
  });
  return grpc::Status::OK;
}

bool HasEarned(ReadContext& c, base::RecordSeq asset, base::CurrencyIndex currency) {
  bool earned = false;
  const auto visit = [&](base::Height, const std::vector<index::EventLine>& events) {
    earned = std::any_of(events.begin(), events.end(), [currency](const index::EventLine& event) {
      return event.currency == currency;
    });
    return !earned;
  };
  const absl::Status status = c.view().snapshot().EventsOfAsset(asset, base::Height(0), visit);
  if (!status.ok()) c.Fail(status);
  return earned;
}

void AddAsset(ReadContext& c, base::RecordSeq asset, uint64_t share_e18, v1::RecordCredit* to) {
  v1::AssetSource* source = to->add_assets();
  source->set_record(AsString(c.view().Record(asset).id));
  source->set_record_name(c.RecordName(asset));
  source->set_share_e18(std::to_string(share_e18));
}

// Assets that earn and from which the record is reached, most derived first.
void EncodeAssets(ReadContext& c, base::RecordSeq record, base::CurrencyIndex currency,
                  v1::RecordCredit* to) {
  const SharedLineage lineage = DescendantShares(c.graph(), c.epoch(), record, kAssetWalk);
  bool complete = !lineage.limit_reached;
  for (auto node = lineage.nodes.rbegin(); node != lineage.nodes.rend(); ++node) {
    if (!HasEarned(c, node->visited.seq, currency)) continue;
    if (to->assets_size() >= kAssetsMax) {
      complete = false;
      break;
    }
    AddAsset(c, node->visited.seq, node->share_e18, to);
  }
  if (to->assets_size() < kAssetsMax && HasEarned(c, record, currency)) {
    AddAsset(c, record, kShareOne, to);
  }
  to->set_assets_complete(complete);
}

void EncodeSource(ReadContext& c, const Source& source, base::AccountIndex account,
                  base::CurrencyIndex currency, bool with_assets, v1::RecordCredit* to) {
  to->set_record(AsString(c.view().Record(source.record).id));
  to->set_record_name(c.RecordName(source.record));
  EncodeAmount(source.amount, c.Currency(currency), to->mutable_amount());
  EncodeAmount(source.royalties, c.Currency(currency), to->mutable_royalties());
  EncodeAmount(source.of_pots, c.Currency(currency), to->mutable_of_pots());
  to->set_settlements(source.settlements);
  to->set_first_epoch(source.first_epoch);
  to->set_last_epoch(source.last_epoch);
  for (const lineage::AuthorShare author : c.graph().AuthorsOf(source.record, c.epoch())) {
    if (author.account == account) to->set_author_share_ppb(author.share.value());
  }
  if (with_assets) EncodeAssets(c, source.record, currency, to);
}

}  // namespace

grpc::Status ExplainBalance(ReadContext& c, const v1::ExplainBalanceRequest& q,
                            v1::ExplainBalanceResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::AccountIndex account;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &account));
  base::CurrencyIndex currency;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('b', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  std::vector<Source> sources;
  TRIBUTARY_API_RETURN_IF_ERROR(Collect(c, account, currency, &sources));
  r->set_account(AsString(c.view().Account(account).id));
  EncodeBalance(c.view().Get<state::BalanceRow>(account.value(), currency.value()),
                c.Currency(currency), r->mutable_balance());
  r->set_records_total(sources.size());
  const size_t begin = std::min<size_t>(token[0], sources.size());
  const size_t end = std::min<size_t>(begin + PageSize(q.page_size()), sources.size());
  for (size_t i = begin; i < end; ++i) {
    const bool with_assets = i - begin < static_cast<size_t>(kAssetWalksMax);
    EncodeSource(c, sources[i], account, currency, with_assets, r->add_records());
  }
  if (end < sources.size()) r->set_next_page_token(MakeToken(query, {end}));
  return grpc::Status::OK;
}

}  // namespace tributary::api
