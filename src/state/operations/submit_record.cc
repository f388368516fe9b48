#include <algorithm>

#include "codec/ids.h"
#include "lineage/graph.h"
#include "rewards/admission.h"
#include "state/accounts.h"
#include "state/context.h"
#include "state/edges.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/quotas.h"
#include "state/royalties.h"
#include "state/terms.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

struct Admission {
  std::vector<base::AccountIndex> authors;
  std::vector<base::RecordSeq> parents;
  std::vector<base::Ppb> shares;
  RoyaltyAdmission royalties;
  std::optional<uint64_t> reservation;    // row of kReservations
  std::optional<base::RecordSeq> latter;  // has the content, which was reserved before
};

std::string At(std::string_view list, size_t i, std::string_view leaf) {
  return "record." + std::string(list) + "[" + std::to_string(i) + "]." + std::string(leaf);
}

// Every author with a key signs; for those without, their sponsor does (two stewards, where it has
// none), and the record says so.
Verdict CheckAuthors(Context& c, const codec::Record& record, Admission& admission) {
  bool custodial = false;
  for (size_t i = 0; i < record.authors.size(); ++i) {
    const auto index = c.FindAccount(record.authors[i].account);
    if (!index) {
      return c.Reject(RejectionCode::kAuthorUnknown, At("authors", i, "account"),
                      base::ToHex(record.authors[i].account.view()));
    }
    admission.authors.push_back(*index);
    const auto account = c.overlay.Get<AccountRow>(index->value());
    const bool has_key = !KeysInForce(account, c.block.time).empty();
    custodial = custodial || !has_key;
    const std::string leaf = At("authors", i, "account");
    const base::AccountIndex signer(has_key ? index->value() : account.sponsor);
    if (auto bad = signer.value() == kNone32 ? RequireSponsorOrStewards(c, account, leaf)
                                             : c.RequireSigner(signer, leaf)) {
      return bad;
    }
  }
  if (custodial != record.custodial) {
    return c.Reject(RejectionCode::kCustodialFlag, "record.custodial");
  }
  return std::nullopt;
}

// The reservation that the salt opens: of one of the authors, not used and not expired.
Verdict FindReservation(Context& c, const codec::Record& record, Admission& admission) {
  if (!record.reservation_salt) return std::nullopt;
  const std::string leaf = "record.reservation_salt";
  for (const codec::Author& author : record.authors) {
    if (!record.content_sha256) break;
    const base::Hash commitment =
        codec::ReserveCommitment(author.account, *record.reservation_salt, *record.content_sha256);
    admission.reservation = c.overlay.Find(Identity::kReservation, commitment);
    if (admission.reservation) break;
  }
  if (!admission.reservation) return c.Reject(RejectionCode::kReservationUnknown, leaf);
  const auto row = c.overlay.Get<ReservationRow>(*admission.reservation);
  const auto owner = c.overlay.Get<AccountRow>(row.account);
  const bool of_author =
      std::any_of(record.authors.begin(), record.authors.end(),
                  [&owner](const codec::Author& author) { return author.account == owner.id; });
  if (!of_author || row.record != kNone32) {
    return c.Reject(RejectionCode::kReservationUnknown, leaf,
                    of_author ? "it has been used" : "another account made it");
  }
  if (c.block.time.value() < row.expires_ms) return std::nullopt;
  return c.Reject(RejectionCode::kReservationExpired, leaf,
                  "it ended at " + std::to_string(row.expires_ms));
}

// The entry that says since when a record's content is its own.
uint64_t PrecedenceOf(Context& c, base::RecordSeq record) {
  if (const auto row = c.overlay.Find(Identity::kRecordReservation, RecordKey(record))) {
    return c.overlay.Get<ReservationRow>(*row).entry;
  }
  return c.overlay.Get<RecordRow>(record.value()).entry;
}

// Chain order decides whose the content is, or a reservation before it.
bool IsEarlier(Context& c, const Admission& admission, base::RecordSeq holder) {
  if (!admission.reservation) return false;
  const auto reservation = c.overlay.Get<ReservationRow>(*admission.reservation);
  return reservation.entry < PrecedenceOf(c, holder);
}

Verdict CheckUnique(Context& c, const PreparedRecord& prepared, Admission& admission) {
  if (c.overlay.Find(Identity::kRecordId, AsKey(prepared.id))) {
    return c.Reject(RejectionCode::kRecordExists, "record", base::ToHex(prepared.id.view()));
  }
  const auto taken_by = [&c](uint64_t row) {
    return "by record " + base::ToHex(c.overlay.Get<RecordRow>(row).id.view());
  };
  if (!prepared.content_key.IsZero()) {
    if (const auto row = c.overlay.Find(Identity::kContent, prepared.content_key)) {
      const base::RecordSeq holder(static_cast<uint32_t>(*row));
      if (IsEarlier(c, admission, holder)) admission.latter = holder;
      if (!admission.latter)
        return c.Reject(RejectionCode::kContentTaken, "record.content_sha256", taken_by(*row));
    }
  }
  if (!prepared.external_key.IsZero()) {
    if (const auto row = c.overlay.Find(Identity::kExternalId, prepared.external_key)) {
      return c.Reject(RejectionCode::kExternalIdTaken, "record.external_id", taken_by(*row));
    }
  }
  return std::nullopt;
}

Verdict AdmitParents(Context& c, const codec::Record& record, Admission& admission) {
  std::vector<uint32_t> weights;
  std::vector<base::RecordId> ids;
  for (size_t i = 0; i < record.parents.size(); ++i) {
    const auto parent = c.FindRecord(record.parents[i].record);
    if (!parent) {
      return c.Reject(RejectionCode::kParentUnknown, At("parents", i, "record"),
                      base::ToHex(record.parents[i].record.view()));
    }
    admission.parents.push_back(*parent);
    if (record.pass_through_ppb.value() > 0) {
      if (auto bad = RequireCounts(c, *parent, At("parents", i, "record"))) return bad;
    }
    weights.push_back(record.parents[i].weight);
    ids.push_back(record.parents[i].record);
  }
  auto shares = rewards::AdmitShares(record.pass_through_ppb, weights, ids, c.Field("record."));
  if (!shares) return shares.rejection();
  admission.shares = *std::move(shares);
  return CheckMinShares(c, admission.parents, admission.shares, base::Epoch(c.block.chain.epoch),
                        "record.");
}

Verdict AdmitTerms(const Context& c, const codec::Record& record, Admission& admission) {
  if (auto bad = CheckRoyalty(c, record.terms.royalty_ppb, "record.terms.")) return bad;
  auto royalties = AdmitRoyalties(c, admission.parents);
  if (!royalties) return royalties.rejection();
  admission.royalties = *std::move(royalties);
  return std::nullopt;
}

Verdict CheckRoom(Context& c, const codec::Record& record, const Admission& admission) {
  const uint64_t edges = c.overlay.RowCount({TableKind::kEdges, 0}) + record.parents.size();
  const uint64_t lines = c.overlay.RowCount({TableKind::kAuthorLines, 0}) + record.authors.size();
  const uint64_t records = c.overlay.RowCount({TableKind::kRecords, 0}) + 1;
  const uint64_t royalties =
      c.overlay.RowCount({TableKind::kRoyaltyEntries, 0}) + admission.royalties.entries.size();
  const bool fits = edges <= lineage::kEdgeRowsMax && lines <= lineage::kAuthorRowsMax &&
                    records < lineage::kRecordsMax && royalties < kNone32;
  if (fits) return std::nullopt;
  return c.Reject(RejectionCode::kChainFull, "record");
}

Verdict ChargeIdentities(Context& c, const Admission& admission) {
  for (size_t i = 0; i < admission.authors.size(); ++i) {
    if (auto bad = ChargeIdentity(c, admission.authors[i], At("authors", i, "account"))) return bad;
  }
  return std::nullopt;
}

void AddEdges(Context& c, const codec::Record& record, const Admission& admission, RecordRow& row) {
  row.first_edge = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kEdges, 0}));
  row.edge_count = static_cast<uint16_t>(record.parents.size());
  for (size_t i = 0; i < record.parents.size(); ++i) {
    EdgeRow edge;
    edge.parent = admission.parents[i].value();
    edge.share_ppb = admission.shares[i].value();
    edge.weight = record.parents[i].weight;
    edge.relation = static_cast<uint8_t>(record.parents[i].relation);
    c.overlay.Append(edge);
    c.overlay.new_edges().push_back({admission.parents[i], admission.shares[i], edge.relation});
  }
}

void AddAuthorLines(Context& c, const codec::Record& record, const Admission& admission,
                    base::RecordSeq seq, RecordRow& row) {
  row.first_author_line = static_cast<uint32_t>(c.overlay.RowCount({TableKind::kAuthorLines, 0}));
  row.author_count = static_cast<uint8_t>(record.authors.size());
  for (size_t i = 0; i < record.authors.size(); ++i) {
    const base::AccountIndex index = admission.authors[i];
    auto account = c.overlay.Get<AccountRow>(index.value());
    AuthorLineRow line;
    line.account = index.value();
    line.share_ppb = record.authors[i].share_ppb.value();
    line.record = seq.value();
    line.previous = account.last_author_line;
    account.last_author_line = static_cast<uint32_t>(c.overlay.Append(line));
    ++account.record_count;
    c.overlay.Put(index.value(), account);
    c.overlay.new_authors().push_back({index, record.authors[i].share_ppb});
  }
}

void AddExternalId(Context& c, const PreparedRecord& prepared, base::RecordSeq seq,
                   RecordRow& row) {
  if (prepared.external_key.IsZero()) return;
  ExternalIdRow external;
  external.key = prepared.external_key;
  external.record = seq.value();
  row.external_row = static_cast<uint32_t>(c.overlay.Append(external));
  c.overlay.AddIdentity(Identity::kExternalId, external.key, seq.value());
}

// The content is no longer that of the record that came with it first, but reserved nothing.
void TakeContentFrom(Context& c, base::RecordSeq latter) {
  auto row = c.overlay.Get<RecordRow>(latter.value());
  c.overlay.RemoveIdentity(Identity::kContent, row.content_key, latter.value());
  row.content_key = {};
  row.flags |= kRecordPreceded;
  c.overlay.Put(latter.value(), row);
}

void UseReservation(Context& c, uint64_t reservation, base::RecordSeq record) {
  auto row = c.overlay.Get<ReservationRow>(reservation);
  row.record = record.value();
  c.overlay.Put(reservation, row);
  c.overlay.AddIdentity(Identity::kRecordReservation, RecordKey(record), reservation);
}

void AddRecord(Context& c, const PreparedRecord& prepared, const Admission& admission) {
  const codec::Record& record = prepared.record;
  const base::RecordSeq seq(static_cast<uint32_t>(c.overlay.RowCount({TableKind::kRecords, 0})));
  NewRecord node{};
  node.kind = static_cast<uint8_t>(record.kind);
  node.pass_through = record.pass_through_ppb;
  node.edge_begin = static_cast<uint32_t>(c.overlay.new_edges().size());
  node.edge_count = static_cast<uint32_t>(record.parents.size());
  node.author_begin = static_cast<uint32_t>(c.overlay.new_authors().size());
  node.author_count = static_cast<uint32_t>(record.authors.size());
  RecordRow row;
  row.id = prepared.id;
  row.content_key = prepared.content_key;
  row.entry = c.entry();
  row.operation = static_cast<uint16_t>(c.operation);
  row.kind = node.kind;
  row.flags = record.custodial ? kRecordCustodial : 0;
  if (admission.reservation) row.flags |= kRecordReserved;
  row.pass_through_ppb = record.pass_through_ppb.value();
  row.alpha_max_ppb = record.terms.alpha_max_ppb.value();
  row.royalty_ppb = record.terms.royalty_ppb.value();
  row.min_share_ppb = record.terms.min_share_ppb.value();
  row.royalty_stack = PutStack(c.overlay, admission.royalties);
  node.terms = TermsOf(record.terms);
  node.royalty_stack = row.royalty_stack;
  AddEdges(c, record, admission, row);
  AddAuthorLines(c, record, admission, seq, row);
  AddExternalId(c, prepared, seq, row);
  c.overlay.Append(row);
  c.overlay.AddIdentity(Identity::kRecordId, AsKey(prepared.id), seq.value());
  if (admission.latter) TakeContentFrom(c, *admission.latter);
  if (admission.reservation) UseReservation(c, *admission.reservation, seq);
  if (!prepared.content_key.IsZero()) {
    c.overlay.AddIdentity(Identity::kContent, prepared.content_key, seq.value());
  }
  c.overlay.AddRecord(node);
  c.applied.records.push_back(seq);
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::SubmitRecord& operation) {
  const PreparedRecord& prepared = c.transaction.records[c.next_record++];
  const codec::Record& record = prepared.record;
  Admission admission;
  if (auto bad = CheckAuthors(c, record, admission)) return bad;
  if (auto bad = FindReservation(c, record, admission)) return bad;
  if (auto bad = CheckUnique(c, prepared, admission)) {
    if (!operation.skip_if_exists) return bad;
    ++c.applied.skipped;
    return std::nullopt;
  }
  if (auto bad = AdmitParents(c, record, admission)) return bad;
  if (auto bad = AdmitTerms(c, record, admission)) return bad;
  if (auto bad = CheckRoom(c, record, admission)) return bad;
  if (auto bad = ChargeIdentities(c, admission)) return bad;
  AddRecord(c, prepared, admission);
  return std::nullopt;
}

}  // namespace tributary::state
