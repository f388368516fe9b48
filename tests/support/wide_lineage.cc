#include "support/wide_lineage.h"

#include <algorithm>
#include <random>

namespace tributary::testing {
namespace {

constexpr size_t kPerTransaction = 120;
constexpr uint32_t kPassThrough = 500'000'000;

// Places before the last of the parents of the record at `at`, each once.
std::vector<uint32_t> ParentsOf(uint32_t at, uint32_t records, std::mt19937_64& random) {
  std::vector<uint32_t> parents;
  for (const uint64_t parent : {2 * uint64_t{at} + 1, 2 * uint64_t{at} + 2}) {
    if (parent < records) parents.push_back(static_cast<uint32_t>(parent));
  }
  if (at + 1 < records) {
    const auto third = static_cast<uint32_t>(at + 1 + random() % (records - at - 1));
    if (std::find(parents.begin(), parents.end(), third) == parents.end()) {
      parents.push_back(third);
    }
  }
  return parents;
}

// Signs the operations that were gathered as one transaction.
class Batches {
 public:
  Batches(Chain& chain, std::vector<std::string>* out) : chain_(chain), out_(out) {}
  void Add(codec::Operation operation) {
    operations_.push_back(std::move(operation));
    if (operations_.size() == kPerTransaction) Flush();
  }
  void Flush() {
    if (!operations_.empty()) out_->push_back(chain_.Sign("steward", operations_));
    operations_.clear();
  }

 private:
  Chain& chain_;
  std::vector<std::string>* out_;
  std::vector<codec::Operation> operations_;
};

}  // namespace

WideLineage MakeWideLineage(Chain& chain, uint32_t records, uint32_t accounts, uint64_t seed) {
  WideLineage out;
  std::mt19937_64 random(seed);
  Batches batches(chain, &out.transactions);
  for (uint32_t i = 0; i < accounts; ++i) {
    batches.Add(chain.Register("c" + std::to_string(i), "steward", true));
  }
  batches.Flush();
  std::vector<base::RecordId> ids(records);  // by places before the last
  for (uint32_t i = 0; i < records; ++i) {
    const uint32_t at = records - 1 - i;
    RecordSpec spec{
        "wide" + std::to_string(i), {{"c" + std::to_string(i % accounts), base::kPpbOne}}, {}};
    for (const uint32_t parent : ParentsOf(at, records, random)) {
      spec.parents.emplace_back(ids[parent], static_cast<uint32_t>(1 + random() % 1'000));
    }
    spec.pass_through_ppb = spec.parents.empty() ? 0 : kPassThrough;
    spec.custodial = true;
    batches.Add(chain.Submit(spec));
    ids[at] = chain.RecordIdOf(spec);
  }
  batches.Flush();
  out.top = ids[0];
  return out;
}

}  // namespace tributary::testing
