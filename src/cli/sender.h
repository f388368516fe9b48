// Signs and sends operations for a person at the command line.
#ifndef TRIBUTARY_CLI_SENDER_H_
#define TRIBUTARY_CLI_SENDER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "cli/context.h"
#include "tributary/client/transaction.h"

namespace tributary::cli {

// The arguments of every command that signs: --key, --co-signer, --no-wait.
std::vector<Argument> SigningArguments();
// The same, after `own`.
std::vector<Argument> WithSigning(std::vector<Argument> own);

// What became of a transaction.
struct Sent {
  client::Transaction transaction;
  v1::TransactionStatus status;
};

// The keys of a command line, and the chain that they sign for.
class Sender {
 public:
  // Reads --key and --co-signer and asks the node for the chain and the accounts.
  static absl::StatusOr<Sender> Open(Context& context);

  const base::AccountId& account() const { return signers_.front().account; }
  const client::Signer& signer() const { return *signers_.front().signer; }
  const std::string& chain_id() const { return status_.chain_id(); }
  const v1::NodeStatus& status() const { return status_; }

  // A transaction that is valid for some minutes from the last Open or Refresh.
  client::TransactionBuilder NewTransaction() const;
  // Asks the node for its time again: for senders that work for long.
  absl::Status Refresh();
  // Signs with every key and sends; waits for the commit unless --no-wait was given.
  absl::StatusOr<Sent> Send(const client::TransactionBuilder& builder);
  absl::StatusOr<Sent> Send(const v1::Operation& operation);
  // Sends, and prints what became of it: `what` starts the sentence, e.g. "payout 3 confirmed".
  absl::Status SendAndPrint(const v1::Operation& operation, const std::string& what);
  void Print(const Sent& sent, const std::string& what);
  // The same for what got a number of its own: "proposal 3 opened"; as JSON {"proposal":3,
  // "transaction":{…}}. `number` is not known where the commit was not waited for.
  void PrintNumbered(const Sent& sent, const std::string& thing, std::optional<uint64_t> number,
                     const std::string& what);

 private:
  explicit Sender(Context& context) : context_(&context) {}

  Context* context_;
  std::vector<std::unique_ptr<client::Signer>> keys_;
  std::vector<client::AccountSigner> signers_;
  v1::NodeStatus status_;
};

// The decimals of a currency. Errors: the chain has no such currency (which ones it has).
absl::StatusOr<uint32_t> DecimalsOf(const v1::NodeStatus& status, const std::string& currency);

// --amount (major units) or --minor, whichever was given.
absl::StatusOr<uint64_t> AmountOf(Context& context, const v1::NodeStatus& status,
                                  const std::string& currency);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SENDER_H_
