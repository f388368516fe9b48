// Builds one record: its bytes, its id, and the operation that submits it.
#ifndef TRIBUTARY_CLIENT_RECORD_H_
#define TRIBUTARY_CLIENT_RECORD_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tributary/base/types.h"
#include "tributary/v1/ledger.pb.h"

namespace tributary::client {

// Setters return the builder, so that calls can be chained. Nothing is checked here: the
// transaction builder reads the bytes back by the chain's rules, and the chain has the last word.
class RecordBuilder {
 public:
  explicit RecordBuilder(v1::RecordKind kind) { record_.set_kind(kind); }

  RecordBuilder& Author(const base::AccountId& account, base::Ppb share);
  // Equal shares that add up to 10^9; what does not divide goes to the first ones.
  // Requires: 1..64 accounts.
  RecordBuilder& EqualAuthors(std::span<const base::AccountId> accounts);
  RecordBuilder& Content(const base::Hash& sha256, uint64_t bytes);
  RecordBuilder& ExternalId(std::string_view id);
  RecordBuilder& MediaType(std::string_view type);
  RecordBuilder& Licence(std::string_view licence);
  RecordBuilder& Title(std::string_view title);
  RecordBuilder& Uri(std::string_view uri);
  RecordBuilder& Declared(base::TimeMs time);
  RecordBuilder& Parent(const base::RecordId& record, v1::Relation relation, uint32_t weight = 1);
  RecordBuilder& PassThrough(base::Ppb ppb);
  RecordBuilder& Terms(base::Ppb alpha_max, base::Ppb royalty, base::Ppb min_share);
  RecordBuilder& Custodial();
  // MinHash of the content: 128..1,024 bytes, in 8-byte little-endian minima.
  RecordBuilder& Sketch(std::string_view minima);
  // Opens the Reserve of its content that was made with this salt.
  RecordBuilder& OpenReservation(const base::Hash& salt);

  const v1::Record& message() const { return record_; }
  std::string Bytes() const { return record_.SerializeAsString(); }
  base::RecordId Id() const;
  v1::Operation Submit(bool skip_if_exists = false) const;

 private:
  v1::Record record_;
};

}  // namespace tributary::client

#endif  // TRIBUTARY_CLIENT_RECORD_H_
