// Keys and values of the index rows.
#include <array>

#include "codec/bytes.h"
#include "index/rows.h"
#include "state/rows.h"

namespace tributary::index {
namespace {

std::string Start(Family family) { return std::string(1, static_cast<char>(family)); }

using Writer = codec::RowWriter;
using Reader = codec::RowReader;

// One element of a list, in exactly kBytes bytes.
struct RecordElement {
  static constexpr size_t kBytes = 4;
  static void Put(Writer& to, base::RecordSeq record) { to.Put(record); }
  static bool Get(Reader& from, base::RecordSeq& record) {
    from.Get(record);
    return true;
  }
};

struct EventElement {
  static constexpr size_t kBytes = 4 + 2 + 4 * 8 + 2 + 2 + 1;
  static void Put(Writer& to, const EventLine& event) {
    to.Put(event.reporter).Put(event.currency).Put(event.amount).Put(event.occurred_at);
    to.Put(event.epoch).Put(event.entry).Put(event.operation).Put(event.item);
    to.Put(static_cast<uint8_t>(event.refund));
  }
  static bool Get(Reader& from, EventLine& event) {
    from.Get(event.reporter).Get(event.currency).Get(event.amount).Get(event.occurred_at);
    from.Get(event.epoch).Get(event.entry).Get(event.operation).Get(event.item);
    const auto refund = from.Get<uint8_t>();
    event.refund = refund != 0;
    return refund <= 1;
  }
};

struct JournalElement {
  static constexpr size_t kBytes = 1 + 2 + 3 * 8;
  static void Put(Writer& to, const JournalLine& line) {
    to.Put(static_cast<uint8_t>(line.kind)).Put(line.currency).Put(line.amount);
    to.Put(line.subject).Put(line.entry);
  }
  static bool Get(Reader& from, JournalLine& line) {
    const auto kind = from.Get<uint8_t>();
    line.kind = static_cast<JournalKind>(kind);
    from.Get(line.currency).Get(line.amount).Get(line.subject).Get(line.entry);
    return kind >= static_cast<uint8_t>(JournalKind::kPayoutRequested) &&
           kind <= static_cast<uint8_t>(JournalKind::kFundingConfirmed);
  }
};

// A credit, or, with the high bit of the account set, the part of the one before that came as
// royalties.
struct CreditElement {
  static constexpr size_t kBytes = 4 + 4 + 16;
  static constexpr uint32_t kRoyaltyBit = uint32_t{1} << 31;
  static_assert(lineage::kAccountsMax <= kRoyaltyBit);
  uint32_t account = 0;
  base::RecordSeq record;
  base::Atoms amount;

  static void Put(Writer& to, const CreditElement& one) {
    to.Put(one.account).Put(one.record).Put(one.amount);
  }
  static bool Get(Reader& from, CreditElement& one) {
    from.Get(one.account).Get(one.record).Get(one.amount);
    return !one.amount.IsZero();
  }
};

struct SourceElement {
  static constexpr size_t kBytes = 4 + 6 * 16;
  static void Put(Writer& to, const state::Source& source) {
    to.Put(source.record).Put(source.gross).Put(source.fee).Put(source.net);
    to.Put(source.inflow).Put(source.royalties).Put(source.netted);
  }
  static bool Get(Reader& from, state::Source& source) {
    from.Get(source.record).Get(source.gross).Get(source.fee).Get(source.net);
    from.Get(source.inflow).Get(source.royalties).Get(source.netted);
    return true;
  }
};

// The totals as they stand in their table.
struct TotalsElement {
  static constexpr size_t kBytes = 2 + state::TotalsRow::kBytes;
  static void Put(Writer& to, const CurrencyTotals& one) {
    std::array<uint8_t, state::TotalsRow::kBytes> row{};
    state::SaveRow(one.totals, row.data());
    to.Put(one.currency).Put(row);
  }
  static bool Get(Reader& from, CurrencyTotals& one) {
    std::array<uint8_t, state::TotalsRow::kBytes> row{};
    from.Get(one.currency).Get(row);
    one.totals = state::LoadRow<state::TotalsRow>(row.data());
    return true;
  }
};

template <class Element, class T>
std::string EncodeList(const T* items, size_t count) {
  std::string out(count * Element::kBytes, '\0');
  Writer writer({reinterpret_cast<uint8_t*>(out.data()), out.size()});
  for (size_t i = 0; i < count; ++i) Element::Put(writer, items[i]);
  writer.Done();
  return out;
}

// nullopt for an empty list, too: there is no row then.
template <class Element, class T>
std::optional<std::vector<T>> DecodeList(std::string_view value) {
  if (value.empty() || value.size() % Element::kBytes != 0) return std::nullopt;
  std::vector<T> out(value.size() / Element::kBytes);
  Reader reader(base::AsBytes(value));
  for (T& item : out) {
    if (!Element::Get(reader, item)) return std::nullopt;
  }
  return out;
}

constexpr size_t kPlaceBytes = 8 + 8;
constexpr size_t kReportedKeyBytes = 1 + 4 + 4 + 2 + 8;
constexpr size_t kReportedBytes = 3 * 8 + 2 * 16;
constexpr size_t kSettlementBytes = 8 + 2 + 4 * 16 + 3 * 8 + 3 * 16 + 4;

bool Before(const state::Credit& a, const state::Credit& b) {
  return a.account != b.account ? a.account < b.account : a.record < b.record;
}

}  // namespace

std::string TransactionKey(const base::TxId& id) {
  std::string key = Start(Family::kTransaction);
  codec::AppendBytes(key, id.view().first(kTransactionKeyBytes));
  return key;
}

std::string RecordKindPrefix(uint8_t kind) {
  std::string key = Start(Family::kRecordKind);
  codec::AppendBig(key, kind);
  return key;
}

std::string RecordKindKey(uint8_t kind, base::Height height) {
  std::string key = RecordKindPrefix(kind);
  codec::AppendBig(key, height.value());
  return key;
}

std::string PayoutStatePrefix(state::PayoutState payout_state) {
  std::string key = Start(Family::kPayoutState);
  codec::AppendBig(key, static_cast<uint8_t>(payout_state));
  return key;
}

std::string PayoutStateKey(state::PayoutState payout_state, base::PayoutIndex payout) {
  std::string key = PayoutStatePrefix(payout_state);
  codec::AppendBig(key, payout.value());
  return key;
}

std::string AssetEventsPrefix(base::RecordSeq asset) {
  std::string key = Start(Family::kAssetEvents);
  codec::AppendBig(key, asset.value());
  return key;
}

std::string AssetEventsKey(base::RecordSeq asset, base::Height height) {
  std::string key = AssetEventsPrefix(asset);
  codec::AppendBig(key, height.value());
  return key;
}

std::string JournalPrefix(base::AccountIndex account) {
  std::string key = Start(Family::kJournal);
  codec::AppendBig(key, account.value());
  return key;
}

std::string JournalKey(base::AccountIndex account, base::Height height) {
  std::string key = JournalPrefix(account);
  codec::AppendBig(key, height.value());
  return key;
}

std::string ReportedPrefix() { return Start(Family::kReported); }

std::string ReportedKey(const ReportedPlace& place) {
  std::string key = ReportedPrefix();
  codec::AppendBig(key, place.reporter.value());
  codec::AppendBig(key, place.asset.value());
  codec::AppendBig(key, place.currency.value());
  codec::AppendBig(key, place.height.value());
  return key;
}

std::optional<ReportedPlace> ParseReportedKey(std::string_view key) {
  if (key.size() != kReportedKeyBytes || !key.starts_with(ReportedPrefix())) return std::nullopt;
  const uint8_t* data = base::AsBytes(key).data();
  ReportedPlace place;
  place.reporter = base::AccountIndex(codec::LoadBig<uint32_t>(data + 1));
  place.asset = base::RecordSeq(codec::LoadBig<uint32_t>(data + 5));
  place.currency = base::CurrencyIndex(codec::LoadBig<uint16_t>(data + 9));
  place.height = base::Height(codec::LoadBig<uint64_t>(data + 11));
  return place;
}

std::string SettlementKey(uint64_t number) {
  std::string key = Start(Family::kSettlement);
  codec::AppendBig(key, number);
  return key;
}

std::string CreditsPrefix(uint64_t number) {
  std::string key = Start(Family::kCredits);
  codec::AppendBig(key, number);
  return key;
}

std::string CreditsKey(uint64_t number, base::AccountIndex account, base::RecordSeq record) {
  std::string key = CreditsPrefix(number);
  codec::AppendBig(key, account.value());
  codec::AppendBig(key, record.value());
  return key;
}

std::string SourcesPrefix(uint64_t number) {
  std::string key = Start(Family::kSources);
  codec::AppendBig(key, number);
  return key;
}

std::string SourcesKey(uint64_t number, base::RecordSeq record) {
  std::string key = SourcesPrefix(number);
  codec::AppendBig(key, record.value());
  return key;
}

std::string TotalsPrefix(base::CurrencyIndex currency) {
  std::string key = Start(Family::kTotals);
  const size_t page = currency.value() / state::RowsPerPage(state::TableKind::kTotals);
  codec::AppendBig(key, static_cast<uint16_t>(page));
  return key;
}

std::string TotalsKey(base::CurrencyIndex currency, base::Height height) {
  std::string key = TotalsPrefix(currency);
  codec::AppendBig(key, height.value());
  return key;
}

std::optional<uint64_t> TrailingNumber(std::string_view key) {
  if (key.empty()) return std::nullopt;
  size_t prefix = 0;
  switch (static_cast<Family>(key.front())) {
    case Family::kRecordKind:
    case Family::kPayoutState: prefix = 2; break;
    case Family::kAssetEvents:
    case Family::kJournal: prefix = 5; break;
    case Family::kReported: prefix = kReportedKeyBytes - 8; break;
    case Family::kTotals: prefix = 3; break;
    default: return std::nullopt;
  }
  if (key.size() != prefix + 8) return std::nullopt;
  return codec::LoadBig<uint64_t>(base::AsBytes(key).data() + prefix);
}

std::optional<base::Height> HeightInKey(std::string_view key) {
  const std::optional<uint64_t> number = TrailingNumber(key);
  if (!number || static_cast<Family>(key.front()) == Family::kPayoutState) return std::nullopt;
  return base::Height(*number);
}

bool MayGoAway(std::string_view key) {
  return key.starts_with(PayoutStatePrefix(state::PayoutState::kRequested));
}

std::string_view FamilyName(std::string_view key) {
  switch (key.empty() ? Family{} : static_cast<Family>(key.front())) {
    case Family::kTransaction: return "transactions";
    case Family::kRecordKind: return "records by kind";
    case Family::kPayoutState: return "payouts by state";
    case Family::kAssetEvents: return "events by asset";
    case Family::kJournal: return "journal by account";
    case Family::kReported: return "reported sums by reporter";
    case Family::kSettlement: return "settlements";
    case Family::kCredits: return "credits by settlement";
    case Family::kSources: return "sources by settlement";
    case Family::kTotals: return "totals by height";
  }
  return "of no name";
}

std::string EncodeTransactionPlace(const TransactionPlace& place) {
  std::string out(kPlaceBytes, '\0');
  Writer writer({reinterpret_cast<uint8_t*>(out.data()), out.size()});
  writer.Put(place.entry).Put(place.height).Done();
  return out;
}

std::optional<TransactionPlace> DecodeTransactionPlace(std::string_view value) {
  if (value.size() != kPlaceBytes) return std::nullopt;
  TransactionPlace place;
  Reader reader(base::AsBytes(value));
  reader.Get(place.entry).Get(place.height).Done();
  return place;
}

std::string EncodeRecords(const std::vector<base::RecordSeq>& records) {
  return EncodeList<RecordElement>(records.data(), records.size());
}

std::optional<std::vector<base::RecordSeq>> DecodeRecords(std::string_view value) {
  auto records = DecodeList<RecordElement, base::RecordSeq>(value);
  for (size_t i = 1; records && i < records->size(); ++i) {
    if ((*records)[i] <= (*records)[i - 1]) return std::nullopt;
  }
  return records;
}

std::string EncodeEvents(const std::vector<EventLine>& events) {
  return EncodeList<EventElement>(events.data(), events.size());
}

std::optional<std::vector<EventLine>> DecodeEvents(std::string_view value) {
  return DecodeList<EventElement, EventLine>(value);
}

std::string EncodeJournal(const std::vector<JournalLine>& lines) {
  return EncodeList<JournalElement>(lines.data(), lines.size());
}

std::optional<std::vector<JournalLine>> DecodeJournal(std::string_view value) {
  return DecodeList<JournalElement, JournalLine>(value);
}

std::string EncodeReported(const ReportedSums& sums) {
  std::string out(kReportedBytes, '\0');
  Writer writer({reinterpret_cast<uint8_t*>(out.data()), out.size()});
  writer.Put(sums.epoch).Put(sums.events).Put(sums.refunds);
  writer.Put(sums.reported_minor).Put(sums.reversed_minor).Done();
  return out;
}

std::optional<ReportedSums> DecodeReported(std::string_view value) {
  if (value.size() != kReportedBytes) return std::nullopt;
  ReportedSums sums;
  Reader reader(base::AsBytes(value));
  reader.Get(sums.epoch).Get(sums.events).Get(sums.refunds);
  reader.Get(sums.reported_minor).Get(sums.reversed_minor).Done();
  if (sums.events == 0 && sums.refunds == 0) return std::nullopt;
  return sums;
}

std::string EncodeSettlement(const SettlementSummary& summary) {
  std::string out(kSettlementBytes, '\0');
  Writer writer({reinterpret_cast<uint8_t*>(out.data()), out.size()});
  writer.Put(summary.epoch).Put(summary.currency);
  writer.Put(summary.gross).Put(summary.fee).Put(summary.credited);
  writer.Put(static_cast<base::Uint128>(summary.dust_change));  // two's complement
  writer.Put(summary.records_touched).Put(summary.credits).Put(summary.height);
  writer.Put(summary.netted).Put(static_cast<base::Uint128>(summary.escrow_change));
  writer.Put(summary.released).Put(summary.pot_case).Done();
  return out;
}

std::optional<SettlementSummary> DecodeSettlement(std::string_view value) {
  if (value.size() != kSettlementBytes) return std::nullopt;
  SettlementSummary summary;
  Reader reader(base::AsBytes(value));
  reader.Get(summary.epoch).Get(summary.currency);
  reader.Get(summary.gross).Get(summary.fee).Get(summary.credited);
  summary.dust_change = static_cast<base::Int128>(reader.Get<base::Uint128>());
  reader.Get(summary.records_touched).Get(summary.credits).Get(summary.height);
  reader.Get(summary.netted);
  summary.escrow_change = static_cast<base::Int128>(reader.Get<base::Uint128>());
  reader.Get(summary.released).Get(summary.pot_case).Done();
  return summary;
}

std::string EncodeCredits(const state::Credit* credits, size_t count) {
  std::vector<CreditElement> elements;
  elements.reserve(count);
  for (const state::Credit& credit : std::span(credits, count)) {
    const uint32_t account = credit.account.value();
    elements.push_back({account, credit.record, credit.amount});
    if (credit.royalty.IsZero()) continue;
    elements.push_back({account | CreditElement::kRoyaltyBit, credit.record, credit.royalty});
  }
  return EncodeList<CreditElement>(elements.data(), elements.size());
}

std::optional<std::vector<state::Credit>> DecodeCredits(std::string_view value) {
  if (value.size() > 2 * kCreditsPerRow * CreditElement::kBytes) return std::nullopt;
  const auto elements = DecodeList<CreditElement, CreditElement>(value);
  if (!elements) return std::nullopt;
  std::vector<state::Credit> credits;
  credits.reserve(elements->size());
  for (const CreditElement& one : *elements) {
    const base::AccountIndex account(one.account & ~CreditElement::kRoyaltyBit);
    if (one.account == account.value()) {
      const state::Credit credit{account, one.record, one.amount, {}};
      if (!credits.empty() && !Before(credits.back(), credit)) return std::nullopt;
      credits.push_back(credit);
      continue;
    }
    const bool fits = !credits.empty() && credits.back().account == account &&
                      credits.back().record == one.record && credits.back().royalty.IsZero() &&
                      one.amount <= credits.back().amount;
    if (!fits) return std::nullopt;
    credits.back().royalty = one.amount;
  }
  if (credits.size() > kCreditsPerRow) return std::nullopt;
  return credits;
}

std::string EncodeSources(const state::Source* sources, size_t count) {
  return EncodeList<SourceElement>(sources, count);
}

std::optional<std::vector<state::Source>> DecodeSources(std::string_view value) {
  if (value.size() > kSourcesPerRow * SourceElement::kBytes) return std::nullopt;
  auto sources = DecodeList<SourceElement, state::Source>(value);
  for (size_t i = 1; sources && i < sources->size(); ++i) {
    if ((*sources)[i].record <= (*sources)[i - 1].record) return std::nullopt;
  }
  return sources;
}

std::string EncodeTotals(const std::vector<CurrencyTotals>& totals) {
  return EncodeList<TotalsElement>(totals.data(), totals.size());
}

std::optional<std::vector<CurrencyTotals>> DecodeTotals(std::string_view value) {
  auto totals = DecodeList<TotalsElement, CurrencyTotals>(value);
  for (size_t i = 1; totals && i < totals->size(); ++i) {
    if ((*totals)[i].currency <= (*totals)[i - 1].currency) return std::nullopt;
  }
  return totals;
}

}  // namespace tributary::index
