#include <algorithm>
#include <set>

#include "codec/ids.h"
#include "codec/limits.h"
#include "crypto/ed25519.h"
#include "rewards/admission.h"
#include "state/identity_keys.h"
#include "state/keys_in_force.h"
#include "state/prepared.h"
#include "state/proofs.h"
#include "state/resident.h"
#include "state/rows.h"

namespace tributary::state {
namespace {

using base::Reject;
using base::RejectionCode;
using base::Verdict;

// What a record's fields say about each other, before any other record is known.
template <class Lines>  // a Record, or an AmendRecord
Verdict CheckParents(const Lines& record, const std::string& path) {
  if (record.parents.empty() && record.pass_through_ppb.value() > 0) {
    return Reject(RejectionCode::kPassThroughWithoutParents, path + "pass_through_ppb");
  }
  std::vector<base::RecordId> ids;
  ids.reserve(record.parents.size());
  for (const codec::Parent& parent : record.parents) ids.push_back(parent.record);
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) == ids.end()) return std::nullopt;
  for (size_t i = 0; i < record.parents.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (record.parents[i].record != record.parents[j].record) continue;
      return Reject(RejectionCode::kParentTwice,
                    path + "parents[" + std::to_string(i) + "].record");
    }
  }
  return std::nullopt;
}

template <class Lines>
Verdict CheckLines(const Lines& record, const std::string& path) {
  std::vector<base::AccountId> accounts;
  std::vector<base::Ppb> shares;
  for (const codec::Author& author : record.authors) {
    accounts.push_back(author.account);
    shares.push_back(author.share_ppb);
  }
  if (Verdict bad = rewards::CheckAuthorShares(accounts, shares, path)) return bad;
  return CheckParents(record, path);
}

Verdict CheckRecord(const codec::Record& record, const std::string& path) {
  if (!record.content_sha256 && record.external_id.empty()) {
    return Reject(RejectionCode::kNoContent, path + "content_sha256");
  }
  if (record.content_bytes != 0 && !record.content_sha256) {
    return Reject(RejectionCode::kContentSize, path + "content_bytes");
  }
  return CheckLines(record, path);
}

Verdict PrepareRecord(const codec::SubmitRecord& submit, const std::string& path,
                      PreparedTransaction& out) {
  auto record = codec::Decode<codec::Record>(submit.record, path + "record");
  if (!record) return record.rejection();
  PreparedRecord prepared;
  prepared.record = *std::move(record);
  if (Verdict bad = CheckRecord(prepared.record, path + "record.")) return bad;
  prepared.id = codec::RecordIdOf(submit.record);
  prepared.content_key = ContentKey(prepared.record);
  prepared.external_key = ExternalKey(prepared.record.external_id);
  out.records.push_back(std::move(prepared));
  return std::nullopt;
}

Verdict PrepareRegistration(const codec::RegisterAccount& operation, const std::string& path,
                            PreparedTransaction& out) {
  auto registration =
      codec::Decode<codec::Registration>(operation.registration, path + "registration");
  if (!registration) return registration.rejection();
  if (registration->public_key.has_value() != operation.possession.has_value()) {
    return Reject(RejectionCode::kBadPossession, path + "possession");
  }
  out.registrations.push_back({*registration, codec::AccountIdOf(operation.registration)});
  return std::nullopt;
}

// The claim is of this very event: what was signed for one serves no other.
Verdict CheckClaim(const codec::AttributionClaim& claim, const codec::ReportRevenue& report,
                   const base::AccountId& reporter, const std::string& path) {
  if (claim.asset != report.asset) {
    return Reject(RejectionCode::kAttributionMismatch, path + "asset", "it is not the event's");
  }
  if (claim.reporter != reporter) {
    return Reject(RejectionCode::kAttributionMismatch, path + "reporter", "it is not the sender");
  }
  if (claim.reference != report.reference) {
    return Reject(RejectionCode::kAttributionMismatch, path + "reference", "it is not the event's");
  }
  return std::nullopt;
}

// Weights become parts of gross as those of parents become shares.
Verdict AdmitInfluences(PreparedAttribution& prepared, const std::string& path) {
  std::vector<uint32_t> weights;
  std::vector<base::RecordId> ids;
  std::set<base::RecordId> known;
  const auto at = [&path](size_t i, std::string_view leaf) {
    return path + "influences[" + std::to_string(i) + "]." + std::string(leaf);
  };
  for (const codec::Influence& influence : prepared.claim.influences) {
    if (!known.insert(influence.record).second) {
      return Reject(RejectionCode::kAttributionTarget, at(ids.size(), "record"), "it stands twice");
    }
    weights.push_back(influence.weight);
    ids.push_back(influence.record);
  }
  prepared.shares = rewards::LargestRemainder(prepared.claim.alpha_ppb, weights, ids);
  for (size_t i = 0; i < ids.size(); ++i) {
    if (prepared.shares[i].value() > 0) continue;
    return Reject(RejectionCode::kShareRoundsToZero, at(i, "weight"));
  }
  return std::nullopt;
}

Verdict PrepareAttribution(const codec::ReportRevenue& report, const std::string& path,
                           PreparedTransaction& out) {
  const std::string claim_path = path + "attribution.claim";
  auto claim = codec::Decode<codec::AttributionClaim>(report.attribution->claim, claim_path);
  if (!claim) return claim.rejection();
  PreparedAttribution prepared{*std::move(claim), {}};
  if (Verdict bad = CheckClaim(prepared.claim, report, out.body.sender, claim_path + ".")) {
    return bad;
  }
  if (Verdict bad = AdmitInfluences(prepared, claim_path + ".")) return bad;
  out.attributions.push_back(std::move(prepared));
  return std::nullopt;
}

Verdict PrepareOperations(PreparedTransaction& out) {
  for (size_t i = 0; i < out.body.operations.size(); ++i) {
    const codec::Operation& operation = out.body.operations[i];
    const std::string path = "operations[" + std::to_string(i) + "]." +
                             std::string(codec::OperationName(operation)) + ".";
    Verdict bad;
    if (const auto* submit = std::get_if<codec::SubmitRecord>(&operation)) {
      bad = PrepareRecord(*submit, path, out);
    } else if (const auto* registration = std::get_if<codec::RegisterAccount>(&operation)) {
      bad = PrepareRegistration(*registration, path, out);
    } else if (const auto* amendment = std::get_if<codec::AmendRecord>(&operation)) {
      bad = CheckLines(*amendment, path);
    } else if (const auto* report = std::get_if<codec::ReportRevenue>(&operation)) {
      if (report->attribution) bad = PrepareAttribution(*report, path, out);
    }
    if (bad) return bad;
  }
  return std::nullopt;
}

Verdict CheckSignatureList(const codec::SignedTransaction& envelope) {
  for (size_t i = 0; i < envelope.signatures.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (envelope.signatures[i].account != envelope.signatures[j].account) continue;
      return Reject(RejectionCode::kUnneededSignature,
                    "signatures[" + std::to_string(i) + "].account", "it stands twice");
    }
  }
  return std::nullopt;
}

}  // namespace

base::Checked<std::unique_ptr<PreparedTransaction>> Prepare(std::string bytes,
                                                            std::string_view chain_id) {
  auto out = std::make_unique<PreparedTransaction>();
  out->bytes = std::move(bytes);
  if (out->bytes.size() > codec::kTransactionBytesMax) {
    return Reject(RejectionCode::kTransactionTooLarge, "",
                  std::to_string(out->bytes.size()) + " bytes");
  }
  auto envelope = codec::Decode<codec::SignedTransaction>(base::AsBytes(out->bytes));
  if (!envelope) return envelope.rejection();
  out->envelope = *std::move(envelope);
  if (Verdict bad = CheckSignatureList(out->envelope)) return *std::move(bad);
  auto body = codec::Decode<codec::TransactionBody>(out->envelope.body);
  if (!body) return body.rejection();
  out->body = *std::move(body);
  if (out->body.chain_id != chain_id) {
    return Reject(
        RejectionCode::kWrongChain, "chain_id",
        "it says " + std::string(out->body.chain_id) + ", this chain is " + std::string(chain_id));
  }
  out->id = codec::TxIdOf(out->envelope.body);
  if (Verdict bad = PrepareOperations(*out)) return *std::move(bad);
  return out;
}

void Preverify(PreparedTransaction& transaction, const Resident& resident, const PageSource& pages,
               base::TimeMs now) {
  const std::string message = codec::TransactionMessage(transaction.envelope.body);
  transaction.verified.clear();
  for (size_t i = 0; i < transaction.envelope.signatures.size(); ++i) {
    const codec::Signature& signature = transaction.envelope.signatures[i];
    const auto row = resident.Find(Identity::kAccountId, AsKey(signature.account));
    if (!row) continue;
    const auto account = ReadRow<AccountRow>(pages, *row);
    for (const base::PublicKey& key : KeysInForce(account, now)) {
      if (!crypto::Verify(key, base::AsBytes(message), signature.signature)) continue;
      transaction.verified.push_back({i, key});
      break;
    }
  }
  // Work for those only who may send the transaction at all.
  if (transaction.verified.size() < transaction.envelope.signatures.size()) return;
  PreverifyProofs(transaction, resident, pages, now);
}

}  // namespace tributary::state
