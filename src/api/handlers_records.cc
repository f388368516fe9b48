#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"
#include "state/versions.h"

namespace tributary::api {
namespace {

constexpr uint64_t kLinesScannedMax = 20'000;       // rows on disk
constexpr uint64_t kVersionsScannedMax = 1'000;     // with the authors before each
constexpr uint64_t kRecordsScannedMax = 1'000'000;  // nodes in memory

bool Matches(const ReadContext& c, const v1::ListRecordsRequest& q, base::RecordSeq seq) {
  return q.kind() == v1::RECORD_KIND_UNSPECIFIED || c.graph().KindOf(seq) == q.kind();
}

// Adds the record if there is room; false: the page is full.
bool AddRecord(ReadContext& c, const v1::ListRecordsRequest& q, base::RecordSeq seq, size_t* bytes,
               v1::ListRecordsResponse* r) {
  if (r->records_size() >= static_cast<int>(PageSize(q.page_size()))) return false;
  if (*bytes > kResponseBytesMax) return false;
  v1::RecordView* record = r->add_records();
  EncodeRecord(c, seq, q.with_bytes(), record);
  *bytes += record->ByteSizeLong();
  return true;
}

// The lists of an author's lines, as a token names them.
constexpr uint64_t kAdmitted = 0;
constexpr uint64_t kAmended = 1;

// Whether the account became an author by this version, and was none before.
bool IsNewBy(ReadContext& c, const state::VersionRow& version, base::AccountIndex account) {
  const auto before =
      version.older != state::kNone32
          ? state::LinesOfVersion(c.view(), c.view().Get<state::VersionRow>(version.older))
          : state::AdmittedLines(c.view(), c.view().Record(base::RecordSeq(version.record)));
  return std::none_of(before.authors.begin(), before.authors.end(),
                      [account](const auto& author) { return author.account == account; });
}

// The records that an amendment gave to the author, from the newest amendment to the oldest.
grpc::Status ListByAmendment(ReadContext& c, const v1::ListRecordsRequest& q,
                             base::AccountIndex author, uint64_t line, size_t bytes,
                             v1::ListRecordsResponse* r) {
  const uint64_t lines = c.view().RowCount(state::TableKind::kVersionLines);
  for (uint64_t scanned = 0; line != state::kNone32; ++scanned) {
    if (line >= lines) return BadRequest("page_token", "not a token of this list");
    const auto row = c.view().Get<state::VersionLineRow>(line);
    if (row.account != author.value()) return BadRequest("page_token", "of another author");
    const auto version = c.view().Get<state::VersionRow>(row.version);
    const base::RecordSeq seq(version.record);
    const bool wanted = Matches(c, q, seq) && IsNewBy(c, version, author);
    if (scanned >= kVersionsScannedMax || (wanted && !AddRecord(c, q, seq, &bytes, r))) {
      r->set_next_page_token(MakeToken(QueryOf('r', q), {kAmended, line}));
      return grpc::Status::OK;
    }
    line = row.previous;
  }
  return grpc::Status::OK;
}

// Follows the author's lines from the newest to the oldest; then those of amendments.
grpc::Status ListByAuthor(ReadContext& c, const v1::ListRecordsRequest& q,
                          v1::ListRecordsResponse* r) {
  base::AccountIndex author;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.author(), "author", &author));
  const state::AccountRow account = c.view().Account(author);
  const PageQuery query = QueryOf('r', q);
  // Which list of lines, and the line to go on from.
  std::vector<uint64_t> token = {kAdmitted, account.last_author_line};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  if (token[0] == kAmended) return ListByAmendment(c, q, author, token[1], 0, r);
  uint64_t line = token[1];
  const uint64_t lines = c.view().RowCount(state::TableKind::kAuthorLines);
  size_t bytes = 0;
  for (uint64_t scanned = 0; line != state::kNone32; ++scanned) {
    if (line >= lines) return BadRequest("page_token", "not a token of this list");
    const auto row = c.view().Get<state::AuthorLineRow>(line);
    if (row.account != author.value()) return BadRequest("page_token", "of another author");
    const base::RecordSeq seq(row.record);
    const bool stop =
        scanned >= kLinesScannedMax || (Matches(c, q, seq) && !AddRecord(c, q, seq, &bytes, r));
    if (stop) {
      r->set_next_page_token(MakeToken(query, {kAdmitted, line}));
      return grpc::Status::OK;
    }
    line = row.previous;
  }
  return ListByAmendment(c, q, author, account.last_version_line, bytes, r);
}

grpc::Status ListAll(ReadContext& c, const v1::ListRecordsRequest& q, v1::ListRecordsResponse* r) {
  const PageQuery query = QueryOf('r', q);
  std::vector<uint64_t> token = {c.view().record_count()};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  uint64_t end = std::min(c.view().record_count(), token[0]);  // the next one to look at, plus one
  size_t bytes = 0;
  for (uint64_t scanned = 0; end > 0; --end, ++scanned) {
    const base::RecordSeq seq(static_cast<uint32_t>(end - 1));
    const bool stop =
        scanned >= kRecordsScannedMax || (Matches(c, q, seq) && !AddRecord(c, q, seq, &bytes, r));
    if (!stop) continue;
    r->set_next_page_token(MakeToken(query, {end}));
    break;
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status GetRecord(ReadContext& c, const v1::GetRecordRequest& q, v1::RecordView* r) {
  base::RecordSeq seq;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &seq));
  EncodeRecord(c, seq, true, r);
  EncodeAsOf(c.view(), r->mutable_as_of());
  return grpc::Status::OK;
}

grpc::Status ListRecords(ReadContext& c, const v1::ListRecordsRequest& q,
                         v1::ListRecordsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  return q.has_author() ? ListByAuthor(c, q, r) : ListAll(c, q, r);
}

}  // namespace tributary::api
