#include "consensus/bundler.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "consensus/bundle.h"
#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr uint64_t kTickMs = 20;
constexpr Milliseconds kSweepEvery{50};
constexpr Milliseconds kRetryUnreachable{250};

PreparedBundle CacheForm(const node::Ledger::Items& items) {
  auto out = std::make_shared<std::vector<PreparedItem>>();
  for (const auto& item : items) {
    out->emplace_back(std::shared_ptr<const state::PreparedTransaction>(item->transaction));
  }
  return out;
}

}  // namespace

Bundler::Bundler(node::Ledger& ledger, BundleCache& cache, Send send, BundlerOptions options,
                 spdlog::logger& logger)
    : ledger_(ledger), cache_(cache), send_(std::move(send)), options_(options), logger_(logger) {}

Bundler::~Bundler() { TRIBUTARY_CHECK(!thread_.joinable(), "a bundler that was not stopped"); }

void Bundler::Start() {
  thread_ = std::thread([this] {
    try {
      Run();
    } catch (const std::exception& error) {
      logger_.critical("the bundler's thread ended: {}", error.what());
      TRIBUTARY_CHECK(false, "an exception reached the bundler's thread");
    }
  });
}

void Bundler::Stop() {
  if (thread_.joinable()) thread_.join();
}

void Bundler::Run() {
  while (!ledger_.stopping()) {
    if (outstanding_bytes_ < options_.outstanding_bytes_max && ledger_.WaitForPending(kTickMs)) {
      Gather();
    } else if (outstanding_bytes_ >= options_.outstanding_bytes_max) {
      std::this_thread::sleep_for(Milliseconds(kTickMs));
    }
    SendDue();
    if (Clock::now() >= next_sweep_) Sweep();
  }
  const Moment end = Clock::now() + Milliseconds(options_.stop_ms);
  while (!outstanding_.empty() && Clock::now() < end) {
    SendDue();
    std::this_thread::sleep_for(Milliseconds(kTickMs));
    Sweep();
  }
  for (Outstanding& bundle : outstanding_) ledger_.GiveUp(bundle.items);
  outstanding_.clear();
  ledger_.Drain();
}

// Everything that waits, after the first has waited for company.
void Bundler::Gather() {
  if (ledger_.mempool_usage().bytes < kBundleCloseBytes) {
    std::this_thread::sleep_for(Milliseconds(options_.linger_ms));
  }
  while (outstanding_bytes_ < options_.outstanding_bytes_max) {
    Outstanding bundle;
    bundle.items = ledger_.TakePending(kBundleTransactionsMax, kBundleCloseBytes);
    if (bundle.items.empty()) return;
    for (const auto& item : bundle.items) bundle.bytes += item->transaction->bytes.size();
    bundle.send_at = Clock::now();
    outstanding_bytes_ += bundle.bytes;
    outstanding_.push_back(std::move(bundle));
  }
}

void Bundler::SendDue() {
  const Moment now = Clock::now();
  for (Outstanding& bundle : outstanding_) {
    if (bundle.send_at <= now) SendNow(bundle);
  }
}

void Bundler::SendNow(Outstanding& bundle) {
  node::Ledger::Items left;
  for (const auto& item : bundle.items) {
    if (ledger_.IsPending(*item)) left.push_back(item);
  }
  bundle.items = std::move(left);
  if (bundle.items.empty()) return;
  std::vector<std::string_view> transactions;
  for (const auto& item : bundle.items) transactions.emplace_back(item->transaction->bytes);
  const std::string bytes = EncodeBundle(bundle.attempt, transactions);
  cache_.Put(BundleHash(bytes), bytes.size(), CacheForm(bundle.items));
  const absl::Status status = send_(bytes);
  if (status.ok()) {
    const uint64_t wait_ms =
        std::min(options_.resend_ms << std::min(bundle.attempt, 10u), options_.resend_ms_max);
    bundle.send_at = Clock::now() + Milliseconds(wait_ms);
    ++bundle.attempt;
    complained_ = false;
    return;
  }
  if (!complained_) logger_.warn("transactions wait: {}", base::Message(status));
  complained_ = true;
  bundle.send_at = Clock::now() + kRetryUnreachable;
}

void Bundler::Sweep() {
  next_sweep_ = Clock::now() + kSweepEvery;
  const bool serving = ledger_.mode() == node::Mode::kServing;
  for (auto it = outstanding_.begin(); it != outstanding_.end();) {
    node::Ledger::Items left, lost;
    for (const auto& item : it->items) {
      if (!ledger_.IsPending(*item)) continue;
      (serving && ledger_.MayTakeEffect(*item->transaction) ? left : lost).push_back(item);
    }
    ledger_.GiveUp(lost);
    it->items = std::move(left);
    if (!it->items.empty()) {
      ++it;
      continue;
    }
    outstanding_bytes_ -= it->bytes;
    it = outstanding_.erase(it);
  }
}

}  // namespace tributary::consensus
