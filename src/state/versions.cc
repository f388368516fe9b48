#include "state/versions.h"

#include "state/identity_keys.h"

namespace tributary::state {

std::optional<Amended> FindAmended(Overlay& overlay, base::RecordSeq record) {
  const auto row = overlay.Find(Identity::kAmended, AmendedKey(record));
  if (!row) return std::nullopt;
  return Amended{*row, overlay.Get<AmendedRow>(*row)};
}

VersionLines LinesAt(Overlay& overlay, base::RecordSeq record, base::Epoch epoch) {
  const auto amended = FindAmended(overlay, record);
  uint32_t at = amended ? amended->value.last : kNone32;
  while (at != kNone32) {
    const auto version = overlay.Get<VersionRow>(at);
    if (version.effective_epoch <= epoch.value()) return LinesOfVersion(overlay, version);
    at = version.older;
  }
  return AdmittedLines(overlay, overlay.Get<RecordRow>(record.value()));
}

}  // namespace tributary::state
