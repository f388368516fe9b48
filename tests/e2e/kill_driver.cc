// Kills the daemon at random moments under load, again and again. After each kill the store is
// audited by `tributary audit`, the daemon starts again, and every transaction that was
// acknowledged stands where the acknowledgement said. What was sent and not answered is sent again
// as it is, and takes effect exactly once.
//
//   kill_driver TRIBUTARYD TRIBUTARY KILLS SEED
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "e2e/node_process.h"
#include "tributary/base/hex.h"
#include "tributary/client/error.h"
#include "tributary/client/transaction.h"

namespace tributary::e2e {
namespace {

constexpr size_t kInFlight = 256;
constexpr uint64_t kSendMax = 2'000;  // of one round: the audits must stay short

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
        node_(std::move(daemon), {"--epoch-ms", "1000"}),
        random_(seed) {
    auto key = client::LoadSigner(node_.KeyFile("steward"));
    if (!key.ok()) Fail(client::Readable(key.status()));
    steward_ = std::move(*key);
  }

  void Round(int number) {
    node_.Start();
    const auto client = node_.Connect();
    CheckAcknowledged(*client);
    SendUnanswered(*client);
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
    const auto status = client->GetStatus();
    if (!status.ok()) Fail(client::Readable(status.status()));
    const uint64_t expected = acknowledged_.size() + genesis_accounts_;
    if (status->accounts() != expected) {
      Fail("the chain has " + std::to_string(status->accounts()) + " accounts, not " +
           std::to_string(expected) + ": something took effect twice, or not at all");
    }
    if (node_.Stop() != 0) Fail("the node did not stop cleanly");
    Audit();
    std::printf("%zu transactions acknowledged, all of them there, each once\n",
                acknowledged_.size());
  }

 private:
  // Registers accounts, one for each transaction, until the node is killed.
  void Load(client::Client& client) {
    const auto status = client.GetStatus();
    if (!status.ok()) Fail(client::Readable(status.status()));
    const auto account = client.AccountOf(*steward_);
    if (!account.ok()) Fail(client::Readable(account.status()));
    if (genesis_accounts_ == 0) genesis_accounts_ = status->accounts();
    auto stream = client.OpenSubmitStream(
        v1::WAIT_FOR_COMMITTED, kInFlight,
        [this](const client::SubmitStream::Answer& answer) { Take(answer); });
    const uint64_t enough = 100 + random_() % 200;
    const auto extra = std::chrono::microseconds(random_() % 60'000);
    std::atomic<bool> killed = false;
    std::thread killer([&] {
      while (answers_.load() < enough) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(extra);
      node_.Kill();
      killed = true;
    });
    for (uint64_t i = 0; i < kSendMax && !killed; ++i) {
      const client::Transaction transaction = Register(*status, *account);
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        unanswered_.emplace(next_, transaction);
      }
      if (!stream->Send(next_++, transaction).ok()) break;
    }
    killer.join();
    stream->Finish().IgnoreError();  // it was killed
    stream.reset();
    answers_ = 0;
  }

  client::Transaction Register(const v1::NodeStatus& status, const base::AccountId& sponsor) {
    client::TransactionBuilder builder(status.chain_id(), sponsor, client::GoodValidUntil(status));
    base::AccountId id;
    if (!builder.Add(client::RegisterAccountOperation(
            status.chain_id(), "load/" + std::to_string(next_), sponsor, nullptr, &id))) {
      Fail("an operation does not fit into a transaction");
    }
    const client::AccountSigner signer{sponsor, steward_.get()};
    auto transaction = builder.Sign({&signer, 1});
    if (!transaction) Fail(transaction.rejection().ToString());
    return std::move(*transaction);
  }

  void Take(const client::SubmitStream::Answer& answer) {
    if (!answer.outcome.ok()) {
      if (client::RefusalOf(answer.outcome.status())) {
        Fail("refused under load: " + client::Readable(answer.outcome.status()));
      }
      return;  // the connection is lost: it stays unanswered
    }
    if (!answer.outcome->has_committed()) Fail("answered without being committed");
    const std::lock_guard<std::mutex> lock(mutex_);
    Acknowledge(answer.client_id, *answer.outcome);
    answers_.fetch_add(1);
  }

  void Acknowledge(uint64_t number, const v1::TransactionStatus& status) {
    const auto it = unanswered_.find(number);
    if (it == unanswered_.end()) Fail("answered twice");
    acknowledged_.push_back({it->second.id, status.committed().position().entry()});
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
    while (!unanswered_.empty()) {
      const auto number = unanswered_.begin()->first;
      auto status = client.Submit(unanswered_.begin()->second);
      if (!status.ok()) Fail("sent again and refused: " + client::Readable(status.status()));
      if (!status->has_committed()) Fail("sent again and not committed");
      Acknowledge(number, *status);
    }
  }

  void Audit() {
    const std::string report = node_.folder() + "/audit.log";
    const int code = Run({client_program_, "--quiet", "audit", node_.data()}, report);
    if (code != 0) {
      Run({"/bin/cat", report}, "/dev/stderr");
      Fail("the audit ended with code " + std::to_string(code));
    }
  }

  const std::string client_program_;
  NodeProcess node_;
  std::mt19937_64 random_;
  std::unique_ptr<client::Signer> steward_;
  uint64_t next_ = 0;
  uint64_t genesis_accounts_ = 0;
  std::atomic<uint64_t> answers_ = 0;
  size_t from_ = 0;  // acknowledged_ before it were checked after a kill

  std::mutex mutex_;
  std::map<uint64_t, client::Transaction> unanswered_;
  std::vector<Acknowledged> acknowledged_;
};

}  // namespace
}  // namespace tributary::e2e

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: kill_driver TRIBUTARYD TRIBUTARY KILLS SEED\n");
    return 1;
  }
  const int kills = std::atoi(argv[3]);
  const uint64_t seed = std::strtoull(argv[4], nullptr, 10);
  std::printf("%d kills, seed %llu\n", kills, static_cast<unsigned long long>(seed));
  tributary::e2e::Driver driver(argv[1], argv[2], seed);
  for (int i = 1; i <= kills; ++i) driver.Round(i);
  driver.Finish();
  return 0;
}
