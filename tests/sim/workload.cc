#include "sim/workload.h"

#include <algorithm>

#include "codec/ids.h"

namespace tributary::sim {
namespace {

using codec::Operation;

constexpr uint64_t kUnitMinor = 10'000;  // what the test chain pays out
constexpr size_t kPeopleMax = 40;

}  // namespace

Workload::Workload(uint64_t seed, const testing::ChainOptions& options)
    : chain_(options), random_(seed) {
  chain_.valid_for_ms = options.parameters.validity_window_ms / 2;
}

void Workload::Widen(uint64_t operations_max, size_t records_max) {
  operations_max_ = operations_max;
  records_max_ = records_max;
}

std::string Workload::Sign(std::string_view sender, const std::vector<Operation>& operations,
                           const std::vector<std::string>& cosigners) {
  operations_ += operations.size();
  return chain_.Sign(sender, operations, cosigners);
}

std::string Workload::NextTransaction() {
  if (operations_max_ > 1 && records_.size() > 10 && random_() % 5 == 0) return WideTransaction();
  if (people_.size() < 3) return RegisterSomebody();
  if (records_.empty()) return SubmitSomething();
  const uint64_t kind = random_() % 100;
  if (kind < 8) return RegisterSomebody();
  if (kind < 40) return SubmitSomething();
  if (kind < 65) return ReportSomething();
  if (kind < 75) return ReportBatch();
  if (kind < 82) return Fund();
  if (kind < 92) return RequestPayout();
  return ClosePayout();
}

void Workload::Grow(size_t blocks) {
  while (chain_.blocks().size() < blocks) {
    for (uint64_t left = 1 + random_() % 6; left > 0; --left) chain_.Apply(NextTransaction());
    // A third of an epoch on average; now and then a quiet week.
    const uint64_t pass_ms = random_() % 20 == 0 ? 5'000'000 : random_() % 700'000;
    chain_.Advance(pass_ms);
  }
}

std::string Workload::RegisterSomebody() {
  if (people_.size() >= kPeopleMax) return ReportSomething();
  const std::string name = "person-" + std::to_string(people_.size());
  people_.push_back(name);
  return Sign("steward", {chain_.Register(name)});
}

testing::RecordSpec Workload::NewRecord(const std::string& author, const std::string& other) {
  testing::RecordSpec spec;
  spec.name = "record-" + std::to_string(++made_);
  if (other == author) {
    spec.authors = {{author, base::kPpbOne}};
  } else {
    spec.authors = {{author, 600'000'000}, {other, 400'000'000}};
  }
  std::vector<base::RecordId> parents;
  const size_t count = std::min<size_t>(records_.size(), random_() % 4);
  for (size_t i = 0; i < count; ++i) {
    const base::RecordId& parent = records_[random_() % records_.size()];
    if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
      parents.push_back(parent);
      spec.parents.emplace_back(parent, 1 + random_() % 9);
    }
  }
  if (!parents.empty()) {
    spec.pass_through_ppb = static_cast<uint32_t>(100'000'000 + random_() % 800'000'000);
  }
  if (random_() % 4 == 0) spec.external_id = "hf:org/" + spec.name;
  if (operations_max_ > 1) {
    spec.terms.alpha_max_ppb = base::Ppb(static_cast<uint32_t>(random_() % 900'000'000));
    if (random_() % 40 == 0) spec.terms.royalty_ppb = base::Ppb(1'000'000);
    if (random_() % 40 == 0) spec.terms.min_share_ppb = base::Ppb(10'000'000);
  }
  return spec;
}

std::string Workload::SubmitSomething() {
  if (records_.size() >= records_max_) return ReportSomething();
  const std::string author = Somebody();
  const std::string other = Somebody();
  std::vector<Operation> operations;
  for (uint64_t left = SomeAmount(operations_max_); left > 0; --left) {
    const testing::RecordSpec spec = NewRecord(author, other);
    records_.push_back(chain_.RecordIdOf(spec));
    operations.push_back(chain_.Submit(spec));
    if (operations_max_ > 1) specs_.push_back(spec);
  }
  return Sign(author, operations,
              other == author ? std::vector<std::string>{} : std::vector<std::string>{other});
}

Operation Workload::NewRevenue() {
  const base::RecordId& asset = records_[random_() % records_.size()];
  const uint64_t amount = SomeAmount(5'000'000);
  const std::string reference = Reference();
  if (operations_max_ > 1) references_.push_back(reference);
  return chain_.Revenue(asset, amount, reference, random_() % 4 == 0 ? "EUR" : "USD");
}

std::string Workload::ReportSomething() {
  std::vector<Operation> operations;
  for (uint64_t left = SomeAmount(operations_max_); left > 0; --left) {
    operations.push_back(NewRevenue());
  }
  return Sign("reporter", operations);
}

std::string Workload::ReportBatch() {
  codec::ReportRevenueBatch batch;
  batch.asset = records_[random_() % records_.size()];
  batch.currency = "USD";
  for (uint64_t left = 1 + random_() % 8; left > 0; --left) {
    batch.items.push_back({base::MinorUnits(1 + random_() % 100'000),
                           base::TimeMs(chain_.time_ms()), chain_.arena().Keep(Reference())});
  }
  return Sign("reporter", {Operation(batch)});
}

std::string Workload::Fund() {
  return Sign("treasurer", {chain_.Funding("reporter", 1 + random_() % 20'000'000,
                                           chain_.arena().Keep(Reference()))});
}

std::string Workload::RequestPayout() {
  const std::string who = Somebody();  // before the amount, whatever the compiler
  return Sign(who, {chain_.Payout(kUnitMinor * (1 + random_() % 20))});
}

uint64_t Workload::Payouts() const {
  return std::max(payouts_elsewhere_, chain_.resident().RowCount({state::TableKind::kPayouts, 0}));
}

std::string Workload::ClosePayout() {
  const uint64_t payouts = Payouts();
  if (payouts == 0) return RequestPayout();
  const base::PayoutIndex payout(payouts - 1 - random_() % std::min<uint64_t>(payouts, 5));
  if (random_() % 4 == 0) {
    return Sign("treasurer", {Operation(codec::FailPayout{payout, "no such bank account"})});
  }
  const std::string_view reference = chain_.arena().Keep(Reference());
  return Sign("treasurer", {Operation(codec::ConfirmPayout{payout, reference})});
}

std::string Workload::WideTransaction() {
  switch (random_() % 4) {
    case 0: return Amend();
    case 1: return LowerTerms();
    case 2: return Refund();
    default: return ReportAttributed();
  }
}

// One of the next epochs, as a chain sees it whose genesis is as old as this one's.
base::Epoch Workload::LaterEpoch() {
  const testing::ChainOptions options;
  const uint64_t passed_ms = chain_.time_ms() - options.time_ms;
  return base::Epoch(passed_ms / options.parameters.epoch_ms + 1 + random_() % 3);
}

// More for the parents, in the same proportions.
std::string Workload::Amend() {
  const size_t at = random_() % specs_.size();
  testing::RecordSpec& spec = specs_[at];
  if (!spec.parents.empty()) {
    spec.pass_through_ppb += static_cast<uint32_t>((base::kPpbOne - spec.pass_through_ppb) / 10);
  }
  const codec::Record record = chain_.RecordOf(spec);
  std::vector<std::string> cosigners;
  if (spec.authors.size() > 1) cosigners.push_back(spec.authors[1].first);
  return Sign(spec.authors[0].first,
              {codec::AmendRecord{records_[at], LaterEpoch(), record.parents,
                                  record.pass_through_ppb, record.authors}},
              cosigners);
}

std::string Workload::LowerTerms() {
  const size_t at = random_() % specs_.size();
  testing::RecordSpec& spec = specs_[at];
  spec.terms.alpha_max_ppb = base::Ppb(spec.terms.alpha_max_ppb.value() / 2);
  spec.terms.min_share_ppb = base::Ppb(spec.terms.min_share_ppb.value() / 2);
  std::vector<std::string> cosigners;
  if (spec.authors.size() > 1) cosigners.push_back(spec.authors[1].first);
  return Sign(spec.authors[0].first, {codec::LowerTerms{records_[at], spec.terms, LaterEpoch()}},
              cosigners);
}

std::string Workload::Refund() {
  if (references_.empty()) return ReportSomething();
  const std::string& reference =
      references_[references_.size() - 1 - random_() % std::min<size_t>(references_.size(), 200)];
  const auto amount = base::MinorUnits(SomeAmount(1'000'000));
  return Sign("reporter", {codec::RefundRevenue{chain_.arena().Keep(reference), amount,
                                                chain_.arena().Keep(Reference())}});
}

std::string Workload::ReportAttributed() {
  const size_t asset = random_() % records_.size();
  codec::ReportRevenue report{records_[asset],
                              "USD",
                              base::MinorUnits(SomeAmount(1'000'000)),
                              base::TimeMs(chain_.time_ms()),
                              chain_.arena().Keep(Reference()),
                              codec::Attribution{}};
  codec::AttributionClaim claim;
  claim.asset = records_[asset];
  claim.reporter = chain_.IdOf("reporter");
  claim.reference = report.reference;
  claim.attributor = chain_.IdOf("attributor");
  claim.method = "trak";
  claim.alpha_ppb = base::Ppb(specs_[asset].terms.alpha_max_ppb.value() / 4);
  const size_t first = random_() % records_.size();
  const auto count = static_cast<size_t>(SomeAmount(4));
  for (size_t i = first; i < std::min(first + count, records_.size()); ++i) {
    claim.influences.push_back({records_[i], static_cast<uint32_t>(SomeAmount(100))});
  }
  report.attribution->claim = chain_.arena().KeepBytes(codec::Encode(claim));
  report.attribution->signature = testing::KeyOf("attributor")
                                      .Sign(base::AsBytes(codec::AttributionMessage(
                                          chain_.chain_id, report.attribution->claim)));
  return Sign("reporter", {report});
}

}  // namespace tributary::sim
