#include "cli/gaming.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cli/table.h"
#include "tributary/base/amount.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

constexpr uint64_t kHopsLeast = 2;
constexpr uint64_t kUsualPercent = 95;

uint64_t Ppb(uint64_t part, uint64_t whole) {
  if (whole == 0) return 0;
  return static_cast<uint64_t>(base::Uint128{part} * base::kPpbOne / whole);
}

std::vector<std::vector<size_t>> ChildrenOf(const GamingHistory& history) {
  std::vector<std::vector<size_t>> children(history.records.size());
  for (size_t i = 0; i < history.records.size(); ++i) {
    for (const GamingRecord::Parent& parent : history.records[i].parents) {
      children[parent.record].push_back(i);
    }
  }
  return children;
}

// The hops between a record and one of its parents' ancestors of other owners.
struct Run {
  std::vector<size_t> hops;  // nearest first
  uint64_t reaches_ppb = 0;  // of the record's inflow, what is left behind the hops
  uint64_t direct_ppb = 0;   // the share that the last hop passes on, as if it were the record's
};

Run RunFrom(const GamingHistory& history, const std::vector<std::vector<size_t>>& children,
            size_t record, const GamingRecord::Parent& first) {
  const std::vector<std::string>& owners = history.records[record].owners;
  Run run;
  base::Uint128 reaches = first.share_ppb;
  size_t at = first.record;
  run.direct_ppb = first.share_ppb;
  while (history.records[at].owners == owners && children[at].size() == 1 &&
         history.records[at].parents.size() == 1) {
    run.hops.push_back(at);
    const GamingRecord::Parent& next = history.records[at].parents.front();
    reaches = reaches * next.share_ppb / base::kPpbOne;
    run.direct_ppb = next.share_ppb;
    at = next.record;
  }
  run.reaches_ppb = static_cast<uint64_t>(reaches);
  if (history.records[at].owners == owners) run.hops.clear();  // it is all their own
  return run;
}

// A hop of a run that begins further down is no beginning of its own.
bool IsHop(const GamingHistory& history, const std::vector<std::vector<size_t>>& children,
           size_t record) {
  const GamingRecord& one = history.records[record];
  if (children[record].size() != 1 || one.parents.size() != 1) return false;
  return history.records[children[record].front()].owners == one.owners;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  constexpr size_t kNamesMax = 8;
  for (size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamesMax)
    text += " and " + std::to_string(names.size() - kNamesMax) + " more";
  return text;
}

}  // namespace

std::string_view PatternName(Pattern pattern) {
  switch (pattern) {
    case Pattern::kHops: return "hops";
    case Pattern::kRing: return "ring";
    case Pattern::kConcentration: return "concentration";
    case Pattern::kBurst: return "burst";
    case Pattern::kCopy: return "copy";
  }
  return "";
}

uint64_t Histogram::count() const {
  uint64_t sum = 0;
  for (const auto& entry : counts_) sum += entry.second;
  return sum;
}

uint64_t Histogram::Percentile(uint64_t percent, const Histogram& without) const {
  const uint64_t all = count() - without.count();
  uint64_t seen = 0;
  for (const auto& entry : counts_) {
    const auto out = without.counts_.find(entry.first);
    seen += entry.second - (out == without.counts_.end() ? 0 : out->second);
    if (seen > 0 && seen * 100 >= all * percent) return entry.first;
  }
  return 0;
}

GamingReport FindGaming(const GamingHistory& history) {
  GamingReport report;
  FindHops(history, &report);
  FindRings(history, &report);
  FindConcentration(history, &report);
  FindBursts(history, &report);
  FindCopies(history, &report);
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return a.pattern != b.pattern ? a.pattern < b.pattern : a.measure > b.measure;
                   });
  return report;
}

void FindHops(const GamingHistory& history, GamingReport* report) {
  const std::vector<std::vector<size_t>> children = ChildrenOf(history);
  Histogram all;
  std::map<std::vector<std::string>, Histogram> own;
  std::vector<std::pair<size_t, Run>> runs;
  for (size_t i = 0; i < history.records.size(); ++i) {
    const GamingRecord& record = history.records[i];
    if (record.parents.empty() || IsHop(history, children, i)) continue;
    Run longest;
    for (const GamingRecord::Parent& parent : record.parents) {
      Run run = RunFrom(history, children, i, parent);
      if (run.hops.size() > longest.hops.size()) longest = std::move(run);
    }
    all.Add(longest.hops.size());
    own[record.owners].Add(longest.hops.size());
    if (longest.hops.size() >= kHopsLeast) runs.emplace_back(i, std::move(longest));
  }
  report->looked_at[static_cast<size_t>(Pattern::kHops)] = all.count();
  for (const auto& [record, run] : runs) {
    const GamingRecord& last = history.records[record];
    const uint64_t usual = all.Percentile(kUsualPercent, own[last.owners]);
    if (run.hops.size() <= usual) continue;
    Finding finding{Pattern::kHops, last.owners, {record},    run.hops.size(),
                    usual,          {},          last.time_ms};
    finding.records.insert(finding.records.end(), run.hops.begin(), run.hops.end());
    const size_t behind = history.records[run.hops.back()].parents.front().record;
    finding.records.push_back(behind);
    finding.what = Joined(last.owners) + " put " + Plural(run.hops.size(), "record") +
                   " of their own between " + last.name + " and " + history.records[behind].name +
                   ", which gets " + Percent(static_cast<uint32_t>(run.reaches_ppb)) +
                   " of what arrives, not " + Percent(static_cast<uint32_t>(run.direct_ppb));
    report->findings.push_back(std::move(finding));
  }
}

namespace {

// What accounts pass on to each other. Shares are of whole records: a record of two owners counts
// for both.
struct AccountGraph {
  std::vector<std::string> handles;
  std::vector<std::map<size_t, uint64_t>> passes;  // by account: to others, ppb added up
  std::vector<std::set<size_t>> builders;          // by account: others who build on its records
};

AccountGraph AccountsOf(const GamingHistory& history) {
  AccountGraph graph;
  std::map<std::string, size_t> places;
  const auto place = [&](const std::string& handle) {
    const auto at = places.emplace(handle, graph.handles.size());
    if (at.second) {
      graph.handles.push_back(handle);
      graph.passes.emplace_back();
      graph.builders.emplace_back();
    }
    return at.first->second;
  };
  for (const GamingRecord& record : history.records) {
    for (const std::string& owner : record.owners) {
      const size_t from = place(owner);
      for (const GamingRecord::Parent& parent : record.parents) {
        for (const std::string& other : history.records[parent.record].owners) {
          if (other == owner) continue;
          const size_t to = place(other);
          graph.passes[from][to] += parent.share_ppb;
          graph.builders[to].insert(from);
        }
      }
    }
  }
  return graph;
}

// Strongly connected components, without recursion. Source: Tarjan, "Depth-First Search and Linear
// Graph Algorithms", 1972.
class Components {
 public:
  explicit Components(const AccountGraph& graph)
      : graph_(graph),
        index_(graph.handles.size(), 0),
        low_(graph.handles.size(), 0),
        on_stack_(graph.handles.size(), false) {
    for (size_t i = 0; i < graph.handles.size(); ++i) {
      if (index_[i] == 0) Visit(i);
    }
  }
  std::vector<std::vector<size_t>> Take() { return std::move(components_); }

 private:
  struct Frame {
    size_t account;
    std::map<size_t, uint64_t>::const_iterator next;
  };

  void Enter(size_t account, std::vector<Frame>* frames) {
    index_[account] = low_[account] = ++count_;
    stack_.push_back(account);
    on_stack_[account] = true;
    frames->push_back({account, graph_.passes[account].begin()});
  }
  void Visit(size_t root) {
    std::vector<Frame> frames;
    Enter(root, &frames);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      if (frame.next != graph_.passes[frame.account].end()) {
        const size_t to = (frame.next++)->first;
        if (index_[to] == 0) {
          Enter(to, &frames);
        } else if (on_stack_[to]) {
          low_[frame.account] = std::min(low_[frame.account], index_[to]);
        }
        continue;
      }
      const size_t done = frame.account;
      frames.pop_back();
      if (!frames.empty()) {
        size_t& low = low_[frames.back().account];
        low = std::min(low, low_[done]);
      }
      if (low_[done] == index_[done]) Pop(done);
    }
  }
  void Pop(size_t root) {
    std::vector<size_t> component;
    size_t account;
    do {
      account = stack_.back();
      stack_.pop_back();
      on_stack_[account] = false;
      component.push_back(account);
    } while (account != root);
    std::sort(component.begin(), component.end());
    components_.push_back(std::move(component));
  }

  const AccountGraph& graph_;
  std::vector<size_t> index_;  // from 1; 0: not visited
  std::vector<size_t> low_;
  std::vector<bool> on_stack_;
  std::vector<size_t> stack_;
  std::vector<std::vector<size_t>> components_;
  size_t count_ = 0;
};

// Of what an account passes on to others, which part goes to such as pass on to it, in ppb.
uint64_t MutualPart(const AccountGraph& graph, size_t account) {
  uint64_t all = 0;
  uint64_t mutual = 0;
  for (const auto& [to, ppb] : graph.passes[account]) {
    all += ppb;
    if (graph.passes[to].count(account) != 0) mutual += ppb;
  }
  return Ppb(mutual, all);
}

constexpr uint64_t kRingPpbLeast = 900'000'000;

struct Ring {
  std::set<size_t> members;
  uint64_t inside = 0;
  uint64_t all = 0;
  bool closed = true;  // nobody else builds on them
};

Ring RingOf(const AccountGraph& graph, const std::vector<size_t>& component) {
  Ring ring;
  ring.members.insert(component.begin(), component.end());
  for (const size_t member : component) {
    for (const auto& [to, ppb] : graph.passes[member]) {
      ring.all += ppb;
      if (ring.members.count(to) != 0) ring.inside += ppb;
    }
    for (const size_t builder : graph.builders[member]) {
      ring.closed = ring.closed && ring.members.count(builder) != 0;
    }
  }
  return ring;
}

// The records by which members pass on to members.
std::vector<size_t> RecordsOf(const GamingHistory& history, const std::set<std::string>& handles) {
  const auto belongs = [&handles](const GamingRecord& record) {
    return std::any_of(record.owners.begin(), record.owners.end(),
                       [&handles](const std::string& owner) { return handles.count(owner) != 0; });
  };
  std::vector<size_t> records;
  for (size_t i = 0; i < history.records.size(); ++i) {
    const GamingRecord& record = history.records[i];
    if (!belongs(record)) continue;
    for (const GamingRecord::Parent& parent : record.parents) {
      const GamingRecord& other = history.records[parent.record];
      if (other.owners == record.owners || !belongs(other)) continue;
      records.push_back(i);
      break;
    }
  }
  return records;
}

}  // namespace

void FindRings(const GamingHistory& history, GamingReport* report) {
  const AccountGraph graph = AccountsOf(history);
  Histogram all;
  std::vector<uint64_t> parts(graph.handles.size());
  for (size_t i = 0; i < graph.handles.size(); ++i) {
    if (graph.passes[i].empty()) continue;
    parts[i] = MutualPart(graph, i);
    all.Add(parts[i]);
  }
  report->looked_at[static_cast<size_t>(Pattern::kRing)] = all.count();
  for (const std::vector<size_t>& component : Components(graph).Take()) {
    if (component.size() < 2) continue;
    const Ring ring = RingOf(graph, component);
    const uint64_t part = Ppb(ring.inside, ring.all);
    Histogram own;
    for (const size_t member : component) own.Add(parts[member]);
    const uint64_t usual = all.Percentile(50, own);
    if (!ring.closed || part < kRingPpbLeast || part <= usual) continue;
    Finding finding{Pattern::kRing, {}, {}, part, usual, {}, 0};
    for (const size_t member : component) finding.accounts.push_back(graph.handles[member]);
    finding.records = RecordsOf(history, {finding.accounts.begin(), finding.accounts.end()});
    for (const size_t record : finding.records) {
      finding.last_ms = std::max(finding.last_ms, history.records[record].time_ms);
    }
    finding.what = Joined(finding.accounts) + " pass " + Percent(static_cast<uint32_t>(part)) +
                   " of what they pass on to each other, by " +
                   Plural(finding.records.size(), "record") + ", and nobody else builds on them";
    report->findings.push_back(std::move(finding));
  }
}

}  // namespace tributary::cli
