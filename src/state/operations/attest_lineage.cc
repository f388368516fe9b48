#include "state/attestations.h"
#include "state/identity_keys.h"
#include "state/ties.h"
#include "tributary/base/hex.h"

namespace tributary::state {

using base::RejectionCode;

bool IsAttested(Overlay& overlay, base::RecordSeq asset) {
  const auto row = overlay.Find(Identity::kAttested, RecordKey(asset));
  if (!row) return false;
  const auto last = overlay.Get<AttestationRow>(overlay.Get<AttestedRow>(*row).last);
  return last.verdict == static_cast<uint8_t>(codec::AttestationVerdict::kComplete);
}

base::Verdict ApplyOperation(Context& c, const codec::AttestLineage& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kSteward})) return bad;
  const auto asset = c.FindRecord(operation.asset);
  if (!asset) {
    return c.Reject(RejectionCode::kAssetUnknown, "asset", base::ToHex(operation.asset.view()));
  }
  if (TiedToAny(c.overlay, c.sender, AuthorsNow(c, *asset))) {
    return c.Reject(RejectionCode::kStewardTied, "asset");
  }
  const auto known = c.overlay.Find(Identity::kAttested, RecordKey(*asset));
  AttestedRow attested;
  if (known) attested = c.overlay.Get<AttestedRow>(*known);
  AttestationRow row;
  row.asset = asset->value();
  row.steward = c.sender.value();
  row.verdict = static_cast<uint8_t>(operation.verdict);
  row.report_sha256 = operation.report_sha256;
  row.attested_ms = c.block.time.value();
  row.entry = c.entry();
  row.previous = known ? attested.last : kNone32;
  attested.asset = asset->value();
  attested.last = static_cast<uint32_t>(c.overlay.Append(row));
  ++attested.count;
  if (known) {
    c.overlay.Put(*known, attested);
  } else {
    c.overlay.AddIdentity(Identity::kAttested, RecordKey(*asset), c.overlay.Append(attested));
  }
  return std::nullopt;
}

}  // namespace tributary::state
