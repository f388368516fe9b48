// The main job as a load: accounts, records with parents, revenue, funding, payouts.
#ifndef TRIBUTARY_TESTS_E2E_KILL_LOAD_H_
#define TRIBUTARY_TESTS_E2E_KILL_LOAD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tributary/client/client.h"
#include "tributary/client/signer.h"
#include "tributary/client/transaction.h"

namespace tributary::e2e {

enum class LoadKind : uint8_t {
  kAccount,
  kRecord,
  kRevenue,
  kRevenueBatch,
  kFunding,
  kPayout,
  kClosePayout,
};
constexpr size_t kLoadKinds = 7;
const char* NameOf(LoadKind kind);
// Whether a rule may stand against it: a payout needs a balance and funds, and no more is funded
// than was reported.
inline bool MayBeRefused(LoadKind kind) {
  return kind == LoadKind::kFunding || kind == LoadKind::kPayout || kind == LoadKind::kClosePayout;
}

struct LoadItem {
  LoadKind kind = LoadKind::kAccount;
  client::Transaction transaction;
  base::RecordId record;  // of kRecord
};

// Thread safety: none.
class KillLoad {
 public:
  // With the keys and accounts of `init --dev`.
  KillLoad(const std::string& keys_folder, uint64_t seed);

  // To be called when the node serves: ids of accounts, and how long transactions may be valid.
  void Begin(client::Client& client);
  // Builds upon what was acknowledged, and on nothing else.
  LoadItem Next();
  void Acknowledged(const LoadItem& item, const v1::TransactionStatus& status);

 private:
  struct Person {
    std::unique_ptr<client::Signer> signer;
    base::AccountId account;
  };

  LoadItem Sign(LoadKind kind, const Person& sender, const v1::Operation& operation,
                const Person* other = nullptr);
  LoadItem Account();
  LoadItem Record();
  LoadItem Revenue();
  LoadItem Batch();
  LoadItem Funding();
  LoadItem Payout();
  LoadItem ClosePayout();
  const Person& Who(const std::string& role) const { return people_.at(role); }
  const Person& Anybody();
  std::string Reference() { return "load-" + std::to_string(++made_); }

  std::mt19937_64 random_;
  std::map<std::string, Person> people_;  // by role
  v1::NodeStatus status_;
  std::vector<base::RecordId> records_;  // acknowledged
  std::vector<uint64_t> open_payouts_;
  uint64_t made_ = 0;
};

}  // namespace tributary::e2e

#endif  // TRIBUTARY_TESTS_E2E_KILL_LOAD_H_
