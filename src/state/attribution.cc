#include "state/attribution.h"

#include "state/edges.h"

#include <algorithm>
#include <set>

#include "codec/ids.h"
#include "crypto/ed25519.h"
#include "state/keys_in_force.h"
#include "state/proofs.h"
#include "state/royalties.h"
#include "state/terms.h"
#include "state/versions.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;
using base::Verdict;

constexpr std::string_view kAttributor = "attribution.claim.attributor";
constexpr std::string_view kAlpha = "attribution.claim.alpha_ppb";

base::Checked<base::AccountIndex> CheckAttributor(Context& c, const base::AccountId& attributor) {
  const auto index = c.FindAccount(attributor);
  if (!index) {
    return c.Reject(RejectionCode::kUnknownAccount, kAttributor, base::ToHex(attributor.view()));
  }
  const auto account = c.overlay.Get<AccountRow>(index->value());
  if (!HasRole(account.roles, codec::Role::kAttributor)) {
    return c.Reject(RejectionCode::kMissingRole, kAttributor,
                    std::string(account.Handle()) + " is not attributor");
  }
  if (*index == c.sender) {
    return c.Reject(RejectionCode::kAttributorTied, kAttributor, "it is the reporter");
  }
  return *index;
}

Verdict CheckAlpha(Context& c, base::RecordSeq asset, base::Ppb alpha) {
  const base::Epoch now(c.block.chain.epoch);
  const base::Ppb most = TermsAt(c.overlay, asset, now).alpha_max;
  if (alpha > most) {
    return c.Reject(RejectionCode::kAttributionAlpha, kAlpha,
                    "the asset's alpha_max is " + std::to_string(most.value()));
  }
  const base::Ppb net(base::kPpbOne - c.block.parameters.fee_ppb -
                      RoyaltiesOn(c.overlay, asset, now).value());
  if (alpha > net) {
    return c.Reject(RejectionCode::kAttributionAlpha, kAlpha,
                    "fee and royalties leave " + std::to_string(net.value()));
  }
  return std::nullopt;
}

// The ties of one attributor, each author looked up once.
class Ties {
 public:
  Ties(Overlay& overlay, base::Epoch epoch, base::AccountIndex attributor)
      : overlay_(overlay), epoch_(epoch), attributor_(attributor.value()) {}

  // Why the attributor may not name the record, or nothing.
  std::string_view To(base::RecordSeq record) {
    for (const uint32_t author : AuthorsOf(record)) {
      if (author == attributor_) return "it is an author";
      if (Sponsors(author)) return "it is the sponsor of an author";
    }
    return {};
  }

 private:
  // In force now. Edges, of which there may be many, are read only where there are amendments.
  std::vector<uint32_t> AuthorsOf(base::RecordSeq record) {
    std::vector<uint32_t> authors;
    if (FindAmended(overlay_, record)) {
      for (const auto& author : LinesAt(overlay_, record, epoch_).authors) {
        authors.push_back(author.account.value());
      }
      return authors;
    }
    const auto row = overlay_.Get<RecordRow>(record.value());
    for (uint32_t i = 0; i < row.author_count; ++i) {
      authors.push_back(overlay_.Get<AuthorLineRow>(row.first_author_line + i).account);
    }
    return authors;
  }
  bool Sponsors(uint32_t author) {
    if (untied_.contains(author)) return false;
    if (overlay_.Get<AccountRow>(author).sponsor == attributor_) return true;
    untied_.insert(author);
    return false;
  }

  Overlay& overlay_;
  base::Epoch epoch_;
  uint32_t attributor_;
  std::set<uint32_t> untied_;
};

Verdict CheckSignature(const Context& c, base::AccountIndex attributor) {
  const auto account = c.overlay.Get<AccountRow>(attributor.value());
  const auto keys = KeysInForce(account, c.block.time);
  if (WasProven(c.transaction, c.operation, keys)) return std::nullopt;
  const auto& report = std::get<codec::ReportRevenue>(c.transaction.body.operations[c.operation]);
  const std::string message =
      codec::AttributionMessage(c.transaction.body.chain_id, report.attribution->claim);
  for (const base::PublicKey& key : keys) {
    if (crypto::Verify(key, base::AsBytes(message), report.attribution->signature)) {
      return std::nullopt;
    }
  }
  return c.Reject(RejectionCode::kAttributionSignature, "attribution.signature",
                  "account " + std::string(account.Handle()));
}

}  // namespace

base::Checked<std::vector<AttributedShare>> CheckAttribution(Context& c, base::RecordSeq asset,
                                                             const PreparedAttribution& prepared) {
  const codec::AttributionClaim& claim = prepared.claim;
  const auto attributor = CheckAttributor(c, claim.attributor);
  if (!attributor) return attributor.rejection();
  if (auto bad = CheckAlpha(c, asset, claim.alpha_ppb)) return *std::move(bad);
  Ties ties(c.overlay, base::Epoch(c.block.chain.epoch), *attributor);
  std::vector<AttributedShare> shares;
  for (size_t i = 0; i < claim.influences.size(); ++i) {
    const std::string leaf = "attribution.claim.influences[" + std::to_string(i) + "].record";
    const base::RecordId& id = claim.influences[i].record;
    const auto record = c.FindRecord(id);
    if (!record) {
      return c.Reject(RejectionCode::kAttributionTarget, leaf, base::ToHex(id.view()));
    }
    if (auto bad = RequireCounts(c, *record, leaf)) return *std::move(bad);
    if (const std::string_view tie = ties.To(*record); !tie.empty()) {
      return c.Reject(RejectionCode::kAttributorTied, leaf, std::string(tie));
    }
    shares.push_back({*record, prepared.shares[i]});
  }
  if (auto bad = CheckSignature(c, *attributor)) return *std::move(bad);
  return shares;
}

}  // namespace tributary::state
