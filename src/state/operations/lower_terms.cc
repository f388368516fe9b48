#include "state/accounts.h"
#include "state/context.h"
#include "state/terms.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

// What the new terms must not exceed, and since when that is so.
struct Standing {
  Terms terms;
  uint64_t effective_epoch = 0;
};

Standing StandingOf(Overlay& overlay, const RecordRow& record) {
  if (record.last_lowered == kNone32) return {TermsOf(record), 0};
  const auto last = overlay.Get<LoweredTermsRow>(record.last_lowered);
  return {TermsOf(last), last.effective_epoch};
}

Verdict CheckEpoch(const Context& c, uint64_t effective_epoch, const Standing& standing) {
  if (effective_epoch <= c.block.chain.epoch) {
    return c.Reject(RejectionCode::kEffectiveEpoch, "effective_epoch",
                    "the current epoch is " + std::to_string(c.block.chain.epoch));
  }
  if (effective_epoch >= standing.effective_epoch) return std::nullopt;
  return c.Reject(RejectionCode::kEffectiveEpoch, "effective_epoch",
                  "the record's terms are lowered from epoch " +
                      std::to_string(standing.effective_epoch) + " on already");
}

// Those who own the record when the terms take effect.
Verdict CheckOwners(Context& c, base::RecordSeq record, base::Epoch epoch) {
  for (const lineage::AuthorShare author : LinesAt(c.overlay, record, epoch).authors) {
    if (!SignedByHolder(c, author.account)) {
      return c.Reject(RejectionCode::kNotAuthor, "record", HandleOf(c, author.account));
    }
  }
  return std::nullopt;
}

Verdict CheckLowered(const Context& c, const Terms& terms, const Terms& standing) {
  const struct {
    const char* field;
    base::Ppb now, before;
  } lines[] = {{"terms.alpha_max_ppb", terms.alpha_max, standing.alpha_max},
               {"terms.royalty_ppb", terms.royalty, standing.royalty},
               {"terms.min_share_ppb", terms.min_share, standing.min_share}};
  for (const auto& line : lines) {
    if (line.now <= line.before) continue;
    return c.Reject(
        RejectionCode::kTermsRaised, line.field,
        std::to_string(line.now.value()) + " of at most " + std::to_string(line.before.value()));
  }
  if (terms == standing) return c.Reject(RejectionCode::kTermsUnchanged, "terms");
  return std::nullopt;
}

}  // namespace

Verdict ApplyOperation(Context& c, const codec::LowerTerms& operation) {
  const auto record = c.FindRecord(operation.record);
  if (!record) {
    return c.Reject(RejectionCode::kRecordUnknown, "record", base::ToHex(operation.record.view()));
  }
  auto row = c.overlay.Get<RecordRow>(record->value());
  const Standing standing = StandingOf(c.overlay, row);
  const Terms terms = TermsOf(operation.terms);
  if (auto bad = CheckEpoch(c, operation.effective_epoch.value(), standing)) return bad;
  if (auto bad = CheckOwners(c, *record, operation.effective_epoch)) return bad;
  if (auto bad = CheckLowered(c, terms, standing.terms)) return bad;
  if (auto bad = CheckRoyalty(c, terms.royalty, "terms.")) return bad;
  LoweredTermsRow lowered;
  lowered.record = record->value();
  lowered.previous = row.last_lowered;
  lowered.effective_epoch = operation.effective_epoch.value();
  lowered.alpha_max_ppb = terms.alpha_max.value();
  lowered.royalty_ppb = terms.royalty.value();
  lowered.min_share_ppb = terms.min_share.value();
  lowered.entry = c.entry();
  row.last_lowered = static_cast<uint32_t>(c.overlay.Append(lowered));
  c.overlay.Put(record->value(), row);
  c.overlay.AddLoweredTerms({*record, operation.effective_epoch, terms});
  return std::nullopt;
}

}  // namespace tributary::state
