#include "sim/workload.h"

#include <algorithm>

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

std::string Workload::NextTransaction() {
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
  return chain_.Sign("steward", {chain_.Register(name)});
}

std::string Workload::SubmitSomething() {
  testing::RecordSpec spec;
  spec.name = "record-" + std::to_string(++made_);
  const std::string author = Somebody();
  const std::string other = Somebody();
  std::vector<std::string> cosigners;
  if (other == author) {
    spec.authors = {{author, base::kPpbOne}};
  } else {
    spec.authors = {{author, 600'000'000}, {other, 400'000'000}};
    cosigners.push_back(other);
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
  records_.push_back(chain_.RecordIdOf(spec));
  return chain_.Sign(author, {chain_.Submit(spec)}, cosigners);
}

std::string Workload::ReportSomething() {
  const base::RecordId& asset = records_[random_() % records_.size()];
  return chain_.Sign("reporter", {chain_.Revenue(asset, 1 + random_() % 5'000'000, Reference(),
                                                 random_() % 4 == 0 ? "EUR" : "USD")});
}

std::string Workload::ReportBatch() {
  codec::ReportRevenueBatch batch;
  batch.asset = records_[random_() % records_.size()];
  batch.currency = "USD";
  for (uint64_t left = 1 + random_() % 8; left > 0; --left) {
    batch.items.push_back({base::MinorUnits(1 + random_() % 100'000),
                           base::TimeMs(chain_.time_ms()), chain_.arena().Keep(Reference())});
  }
  return chain_.Sign("reporter", {Operation(batch)});
}

std::string Workload::Fund() {
  return chain_.Sign("treasurer", {chain_.Funding("reporter", 1 + random_() % 20'000'000,
                                                  chain_.arena().Keep(Reference()))});
}

std::string Workload::RequestPayout() {
  return chain_.Sign(Somebody(), {chain_.Payout(kUnitMinor * (1 + random_() % 20))});
}

uint64_t Workload::Payouts() const {
  return std::max(payouts_elsewhere_, chain_.resident().RowCount({state::TableKind::kPayouts, 0}));
}

std::string Workload::ClosePayout() {
  const uint64_t payouts = Payouts();
  if (payouts == 0) return RequestPayout();
  const base::PayoutIndex payout(payouts - 1 - random_() % std::min<uint64_t>(payouts, 5));
  if (random_() % 4 == 0) {
    return chain_.Sign("treasurer", {Operation(codec::FailPayout{payout, "no such bank account"})});
  }
  const std::string_view reference = chain_.arena().Keep(Reference());
  return chain_.Sign("treasurer", {Operation(codec::ConfirmPayout{payout, reference})});
}

}  // namespace tributary::sim
