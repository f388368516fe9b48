#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "state/versions.h"

namespace tributary::api {
namespace {

void EncodeLines(ReadContext& c, const state::VersionLines& lines, v1::VersionView* to) {
  to->set_number(lines.number);
  to->set_effective_epoch(lines.effective.value());
  to->set_kept_ppb(base::kPpbOne - lines.pass_through.value());
  for (const state::EdgeRow& edge : lines.edges) EncodeEdge(c, edge, to->add_parents());
  for (const lineage::AuthorShare author : lines.authors) {
    EncodeAuthor(c, author, to->add_authors());
  }
}

// Row of kVersions that is in force in the current epoch; kNone32: what was admitted.
uint32_t RowInForce(ReadContext& c, uint32_t last) {
  while (last != state::kNone32) {
    const auto version = c.view().Get<state::VersionRow>(last);
    if (version.effective_epoch <= c.epoch().value()) break;
    last = version.older;
  }
  return last;
}

void EncodeVersion(ReadContext& c, const state::VersionRow& row, v1::VersionView* to) {
  EncodeLines(c, state::LinesOfVersion(c.view(), row), to);
  EncodePosition(c, base::EntryIndex(row.entry), to->mutable_position());
  if (row.withdrawn_entry == 0) return;
  to->set_withdrawn(true);
  EncodePosition(c, base::EntryIndex(row.withdrawn_entry), to->mutable_withdrawn_at());
}

// A token holds the row of kVersions to go on from, plus one; 0: what was admitted.
uint64_t AsToken(uint32_t row) { return row == state::kNone32 ? 0 : uint64_t{row} + 1; }

void EncodeAdmitted(ReadContext& c, const state::RecordRow& row, v1::VersionView* to) {
  EncodeLines(c, state::AdmittedLines(c.view(), row), to);
  EncodePosition(c, base::EntryIndex(row.entry), to->mutable_position());
}

}  // namespace

grpc::Status ListVersions(ReadContext& c, const v1::ListVersionsRequest& q,
                          v1::ListVersionsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::RecordSeq seq;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &seq));
  const state::RecordRow record = c.view().Record(seq);
  r->set_record(AsString(record.id));
  state::AmendedRow amended;
  if (const auto row = c.view().FindAmended(seq)) amended = c.view().Get<state::AmendedRow>(*row);
  const PageQuery query = QueryOf('k', q);
  std::vector<uint64_t> token = {AsToken(amended.newest)};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] > c.view().RowCount(state::TableKind::kVersions)) {
    return BadRequest("page_token", "not a token of this list");
  }
  uint32_t at = token[0] == 0 ? state::kNone32 : static_cast<uint32_t>(token[0] - 1);
  const uint32_t in_force = RowInForce(c, amended.last);
  size_t bytes = 0;
  while (true) {
    const bool full = r->versions_size() >= static_cast<int>(PageSize(q.page_size()));
    if (full || bytes > kResponseBytesMax) {
      r->set_next_page_token(MakeToken(query, {AsToken(at)}));
      return grpc::Status::OK;
    }
    v1::VersionView* version = r->add_versions();
    version->set_in_force(at == in_force);
    if (at == state::kNone32) {
      EncodeAdmitted(c, record, version);
      return grpc::Status::OK;
    }
    const auto row = c.view().Get<state::VersionRow>(at);
    if (row.record != seq.value()) return BadRequest("page_token", "of another record");
    EncodeVersion(c, row, version);
    bytes += version->ByteSizeLong();
    at = row.previous;
  }
}

}  // namespace tributary::api
