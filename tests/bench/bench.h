// What the benchmarks share: timing, rows of the table, and signed transactions made beforehand.
#ifndef TRIBUTARY_TESTS_BENCH_BENCH_H_
#define TRIBUTARY_TESTS_BENCH_BENCH_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::bench {

// Seconds since it was made.
class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// One row: what was measured, beside the raw limit or peer of the same run. `ratio` is of the two
// rates, 0 where there is no peer. Printed as one JSON line on stdout.
struct Row {
  std::string name;
  double value;
  std::string unit;
  std::string peer;  // empty: none
  double peer_value;
  std::string aim;   // as the documentation states it
  std::string note;  // threads, bytes, graph, seed
};
void Print(const Row& row);

// Serialized transactions of the account "steward" of tests/support/chain.h, each with
// `records` SubmitRecord operations of its own authorship and `parents` earlier records as parents.
// The first 256 have no parents, and none names a record of the 256 transactions before it, so that
// they may be submitted from several threads. Deterministic in `seed`.
std::vector<std::string> RecordTransactions(size_t transactions, size_t records, size_t parents,
                                            uint64_t valid_until_ms, uint64_t seed);

// Ed25519 verifications per second of `threads` threads over the bodies and signatures given.
double RawVerifyRate(const std::vector<std::string>& transactions, unsigned threads);

unsigned Cores();

}  // namespace tributary::bench

#endif  // TRIBUTARY_TESTS_BENCH_BENCH_H_
