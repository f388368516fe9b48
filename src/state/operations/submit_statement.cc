#include "state/context.h"
#include "tributary/base/hex.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

std::string Epochs(uint64_t first, uint64_t last) {
  return "epochs " + std::to_string(first) + " to " + std::to_string(last);
}

base::Verdict CheckPeriod(Context& c, const codec::SubmitStatement& operation) {
  if (operation.first_epoch > operation.last_epoch) {
    return c.Reject(RejectionCode::kStatementMismatch, "last_epoch", "it is before the first");
  }
  if (operation.last_epoch.value() >= c.block.chain.epoch) {
    return c.Reject(RejectionCode::kStatementMismatch, "last_epoch",
                    "the current epoch is " + std::to_string(c.block.chain.epoch));
  }
  return std::nullopt;
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::SubmitStatement& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kReporter})) return bad;
  const auto currency = c.RequireCurrency(operation.currency, "currency");
  if (!currency) return currency.rejection();
  const auto asset = c.FindRecord(operation.asset);
  if (!asset) {
    return c.Reject(RejectionCode::kAssetUnknown, "asset", base::ToHex(operation.asset.view()));
  }
  if (auto bad = CheckPeriod(c, operation)) return bad;
  StatementRow statement;
  statement.reporter = c.sender.value();
  statement.asset = asset->value();
  statement.currency = currency->value();
  statement.first_epoch = operation.first_epoch.value();
  statement.last_epoch = operation.last_epoch.value();
  statement.total_minor = operation.total_minor.value();
  statement.submitted_ms = c.block.time.value();
  statement.entry = c.entry();
  statement.operation = static_cast<uint16_t>(c.operation);
  if (const auto other = c.overlay.FindOverlap(ItemOf(statement, 0))) {
    return c.Reject(RejectionCode::kStatementMismatch, "first_epoch",
                    Epochs(other->first_epoch, other->last_epoch) + " are stated");
  }
  c.overlay.AddStatement(statement);
  return std::nullopt;
}

}  // namespace tributary::state
