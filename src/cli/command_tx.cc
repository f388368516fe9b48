#include <algorithm>

#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/table.h"
#include "tributary/base/hex.h"
#include "tributary/client/error.h"
#include "tributary/client/transaction.h"

namespace tributary::cli {
namespace {

// Whether it took effect, as the command's own verdict, so that scripts see it.
absl::Status Verdict(const v1::TransactionStatus& status) {
  if (status.has_refused()) return client::ToStatus(status.refused().refusal());
  if (status.has_committed()) return absl::OkStatus();
  if (status.has_pending()) return Undecided("pending: ask again");
  if (status.has_expired()) {
    return Expired("expired: it can never take effect; sign and send it again");
  }
  return Undecided(
      "unknown to this node; send the same bytes again, or wait for its valid_until to pass");
}

absl::Status Print(Context& context, const v1::TransactionStatus& status) {
  if (context.json()) {
    if (!status.has_refused()) context.PrintJson(status);
  } else if (status.has_committed()) {
    const v1::TransactionStatus::Committed& c = status.committed();
    context.out() << "committed in block " << c.position().height() << " as entry "
                  << c.position().entry() << " at " << Time(c.position().time_ms()) << "\n";
    for (const std::string& record : c.records()) context.out() << "record " << Hex(record) << "\n";
    if (c.skipped_records() > 0) context.out() << c.skipped_records() << " records skipped\n";
    for (const uint64_t payout : c.payouts()) context.out() << "payout " << payout << "\n";
  }
  return Verdict(status);
}

absl::StatusOr<base::TxId> Id(Context& context) {
  const auto id = base::DigestFromHex<base::TxId>(context.Text("ID"));
  if (!id) return UsageError("a transaction id is 64 hexadecimal digits");
  return *id;
}

absl::Status Show(Context& context) {
  const auto id = Id(context);
  if (!id.ok()) return id.status();
  v1::GetTransactionRequest request;
  request.set_id(client::ToField(*id));
  request.set_valid_until_ms(context.Number("--valid-until-ms"));
  const auto status = context.node().GetTransaction(request);
  if (!status.ok()) return status.status();
  return Print(context, *status);
}

absl::Status Wait(Context& context) {
  const auto id = Id(context);
  if (!id.ok()) return id.status();
  const uint64_t seconds = std::min<uint64_t>(context.Number("--seconds"), 86'400);
  const auto status = context.node().Wait(*id, base::TimeMs(context.Number("--valid-until-ms")),
                                          static_cast<uint32_t>(seconds * 1'000));
  if (!status.ok()) return status.status();
  return Print(context, *status);
}

}  // namespace

std::vector<Command> TransactionCommands() {
  const Argument id{"ID", "transaction id", ArgumentKind::kText, true};
  const Argument until{"--valid-until-ms", "of the transaction: tells expired from unknown",
                       ArgumentKind::kNumber};
  return {{"tx", "show", "what is known of a transaction", {id, until}, &Show},
          {"tx",
           "wait",
           "wait until a transaction is decided",
           {id, until, {"--seconds", "at most so long", ArgumentKind::kNumber, false, "60"}},
           &Wait}};
}

}  // namespace tributary::cli
