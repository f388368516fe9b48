#include <algorithm>
#include <optional>
#include <vector>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/resolve.h"
#include "codec/limits.h"

namespace tributary::api {
namespace {

constexpr uint64_t kSketchRecordsMax = 50'000;
constexpr uint64_t kCandidatesMax = 4'096;
constexpr uint32_t kLimitDefault = 20, kLimitMax = 100;
constexpr uint32_t kLeastDefault = 500'000'000;
constexpr size_t kMinimumBytes = 8;

// Minima that agree, of the shorter sketch: a sketch that is shorter is the beginning of a longer
// one.
struct Agreement {
  base::RecordSeq record;
  uint32_t agree = 0;
  uint32_t compared = 0;
  // agree / compared, without dividing.
  bool AtLeast(uint32_t ppb) const {
    return uint64_t{agree} * base::kPpbOne >= uint64_t{compared} * ppb;
  }
};

Agreement Compare(base::RecordSeq record, base::Bytes a, base::Bytes b) {
  Agreement agreement{record, 0,
                      static_cast<uint32_t>(std::min(a.size(), b.size()) / kMinimumBytes)};
  for (size_t i = 0; i < agreement.compared; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i * kMinimumBytes);
    agreement.agree += std::equal(a.begin() + at, a.begin() + at + kMinimumBytes, b.begin() + at);
  }
  return agreement;
}

bool MoreSimilar(const Agreement& a, const Agreement& b) {
  const uint64_t left = uint64_t{a.agree} * b.compared;
  const uint64_t right = uint64_t{b.agree} * a.compared;
  return left != right ? left > right : a.record < b.record;
}

// The sketch of a record; empty where it has none. Valid until the next call.
class SketchReader {
 public:
  explicit SketchReader(ReadContext& c) : c_(c) {}
  base::Bytes Of(base::RecordSeq seq) {
    const auto record = codec::Decode<codec::Record>(c_.RecordBytes(seq));
    return record.ok() ? record->sketch : base::Bytes();
  }

 private:
  ReadContext& c_;
};

grpc::Status ResolveSketch(ReadContext& c, const v1::FindSimilarRequest& q,
                           std::optional<base::RecordSeq>* of, std::string* sketch) {
  if (q.has_record() == !q.sketch().empty()) return BadRequest("record", "a record or a sketch");
  if (q.has_record()) {
    base::RecordSeq seq;
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.record(), "record", &seq));
    *of = seq;
    const base::Bytes bytes = SketchReader(c).Of(seq);
    if (bytes.empty()) return BadRequest("record", "it has no sketch");
    *sketch = std::string(base::AsText(bytes));
    return grpc::Status::OK;
  }
  const size_t size = q.sketch().size();
  if (size < codec::kSketchBytesMin || size > codec::kSketchBytesMax || size % kMinimumBytes != 0) {
    return BadRequest("sketch", "128 to 1,024 bytes, 8 for each minimum");
  }
  *sketch = q.sketch();
  return grpc::Status::OK;
}

void EncodeSimilar(ReadContext& c, const Agreement& agreement, v1::SimilarRecord* to) {
  const auto named = c.Named(agreement.record);
  to->set_record(named.id);
  to->set_record_name(named.name);
  to->set_sequence(agreement.record.value());
  to->set_kind(static_cast<v1::RecordKind>(c.graph().KindOf(agreement.record)));
  to->set_agree(agreement.agree);
  to->set_compared(agreement.compared);
  for (const lineage::AuthorShare author : c.graph().AuthorsOf(agreement.record, c.epoch())) {
    EncodeAuthor(c, author, to->add_authors());
  }
}

}  // namespace

grpc::Status FindSimilar(ReadContext& c, const v1::FindSimilarRequest& q,
                         v1::FindSimilarResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  if (q.least_ppb() > base::kPpbOne) return BadRequest("least_ppb", "at most 10^9");
  const uint32_t least = q.least_ppb() == 0 ? kLeastDefault : q.least_ppb();
  std::optional<base::RecordSeq> of;
  std::string sketch;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveSketch(c, q, &of, &sketch));
  std::vector<Agreement> similar;
  SketchReader reader(c);
  uint64_t next = c.view().record_count();
  for (uint64_t scanned = 0; next > 0 && scanned < kSketchRecordsMax; --next, ++scanned) {
    if (r->candidates() >= kCandidatesMax || c.IsStopped()) break;
    const base::RecordSeq seq(static_cast<uint32_t>(next - 1));
    if (of == seq) continue;
    const base::Bytes other = reader.Of(seq);
    if (other.empty()) continue;
    r->set_candidates(r->candidates() + 1);
    const Agreement agreement = Compare(seq, base::AsBytes(sketch), other);
    if (agreement.AtLeast(least)) similar.push_back(agreement);
  }
  if (c.IsStopped()) return CallerGone();
  r->set_complete(next == 0);
  std::sort(similar.begin(), similar.end(), MoreSimilar);
  const uint32_t limit = q.limit() == 0 ? kLimitDefault : std::min(q.limit(), kLimitMax);
  for (size_t i = 0; i < std::min<size_t>(similar.size(), limit); ++i) {
    EncodeSimilar(c, similar[i], r->add_records());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
