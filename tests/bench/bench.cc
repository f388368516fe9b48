#include "bench/bench.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <random>
#include <span>
#include <thread>

#include "codec/bytes.h"
#include "codec/ids.h"
#include "codec/ledger.h"
#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "nlohmann/json.hpp"
#include "support/chain.h"
#include "tributary/base/check.h"

namespace tributary::bench {
namespace {

constexpr uint32_t kPassThrough = 500'000'000;
// Transactions are submitted from several threads: parents are taken from those long since queued.
constexpr size_t kLagTransactions = 256;

base::AccountId StewardId() {
  codec::Registration registration;
  registration.handle = "steward";
  registration.public_key = testing::KeyOf("steward").public_key();
  return codec::AccountIdOf(base::AsBytes(codec::Encode(registration)));
}

std::string EncodeRecord(const base::AccountId& author, uint64_t number, std::mt19937_64& random,
                         std::span<const base::RecordId> earlier, size_t parents) {
  codec::Record record;
  record.kind = codec::RecordKind::kDataItem;
  record.authors = {{author, base::Ppb(base::kPpbOne)}};
  const std::string content = "content " + std::to_string(random()) + std::to_string(number);
  record.content_sha256 = crypto::Sha256(base::AsBytes(content));
  record.content_bytes = content.size();
  record.media_type = "text/plain";
  record.licence = "CC-BY-4.0";
  const std::string title = "item " + std::to_string(number);
  record.title = title;
  const size_t count = std::min(parents, earlier.size());
  std::vector<size_t> chosen;
  while (chosen.size() < count) {
    const size_t at = random() % earlier.size();
    if (std::find(chosen.begin(), chosen.end(), at) == chosen.end()) chosen.push_back(at);
  }
  for (const size_t at : chosen) {
    record.parents.push_back({earlier[at], codec::Relation::kDerivedFrom, 1, std::nullopt});
  }
  record.pass_through_ppb = base::Ppb(count == 0 ? 0 : kPassThrough);
  return codec::Encode(record);
}

}  // namespace

unsigned Cores() { return std::max(1u, std::thread::hardware_concurrency()); }

void Print(const Row& row) {
  nlohmann::json line = {{"row", row.name},
                         {"value", row.value},
                         {"unit", row.unit},
                         {"aim", row.aim},
                         {"note", row.note}};
  if (!row.peer.empty()) {
    line["peer"] = row.peer;
    line["peer_value"] = row.peer_value;
    line["ratio"] = row.peer_value > 0 ? row.value / row.peer_value : 0.0;
  }
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

std::vector<std::string> RecordTransactions(size_t transactions, size_t records, size_t parents,
                                            uint64_t valid_until_ms, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto key = testing::KeyOf("steward");
  const base::AccountId steward = StewardId();
  std::vector<base::RecordId> earlier;
  std::vector<std::string> out;
  for (size_t t = 0; t < transactions; ++t) {
    std::vector<std::string> encoded;
    codec::TransactionBody body;
    body.chain_id = "test/1";
    body.sender = steward;
    body.valid_until_ms = base::TimeMs(valid_until_ms);
    codec::StoreLittle<uint64_t>(body.nonce.bytes.data(), random());
    encoded.reserve(records);
    const size_t queued = t > kLagTransactions ? (t - kLagTransactions) * records : 0;
    for (size_t r = 0; r < records; ++r) {
      encoded.push_back(EncodeRecord(steward, t * records + r, random,
                                     std::span(earlier).first(queued), parents));
      earlier.push_back(codec::RecordIdOf(base::AsBytes(encoded.back())));
      body.operations.push_back(codec::SubmitRecord{base::AsBytes(encoded.back()), false});
    }
    const std::string bytes = codec::Encode(body);
    const std::string message = codec::TransactionMessage(base::AsBytes(bytes));
    codec::SignedTransaction transaction;
    transaction.body = base::AsBytes(bytes);
    transaction.signatures = {{steward, key.Sign(base::AsBytes(message))}};
    out.push_back(codec::Encode(transaction));
  }
  return out;
}

double RawVerifyRate(const std::vector<std::string>& transactions, unsigned threads) {
  const base::PublicKey key = testing::KeyOf("steward").public_key();
  struct Message {
    std::string bytes;
    base::SignatureBytes signature;
  };
  std::vector<Message> messages;
  for (const std::string& bytes : transactions) {
    const auto envelope = codec::Decode<codec::SignedTransaction>(base::AsBytes(bytes));
    TRIBUTARY_CHECK(envelope.ok(), "a transaction of the benchmark is not valid");
    messages.push_back(
        {codec::TransactionMessage(envelope->body), envelope->signatures[0].signature});
  }
  std::atomic<size_t> next{0};
  const Stopwatch watch;
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i) {
      workers.emplace_back([&messages, &next, &key] {
        for (size_t at = next++; at < messages.size(); at = next++) {
          TRIBUTARY_CHECK(
              crypto::Verify(key, base::AsBytes(messages[at].bytes), messages[at].signature),
              "a signature of the benchmark does not verify");
        }
      });
    }
  }
  return static_cast<double>(messages.size()) / watch.Seconds();
}

}  // namespace tributary::bench
