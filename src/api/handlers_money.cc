#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kReceivablesScannedMax = 20'000;

void EncodeTotals(const state::TotalsRow& t, const state::CurrencyRow& currency,
                  v1::TrialBalance* to) {
  to->set_currency(std::string(node::CurrencyCode(currency)));
  EncodeAmount(t.reported, currency, to->mutable_reported());
  EncodeAmount(t.reversed, currency, to->mutable_reversed());
  EncodeAmount(t.deposited, currency, to->mutable_deposited());
  EncodeAmount(t.fees, currency, to->mutable_fees());
  EncodeAmount(t.available, currency, to->mutable_available());
  EncodeAmount(t.reserved, currency, to->mutable_reserved());
  EncodeAmount(t.escrow, currency, to->mutable_escrow());
  EncodeAmount(t.bonds, currency, to->mutable_bonds());
  EncodeAmount(t.paid, currency, to->mutable_paid());
  EncodeAmount(t.pending, currency, to->mutable_pending());
  EncodeAmount(t.debits, currency, to->mutable_debits());
  EncodeAmount(t.dust, currency, to->mutable_dust());
  EncodeAmount(t.funded, currency, to->mutable_funded());
  // Not as checked amounts: this is the report that would show that they do not add up.
  const base::Uint128 sources = t.reported.value() + t.deposited.value() - t.reversed.value();
  const base::Uint128 uses = t.fees.value() + t.available.value() + t.reserved.value() +
                             t.escrow.value() + t.bonds.value() + t.paid.value() +
                             t.pending.value() + t.dust.value() - t.debits.value();
  EncodeAmount(base::Atoms(sources), currency, to->mutable_sources());
  EncodeAmount(base::Atoms(uses), currency, to->mutable_uses());
  to->set_balanced(sources == uses);
}

void EncodeAsOfHeight(ReadContext& c, base::Height height, v1::AsOf* to) {
  const auto entry = c.view().snapshot().HeaderEntry(height);
  if (!entry.ok()) return c.Fail(entry.status());
  to->set_height(height.value());
  to->set_time_ms(c.Header(height).time_ms.value());
  to->set_log_size(entry->value() + 1);
}

void EncodeReceivable(ReadContext& c, const state::ReceivableRow& row, v1::Receivable* to) {
  const state::CurrencyRow& currency = c.Currency(base::CurrencyIndex(row.currency));
  const base::AccountIndex reporter(row.reporter);
  const auto minor = [&currency](base::Atoms minor_units, v1::Amount* amount) {
    EncodeAmount(base::Atoms(minor_units.value() * base::kPpbOne), currency, amount);
  };
  to->set_reporter(AsString(c.view().Account(reporter).id));
  to->set_handle(c.Handle(reporter));
  to->set_currency(std::string(node::CurrencyCode(currency)));
  minor(row.reported_minor, to->mutable_reported());
  minor(row.reversed_minor, to->mutable_reversed());
  minor(row.confirmed_minor, to->mutable_confirmed());
  // Below zero where money came in that was refunded afterwards.
  const auto outstanding = static_cast<base::Int128>(
      row.reported_minor.value() - row.reversed_minor.value() - row.confirmed_minor.value());
  EncodeSignedAmount(outstanding * base::kPpbOne, currency, to->mutable_outstanding());
  to->set_unlimited(row.limit_minor == UINT64_MAX);
  if (row.limit_minor != UINT64_MAX) {
    minor(base::Atoms(row.limit_minor), to->mutable_limit());
  }
}

}  // namespace

grpc::Status GetBalance(ReadContext& c, const v1::GetBalanceRequest& q, v1::GetBalanceResponse* r) {
  base::AccountIndex account;
  TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &account));
  std::vector<base::CurrencyIndex> currencies;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &currencies));
  r->set_account(AsString(c.view().Account(account).id));
  r->set_handle(c.Handle(account));
  for (const base::CurrencyIndex currency : currencies) {
    const auto row = c.view().Get<state::BalanceRow>(account.value(), currency.value());
    EncodeBalance(row, c.Currency(currency), r->add_balances());
  }
  EncodeAsOf(c.view(), r->mutable_as_of());
  return grpc::Status::OK;
}

grpc::Status GetTrialBalance(ReadContext& c, const v1::GetTrialBalanceRequest& q,
                             v1::GetTrialBalanceResponse* r) {
  std::vector<base::CurrencyIndex> currencies;
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrencies(c, q.currency(), &currencies));
  const base::Height now = c.view().header().height;
  const base::Height height = q.height() == 0 ? now : base::Height(q.height());
  if (height > now) {
    return NotFound("block " + std::to_string(q.height()) + " is not committed; the last one is " +
                    std::to_string(now.value()));
  }
  for (const base::CurrencyIndex currency : currencies) {
    const auto totals =
        q.height() == 0
            ? absl::StatusOr<state::TotalsRow>(c.view().Get<state::TotalsRow>(currency.value()))
            : c.view().snapshot().TotalsAt(currency, height);
    if (!totals.ok()) return FaultStatus(totals.status());
    EncodeTotals(*totals, c.Currency(currency), r->add_currencies());
  }
  EncodeAsOfHeight(c, height, r->mutable_as_of());
  return grpc::Status::OK;
}

grpc::Status ListReceivables(ReadContext& c, const v1::ListReceivablesRequest& q,
                             v1::ListReceivablesResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  base::AccountIndex reporter;
  base::CurrencyIndex currency;
  if (q.has_reporter()) {
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.reporter(), "reporter", &reporter));
  }
  if (!q.currency().empty()) {
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &currency));
  }
  std::vector<uint64_t> token = {0};
  const PageQuery query = QueryOf('v', q);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  state::RowScanner<state::ReceivableRow> rows(c.view().snapshot());
  const uint64_t count = rows.count();
  const auto page = static_cast<int>(PageSize(q.page_size()));
  uint64_t scanned = 0;
  for (uint64_t at = token[0]; at < count; ++at, ++scanned) {
    if (r->receivables_size() >= page || scanned >= kReceivablesScannedMax) {
      r->set_next_page_token(MakeToken(query, {at}));
      break;
    }
    const state::ReceivableRow row = rows.At(at);
    if (q.has_reporter() && row.reporter != reporter.value()) continue;
    if (!q.currency().empty() && row.currency != currency.value()) continue;
    EncodeReceivable(c, row, r->add_receivables());
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
