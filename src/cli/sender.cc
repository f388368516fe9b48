#include "cli/sender.h"

#include <algorithm>
#include <utility>

#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/parse.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

std::string Where(const v1::TransactionStatus& status) {
  if (!status.has_committed()) return "accepted; ask for it later with `tributary tx show`";
  const v1::Position& position = status.committed().position();
  return "committed in block " + std::to_string(position.height()) + " as entry " +
         std::to_string(position.entry());
}

}  // namespace

std::vector<Argument> SigningArguments() {
  return {{"--key,-k", "key file that signs", ArgumentKind::kText, true},
          {"--co-signer", "key file that signs too; may be given again", ArgumentKind::kList},
          {"--no-wait", "do not wait for the commit", ArgumentKind::kFlag}};
}

std::vector<Argument> WithSigning(std::vector<Argument> own) {
  for (Argument& argument : SigningArguments()) own.push_back(std::move(argument));
  return own;
}

absl::StatusOr<Sender> Sender::Open(Context& context) {
  Sender sender(context);
  std::vector<std::string> files = context.List("--co-signer");
  files.insert(files.begin(),
               context.Has("--sponsor") ? context.Text("--sponsor") : context.Text("--key"));
  for (const std::string& file : files) {
    auto key = client::LoadSigner(file);
    if (!key.ok()) return key.status();
    sender.keys_.push_back(std::move(*key));
  }
  TRIBUTARY_RETURN_IF_ERROR(sender.Refresh());
  for (const auto& key : sender.keys_) {
    const auto account = context.node().AccountOf(*key);
    if (!account.ok()) return account.status();
    sender.signers_.push_back({*account, key.get()});
  }
  return sender;
}

absl::Status Sender::Refresh() {
  auto status = context_->node().GetStatus();
  if (!status.ok()) return status.status();
  status_ = std::move(*status);
  return absl::OkStatus();
}

client::TransactionBuilder Sender::NewTransaction() const {
  return client::TransactionBuilder(status_.chain_id(), account(), client::GoodValidUntil(status_),
                                    signers_.size());
}

absl::StatusOr<Sent> Sender::Send(const client::TransactionBuilder& builder) {
  auto transaction = builder.Sign(signers_);
  if (!transaction) return client::ToStatus(transaction.rejection());
  const auto wait = context_->Flag("--no-wait") ? v1::WAIT_FOR_ACCEPTED : v1::WAIT_FOR_COMMITTED;
  auto status = context_->node().Submit(*transaction, wait);
  if (!status.ok()) return status.status();
  return Sent{std::move(*transaction), std::move(*status)};
}

absl::StatusOr<Sent> Sender::Send(const v1::Operation& operation) {
  client::TransactionBuilder builder = NewTransaction();
  if (!builder.Add(operation)) {
    return client::ToStatus(
        base::Reject(base::RejectionCode::kTransactionTooLarge, "operations[0]"));
  }
  return Send(builder);
}

void Sender::Print(const Sent& sent, const std::string& what) {
  if (context_->json()) {
    context_->PrintJson(sent.status);
  } else {
    context_->out() << what << ": " << Where(sent.status) << "\n"
                    << "transaction " << base::ToHex(sent.transaction.id.bytes) << "\n";
  }
}

void Sender::PrintNumbered(const Sent& sent, const std::string& thing,
                           std::optional<uint64_t> number, const std::string& what) {
  if (!number) return Print(sent, thing + " " + what);
  if (!context_->json()) return Print(sent, thing + " " + std::to_string(*number) + " " + what);
  JsonObject object;
  object.Number(thing, *number).Raw("transaction", ToJson(sent.status));
  context_->out() << object.Finish() << "\n";
}

absl::Status Sender::SendAndPrint(const v1::Operation& operation, const std::string& what) {
  const auto sent = Send(operation);
  if (!sent.ok()) return sent.status();
  Print(*sent, what);
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> DecimalsOf(const v1::NodeStatus& status, const std::string& currency) {
  std::string known;
  for (const v1::Currency& one : status.currencies()) {
    if (one.code() == currency) return one.decimals();
    known += (known.empty() ? "" : ", ") + one.code();
  }
  return UsageError("the chain has no currency '" + currency + "'; it has " + known);
}

absl::StatusOr<uint64_t> AmountOf(Context& context, const v1::NodeStatus& status,
                                  const std::string& currency) {
  if (context.Has("--amount") == context.Has("--minor")) {
    return UsageError("give either --amount (such as 12.50) or --minor (whole minor units)");
  }
  if (context.Has("--minor")) return context.Number("--minor");
  const auto decimals = DecimalsOf(status, currency);
  if (!decimals.ok()) return decimals.status();
  return ParseMajor(context.Text("--amount"), *decimals);
}

}  // namespace tributary::cli
