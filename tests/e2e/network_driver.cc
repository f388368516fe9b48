// Faults in a network of four validators under the load of its main job: a daemon, its CometBFT, or
// both are killed at random moments; now and then one stays away for long, and two are away at
// once, when the network must stand still. Afterwards all nodes have the same headers, every
// transaction that any of them acknowledged stands where the acknowledgement said, nothing took
// effect twice, and the log of each node is audited.
//
//   network_driver TRIBUTARYD TRIBUTARY COMETBFT FAULTS SEED SECONDS
//
// It begins no further fault once SECONDS are over.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "e2e/kill_load.h"
#include "e2e/node_process.h"
#include "e2e/validators.h"
#include "tributary/base/hex.h"
#include "tributary/client/error.h"

namespace tributary::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kInFlight = 48;
constexpr uint64_t kSendMax = 1'500;  // of one round
constexpr uint64_t kEnough = 60;      // acknowledgements before a fault
constexpr std::chrono::seconds kPatience{120};

enum class Fault { kDaemon, kEngine, kBoth, kAwayForLong, kTwoAway };
constexpr const char* kNames[] = {"daemon killed", "engine killed", "both killed", "away for long",
                                  "two away: standstill"};

class Driver {
 public:
  Driver(std::string daemon, std::string client, const std::string& cometbft, uint64_t seed)
      : client_program_(std::move(client)),
        network_(std::move(daemon), cometbft),
        random_(seed),
        load_(network_.keys(), seed) {
    for (int node = 0; node < Validators::kCount; ++node) network_.Start(node);
    genesis_accounts_ = Status(0).accounts();
  }

  void Round(int number) {
    const Fault fault = Choose(number);
    const int victim = Node();
    // Most clients are at another node than the one that fails.
    const bool at_victim = fault != Fault::kTwoAway && random_() % 4 == 0;
    const int via = at_victim ? victim : (victim + 1) % Validators::kCount;
    const size_t before = acknowledged_.size();
    Load(via, [this, fault, victim] { Strike(fault, victim); });
    if (fault == Fault::kAwayForLong) Load((victim + 1) % Validators::kCount, {});
    Bring(victim);
    SendUnanswered(Node());
    std::printf("fault %d: %s, %zu acknowledged\n", number, kNames[static_cast<int>(fault)],
                acknowledged_.size() - before);
    std::fflush(stdout);
  }

  void Finish() {
    const v1::NodeStatus status = Agree();
    CheckAcknowledged();
    CheckCounts(status);
    std::string first;
    for (int node = 0; node < Validators::kCount; ++node) {
      if (network_.Stop(node) != 0) network_.Fail("a node did not stop cleanly");
    }
    for (int node = 0; node < Validators::kCount; ++node) {
      const std::string report = Audit(node);
      if (first.empty()) first = report;
      if (report != first) network_.Fail("two nodes ended with different logs");
    }
    std::printf(
        "%s%zu transactions acknowledged, all of them on every node, each once; %llu "
        "settlements, %llu refused\n",
        first.c_str(), acknowledged_.size(), static_cast<unsigned long long>(status.settlements()),
        static_cast<unsigned long long>(refused_));
  }

 private:
  int Node() { return static_cast<int>(random_() % Validators::kCount); }

  // Each kind comes, the dear ones seldom.
  Fault Choose(int number) {
    if (number % 10 == 5) return Fault::kTwoAway;
    if (number % 10 == 9) return Fault::kAwayForLong;
    constexpr Fault kCommon[] = {Fault::kDaemon, Fault::kEngine, Fault::kBoth};
    return kCommon[random_() % 3];
  }

  void Strike(Fault fault, int victim) {
    if (fault == Fault::kEngine || fault == Fault::kBoth) network_.KillEngine(victim);
    if (fault != Fault::kEngine) network_.Kill(victim);
    if (fault != Fault::kTwoAway) return;
    // The load goes on waiting meanwhile, and is answered when one is back.
    const int other = (victim + 2) % Validators::kCount;
    network_.Kill(other);
    ExpectStandstill(victim);
    Bring(other);
  }

  void Bring(int node) {
    if (!network_.running(node)) network_.Start(node);
  }

  v1::NodeStatus Status(int node) {
    auto status = network_.Connect(node)->GetStatus();
    if (!status.ok()) network_.Fail(client::Readable(status.status()));
    return std::move(*status);
  }

  // Two of four are away: nobody may commit anything.
  void ExpectStandstill(int victim) {
    const int left = (victim + 1) % Validators::kCount;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // for a block that was decided
    const uint64_t height = Status(left).height();
    std::this_thread::sleep_for(std::chrono::seconds(2));
    if (Status(left).height() != height) network_.Fail("two of four validators made a block");
  }

  // The main job through one node, until `strike`, if set, has come and a little longer.
  void Load(int via, const std::function<void()>& strike) {
    const auto client = network_.Connect(via);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      load_.Begin(*client);
    }
    answers_ = 0;
    auto stream = client->OpenSubmitStream(
        v1::WAIT_FOR_COMMITTED, kInFlight,
        [this](const client::SubmitStream::Answer& answer) { Take(answer); });
    const auto extra = std::chrono::microseconds(random_() % 200'000);
    std::atomic<bool> over = false;
    std::thread striker([&] {
      const auto end = Clock::now() + std::chrono::seconds(30);
      while (answers_.load() < kEnough && Clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      std::this_thread::sleep_for(extra);
      if (strike) strike();
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      over = true;
    });
    for (uint64_t i = 0; i < kSendMax && !over; ++i) {
      client::Transaction transaction;
      const uint64_t number = next_++;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        transaction = unanswered_.emplace(number, load_.Next()).first->second.transaction;
      }
      if (!stream->Send(number, transaction).ok()) break;
    }
    striker.join();
    stream.reset();  // what is unanswered is sent again later
  }

  void Take(const client::SubmitStream::Answer& answer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (answer.outcome.ok()) {
      if (!answer.outcome->has_committed()) network_.Fail("answered without being committed");
      Acknowledge(answer.client_id, *answer.outcome);
      answers_.fetch_add(1);
    } else if (client::RefusalOf(answer.outcome.status())) {
      Refused(answer.client_id, answer.outcome.status());
    }  // else the connection is lost, or the node stops: it stays unanswered
  }

  // Under mutex_.
  void Acknowledge(uint64_t number, const v1::TransactionStatus& status) {
    const auto it = unanswered_.find(number);
    if (it == unanswered_.end()) network_.Fail("answered twice");
    const uint64_t entry = status.committed().position().entry();
    if (!entries_.insert(entry).second) {
      network_.Fail("two transactions at entry " + std::to_string(entry));
    }
    acknowledged_.emplace_back(it->second.transaction.id, entry);
    ++counts_[static_cast<size_t>(it->second.kind)];
    load_.Acknowledged(it->second, status);
    unanswered_.erase(it);
  }

  // Under mutex_.
  void Refused(uint64_t number, const absl::Status& status) {
    const auto it = unanswered_.find(number);
    if (it == unanswered_.end()) network_.Fail("answered twice");
    if (!MayBeRefused(it->second.kind)) {
      network_.Fail("refused under load: " + client::Readable(status));
    }
    ++refused_;
    unanswered_.erase(it);
  }

  void SendUnanswered(int node) {
    const auto client = network_.Connect(node);
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto end = Clock::now() + kPatience;
    while (!unanswered_.empty()) {
      const uint64_t number = unanswered_.begin()->first;
      const auto status = client->Submit(unanswered_.begin()->second.transaction);
      if (status.ok() && status->has_committed()) {
        Acknowledge(number, *status);
      } else if (!status.ok() && client::RefusalOf(status.status())) {
        Refused(number, status.status());
      } else if (Clock::now() > end) {
        network_.Fail("cannot be sent again: " + (status.ok() ? status->ShortDebugString()
                                                              : client::Readable(status.status())));
      }
    }
  }

  // Waits until all nodes are at one height, and compares their headers.
  v1::NodeStatus Agree() {
    const auto end = Clock::now() + kPatience;
    for (;;) {
      const v1::NodeStatus first = Status(0);
      bool same = true;
      for (int node = 1; node < Validators::kCount; ++node) {
        const v1::NodeStatus other = Status(node);
        same = same && other.height() == first.height();
        if (other.height() == first.height() && other.header_hash() != first.header_hash()) {
          network_.Fail("a fork: two headers of height " + std::to_string(first.height()));
        }
      }
      if (same) return first;
      if (Clock::now() > end) network_.Fail("the nodes do not come to one height");
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }

  void CheckAcknowledged() {
    for (int node = 0; node < Validators::kCount; ++node) {
      const auto client = network_.Connect(node);
      for (const auto& [id, entry] : acknowledged_) {
        v1::GetTransactionRequest request;
        request.set_id(client::ToField(id));
        const auto status = client->GetTransaction(request);
        if (!status.ok()) network_.Fail(client::Readable(status.status()));
        if (status->has_committed() && status->committed().position().entry() == entry) continue;
        network_.Fail("acknowledged and lost: transaction " + base::ToHex(id.bytes) + ", entry " +
                      std::to_string(entry) + " on node " + std::to_string(node) + ": " +
                      status->ShortDebugString());
      }
    }
  }

  void CheckCounts(const v1::NodeStatus& status) {
    ExpectCount("accounts", status.accounts(), Count(LoadKind::kAccount) + genesis_accounts_);
    ExpectCount("records", status.records(), Count(LoadKind::kRecord));
    ExpectCount("payouts", status.payouts(), Count(LoadKind::kPayout));
    // The genesis, the transactions, and the headers.
    ExpectCount("entries", status.log_size(), 1 + acknowledged_.size() + status.height());
    if (status.settlements() == 0) network_.Fail("no settlement happened in all that time");
  }
  void ExpectCount(const char* what, uint64_t found, uint64_t expected) {
    if (found == expected) return;
    network_.Fail("the chain has " + std::to_string(found) + " " + what + ", not " +
                  std::to_string(expected) + ": something took effect twice, or not at all");
  }
  uint64_t Count(LoadKind kind) const { return counts_[static_cast<size_t>(kind)]; }

  // What the auditor says of a node's log, without how long it took.
  std::string Audit(int node) {
    const std::string report = network_.folder() + "/audit" + std::to_string(node);
    const int code = Run({client_program_, "--quiet", "audit", network_.data(node)}, report);
    std::ifstream in(report);
    std::ostringstream out;
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("time ", 0) != 0) out << line << "\n";
    }
    if (code != 0)
      network_.Fail("the audit ended with code " + std::to_string(code) + "\n" + out.str());
    return out.str();
  }

  const std::string client_program_;
  Validators network_;
  std::mt19937_64 random_;
  uint64_t next_ = 0;
  uint64_t genesis_accounts_ = 0;
  std::atomic<uint64_t> answers_ = 0;

  std::mutex mutex_;
  // Guarded by mutex_ while a stream is open.
  KillLoad load_;
  std::map<uint64_t, LoadItem> unanswered_;
  std::vector<std::pair<base::TxId, uint64_t>> acknowledged_;  // with its entry
  std::set<uint64_t> entries_;
  std::array<uint64_t, kLoadKinds> counts_{};
  uint64_t refused_ = 0;
};

}  // namespace
}  // namespace tributary::e2e

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr,
                 "usage: network_driver TRIBUTARYD TRIBUTARY COMETBFT FAULTS SEED SECONDS\n");
    return 1;
  }
  const int faults = std::atoi(argv[4]);
  const uint64_t seed = std::strtoull(argv[5], nullptr, 10);
  std::printf("%d faults, seed %llu\n", faults, static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  tributary::e2e::Driver driver(argv[1], argv[2], argv[3], seed);
  const auto end = tributary::e2e::Clock::now() + std::chrono::seconds(std::atoi(argv[6]));
  for (int i = 1; i <= faults && tributary::e2e::Clock::now() < end; ++i) driver.Round(i);
  driver.Finish();
  return 0;
}
