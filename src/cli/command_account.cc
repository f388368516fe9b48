#include <algorithm>
#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/json_text.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/sender.h"
#include "cli/table.h"
#include "codec/ledger_enums.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

absl::StatusOr<v1::AccountView> Find(Context& context, const std::string& account) {
  v1::GetAccountRequest request;
  *request.mutable_account() = ParseAccount(account);
  return context.node().GetAccount(request);
}

std::string Roles(const v1::AccountView& account) {
  std::string text;
  for (const int role : account.roles()) {
    text += (text.empty() ? "" : ", ") + std::string(codec::Name(static_cast<codec::Role>(role)));
  }
  return text;
}

absl::Status Register(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  std::unique_ptr<client::Signer> key;
  if (context.Has("--account-key")) {
    auto loaded = client::LoadSigner(context.Text("--account-key"));
    if (!loaded.ok()) return loaded.status();
    key = std::move(*loaded);
  }
  const std::string handle = context.Text("HANDLE");
  base::AccountId id;
  const v1::Operation operation = client::RegisterAccountOperation(
      sender->chain_id(), handle, sender->account(), key.get(), &id);
  const auto sent = sender->Send(operation);
  if (!sent.ok()) return sent.status();
  const std::string kind = key ? "account " : "custodial account ";
  sender->Print(*sent, kind + handle + " registered");
  if (!context.json()) context.out() << "account id  " << base::ToHex(id.bytes) << "\n";
  return absl::OkStatus();
}

absl::Status Claim(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto key = client::LoadSigner(context.Text("--account-key"));
  if (!key.ok()) return key.status();
  const std::string name = context.Text("ACCOUNT");
  const auto account = Find(context, name);
  if (!account.ok()) return account.status();
  const auto id = client::FromField<base::AccountId>(account->id());
  if (!id) return base::Internal("the node gave an account id that is not 32 bytes");
  return sender->SendAndPrint(
      client::ClaimAccountOperation(sender->chain_id(), *id, **key),
      "claim of " + account->handle() + " recorded; the key is in force after the notice period");
}

absl::Status Object(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto account = Find(context, context.Text("ACCOUNT"));
  if (!account.ok()) return account.status();
  const auto id = client::FromField<base::AccountId>(account->id());
  if (!id) return base::Internal("the node gave an account id that is not 32 bytes");
  return sender->SendAndPrint(client::ObjectToClaimOperation(*id, context.Text("--reason")),
                              "claim of " + account->handle() + " ended");
}

absl::Status Rotate(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto key = client::LoadSigner(context.Text("--new-key"));
  if (!key.ok()) return key.status();
  return sender->SendAndPrint(client::RotateKeyOperation(sender->chain_id(), sender->account(),
                                                         **key, context.Number("--overlap-ms")),
                              "new key of " + sender->signer().handle() + " in force");
}

absl::Status PayoutPreference(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const std::string currency = context.Text("--currency");
  uint64_t above_minor = 0;
  if (!context.Flag("--never")) {
    const auto amount = AmountOf(context, sender->status(), currency);
    if (!amount.ok()) return amount.status();
    above_minor = *amount;
  }
  v1::Operation operation;
  v1::SetPayoutPreference* preference = operation.mutable_set_payout_preference();
  preference->set_currency(currency);
  preference->set_automatic_above_minor(above_minor);
  return sender->SendAndPrint(operation, above_minor == 0
                                             ? "no more automatic payouts in " + currency
                                             : "automatic payouts in " + currency + " set");
}

absl::Status Raise(Context& context) {
  auto sender = Sender::Open(context);
  if (!sender.ok()) return sender.status();
  const auto account = Find(context, context.Text("ACCOUNT"));
  if (!account.ok()) return account.status();
  if (context.Number("--records") > UINT32_MAX) return UsageError("--records is below 2^32");
  v1::Operation operation;
  v1::RaiseIdentity* raise = operation.mutable_raise_identity();
  raise->set_account(account->id());
  raise->set_records_per_epoch(static_cast<uint32_t>(context.Number("--records")));
  return sender->SendAndPrint(operation, account->handle() + " raised");
}

std::string QuotaText(const v1::OperationQuota& quota) {
  if (quota.limit() == 0) return "no limit of operations";
  return std::to_string(quota.used()) + " of " + Plural(quota.limit(), "operation") +
         " used in this epoch" + (quota.as_set() == 0 ? "" : ", a limit of its own");
}

// Whose quota the account's operations count against, and what its credit is.
absl::Status AddLimits(Context& context, const v1::AccountView& account, Facts& facts) {
  if (account.sponsor().empty() || account.quota().used() > 0 || account.quota().as_set() > 0) {
    facts.Add("quota", QuotaText(account.quota()) + ", with all it sponsors");
  }
  if (!account.sponsor().empty()) {
    v1::GetAccountRequest request;
    request.mutable_account()->set_id(account.sponsor());
    const auto sponsor = context.node().GetAccount(request);
    if (!sponsor.ok()) return sponsor.status();
    facts.Add("sponsor's quota", QuotaText(sponsor->quota()));
  }
  if (account.records_per_epoch() > 0) {
    facts.Add("as an author", std::to_string(account.records_in_epoch()) + " of " +
                                  Plural(account.records_per_epoch(), "record") + " in this epoch");
  }
  v1::ListReceivablesRequest request;
  request.mutable_reporter()->set_id(account.id());
  const auto all = context.node().ListReceivables(request);
  if (!all.ok()) return all.status();
  for (const v1::Receivable& one : all->receivables()) {
    facts.Add("credit in " + one.currency(),
              (one.unlimited() ? "no limit" : "up to " + Money(one.limit())) + ", outstanding " +
                  Money(one.outstanding()));
  }
  return absl::OkStatus();
}

absl::Status Show(Context& context) {
  const auto account = Find(context, context.Text("ACCOUNT"));
  if (!account.ok()) return account.status();
  if (context.json()) {
    context.PrintJson(*account);
    return absl::OkStatus();
  }
  Facts facts;
  facts.Add("handle", Printable(account->handle())).Add("account id", Hex(account->id()));
  if (!account->sponsor().empty()) facts.Add("sponsor", Printable(account->sponsor_handle()));
  if (account->roles_size() > 0) facts.Add("roles", Roles(*account));
  facts.Add("key", account->custodial() ? "none: custodial, it earns and can do nothing else"
                                        : Hex(account->public_key()));
  if (!account->old_public_key().empty()) {
    facts.Add("old key",
              Hex(account->old_public_key()) + ", until " + Time(account->old_key_until_ms()));
  }
  if (account->has_pending_claim()) {
    facts.Add("claimed by", Hex(account->pending_claim().public_key()) + ", in force at " +
                                Time(account->pending_claim().in_force_at_ms()));
  }
  facts.Add("records", std::to_string(account->record_count()));
  TRIBUTARY_RETURN_IF_ERROR(AddLimits(context, *account, facts));
  facts.Print(context.out());
  return absl::OkStatus();
}

absl::Status List(Context& context) {
  v1::ListAccountsRequest request;
  if (context.Has("--role")) {
    const auto role = codec::ParseRole(context.Text("--role"));
    if (!role) return UsageError("'" + context.Text("--role") + "' is no role");
    request.set_role(static_cast<v1::Role>(*role));
  }
  const auto all =
      ReadPages(context.node(), &client::Client::ListAccounts,
                &v1::ListAccountsResponse::accounts_size, request, context.Number("--limit"));
  if (!all.ok()) return all.status();
  if (context.json()) {
    context.PrintJson(*all);
    return absl::OkStatus();
  }
  Table table({{"handle"}, {"account id"}, {"roles"}, {"records", Align::kRight}, {"key"}});
  for (const v1::AccountView& account : all->accounts()) {
    table.Add({Printable(account.handle()), ShortHex(account.id()), Roles(account),
               std::to_string(account.record_count()), account.custodial() ? "custodial" : "yes"});
  }
  table.Print(context.out());
  if (!all->next_page_token().empty()) context.out() << "(more: raise --limit)\n";
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> AccountCommands() {
  const Argument account{"ACCOUNT", "handle or id", ArgumentKind::kText, true};
  return {{"account", "register", "register an account; the signing key is the sponsor's",
           WithSigning({{"HANDLE", "of the new account", ArgumentKind::kText, true},
                        {"--account-key",
                         "key file of the new account; without it the account is custodial"}}),
           &Register},
          {"account", "claim", "give a custodial account its first key",
           WithSigning({account, {"--account-key", "its key file", ArgumentKind::kText, true}}),
           &Claim},
          {"account", "object", "end a pending claim within its notice period",
           WithSigning(
               {account, {"--reason", "why, for everybody to read", ArgumentKind::kText, true}}),
           &Object},
          {"account", "raise", "lift, as its sponsor, what limits a new account's records",
           WithSigning(
               {account,
                {"--records", "in an epoch; 0: any number", ArgumentKind::kNumber, false, "0"}}),
           &Raise},
          {"account", "rotate", "replace the key of the signing account",
           WithSigning({{"--new-key", "key file that takes over", ArgumentKind::kText, true},
                        {"--overlap-ms", "how long the old key stays in force",
                         ArgumentKind::kNumber, false, "0"}}),
           &Rotate},
          {"account", "payout-preference", "have payouts requested once so much is available",
           WithSigning({{"--currency", "code", ArgumentKind::kText, true},
                        {"--amount", "from which on, in major units, such as 12.50"},
                        {"--minor", "in whole minor units instead", ArgumentKind::kNumber},
                        {"--never", "no automatic payouts any more", ArgumentKind::kFlag}}),
           &PayoutPreference},
          {"account", "show", "show an account", {account}, &Show},
          {"account",
           "list",
           "list accounts in order of registration",
           {{"--role", "only accounts with this role"},
            {"--limit", "at most so many", ArgumentKind::kNumber, false, "100"}},
           &List}};
}

}  // namespace tributary::cli
