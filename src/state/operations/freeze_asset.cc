#include "state/edges.h"
#include "state/freeze.h"
#include "state/incidents.h"
#include "state/ties.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

Verdict CheckAsset(Context& c, const IncidentRow& incident, base::RecordSeq asset) {
  const base::RecordSeq subject(incident.subject);
  if (asset != subject && !FindEdgeRow(c.overlay, subject, asset)) {
    return c.Reject(RejectionCode::kIncidentAsset, "asset");
  }
  if (incident.frozen_asset != kNone32) {
    return c.Reject(RejectionCode::kFreezeRenewed, "incident",
                    "until " + std::to_string(incident.frozen_until_ms));
  }
  const auto frozen = FindFrozenAsset(c.overlay, asset);
  if (!frozen || frozen->value.frozen == 0) return std::nullopt;
  return c.Reject(RejectionCode::kAssetFrozen, "asset",
                  "for incident " + std::to_string(frozen->value.incident));
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::FreezeAsset& operation) {
  auto incident = RequireOpenIncident(c, operation.incident);
  if (!incident) return incident.rejection();
  const auto asset = c.FindRecord(operation.asset);
  if (!asset) {
    return c.Reject(RejectionCode::kAssetUnknown, "asset", base::ToHex(operation.asset.view()));
  }
  if (auto bad = CheckAsset(c, *incident, *asset)) return bad;
  if (auto bad = RequireArbiters(c, PartiesOf(c, *incident, *asset))) return bad;
  const uint64_t now = c.block.time.value();
  const uint64_t longest = c.block.parameters.freeze_ms;
  incident->frozen_asset = asset->value();
  incident->frozen_ms = now;
  incident->frozen_until_ms = longest < kForever - now ? now + longest : kForever;
  incident->frozen_entry = c.entry();
  c.overlay.Put(operation.incident, *incident);
  Freeze(c, *asset, static_cast<uint32_t>(operation.incident), incident->frozen_until_ms);
  return std::nullopt;
}

}  // namespace tributary::state
