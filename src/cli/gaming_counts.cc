// Concentration, bursts and copies: what is found by counting.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "cli/gaming.h"
#include "cli/table.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

constexpr size_t kParentsLeast = 8;
constexpr uint64_t kPartLeastPpb = 500'000'000;
constexpr uint64_t kPartAlwaysPpb = 900'000'000;
constexpr uint64_t kTimesUsual = 3;

constexpr uint64_t kHourMs = 3'600'000;
constexpr uint64_t kBurstLeast = 20;
constexpr uint64_t kBurstTimesUsual = 10;

constexpr uint32_t kSimilarPercent = 75;
constexpr size_t kBandMinima = 2;
constexpr size_t kBandsMax = 16;
constexpr size_t kBucketMax = 64;

struct Largest {
  std::string account;
  uint64_t part_ppb = 0;  // of what passes on
};

// nullopt: too few parents, or nothing passes on.
std::optional<Largest> LargestOf(const GamingHistory& history, const GamingRecord& record) {
  if (record.parents.size() < kParentsLeast) return std::nullopt;
  std::map<std::string, uint64_t> parts;
  uint64_t all = 0;
  for (const GamingRecord::Parent& parent : record.parents) {
    all += parent.share_ppb;
    for (const std::string& owner : history.records[parent.record].owners) {
      parts[owner] += parent.share_ppb;
    }
  }
  if (all == 0) return std::nullopt;
  Largest largest;
  for (const auto& entry : parts) {
    const auto part = static_cast<uint64_t>(base::Uint128{entry.second} * base::kPpbOne / all);
    if (part > largest.part_ppb) largest = {entry.first, part};
  }
  return largest;
}

}  // namespace

void FindConcentration(const GamingHistory& history, GamingReport* report) {
  Histogram all;
  std::vector<std::pair<size_t, Largest>> found;
  for (size_t i = 0; i < history.records.size(); ++i) {
    const auto largest = LargestOf(history, history.records[i]);
    if (!largest) continue;
    all.Add(largest->part_ppb);
    found.emplace_back(i, *largest);
  }
  report->looked_at[static_cast<size_t>(Pattern::kConcentration)] = all.count();
  for (const auto& entry : found) {
    const GamingRecord& record = history.records[entry.first];
    const Largest& largest = entry.second;
    Histogram own;
    own.Add(largest.part_ppb);
    const uint64_t usual = all.Percentile(50, own);
    const uint64_t most = std::clamp(kTimesUsual * usual, kPartLeastPpb, kPartAlwaysPpb);
    if (largest.part_ppb < most) continue;
    Finding finding{
        Pattern::kConcentration, {largest.account}, {entry.first}, largest.part_ppb, usual, {},
        record.time_ms};
    size_t count = 0;
    for (const GamingRecord::Parent& parent : record.parents) {
      const std::vector<std::string>& owners = history.records[parent.record].owners;
      if (!std::binary_search(owners.begin(), owners.end(), largest.account)) continue;
      finding.records.push_back(parent.record);
      ++count;
    }
    finding.what = largest.account + " gets " + Percent(static_cast<uint32_t>(largest.part_ppb)) +
                   " of what " + record.name + " passes on, by " + std::to_string(count) + " of " +
                   Plural(record.parents.size(), "parent");
    report->findings.push_back(std::move(finding));
  }
}

void FindBursts(const GamingHistory& history, GamingReport* report) {
  std::map<std::pair<std::string, uint64_t>, std::vector<size_t>> hours;  // by account and hour
  for (size_t i = 0; i < history.records.size(); ++i) {
    const GamingRecord& record = history.records[i];
    if (record.custodial) continue;  // its author did not sign it
    for (const std::string& owner : record.owners) {
      hours[{owner, record.time_ms / kHourMs}].push_back(i);
    }
  }
  Histogram all;
  std::map<std::string, Histogram> own;
  for (const auto& entry : hours) {
    all.Add(entry.second.size());
    own[entry.first.first].Add(entry.second.size());
  }
  report->looked_at[static_cast<size_t>(Pattern::kBurst)] = all.count();
  for (const auto& entry : hours) {
    const std::vector<size_t>& records = entry.second;
    const uint64_t usual = all.Percentile(50, own[entry.first.first]);
    const uint64_t most = std::max(kBurstLeast, kBurstTimesUsual * std::max<uint64_t>(usual, 1));
    if (records.size() < most) continue;
    const uint64_t from = entry.first.second * kHourMs;
    report->findings.push_back({Pattern::kBurst,
                                {entry.first.first},
                                records,
                                records.size(),
                                usual,
                                entry.first.first + " recorded " + std::to_string(records.size()) +
                                    " within the hour from " + Time(from),
                                history.records[records.back()].time_ms});
  }
}

Agreement CompareSketches(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  Agreement agreement;
  agreement.compared = static_cast<uint32_t>(std::min(a.size(), b.size()));
  for (uint32_t i = 0; i < agreement.compared; ++i) agreement.agree += a[i] == b[i] ? 1 : 0;
  return agreement;
}

namespace {

// Whether nobody owns both.
bool OfOthers(const GamingRecord& a, const GamingRecord& b) {
  return std::none_of(a.owners.begin(), a.owners.end(), [&b](const std::string& owner) {
    return std::binary_search(b.owners.begin(), b.owners.end(), owner);
  });
}

Finding CopyOf(const GamingHistory& history, size_t first, size_t second) {
  const GamingRecord& later = history.records[second];
  Finding finding{Pattern::kCopy, later.owners, {first, second}, 0, 0, {}, later.time_ms};
  for (const std::string& owner : history.records[first].owners) finding.accounts.push_back(owner);
  return finding;
}

std::string Names(const GamingHistory& history, size_t first, size_t second) {
  const GamingRecord& earlier = history.records[first];
  const GamingRecord& later = history.records[second];
  return later.name + " of " + later.owners.front() + " and the earlier " + earlier.name + " of " +
         earlier.owners.front();
}

void FindSameContent(const GamingHistory& history, GamingReport* report) {
  std::map<std::string, std::vector<size_t>> by_content;
  uint64_t with_content = 0;
  for (size_t i = 0; i < history.records.size(); ++i) {
    if (history.records[i].content.empty()) continue;
    ++with_content;
    by_content[history.records[i].content].push_back(i);
  }
  uint64_t shared = 0;
  std::vector<std::pair<size_t, size_t>> copies;
  for (const auto& entry : by_content) {
    const std::vector<size_t>& same = entry.second;
    for (size_t i = 1; i < same.size(); ++i) {
      if (!OfOthers(history.records[same.front()], history.records[same[i]])) continue;
      ++shared;
      copies.emplace_back(same.front(), same[i]);
    }
  }
  report->looked_at[static_cast<size_t>(Pattern::kCopy)] += with_content;
  for (const auto& copy : copies) {
    Finding finding = CopyOf(history, copy.first, copy.second);
    finding.measure = base::kPpbOne;
    finding.baseline =
        static_cast<uint64_t>(base::Uint128{shared - 1} * base::kPpbOne / with_content);
    finding.what = Names(history, copy.first, copy.second) + " have the same content";
    report->findings.push_back(std::move(finding));
  }
}

// Pairs that agree in a band of minima, each once.
std::set<std::pair<size_t, size_t>> Candidates(const GamingHistory& history) {
  std::map<std::pair<size_t, std::vector<uint64_t>>, std::vector<size_t>> buckets;
  for (size_t i = 0; i < history.records.size(); ++i) {
    const std::vector<uint64_t>& sketch = history.records[i].sketch;
    for (size_t band = 0; band < kBandsMax && (band + 1) * kBandMinima <= sketch.size(); ++band) {
      const auto begin = sketch.begin() + static_cast<std::ptrdiff_t>(band * kBandMinima);
      buckets[{band, {begin, begin + kBandMinima}}].push_back(i);
    }
  }
  std::set<std::pair<size_t, size_t>> pairs;
  for (const auto& entry : buckets) {
    const std::vector<size_t>& same = entry.second;
    for (size_t i = 0; i < std::min(same.size(), kBucketMax); ++i) {
      for (size_t j = i + 1; j < std::min(same.size(), kBucketMax); ++j) {
        if (OfOthers(history.records[same[i]], history.records[same[j]])) {
          pairs.emplace(same[i], same[j]);
        }
      }
    }
  }
  return pairs;
}

void FindSimilarSketches(const GamingHistory& history, GamingReport* report) {
  uint64_t sketches = 0;
  for (const GamingRecord& record : history.records) sketches += record.sketch.empty() ? 0 : 1;
  report->looked_at[static_cast<size_t>(Pattern::kCopy)] += sketches;
  std::vector<std::pair<std::pair<size_t, size_t>, Agreement>> similar;
  for (const auto& pair : Candidates(history)) {
    const GamingRecord& a = history.records[pair.first];
    const GamingRecord& b = history.records[pair.second];
    if (!a.content.empty() && a.content == b.content) continue;  // told already
    const Agreement agreement = CompareSketches(a.sketch, b.sketch);
    if (agreement.agree * 100 >= agreement.compared * kSimilarPercent) {
      similar.emplace_back(pair, agreement);
    }
  }
  for (const auto& [pair, agreement] : similar) {
    Finding finding = CopyOf(history, pair.first, pair.second);
    finding.measure = uint64_t{agreement.agree} * base::kPpbOne / agreement.compared;
    finding.baseline =
        static_cast<uint64_t>(base::Uint128{similar.size() - 1} * base::kPpbOne / sketches);
    finding.what = Names(history, pair.first, pair.second) + " agree in " +
                   std::to_string(agreement.agree) + " of " + std::to_string(agreement.compared) +
                   " minima of their sketches";
    report->findings.push_back(std::move(finding));
  }
}

}  // namespace

void FindCopies(const GamingHistory& history, GamingReport* report) {
  FindSameContent(history, report);
  FindSimilarSketches(history, report);
}

}  // namespace tributary::cli
