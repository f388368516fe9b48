// A random history of the main job as finished blocks: accounts, records with parents, revenue (in
// batches too), funding, payouts requested, confirmed and failed, and settlements in between.
#ifndef TRIBUTARY_TESTS_SIM_WORKLOAD_H_
#define TRIBUTARY_TESTS_SIM_WORKLOAD_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/chain.h"

namespace tributary::sim {

class Workload {
 public:
  explicit Workload(uint64_t seed, const testing::ChainOptions& options = {});

  // Makes blocks until there are `blocks` of them, the genesis included.
  void Grow(size_t blocks);
  const std::vector<state::BlockEffects>& blocks() const { return chain_.blocks(); }

  // A transaction of any kind, signed; it may be refused.
  std::string NextTransaction();
  // From now on transactions have up to so many operations, terms, amendments, refunds and
  // attributed revenue are among them, and there are at most so many records.
  // Requires: the chain has an account "attributor" of that role.
  void Widen(uint64_t operations_max, size_t records_max);
  uint64_t operations() const { return operations_; }  // in all transactions so far
  // Where the transactions go to another ledger: how many payouts it has.
  void set_payouts(uint64_t payouts) { payouts_elsewhere_ = payouts; }
  testing::Chain& chain() { return chain_; }
  std::mt19937_64& random() { return random_; }

 private:
  std::string RegisterSomebody();
  std::string SubmitSomething();
  std::string ReportSomething();
  std::string ReportBatch();
  std::string Fund();
  std::string RequestPayout();
  std::string ClosePayout();
  std::string WideTransaction();
  std::string Amend();
  std::string LowerTerms();
  std::string Refund();
  std::string ReportAttributed();
  testing::RecordSpec NewRecord(const std::string& author, const std::string& other);
  codec::Operation NewRevenue();
  // 1..max
  uint64_t SomeAmount(uint64_t max) { return max == 1 ? 1 : 1 + random_() % max; }
  base::Epoch LaterEpoch();
  std::string Sign(std::string_view sender, const std::vector<codec::Operation>& operations,
                   const std::vector<std::string>& cosigners = {});
  std::string Somebody() { return people_[random_() % people_.size()]; }
  std::string Reference() { return "ref-" + std::to_string(++made_); }
  uint64_t Payouts() const;
  uint64_t payouts_elsewhere_ = 0;

  testing::Chain chain_;
  std::mt19937_64 random_;
  std::vector<std::string> people_;
  std::vector<base::RecordId> records_;
  uint64_t made_ = 0;
  uint64_t operations_ = 0;
  // Of a wide workload.
  uint64_t operations_max_ = 1;
  size_t records_max_ = SIZE_MAX;
  std::vector<testing::RecordSpec> specs_;  // of records_
  std::vector<std::string> references_;     // of revenue
};

}  // namespace tributary::sim

#endif  // TRIBUTARY_TESTS_SIM_WORKLOAD_H_
