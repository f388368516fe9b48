// Pools as the commands make them, on the real state machine: every member has its proportional
// share, as closely as the documentation says.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cli/pool_plan.h"
#include "state/identity_keys.h"
#include "state/invariants.h"
#include "support/chain.h"
#include "tributary/base/check.h"

namespace tributary::cli {
namespace {

using testing::Chain;
using testing::RecordSpec;

constexpr uint64_t kEpochMs = 1'000'000;
constexpr size_t kMembers = 100'000;
constexpr size_t kItemsPerTransaction = 200;
constexpr uint64_t kAmountMinor = 1'000'000'000'000;

class PoolChain {
 public:
  PoolChain() : curator_{{}, "moss"} {
    Must("steward", {chain.Register("ann"), chain.Register("curator")});
    curator_.account = chain.IdOf("curator");
  }

  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const auto refused = chain.Apply(sender, operations);
    TRIBUTARY_CHECK(!refused, refused->ToString().c_str());
  }

  // Records of ann, the i-th with the weight 1 + i % 3.
  std::vector<Member> MakeItems(size_t first, size_t count) {
    std::vector<Member> members;
    std::vector<codec::Operation> operations;
    for (size_t i = first; i < first + count; ++i) {
      RecordSpec spec{"item " + std::to_string(i), {{"ann", base::kPpbOne}}, {}, 0};
      spec.kind = codec::RecordKind::kDataItem;
      const codec::Record record = chain.RecordOf(spec);
      members.push_back({chain.RecordIdOf(spec), static_cast<uint32_t>(1 + i % 3)});
      operations.push_back(chain.SubmitBytes(record));
      if (operations.size() < kItemsPerTransaction && i + 1 < first + count) continue;
      Must("ann", operations);
      operations.clear();
    }
    chain.Commit();
    return members;
  }

  void Submit(const PoolPart& part) {
    codec::SubmitRecord operation;
    operation.record = chain.arena().KeepBytes(part.record.Bytes());
    Must("curator", {operation});
  }

  // The next version, over the last one and pages of `members`.
  Member AddVersion(std::vector<Member> members) {
    auto pages = MakePages(curator_, std::move(members));
    TRIBUTARY_CHECK(pages.ok(), "pages");
    std::vector<Member> parts;
    if (version_ > 0) parts.push_back(last_);
    for (const PoolPart& page : *pages) {
      Submit(page);
      pages_.push_back({page.id, page.weight});
      parts.push_back(pages_.back());
    }
    return Version(parts);
  }
  Member Rebase() { return Version(pages_); }

  base::RecordId Model(const std::string& name, const base::RecordId& parent) {
    const RecordSpec spec{name, {{"curator", base::kPpbOne}}, {{parent, 1}}, base::kPpbOne};
    Must("curator", {chain.Submit(spec)});
    return chain.RecordIdOf(spec);
  }

  base::RecordSeq SeqOf(const base::RecordId& id) const {
    const auto row = chain.resident().Find(state::Identity::kRecordId, state::AsKey(id));
    return base::RecordSeq(static_cast<uint32_t>(*row));
  }

  // The bound for the worst path from `from` down to an item.
  uint64_t WorstE15(base::RecordSeq from) {
    const auto known = worst_.find(from);
    if (known != worst_.end()) return known->second;
    uint64_t worst = 0;
    for (const lineage::Edge edge : chain.resident().graph().EdgesOf(from)) {
      worst = std::max(worst, EdgeErrorE15(edge.share.value()) + WorstE15(edge.parent));
    }
    return worst_[from] = worst;
  }

  Chain chain;

 private:
  Member Version(const std::vector<Member>& parts) {
    const auto version = MakeVersion(curator_, ++version_, parts);
    TRIBUTARY_CHECK(version.ok(), "version");
    Submit(*version);
    chain.Commit();
    return last_ = {version->id, version->weight};
  }

  Curator curator_;
  uint64_t version_ = 0;
  Member last_;
  std::vector<Member> pages_;
  std::map<base::RecordSeq, uint64_t> worst_;
};

// What each record's author was credited through it in one currency.
std::map<base::RecordSeq, base::Uint128> CreditsOf(const Chain& chain, uint16_t currency) {
  std::map<base::RecordSeq, base::Uint128> credits;
  for (const auto& block : chain.blocks()) {
    for (const auto& settlement : block.settlements) {
      if (settlement.currency.value() != currency) continue;
      for (const auto& credit : settlement.credits) {
        credits[credit.record] += credit.amount.value();
      }
    }
  }
  return credits;
}

// All members together have all of the net, less the dust; each has its part within the bound.
void ExpectFair(PoolChain& pool, const base::RecordId& model, uint16_t currency,
                const std::vector<Member>& members, base::Uint128 net) {
  const auto credits = CreditsOf(pool.chain, currency);
  uint64_t total = 0;
  for (const Member& member : members) total += member.weight;
  const base::Uint128 error_ppb = ErrorPpb(pool.WorstE15(pool.SeqOf(model)));
  const base::Uint128 floors = 64;  // less than one atom for each line of a path
  base::Uint128 farthest = 0;
  for (const Member& member : members) {
    const auto credit = credits.find(pool.SeqOf(member.record));
    ASSERT_NE(credit, credits.end());
    const base::Uint128 exact = net * member.weight / total;
    const base::Uint128 apart =
        credit->second > exact ? credit->second - exact : exact - credit->second;
    ASSERT_LE(apart, exact * error_ppb / base::kPpbOne + floors);
    farthest = std::max(farthest, apart);
  }
  EXPECT_GT(farthest, 0u) << "nothing is rounded: the test shows nothing";
}

TEST(PoolChainTest, AHundredThousandMembersHaveTheirShares) {
  PoolChain pool;
  std::vector<Member> members = pool.MakeItems(0, kMembers / 2);
  pool.AddVersion(members);
  for (const size_t part : {kMembers / 4, kMembers / 5}) {
    const auto more = pool.MakeItems(members.size(), part);
    pool.AddVersion(more);
    members.insert(members.end(), more.begin(), more.end());
  }
  const auto rest = pool.MakeItems(members.size(), kMembers - members.size());
  const Member chained = pool.AddVersion(rest);
  members.insert(members.end(), rest.begin(), rest.end());
  const Member rebased = pool.Rebase();
  EXPECT_EQ(chained.weight, rebased.weight);
  const base::RecordId one = pool.Model("model of the chained version", chained.record);
  const base::RecordId other = pool.Model("model of the rebased one", rebased.record);
  const auto& graph = pool.chain.resident().graph();
  pool.chain.Commit();
  EXPECT_EQ(graph.EdgesOf(pool.SeqOf(rebased.record)).size(), kMembers / kPageMembersMax);
  pool.Must("reporter", {pool.chain.Revenue(one, kAmountMinor, "a", "USD"),
                         pool.chain.Revenue(other, kAmountMinor, "b", "EUR")});
  pool.chain.Advance(3 * kEpochMs);
  pool.chain.Commit();
  const base::Uint128 net = base::Uint128{kAmountMinor} * 990'000'000;
  ExpectFair(pool, one, 0, members, net);
  ExpectFair(pool, other, 1, members, net);
  // Two levels of a hundred pages and a thousand members of weights 1 to 3: 2,100 ppb or so. A
  // chain of four versions costs no more than that: ALongChain below shows where it begins to tell.
  EXPECT_LT(ErrorPpb(pool.WorstE15(pool.SeqOf(rebased.record))), 2'500u);
  EXPECT_LT(ErrorPpb(pool.WorstE15(pool.SeqOf(chained.record))), 2'500u);
  const auto recount = state::RecountConservation(pool.chain.pages(), pool.chain.resident());
  EXPECT_TRUE(recount.ok()) << recount.message();
}

TEST(PoolChainTest, ALongChainOfVersionsStaysWithinTheBound) {
  PoolChain pool;
  std::vector<Member> members;
  Member last;
  for (size_t i = 0; i < 200; ++i) {
    const auto more = pool.MakeItems(members.size(), 5);
    last = pool.AddVersion(more);
    members.insert(members.end(), more.begin(), more.end());
  }
  const base::RecordId model = pool.Model("model", last.record);
  pool.Must("reporter", {pool.chain.Revenue(model, kAmountMinor, "a", "USD")});
  pool.chain.Advance(3 * kEpochMs);
  pool.chain.Commit();
  const auto credits = CreditsOf(pool.chain, 0);
  uint64_t total = 0;
  for (const Member& member : members) total += member.weight;
  const base::Uint128 net = base::Uint128{kAmountMinor} * 990'000'000;
  const base::Uint128 error_ppb = ErrorPpb(pool.WorstE15(pool.SeqOf(model)));
  EXPECT_LT(error_ppb, 1'000u);
  for (const Member& member : members) {
    const base::Uint128 exact = net * member.weight / total;
    const base::Uint128 got = credits.at(pool.SeqOf(member.record));
    const base::Uint128 apart = got > exact ? got - exact : exact - got;
    EXPECT_LE(apart, exact * error_ppb / base::kPpbOne + 512);
  }
}

TEST(PoolChainTest, APoolIsAMemberOfAnother) {
  PoolChain pool;
  const auto items = pool.MakeItems(0, 3'000);
  const Member inner = pool.AddVersion({items.begin(), items.begin() + 2'000});
  std::vector<Member> outer(items.begin() + 2'000, items.end());
  outer.push_back(inner);
  const Curator curator{pool.chain.IdOf("curator"), "forest"};
  const auto pages = MakePages(curator, outer);
  ASSERT_TRUE(pages.ok());
  std::vector<Member> parts;
  for (const PoolPart& page : *pages) {
    pool.Submit(page);
    parts.push_back({page.id, page.weight});
  }
  const auto version = MakeVersion(curator, 1, parts);
  ASSERT_TRUE(version.ok());
  pool.Submit(*version);
  const base::RecordId model = pool.Model("model", version->id);
  pool.Must("reporter", {pool.chain.Revenue(model, kAmountMinor, "a", "USD")});
  pool.chain.Advance(3 * kEpochMs);
  pool.chain.Commit();
  ExpectFair(pool, model, 0, items, base::Uint128{kAmountMinor} * 990'000'000);
}

TEST(PoolChainTest, AddingAPageCostsAPageAndAVersion) {
  PoolChain pool;
  pool.AddVersion(pool.MakeItems(0, 5'000));
  const uint64_t before = pool.chain.resident().graph().size();
  const auto more = pool.MakeItems(5'000, 1'000);
  pool.AddVersion(more);
  EXPECT_EQ(pool.chain.resident().graph().size() - before, 1'000u + 2);
}

}  // namespace
}  // namespace tributary::cli
