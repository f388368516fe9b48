// Patterns that people use to game attribution, each against what is usual on the same chain.
//
// A finding is a reason to look and no verdict: each has an honest explanation, too. Everything is
// counted from public records; what a baseline is made of leaves out those whom the finding is
// about, so that a pattern does not make itself usual. Integers only: the same history gives the
// same report.
//
//   hops           a chain of records of the same owners between what they made last and what it
//                  is built from. A hop has one parent and no other child: it adds nothing but its
//                  owners' share. Baseline: how many such hops 95 of 100 records with parents have
//                  at most.
//   ring           accounts that name each other's records in a circle and pass at least nine
//                  tenths of what they pass on to each other, while nobody else builds on them.
//                  Baseline: which part of what they pass on other accounts pass to such as pass
//                  on to them, the median.
//   concentration  of what a record passes on to eight parents and more, the part of one account.
//                  Baseline: the median of other such records.
//   burst          records of one account, signed by itself, within an hour of block time.
//                  Baseline: the median of the hours in which others recorded anything.
//   copy           the same content, or nearly the same by the sketches, recorded by different
//                  owners. Baseline: how many of all records with a content, or a sketch, share it.
#ifndef TRIBUTARY_CLI_GAMING_H_
#define TRIBUTARY_CLI_GAMING_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::cli {

enum class Pattern : uint8_t { kHops, kRing, kConcentration, kBurst, kCopy };
inline constexpr int kPatterns = 5;
std::string_view PatternName(Pattern pattern);

// A record as far as patterns go.
struct GamingRecord {
  struct Parent {
    size_t record = 0;  // position in the history, lower than the child's
    uint32_t share_ppb = 0;
  };
  std::string id;
  std::string name;
  std::vector<std::string> owners;  // handles, ascending
  std::vector<Parent> parents;
  uint64_t time_ms = 0;  // block time
  bool custodial = false;
  std::string content;  // its hash; may be empty
  std::vector<uint64_t> sketch;
};

// In order of admission. Parents that were not read are left out.
struct GamingHistory {
  std::vector<GamingRecord> records;
};

struct Finding {
  Pattern pattern{};
  std::vector<std::string> accounts;  // handles
  std::vector<size_t> records;        // the evidence, by position in the history
  uint64_t measure = 0;               // in the unit of the pattern: hops, ppb, records
  uint64_t baseline = 0;              // in the same
  std::string what;                   // a sentence with the numbers
  uint64_t last_ms = 0;               // block time of the latest record of it
};

struct GamingReport {
  std::vector<Finding> findings;  // by pattern, largest measure first
  // How many records or accounts each pattern was looked for in, by pattern.
  std::vector<uint64_t> looked_at = std::vector<uint64_t>(kPatterns);
};

GamingReport FindGaming(const GamingHistory& history);

// Parts of FindGaming, one for each pattern.
void FindHops(const GamingHistory& history, GamingReport* report);
void FindRings(const GamingHistory& history, GamingReport* report);
void FindConcentration(const GamingHistory& history, GamingReport* report);
void FindBursts(const GamingHistory& history, GamingReport* report);
void FindCopies(const GamingHistory& history, GamingReport* report);

// Numbers and how many there are of each, from which some can be taken out again.
class Histogram {
 public:
  void Add(uint64_t value) { ++counts_[value]; }
  uint64_t count() const;
  // The least number such that at least `percent` of all are at most that, nearest rank; those in
  // `without` do not count. 0 where nothing is left.
  uint64_t Percentile(uint64_t percent, const Histogram& without = {}) const;

 private:
  std::map<uint64_t, uint64_t> counts_;
};

// What share of what they have agrees: equal minima at equal places, of the shorter one.
struct Agreement {
  uint32_t agree = 0;
  uint32_t compared = 0;
};
Agreement CompareSketches(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_GAMING_H_
