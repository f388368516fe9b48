// Kills the daemon at random moments under the load of its main job, again and again; some of the
// kills come while it starts. After each kill the store is audited by `tributary audit`, the daemon
// starts again, and every transaction that was acknowledged stands where the acknowledgement said.
// What was sent and not answered is sent again as it is, and takes effect exactly once.
//
//   kill_driver TRIBUTARYD TRIBUTARY KILLS SEED [SECONDS]
//
// With SECONDS, it begins no further round once they are over.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "e2e/kill_load.h"
#include "e2e/node_process.h"
#include "tributary/base/hex.h"
#include "tributary/client/error.h"

namespace tributary::e2e {
namespace {

constexpr size_t kInFlight = 48;
constexpr uint64_t kSendMax = 2'000;  // of one round: the audits must stay short
constexpr uint64_t kEnough = 100;     // acknowledgements before a kill

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::exit(1);
}

struct Acknowledged {
  base::TxId id;
  uint64_t entry = 0;
};

class Driver {
 public:
  Driver(std::string daemon, std::string client, uint64_t seed)
      : client_program_(std::move(client)),
        node_(std::move(daemon), {"--epoch-ms", "1000", "--maturity-epochs", "0"}),
        random_(seed),
        load_(node_.data() + "/keys", seed) {}

  void Round(int number) {
    KillWhileStarting();
    node_.Start();
    const auto client = node_.Connect();
    if (genesis_accounts_ == 0) genesis_accounts_ = Status(*client).accounts();
    CheckAcknowledged(*client);
    SendUnanswered(*client);
    CheckBooks(*client);
    const size_t before = acknowledged_.size();
    Load(*client);
    Audit();
    std::printf("kill %d: %zu acknowledged, %zu unanswered, audited\n", number,
                acknowledged_.size() - before, unanswered_.size());
    std::fflush(stdout);
  }

  void Finish() {
    node_.Start();
    const auto client = node_.Connect();
    from_ = 0;
    CheckAcknowledged(*client);
    SendUnanswered(*client);
    CheckBooks(*client);
    CheckCounts(Status(*client));
    if (node_.Stop() != 0) Fail("the node did not stop cleanly");
    Audit();
    Report();
  }

 private:
  static v1::NodeStatus Status(client::Client& client) {
    auto status = client.GetStatus();
    if (!status.ok()) Fail(client::Readable(status.status()));
    return std::move(*status);
  }

  // Several in a row, at any moment between exec and the first request.
  void KillWhileStarting() {
    if (random_() % 3 != 0) return;
    for (uint64_t left = 1 + random_() % 3; left > 0; --left) {
      node_.Spawn();
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 60'000));
      node_.Kill();
      ++kills_while_starting_;
    }
  }

  // The main job, until the node is killed.
  void Load(client::Client& client) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      load_.Begin(client);
    }
    answers_ = 0;
    auto stream = client.OpenSubmitStream(
        v1::WAIT_FOR_COMMITTED, kInFlight,
        [this](const client::SubmitStream::Answer& answer) { Take(answer); });
    const auto extra = std::chrono::microseconds(random_() % 60'000);
    const uint64_t enough = kEnough + random_() % kEnough;
    std::atomic<bool> killed = false;
    std::thread killer([&] {
      while (answers_.load() < enough) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(extra);
      node_.Kill();
      killed = true;
    });
    for (uint64_t i = 0; i < kSendMax && !killed; ++i) {
      client::Transaction transaction;
      const uint64_t number = next_++;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        transaction = unanswered_.emplace(number, load_.Next()).first->second.transaction;
      }
      if (!stream->Send(number, transaction).ok()) break;
    }
    killer.join();
    stream->Finish().IgnoreError();  // it was killed
    stream.reset();
  }

  void Take(const client::SubmitStream::Answer& answer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (answer.outcome.ok()) {
      if (!answer.outcome->has_committed()) Fail("answered without being committed");
      Acknowledge(answer.client_id, *answer.outcome);
      answers_.fetch_add(1);
    } else if (client::RefusalOf(answer.outcome.status())) {
      Refused(answer.client_id, answer.outcome.status());
    }  // else the connection is lost: it stays unanswered
  }

  // Under mutex_.
  void Acknowledge(uint64_t number, const v1::TransactionStatus& status) {
    const auto it = unanswered_.find(number);
    if (it == unanswered_.end()) Fail("answered twice");
    const uint64_t entry = status.committed().position().entry();
    if (!entries_.insert(entry).second) Fail("two transactions at entry " + std::to_string(entry));
    acknowledged_.push_back({it->second.transaction.id, entry});
    ++counts_[static_cast<size_t>(it->second.kind)];
    load_.Acknowledged(it->second, status);
    unanswered_.erase(it);
  }

  // Under mutex_.
  void Refused(uint64_t number, const absl::Status& status) {
    const auto it = unanswered_.find(number);
    if (it == unanswered_.end()) Fail("answered twice");
    if (!MayBeRefused(it->second.kind)) Fail("refused under load: " + client::Readable(status));
    ++refused_;
    unanswered_.erase(it);
  }

  // Those of the last round; of all rounds at the end.
  void CheckAcknowledged(client::Client& client) {
    for (; from_ < acknowledged_.size(); ++from_) {
      const Acknowledged& one = acknowledged_[from_];
      v1::GetTransactionRequest request;
      request.set_id(client::ToField(one.id));
      const auto status = client.GetTransaction(request);
      if (!status.ok()) Fail(client::Readable(status.status()));
      if (!status->has_committed() || status->committed().position().entry() != one.entry) {
        Fail("acknowledged and lost: transaction " + base::ToHex(one.id.bytes) + ", entry " +
             std::to_string(one.entry) + ": " + status->ShortDebugString());
      }
    }
  }

  void SendUnanswered(client::Client& client) {
    const std::lock_guard<std::mutex> lock(mutex_);
    while (!unanswered_.empty()) {
      const uint64_t number = unanswered_.begin()->first;
      const auto status = client.Submit(unanswered_.begin()->second.transaction);
      if (!status.ok() && client::RefusalOf(status.status())) {
        Refused(number, status.status());
        continue;
      }
      if (!status.ok()) Fail("cannot be sent again: " + client::Readable(status.status()));
      if (!status->has_committed()) Fail("sent again and not committed");
      Acknowledge(number, *status);
    }
  }

  static void CheckBooks(client::Client& client) {
    const auto books = client.GetTrialBalance({});
    if (!books.ok()) Fail(client::Readable(books.status()));
    for (const v1::TrialBalance& currency : books->currencies()) {
      if (!currency.balanced()) Fail("the books do not balance: " + currency.ShortDebugString());
    }
  }

  // Everything took effect once: nothing twice, and nothing that was not acknowledged.
  void CheckCounts(const v1::NodeStatus& status) {
    ExpectCount("accounts", status.accounts(), Count(LoadKind::kAccount) + genesis_accounts_);
    ExpectCount("records", status.records(), Count(LoadKind::kRecord));
    ExpectCount("payouts", status.payouts(), Count(LoadKind::kPayout));
    // The genesis, the transactions, and the headers.
    ExpectCount("entries", status.log_size(), 1 + acknowledged_.size() + status.height());
    settlements_ = status.settlements();
    if (settlements_ == 0) Fail("no settlement happened in all that time");
  }
  static void ExpectCount(const char* what, uint64_t found, uint64_t expected) {
    if (found == expected) return;
    Fail("the chain has " + std::to_string(found) + " " + what + ", not " +
         std::to_string(expected) + ": something took effect twice, or not at all");
  }
  uint64_t Count(LoadKind kind) const { return counts_[static_cast<size_t>(kind)]; }

  void Audit() {
    const std::string report = node_.folder() + "/audit.log";
    const int code = Run({client_program_, "--quiet", "audit", node_.data()}, report);
    if (code != 0) {
      Run({"/bin/cat", report}, "/dev/stderr");
      Fail("the audit ended with code " + std::to_string(code));
    }
  }

  void Report() const {
    std::printf(
        "%zu transactions acknowledged, all of them there, each once; %llu settlements, "
        "%llu kills while starting, %llu refused\n",
        acknowledged_.size(), static_cast<unsigned long long>(settlements_),
        static_cast<unsigned long long>(kills_while_starting_),
        static_cast<unsigned long long>(refused_));
    for (size_t kind = 0; kind < kLoadKinds; ++kind) {
      std::printf("  %llu %s\n", static_cast<unsigned long long>(counts_[kind]),
                  NameOf(static_cast<LoadKind>(kind)));
    }
  }

  const std::string client_program_;
  NodeProcess node_;
  std::mt19937_64 random_;
  uint64_t next_ = 0;
  uint64_t genesis_accounts_ = 0;
  uint64_t settlements_ = 0;
  uint64_t kills_while_starting_ = 0;
  std::atomic<uint64_t> answers_ = 0;
  size_t from_ = 0;  // acknowledged_ before it were checked after a kill

  std::mutex mutex_;
  // Guarded by mutex_ while a stream is open.
  KillLoad load_;
  std::map<uint64_t, LoadItem> unanswered_;
  std::vector<Acknowledged> acknowledged_;
  std::set<uint64_t> entries_;
  std::array<uint64_t, kLoadKinds> counts_{};
  uint64_t refused_ = 0;
};

}  // namespace
}  // namespace tributary::e2e

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr, "usage: kill_driver TRIBUTARYD TRIBUTARY KILLS SEED [SECONDS]\n");
    return 1;
  }
  const int kills = std::atoi(argv[3]);
  const uint64_t seed = std::strtoull(argv[4], nullptr, 10);
  std::printf("%d kills, seed %llu\n", kills, static_cast<unsigned long long>(seed));
  tributary::e2e::Driver driver(argv[1], argv[2], seed);
  using Clock = std::chrono::steady_clock;
  const auto end = argc == 6 ? Clock::now() + std::chrono::seconds(std::atoi(argv[5]))
                             : Clock::time_point::max();
  for (int i = 1; i <= kills && Clock::now() < end; ++i) driver.Round(i);
  driver.Finish();
  return 0;
}
