// Versions of a record's shares as the tables hold them: as admitted, and by amendments.
//
// The rows of a record's versions form two chains: `previous` names the one appended before, so
// that the history is complete; `older` names the one it replaces, so that what is in force in an
// epoch is found. Only the last one that was not withdrawn can be withdrawn, and only before it
// takes effect: what was in force in an epoch that has begun never changes.
#ifndef TRIBUTARY_STATE_VERSIONS_H_
#define TRIBUTARY_STATE_VERSIONS_H_

#include <optional>
#include <vector>

#include "lineage/split.h"
#include "state/overlay.h"
#include "state/tables.h"
#include "tributary/base/types.h"

namespace tributary::state {

// Versions of one record, withdrawn ones included; bounds what one settlement or answer looks at.
inline constexpr uint32_t kVersionsMax = 1'024;

// The shares of one version of a record.
struct VersionLines {
  uint32_t number = 0;  // 0: as admitted
  base::Epoch effective;
  base::Ppb pass_through;
  std::vector<EdgeRow> edges;
  std::vector<lineage::AuthorShare> authors;
};

// The row of kAmended and its number; nothing where the record was never amended.
struct Amended {
  uint64_t row;
  AmendedRow value;
};
std::optional<Amended> FindAmended(Overlay& overlay, base::RecordSeq record);

// `Rows` has Get<Row>(row): an Overlay, or a reader of the committed state.
template <class Rows>
VersionLines AdmittedLines(Rows& rows, const RecordRow& record) {
  VersionLines lines;
  lines.pass_through = base::Ppb(record.pass_through_ppb);
  for (uint32_t i = 0; i < record.edge_count; ++i) {
    lines.edges.push_back(rows.template Get<EdgeRow>(record.first_edge + i));
  }
  for (uint32_t i = 0; i < record.author_count; ++i) {
    const auto line = rows.template Get<AuthorLineRow>(record.first_author_line + i);
    lines.authors.push_back({base::AccountIndex(line.account), base::Ppb(line.share_ppb)});
  }
  return lines;
}

template <class Rows>
VersionLines LinesOfVersion(Rows& rows, const VersionRow& version) {
  VersionLines lines;
  lines.number = version.number;
  lines.effective = base::Epoch(version.effective_epoch);
  lines.pass_through = base::Ppb(version.pass_through_ppb);
  for (uint32_t i = 0; i < version.edge_count; ++i) {
    lines.edges.push_back(rows.template Get<EdgeRow>(version.first_edge + i));
  }
  for (uint32_t i = 0; i < version.author_count; ++i) {
    const auto line = rows.template Get<VersionLineRow>(version.first_line + i);
    lines.authors.push_back({base::AccountIndex(line.account), base::Ppb(line.share_ppb)});
  }
  return lines;
}

// What is in force in `epoch`, as far as the amendments known now say. Requires: the record exists.
VersionLines LinesAt(Overlay& overlay, base::RecordSeq record, base::Epoch epoch);

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_VERSIONS_H_
