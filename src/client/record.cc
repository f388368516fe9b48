#include "tributary/client/record.h"

#include "tributary/base/check.h"
#include "tributary/client/transaction.h"

namespace tributary::client {

RecordBuilder& RecordBuilder::Author(const base::AccountId& account, base::Ppb share) {
  v1::Author* author = record_.add_authors();
  author->set_account(ToField(account));
  author->set_share_ppb(share.value());
  return *this;
}

RecordBuilder& RecordBuilder::EqualAuthors(std::span<const base::AccountId> accounts) {
  TRIBUTARY_CHECK(!accounts.empty(), "a record has an author");
  const auto count = static_cast<uint32_t>(accounts.size());
  uint32_t left_over = base::kPpbOne % count;
  for (const base::AccountId& account : accounts) {
    const uint32_t extra = left_over > 0 ? 1 : 0;
    left_over -= extra;
    Author(account, base::Ppb(base::kPpbOne / count + extra));
  }
  return *this;
}

RecordBuilder& RecordBuilder::Content(const base::Hash& sha256, uint64_t bytes) {
  record_.set_content_sha256(ToField(sha256));
  record_.set_content_bytes(bytes);
  return *this;
}

RecordBuilder& RecordBuilder::ExternalId(std::string_view id) {
  record_.set_external_id(std::string(id));
  return *this;
}

RecordBuilder& RecordBuilder::MediaType(std::string_view type) {
  record_.set_media_type(std::string(type));
  return *this;
}

RecordBuilder& RecordBuilder::Licence(std::string_view licence) {
  record_.set_licence(std::string(licence));
  return *this;
}

RecordBuilder& RecordBuilder::Title(std::string_view title) {
  record_.set_title(std::string(title));
  return *this;
}

RecordBuilder& RecordBuilder::Uri(std::string_view uri) {
  record_.set_uri(std::string(uri));
  return *this;
}

RecordBuilder& RecordBuilder::Declared(base::TimeMs time) {
  record_.set_declared_ms(time.value());
  return *this;
}

RecordBuilder& RecordBuilder::Parent(const base::RecordId& record, v1::Relation relation,
                                     uint32_t weight) {
  v1::Parent* parent = record_.add_parents();
  parent->set_record(ToField(record));
  parent->set_relation(relation);
  parent->set_weight(weight);
  return *this;
}

RecordBuilder& RecordBuilder::PassThrough(base::Ppb ppb) {
  record_.set_pass_through_ppb(ppb.value());
  return *this;
}

RecordBuilder& RecordBuilder::Terms(base::Ppb alpha_max, base::Ppb royalty, base::Ppb min_share) {
  record_.clear_terms();  // a message that holds only defaults is left out
  if (alpha_max.value() == 0 && royalty.value() == 0 && min_share.value() == 0) return *this;
  record_.mutable_terms()->set_alpha_max_ppb(alpha_max.value());
  record_.mutable_terms()->set_royalty_ppb(royalty.value());
  record_.mutable_terms()->set_min_share_ppb(min_share.value());
  return *this;
}

RecordBuilder& RecordBuilder::Custodial() {
  record_.set_custodial(true);
  return *this;
}

RecordBuilder& RecordBuilder::Sketch(std::string_view minima) {
  record_.set_sketch(std::string(minima));
  return *this;
}

RecordBuilder& RecordBuilder::OpenReservation(const base::Hash& salt) {
  record_.set_reservation_salt(ToField(salt));
  return *this;
}

base::RecordId RecordBuilder::Id() const { return RecordIdOf(Bytes()); }

v1::Operation RecordBuilder::Submit(bool skip_if_exists) const {
  v1::Operation operation;
  operation.mutable_submit_record()->set_record(Bytes());
  operation.mutable_submit_record()->set_skip_if_exists(skip_if_exists);
  return operation;
}

}  // namespace tributary::client
