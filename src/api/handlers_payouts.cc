#include <algorithm>

#include "api/encode.h"
#include "api/errors.h"
#include "api/handlers.h"
#include "api/page.h"
#include "api/resolve.h"

namespace tributary::api {
namespace {

constexpr uint64_t kPayoutsScannedMax = 20'000;

struct PayoutFilter {
  uint8_t state = 0;  // 0: every
  bool by_account = false;
  base::AccountIndex account;
  bool by_currency = false;
  base::CurrencyIndex currency;

  bool Matches(const state::PayoutRow& row) const {
    return (state == 0 || row.state == state) && (!by_account || row.account == account.value()) &&
           (!by_currency || row.currency == currency.value());
  }
};

// What the closing transaction says about this payout.
void EncodeClosing(ReadContext& c, uint64_t number, const state::PayoutRow& row, v1::Payout* to) {
  const codec::TransactionBody* body = c.Transaction(base::EntryIndex(row.closed_entry));
  if (body == nullptr) return;
  for (const codec::Operation& operation : body->operations) {
    const auto* confirm = std::get_if<codec::ConfirmPayout>(&operation);
    const auto* fail = std::get_if<codec::FailPayout>(&operation);
    if (confirm != nullptr && confirm->payout.value() == number) {
      to->set_external_reference(std::string(confirm->external_reference));
    }
    if (fail != nullptr && fail->payout.value() == number) {
      to->set_reason(std::string(fail->reason));
    }
  }
}

bool IsHeader(ReadContext& c, base::EntryIndex entry) {
  const auto header = c.view().snapshot().HeaderEntry(c.HeightOf(entry));
  if (!header.ok()) c.Fail(header.status());
  return header.ok() && *header == entry;
}

void EncodePayout(ReadContext& c, uint64_t number, const state::PayoutRow& row, v1::Payout* to) {
  const base::AccountIndex account(row.account);
  to->set_number(number);
  to->set_account(AsString(c.view().Account(account).id));
  to->set_handle(c.Handle(account));
  EncodeAmount(base::Atoms::FromMinor(base::MinorUnits(row.amount_minor)),
               c.Currency(base::CurrencyIndex(row.currency)), to->mutable_amount());
  to->set_amount_minor(row.amount_minor);
  to->set_state(static_cast<v1::PayoutState>(row.state));
  to->set_requested_ms(row.requested_ms);
  to->set_requested_entry(row.requested_entry);
  to->set_automatic(IsHeader(c, base::EntryIndex(row.requested_entry)));
  if (row.state == static_cast<uint8_t>(state::PayoutState::kRequested)) return;
  to->set_closed_ms(row.closed_ms);
  to->set_closed_entry(row.closed_entry);
  EncodeClosing(c, number, row, to);
}

grpc::Status ReadFilter(const ReadContext& c, const v1::ListPayoutsRequest& q, PayoutFilter* to) {
  if (q.state() < 0 || q.state() > v1::PAYOUT_STATE_FAILED) {
    return BadRequest("state", "not a state of payouts");
  }
  to->state = static_cast<uint8_t>(q.state());
  to->by_account = q.has_account();
  to->by_currency = !q.currency().empty();
  if (to->by_account) {
    TRIBUTARY_API_RETURN_IF_ERROR(Resolve(c, q.account(), "account", &to->account));
  }
  if (to->by_currency) {
    TRIBUTARY_API_RETURN_IF_ERROR(ResolveCurrency(c, q.currency(), &to->currency));
  }
  return grpc::Status::OK;
}

// One state, by its index: oldest first.
void ListInState(ReadContext& c, const PayoutFilter& filter, PageQuery query, uint64_t from,
                 int page, v1::ListPayoutsResponse* r) {
  uint64_t scanned = 0;
  const auto visit = [&](base::PayoutIndex number) {
    if (r->payouts_size() >= page || scanned++ >= kPayoutsScannedMax) {
      r->set_next_page_token(MakeToken(query, {number.value()}));
      return false;
    }
    const auto row = c.view().Get<state::PayoutRow>(number.value());
    if (filter.Matches(row)) EncodePayout(c, number.value(), row, r->add_payouts());
    return true;
  };
  const absl::Status status = c.view().snapshot().PayoutsInState(
      static_cast<state::PayoutState>(filter.state), base::PayoutIndex(from), visit);
  if (!status.ok()) c.Fail(status);
}

// Newest first.
void ListAll(ReadContext& c, const PayoutFilter& filter, PageQuery query, uint64_t end, int page,
             v1::ListPayoutsResponse* r) {
  state::RowScanner<state::PayoutRow> rows(c.view().snapshot());
  uint64_t scanned = 0;
  for (; end > 0; --end, ++scanned) {
    if (r->payouts_size() >= page || scanned >= kPayoutsScannedMax) {
      r->set_next_page_token(MakeToken(query, {end}));
      return;
    }
    const state::PayoutRow row = rows.At(end - 1);
    if (filter.Matches(row)) EncodePayout(c, end - 1, row, r->add_payouts());
  }
}

// Those named one by one.
grpc::Status ListNamed(ReadContext& c, const v1::ListPayoutsRequest& q, const PayoutFilter& filter,
                       v1::ListPayoutsResponse* r) {
  const int named = q.numbers_size() + q.external_references_size();
  if (static_cast<uint32_t>(named) > kPageSizeMax) {
    return LimitReached("at most 1,000 payouts by name: ask for fewer at a time");
  }
  if (filter.state != 0 || filter.by_account || (filter.by_currency && q.numbers_size() > 0)) {
    return BadRequest("numbers", "named payouts take no other filter");
  }
  if (q.external_references_size() > 0 && !filter.by_currency) {
    return BadRequest("currency", "a reference is unique within a currency: name it");
  }
  const uint64_t count = c.view().RowCount(state::TableKind::kPayouts);
  const auto add = [&](uint64_t number) {
    if (number >= count) return;
    EncodePayout(c, number, c.view().Get<state::PayoutRow>(number), r->add_payouts());
  };
  for (const uint64_t number : q.numbers()) add(number);
  for (const std::string& reference : q.external_references()) {
    const auto number = c.view().FindPayout(filter.currency, reference);
    if (number) add(number->value());
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ListPayouts(ReadContext& c, const v1::ListPayoutsRequest& q,
                         v1::ListPayoutsResponse* r) {
  EncodeAsOf(c.view(), r->mutable_as_of());
  PayoutFilter filter;
  TRIBUTARY_API_RETURN_IF_ERROR(ReadFilter(c, q, &filter));
  if (q.numbers_size() > 0 || q.external_references_size() > 0) return ListNamed(c, q, filter, r);
  const PageQuery query = QueryOf('p', q);
  const uint64_t count = c.view().RowCount(state::TableKind::kPayouts);
  std::vector<uint64_t> token = {filter.state == 0 ? count : 0};
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(q.page_token(), query, &token));
  const auto page = static_cast<int>(PageSize(q.page_size()));
  if (filter.state == 0) {
    ListAll(c, filter, query, std::min(token[0], count), page, r);
  } else {
    ListInState(c, filter, query, token[0], page, r);
  }
  return grpc::Status::OK;
}

}  // namespace tributary::api
