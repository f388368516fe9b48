// Settlement and reporting on the machine itself, pages in memory: what one epoch's end costs with
// the state root and the invariants, and what an event costs under few and under many ancestors.
//
// usage: settlement_bench [RECORDS [ASSETS]]
// RECORDS (default 200,000) have 3 uniform random parents, seed stated; ASSETS (default 10,000)
// earn under royalty stacks of a thousand claimants each.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "bench/bench.h"
#include "codec/ids.h"
#include "state/prepared.h"
#include "support/chain.h"

namespace tributary::bench {
namespace {

constexpr size_t kPerTransaction = 200;
constexpr uint64_t kSeed = 7;
constexpr int kEventsTogether = 100;
constexpr int kRounds = 41;

// Applies prepared record transactions and returns the id of the last record.
base::RecordId Fill(testing::Chain& chain, size_t records) {
  const auto transactions = RecordTransactions(records / kPerTransaction, kPerTransaction, 3,
                                               chain.time_ms() + 100'000, kSeed);
  base::RecordId last;
  for (size_t i = 0; i < transactions.size(); ++i) {
    if (chain.Apply(transactions[i])) std::exit(1);
    if (i % 50 == 49) chain.Commit();
  }
  chain.Commit();
  const auto prepared = state::Prepare(transactions.back(), chain.chain_id);
  return (*prepared)->records.back().id;
}

// Microseconds for one event, of a transaction of a hundred.
double EventMicroseconds(testing::Chain& chain, const base::RecordId& asset,
                         const std::string& reference) {
  std::vector<codec::Operation> operations;
  for (int k = 0; k < kEventsTogether; ++k) {
    operations.push_back(chain.Revenue(asset, 1'000, reference + std::to_string(k)));
  }
  auto prepared = state::Prepare(chain.Sign("reporter", operations), chain.chain_id);
  state::Preverify(**prepared, chain.resident(), chain.pages(), base::TimeMs(chain.time_ms()));
  if (!chain.machine().Begin(base::TimeMs(chain.time_ms())).ok()) std::exit(1);
  const Stopwatch watch;
  const auto verdict = chain.machine().Apply(**prepared);
  const double time = watch.Seconds() * 1e6 / kEventsTogether;
  if (!verdict.ok() || *verdict) std::exit(1);
  chain.machine().Drop();
  return time;
}

double MedianOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The two in turn, so that neither has the warmer cache.
void EventRow(testing::Chain& chain, const base::RecordId& root, const base::RecordId& top,
              const std::string& graph) {
  std::vector<double> few;
  std::vector<double> many;
  for (int round = 0; round < kRounds; ++round) {
    few.push_back(EventMicroseconds(chain, root, "f" + std::to_string(round) + "."));
    many.push_back(EventMicroseconds(chain, top, "m" + std::to_string(round) + "."));
  }
  Print({"revenue event, many ancestors", MedianOf(many), "us", "the same with no ancestors",
         MedianOf(few), "ratio at most 1.1", graph});
}

// ---- Royalty stacks

constexpr uint32_t kClaimants = 1'000;  // as many as a stack can have

base::RecordId Add(testing::Chain& chain, const testing::RecordSpec& spec) {
  if (const auto refused = chain.Apply("steward", {chain.Submit(spec)})) {
    std::fprintf(stderr, "%s\n", refused->ToString().c_str());
    std::exit(1);
  }
  return chain.RecordIdOf(spec);
}

// Milliseconds to settle so many assets, spread over `stacks` stacks of kClaimants each.
double StacksMilliseconds(uint32_t stacks, uint32_t assets) {
  testing::ChainOptions options;
  testing::Chain chain(options);
  chain.valid_for_ms = 1'000'000;
  const uint32_t royalty = options.parameters.royalty_max_ppb.value() / kClaimants;
  std::vector<base::RecordId> claimants;
  for (uint32_t i = 0; i < kClaimants + stacks; ++i) {
    testing::RecordSpec spec{"claimant " + std::to_string(i), {{"steward", base::kPpbOne}}, {}};
    spec.terms.royalty_ppb = base::Ppb(royalty);
    claimants.push_back(Add(chain, spec));
  }
  for (uint32_t s = 0; s < stacks; ++s) {
    testing::RecordSpec top{"stack " + std::to_string(s), {{"steward", base::kPpbOne}}, {}};
    for (uint32_t i = 0; i < kClaimants; ++i) top.parents.emplace_back(claimants[s + i], 1);
    const base::RecordId parent = Add(chain, top);
    for (uint32_t i = s; i < assets; i += stacks) {
      const testing::RecordSpec asset{
          "asset " + std::to_string(i), {{"steward", base::kPpbOne}}, {{parent, 1}}};
      const base::RecordId id = Add(chain, asset);
      if (chain.Apply("reporter", {chain.Revenue(id, 1'000'000, "r" + std::to_string(i))})) {
        std::exit(1);
      }
    }
    chain.Commit();
  }
  chain.AdvanceTo(chain.time_ms() + 2'000'000);
  const Stopwatch watch;
  if (!chain.Commit()) std::exit(1);
  return watch.Seconds() * 1e3;
}

void StackRows(uint32_t assets) {
  for (const uint32_t stacks : {1u, 100u}) {
    Print({"settlement with stacks of 1,000 royalties, in memory",
           StacksMilliseconds(stacks, assets), "ms", "", 0, "-",
           std::to_string(assets) + " assets earn, " + std::to_string(stacks) +
               (stacks == 1 ? " stack" : " stacks") + " of " + std::to_string(kClaimants) +
               " claimants each; state root and invariants included"});
  }
}

int Run(size_t records, uint32_t assets) {
  testing::Chain chain;
  const testing::RecordSpec root{"root", {{"steward", base::kPpbOne}}, {}, 0};
  const base::RecordId root_id = chain.RecordIdOf(root);
  if (chain.Apply("steward", {chain.Submit(root)})) return 1;
  const base::RecordId top = Fill(chain, records);
  const std::string graph =
      std::to_string(records) + " records, 3 uniform random parents, seed " + std::to_string(kSeed);
  EventRow(chain, root_id, top, graph);
  if (chain.Apply("reporter", {chain.Revenue(top, 1'000'000'000, "r")})) return 1;
  chain.Commit();
  chain.AdvanceTo(chain.time_ms() + 2'000'000);
  const Stopwatch watch;
  if (!chain.Commit()) return 1;
  Print({"whole settlement with state root and invariants, in memory", watch.Seconds() * 1e3, "ms",
         "", 0, "250 ms at 1 M records, with commit",
         graph + ", " + std::to_string(chain.blocks().back().settlements[0].records_touched) +
             " touched"});
  StackRows(assets);
  return 0;
}

}  // namespace
}  // namespace tributary::bench

int main(int argc, char** argv) {
  const size_t records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  const unsigned long assets = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10'000;
  return tributary::bench::Run(records, static_cast<uint32_t>(assets));
}
