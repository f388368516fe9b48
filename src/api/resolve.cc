#include "api/resolve.h"

#include <optional>

#include "api/errors.h"
#include "api/page.h"
#include "codec/limits.h"

namespace tributary::api {
namespace {

template <class Index>
grpc::Status Found(const std::optional<Index>& index, std::string_view what, Index* to) {
  if (!index) return NotFound(what);
  *to = *index;
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ResolveEvent(const ReadContext& context, const v1::ExplainRevenueRequest& event,
                          LoggedPlace* to) {
  const node::ReadView& view = context.view();
  if (event.has_place()) {
    if (event.has_reporter() || !event.reference().empty()) {
      return BadRequest("place", "a place or a reference, not both");
    }
    if (event.place().entry() >= view.log_size()) return NotFound("the log ends before this entry");
    *to = {base::EntryIndex(event.place().entry()), event.place().operation(),
           event.place().item()};
    return grpc::Status::OK;
  }
  base::AccountIndex reporter;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(context, event.reporter(), "reporter", &reporter));
  if (event.reference().empty() || event.reference().size() > codec::kReferenceBytesMax) {
    return BadRequest("reference", "1 to 64 bytes");
  }
  const auto found = view.FindEvent(view.Account(reporter).id, event.reference());
  if (!found) {
    return NotFound(
        "the reporter has no event with this reference within the horizon; ListRevenue of its "
        "asset gives the place of an older one");
  }
  if (found->event.IsRefund()) return BadRequest("reference", "it is a refund, not an event");
  *to = {base::EntryIndex(found->event.entry), found->event.operation, found->event.item};
  return grpc::Status::OK;
}

grpc::Status ResolveDigest(const std::string& bytes, std::string_view field, base::Hash* to) {
  if (bytes.size() != base::Hash::kSize) return BadRequest(field, "32 bytes are needed");
  *to = base::Hash::From(base::AsBytes(bytes));
  return grpc::Status::OK;
}

grpc::Status Resolve(const ReadContext& context, const v1::AccountRef& ref, std::string_view field,
                     base::AccountIndex* to) {
  switch (ref.ref_case()) {
    case v1::AccountRef::kId: {
      base::Hash id;
      TRIBUTARY_API_RETURN_IF_ERROR(ResolveDigest(ref.id(), std::string(field) + ".id", &id));
      return Found(context.view().FindAccount(base::AccountId{id.bytes}), "no account has this id",
                   to);
    }
    case v1::AccountRef::kHandle:
      return Found(context.view().FindHandle(ref.handle()),
                   "no account has the handle '" + ref.handle().substr(0, 100) + "'", to);
    case v1::AccountRef::REF_NOT_SET: break;
  }
  return BadRequest(field, "an id or a handle is needed");
}

grpc::Status Resolve(const ReadContext& context, const v1::RecordRef& ref, std::string_view field,
                     base::RecordSeq* to) {
  const node::ReadView& view = context.view();
  base::Hash digest;
  switch (ref.ref_case()) {
    case v1::RecordRef::kId:
      TRIBUTARY_API_RETURN_IF_ERROR(ResolveDigest(ref.id(), std::string(field) + ".id", &digest));
      return Found(view.FindRecord(base::RecordId{digest.bytes}), "no record has this id", to);
    case v1::RecordRef::kContentSha256:
      TRIBUTARY_API_RETURN_IF_ERROR(
          ResolveDigest(ref.content_sha256(), std::string(field) + ".content_sha256", &digest));
      return Found(view.FindContent(digest), "no work has this content", to);
    case v1::RecordRef::kExternalId:
      return Found(view.FindExternalId(ref.external_id()),
                   "no record has the external id '" + ref.external_id().substr(0, 200) + "'", to);
    case v1::RecordRef::kSequence:
      if (ref.sequence() >= view.record_count()) return NotFound("no record has this sequence");
      *to = base::RecordSeq(static_cast<uint32_t>(ref.sequence()));
      return grpc::Status::OK;
    case v1::RecordRef::REF_NOT_SET: break;
  }
  return BadRequest(field, "an id, content hash, external id or sequence is needed");
}

grpc::Status ResolveCurrency(const ReadContext& context, const std::string& code,
                             base::CurrencyIndex* to) {
  if (code.empty()) return BadRequest("currency", "a currency is needed");
  return Found(context.view().FindCurrency(code), "the currency is not registered", to);
}

grpc::Status ResolveCurrencies(const ReadContext& context, const std::string& code,
                               std::vector<base::CurrencyIndex>* to) {
  if (!code.empty()) {
    to->resize(1);
    return ResolveCurrency(context, code, &to->front());
  }
  for (uint64_t row = 0; row < context.view().currency_count(); ++row) {
    to->push_back(base::CurrencyIndex(static_cast<uint16_t>(row)));
  }
  return grpc::Status::OK;
}

grpc::Status ResolveToken(const std::string& token, PageQuery query, std::vector<uint64_t>* to) {
  if (token.empty()) return grpc::Status::OK;
  auto numbers = ParseToken(token, query, to->size());
  if (!numbers) return BadRequest("page_token", "not a token of this method and filter");
  *to = *std::move(numbers);
  return grpc::Status::OK;
}

}  // namespace tributary::api
