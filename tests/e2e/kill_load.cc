#include "e2e/kill_load.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "tributary/client/error.h"
#include "tributary/client/record.h"

namespace tributary::e2e {
namespace {

constexpr const char* kCurrency = "USD";
constexpr uint64_t kPayoutUnitMinor = 10'000;
constexpr const char* kRoles[] = {"admin", "steward", "reporter", "treasurer", "arbiter"};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::exit(1);
}

}  // namespace

const char* NameOf(LoadKind kind) {
  static constexpr const char* kNames[kLoadKinds] = {
      "accounts", "records",           "events",        "batches",
      "fundings", "payouts requested", "payouts closed"};
  return kNames[static_cast<size_t>(kind)];
}

KillLoad::KillLoad(const std::string& keys_folder, uint64_t seed) : random_(seed) {
  for (const char* role : kRoles) {
    auto signer = client::LoadSigner(keys_folder + "/" + role + ".key");
    if (!signer.ok()) Fail(client::Readable(signer.status()));
    people_[role].signer = std::move(*signer);
  }
}

void KillLoad::Begin(client::Client& client) {
  auto status = client.GetStatus();
  if (!status.ok()) Fail(client::Readable(status.status()));
  status_ = std::move(*status);
  for (auto& [role, person] : people_) {
    const auto account = client.AccountOf(*person.signer);
    if (!account.ok()) Fail(client::Readable(account.status()));
    person.account = *account;
  }
}

const KillLoad::Person& KillLoad::Anybody() {
  return people_.at(kRoles[random_() % std::size(kRoles)]);
}

LoadItem KillLoad::Next() {
  if (records_.empty()) return Record();
  const uint64_t kind = random_() % 100;
  if (kind < 15) return Account();
  if (kind < 45) return Record();
  if (kind < 65) return Revenue();
  if (kind < 75) return Batch();
  if (kind < 83) return Funding();
  if (kind < 93) return Payout();
  return ClosePayout();
}

void KillLoad::Acknowledged(const LoadItem& item, const v1::TransactionStatus& status) {
  if (item.kind == LoadKind::kRecord) records_.push_back(item.record);
  if (item.kind != LoadKind::kPayout) return;
  for (const uint64_t payout : status.committed().payouts()) open_payouts_.push_back(payout);
}

LoadItem KillLoad::Sign(LoadKind kind, const Person& sender, const v1::Operation& operation,
                        const Person* other) {
  std::vector<client::AccountSigner> signers = {{sender.account, sender.signer.get()}};
  if (other != nullptr) signers.push_back({other->account, other->signer.get()});
  client::TransactionBuilder builder(status_.chain_id(), sender.account,
                                     client::GoodValidUntil(status_), signers.size());
  if (!builder.Add(operation)) Fail("an operation does not fit into a transaction");
  auto transaction = builder.Sign(signers);
  if (!transaction) Fail(transaction.rejection().ToString());
  LoadItem item;
  item.kind = kind;
  item.transaction = std::move(*transaction);
  return item;
}

LoadItem KillLoad::Account() {
  const Person& steward = Who("steward");
  base::AccountId id;
  return Sign(LoadKind::kAccount, steward,
              client::RegisterAccountOperation(status_.chain_id(), Reference(), steward.account,
                                               nullptr, &id));
}

LoadItem KillLoad::Record() {
  client::RecordBuilder builder(v1::RECORD_KIND_MODEL);
  const Person& author = Anybody();
  const Person& other = Anybody();
  const bool alone = &author == &other;
  if (alone) {
    builder.Author(author.account, base::Ppb(1'000'000'000));
  } else {
    builder.Author(author.account, base::Ppb(666'666'667));
    builder.Author(other.account, base::Ppb(333'333'333));
  }
  std::vector<base::RecordId> parents;
  for (uint64_t left = random_() % 4; left > 0 && !records_.empty(); --left) {
    const base::RecordId& parent = records_[random_() % records_.size()];
    if (std::find(parents.begin(), parents.end(), parent) != parents.end()) continue;
    parents.push_back(parent);
    builder.Parent(parent, v1::RELATION_DERIVED_FROM, static_cast<uint32_t>(1 + random_() % 9));
  }
  if (!parents.empty()) {
    builder.PassThrough(base::Ppb(static_cast<uint32_t>(100'000'000 + random_() % 800'000'000)));
  }
  const std::string name = Reference();
  builder.ExternalId("hf:load/" + name).Title(name);
  LoadItem item = Sign(LoadKind::kRecord, author, builder.Submit(), alone ? nullptr : &other);
  item.record = builder.Id();
  return item;
}

LoadItem KillLoad::Revenue() {
  v1::Operation operation;
  v1::ReportRevenue* revenue = operation.mutable_report_revenue();
  revenue->set_asset(client::ToField(records_[random_() % records_.size()]));
  revenue->set_currency(kCurrency);
  revenue->set_amount_minor(1 + random_() % 3'000'000);
  revenue->set_occurred_at_ms(status_.time_ms());
  revenue->set_reference(Reference());
  return Sign(LoadKind::kRevenue, Who("reporter"), operation);
}

LoadItem KillLoad::Batch() {
  v1::Operation operation;
  v1::ReportRevenueBatch* batch = operation.mutable_report_revenue_batch();
  batch->set_asset(client::ToField(records_[random_() % records_.size()]));
  batch->set_currency(kCurrency);
  for (uint64_t left = 1 + random_() % 20; left > 0; --left) {
    v1::RevenueItem* item = batch->add_items();
    item->set_amount_minor(1 + random_() % 1'000);
    item->set_occurred_at_ms(status_.time_ms());
    item->set_reference(Reference());
  }
  return Sign(LoadKind::kRevenueBatch, Who("reporter"), operation);
}

LoadItem KillLoad::Funding() {
  v1::Operation operation;
  v1::ConfirmFunding* funding = operation.mutable_confirm_funding();
  funding->set_reporter(client::ToField(Who("reporter").account));
  funding->set_currency(kCurrency);
  funding->set_amount_minor(1 + random_() % 1'000'000);
  funding->set_external_reference(Reference());
  return Sign(LoadKind::kFunding, Who("treasurer"), operation);
}

LoadItem KillLoad::Payout() {
  v1::Operation operation;
  operation.mutable_request_payout()->set_currency(kCurrency);
  operation.mutable_request_payout()->set_amount_minor(kPayoutUnitMinor * (1 + random_() % 5));
  return Sign(LoadKind::kPayout, Anybody(), operation);
}

LoadItem KillLoad::ClosePayout() {
  if (open_payouts_.empty()) return Payout();
  const size_t which = random_() % open_payouts_.size();
  const uint64_t payout = open_payouts_[which];
  open_payouts_.erase(open_payouts_.begin() + static_cast<ptrdiff_t>(which));
  v1::Operation operation;
  if (random_() % 4 == 0) {
    operation.mutable_fail_payout()->set_payout(payout);
    operation.mutable_fail_payout()->set_reason("no such bank account");
  } else {
    operation.mutable_confirm_payout()->set_payout(payout);
    operation.mutable_confirm_payout()->set_external_reference(Reference());
  }
  return Sign(LoadKind::kClosePayout, Who("treasurer"), operation);
}

}  // namespace tributary::e2e
