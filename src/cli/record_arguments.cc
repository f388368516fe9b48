#include "cli/record_arguments.h"

#include <optional>
#include <vector>

#include "cli/exit_code.h"
#include "cli/parse.h"
#include "codec/ledger_enums.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/transaction.h"

namespace tributary::cli {
namespace {

struct AuthorOnChain {
  base::AccountId id;
  bool custodial = false;
};

absl::StatusOr<AuthorOnChain> FindAuthor(Context& context, const std::string& name) {
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(name);
  const auto account = context.node().GetAccount(request);
  if (!account.ok()) return account.status();
  const auto id = client::FromField<base::AccountId>(account->id());
  if (!id) return base::Internal("the node gave an account id that is not 32 bytes");
  return AuthorOnChain{*id, account->custodial()};
}

}  // namespace

absl::StatusOr<std::optional<HashedFile>> ContentOf(Context& context) {
  if (context.Has("--content")) {
    const auto content = HashFile(context.Text("--content"));
    if (!content.ok()) return content.status();
    return *content;
  }
  if (!context.Has("--sha256")) return std::nullopt;
  const auto hash = base::DigestFromHex<base::Hash>(context.Text("--sha256"));
  if (!hash) return UsageError("--sha256 is 64 hexadecimal digits");
  return HashedFile{*hash, context.Number("--bytes")};
}

absl::Status AddParent(Context& context, const std::string& text, client::RecordBuilder& record) {
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos) {
    return UsageError("'" + text +
                      "' is no parent; write RECORD=RELATION or RECORD=RELATION*WEIGHT");
  }
  const std::string relation_text = text.substr(equals + 1);
  const size_t star = relation_text.find('*');
  const auto relation = codec::ParseRelation(relation_text.substr(0, star));
  if (!relation) return UsageError("'" + relation_text.substr(0, star) + "' is no relation");
  const auto weight =
      star == std::string::npos ? uint64_t{1} : ParseNumber(relation_text.substr(star + 1));
  if (!weight || *weight > UINT32_MAX) return UsageError("'" + text + "' has no valid weight");
  auto ref = ParseRecord(text.substr(0, equals));
  if (!ref.ok()) return ref.status();
  v1::GetRecordRequest request;
  *request.mutable_record() = *ref;
  const auto parent = context.node().GetRecord(request);
  if (!parent.ok()) return parent.status();
  const auto id = client::FromField<base::RecordId>(parent->id());
  if (!id) return base::Internal("the node gave a record id that is not 32 bytes");
  record.Parent(*id, static_cast<v1::Relation>(*relation), static_cast<uint32_t>(*weight));
  return absl::OkStatus();
}

absl::Status AddAuthors(Context& context, const Sender& sender, client::RecordBuilder& record) {
  std::vector<base::AccountId> equal;
  bool stated = false;
  bool custodial = false;
  for (const std::string& text : context.List("--author")) {
    const size_t equals = text.find('=');
    const auto author = FindAuthor(context, text.substr(0, equals));
    if (!author.ok()) return author.status();
    custodial = custodial || author->custodial;
    if (equals == std::string::npos) {
      equal.push_back(author->id);
      continue;
    }
    const auto share = ParsePpb(text.substr(equals + 1));
    if (!share.ok()) return share.status();
    record.Author(author->id, base::Ppb(*share));
    stated = true;
  }
  if (stated && !equal.empty()) return UsageError("give a share to every --author, or to none");
  if (!stated && equal.empty()) equal.push_back(sender.account());
  if (!stated) record.EqualAuthors(equal);
  if (custodial) record.Custodial();
  return absl::OkStatus();
}

}  // namespace tributary::cli
