#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kLinesScannedMax = 20'000;       // rows on disk
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

// Follows the author's lines from the newest to the oldest.
grpc::Status ListByAuthor(ReadContext& c, const v1::ListRecordsRequest& q,
                          v1::ListRecordsResponse* r) {
  base::AccountIndex author;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.author(), "author", &author));
  const PageQuery query = QueryOf('r', q);
  std::vector<uint64_t> token = {c.view().Account(author).last_author_line};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  uint64_t line = token[0];
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
      r->set_next_page_token(MakeToken(query, {line}));
      return grpc::Status::OK;
    }
    line = row.previous;
  }
  return grpc::Status::OK;
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
