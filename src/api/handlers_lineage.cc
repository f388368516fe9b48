#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/lineage_shares.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

// Below it a walk is as cheap as looking for it in the cache, and remembering it evicts larger
// ones.
constexpr size_t kWorthRemembering = 1'000;

std::shared_ptr<const SharedLineage> Walk(ReadContext& c, bool ancestors, base::Epoch epoch,
                                          base::RecordSeq seq) {
  const LineageCache::Key key{ancestors, seq.value(), epoch.value(),
                              c.view().header().height.value()};
  if (auto known = c.lineages().Find(key)) return known;
  lineage::WalkLimits limits = kWalkLimits;
  limits.stop = c.stop();
  auto lineage = std::make_shared<const SharedLineage>(
      ancestors ? AncestorShares(c.graph(), epoch, seq, limits)
                : DescendantShares(c.graph(), epoch, seq, limits));
  if (!lineage->stopped && lineage->nodes.size() >= kWorthRemembering)
    c.lineages().Put(key, lineage);
  return lineage;
}

// What is said of the edge between the record asked for and `seq`.
void EncodeMarks(ReadContext& c, base::RecordSeq child, base::RecordSeq parent,
                 v1::LineageNode* to) {
  const auto marks = MarksOf(c, child, parent);
  if (!marks) return;
  to->set_direct(true);
  to->set_stance(marks->stance);
  to->set_countersigned(marks->countersigned);
}

void EncodeNode(ReadContext& c, const SharedNode& node, base::Epoch epoch, base::Ppb kept,
                v1::LineageNode* to) {
  const base::RecordSeq seq = node.visited.seq;
  const base::Bytes bytes = c.RecordBytes(seq);
  const auto record = codec::Decode<codec::Record>(bytes);
  to->set_id(AsString(c.view().Record(seq).id));
  to->set_sequence(seq.value());
  to->set_kind(static_cast<v1::RecordKind>(c.graph().KindOf(seq)));
  if (record.ok()) {
    to->set_title(std::string(record->title));
    to->set_external_id(std::string(record->external_id));
  }
  to->set_depth_min(node.visited.depth_min);
  to->set_depth_max(node.visited.depth_max);
  to->set_share_e18(std::to_string(node.share_e18));
  const base::Uint128 kept_e18 = base::Uint128{node.share_e18} * kept.value() / base::kPpbOne;
  to->set_kept_e18(base::ToDecimal(kept_e18));
  for (const lineage::AuthorShare author : c.graph().AuthorsOf(seq, epoch)) {
    EncodeAuthor(c, author, to->add_authors());
  }
}

grpc::Status List(ReadContext& c, bool ancestors, const v1::ListLineageRequest& q,
                  v1::ListLineageResponse* r) {
  base::RecordSeq seq;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &seq));
  const base::Epoch epoch = q.has_epoch() ? base::Epoch(q.epoch()) : c.epoch();
  // The token holds where to go on: what is newer than the first page does not shift the pages.
  const PageQuery query = QueryOf(ancestors ? 'u' : 'd', q);
  std::vector<uint64_t> token = {0};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (q.page_token().empty()) EncodeRecord(c, seq, false, r->mutable_record());
  const std::shared_ptr<const SharedLineage> lineage = Walk(c, ancestors, epoch, seq);
  if (lineage->stopped) return CallerGone();
  if (lineage->limit_reached) {
    return LimitReached(
        "more than 1,000,000 records or 10,000,000 edges lie that way: ask for a record nearer by");
  }
  const std::vector<SharedNode>& nodes = lineage->nodes;
  const size_t begin = std::min<size_t>(token[0], nodes.size());
  const size_t end = std::min<size_t>(begin + PageSize(q.page_size()), nodes.size());
  size_t next = begin;
  for (size_t bytes = 0; next < end && bytes <= kResponseBytesMax; ++next) {
    const base::RecordSeq keeper = ancestors ? nodes[next].visited.seq : seq;
    v1::LineageNode* node = r->add_nodes();
    EncodeNode(c, nodes[next], epoch, c.graph().KeptOf(keeper, epoch), node);
    const base::RecordSeq other = nodes[next].visited.seq;
    if (nodes[next].visited.depth_min == 1) {
      EncodeMarks(c, ancestors ? seq : other, ancestors ? other : seq, node);
    }
    bytes += node->ByteSizeLong();
  }
  if (next < nodes.size()) r->set_next_page_token(MakeToken(query, {next}));
  r->set_total(nodes.size());
  r->set_edges(lineage->edges);
  r->set_depth(lineage->depth);
  EncodeAsOf(c.view(), r->mutable_as_of());
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ListAncestors(ReadContext& c, const v1::ListLineageRequest& q,
                           v1::ListLineageResponse* r) {
  return List(c, true, q, r);
}

grpc::Status ListDescendants(ReadContext& c, const v1::ListLineageRequest& q,
                             v1::ListLineageResponse* r) {
  return List(c, false, q, r);
}

}  // namespace tributary::api
