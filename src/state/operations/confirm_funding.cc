#include "state/context.h"
#include "state/identity_keys.h"

namespace tributary::state {
namespace {

using base::RejectionCode;

base::Atoms OutstandingMinor(const ReceivableRow& row) {
  const base::Atoms settled = row.reversed_minor + row.confirmed_minor;
  return row.reported_minor > settled ? row.reported_minor - settled : base::Atoms();
}

}  // namespace

base::Verdict ApplyOperation(Context& c, const codec::ConfirmFunding& operation) {
  if (auto bad = c.RequireSenderRole({codec::Role::kTreasurer})) return bad;
  const auto currency = c.RequireCurrency(operation.currency, "currency");
  if (!currency) return currency.rejection();
  const auto reporter = c.FindAccount(operation.reporter);
  if (!reporter) return c.Reject(RejectionCode::kUnknownAccount, "reporter");
  const base::Hash reference =
      FundingReferenceKey(operation.currency, operation.external_reference);
  if (const auto taken = c.overlay.Find(Identity::kFundingReference, reference)) {
    return c.Reject(RejectionCode::kExternalReferenceTaken, "external_reference",
                    "funding " + std::to_string(*taken));
  }
  const auto row =
      c.overlay.Find(Identity::kReceivable, ReceivableKey(reporter->value(), currency->value()));
  if (!row) return c.Reject(RejectionCode::kReporterUnknown, "reporter");
  auto receivable = c.overlay.Get<ReceivableRow>(*row);
  const base::Atoms outstanding = OutstandingMinor(receivable);
  if (base::Atoms(operation.amount_minor.value()) > outstanding) {
    return c.Reject(RejectionCode::kFundingExceedsReceivable, "amount_minor",
                    "outstanding is " + base::ToDecimal(outstanding.value()) + " minor units");
  }
  receivable.confirmed_minor += base::Atoms(operation.amount_minor.value());
  c.overlay.Put(*row, receivable);
  FundingRow funding;
  funding.reference_key = reference;
  funding.reporter = reporter->value();
  funding.currency = currency->value();
  funding.amount_minor = operation.amount_minor.value();
  funding.entry = c.entry();
  c.overlay.AddIdentity(Identity::kFundingReference, reference, c.overlay.Append(funding));
  auto totals = c.overlay.Get<TotalsRow>(currency->value());
  totals.funded += base::Atoms::FromMinor(operation.amount_minor);
  c.overlay.Put(currency->value(), totals);
  return std::nullopt;
}

}  // namespace tributary::state
