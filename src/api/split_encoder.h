// How an amount splits, as a message: recipients, lines and paths, with everything that is not
// shown folded, so that the parts add up to the amount to the atom.
#ifndef TRIBUTARY_API_SPLIT_ENCODER_H_
#define TRIBUTARY_API_SPLIT_ENCODER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/logged_event.h"
#include "api/read_context.h"
#include "grpcpp/support/status.h"
#include "lineage/walk.h"
#include "rewards/asset_level.h"
#include "rewards/explain.h"
#include "tributary/base/types.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

struct SplitQuery {
  base::RecordSeq asset;
  base::CurrencyIndex currency;
  base::MinorUnits amount;
  base::Epoch epoch;
  uint32_t recipients_max = 0;  // as in PreviewSplitRequest
  uint32_t paths_max = 0;
  uint64_t first_recipient = 0;  // where the page begins
  uint64_t filter = 0;           // a hash of what else all pages have to share
  lineage::WalkLimits limits;    // `stop` is the context's
  // Together with fee and royalties at most the gross.
  std::optional<LoggedAttribution> attribution;
};

// What fee and royalties leave of an asset's gross in an epoch.
base::Ppb NetShareOf(const ReadContext& c, base::RecordSeq asset, base::Epoch epoch);

// What of the amount enters the flow, and where.
struct SplitInput {
  std::vector<rewards::Royalty> royalties;  // ascending by record
  rewards::GrossSplit gross;
  rewards::ExplainInput flow;
};
SplitInput InputOf(const ReadContext& c, const SplitQuery& query);

// Errors: LimitReached; CallerGone.
grpc::Status EncodeSplit(ReadContext& c, const SplitQuery& query, v1::SplitExplanation* to);

// Takes epoch and position out of the token of a page; an empty token is the first page. All pages
// have the shares of the first one's epoch, so that together they add up. With `has_epoch` the
// query's own epoch has to agree. Errors: BadRequest naming page_token.
grpc::Status ResolveSplitPage(const std::string& token, SplitQuery* query, bool has_epoch);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_SPLIT_ENCODER_H_
