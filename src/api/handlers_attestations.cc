#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {

grpc::Status GetReservation(ReadContext& c, const v1::GetReservationRequest& q,
                            v1::ReservationView* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::Hash commitment;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveDigest(q.commitment(), "commitment", &commitment));
  const auto found = c.view().FindReservation(commitment);
  if (!found) return NotFound("nobody has reserved with this commitment");
  const auto row = c.view().Get<state::ReservationRow>(*found);
  const base::AccountIndex account(row.account);
  r->set_commitment(q.commitment());
  r->set_account(AsString(c.view().Account(account).id));
  r->set_handle(c.Handle(account));
  EncodePosition(c, base::EntryIndex(row.entry), r->mutable_position());
  r->set_reserved_ms(r->position().time_ms());
  r->set_expires_ms(row.expires_ms);
  if (row.record != state::kNone32) {
    const base::RecordSeq record(row.record);
    r->set_record(AsString(c.view().Record(record).id));
    r->set_record_name(c.RecordName(record));
  }
  return grpc::Status::OK;
}

// A token holds the row to go on from, plus one.
grpc::Status ListAttestations(ReadContext& c, const v1::ListAttestationsRequest& q,
                              v1::ListAttestationsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::RecordSeq asset;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.asset(), "asset", &asset));
  r->set_asset(AsString(c.view().Record(asset).id));
  r->set_asset_name(c.RecordName(asset));
  const auto attested = c.view().FindAttested(asset);
  if (!attested) return grpc::Status::OK;
  const PageQuery query = QueryOf('z', q);
  std::vector<uint64_t> token = {c.view().Get<state::AttestedRow>(*attested).last + uint64_t{1}};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  const uint64_t rows = c.view().RowCount(state::TableKind::kAttestations);
  uint64_t next = token[0];
  while (next > 0) {
    if (r->attestations_size() >= static_cast<int>(PageSize(q.page_size()))) {
      r->set_next_page_token(MakeToken(query, {next}));
      break;
    }
    if (next > rows) return BadRequest("page_token", "not a token of this list");
    const auto row = c.view().Get<state::AttestationRow>(next - 1);
    if (row.asset != asset.value()) return BadRequest("page_token", "of another asset");
    EncodeAttestation(c, row, r->add_attestations());
    next = row.previous == state::kNone32 ? 0 : row.previous + uint64_t{1};
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
