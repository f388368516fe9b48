// The worked examples of docs/rewards.md: each is run on the real machine, and its table stands in
// the page as it came out. TRIBUTARY_REWRITE_DOCS=1 rewrites the tables.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "codec/ids.h"
#include "state/invariants.h"
#include "support/chain.h"
#include "support/paths.h"

namespace tributary::testing {
namespace {

using base::Ppb;

constexpr uint64_t kEpochMs = 1'000'000;
const std::string kPage = SourceDir() + "/docs/rewards.md";

std::string ReadPage() {
  std::ifstream in(kPage, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The table between "<!-- example: NAME -->" and "<!-- end -->" is this one.
void ExpectInPage(const std::string& name, const std::string& table) {
  std::string page = ReadPage();
  const std::string begin = "<!-- example: " + name + " -->\n";
  const size_t from = page.find(begin);
  ASSERT_NE(from, std::string::npos) << "docs/rewards.md has no example " << name;
  const size_t at = from + begin.size();
  const size_t end = page.find("<!-- end -->", at);
  ASSERT_NE(end, std::string::npos);
  const bool same = page.substr(at, end - at) == table;
  if (!same && std::getenv("TRIBUTARY_REWRITE_DOCS") != nullptr) {
    std::ofstream(kPage, std::ios::binary) << page.replace(at, end - at, table);
    return;
  }
  EXPECT_TRUE(same) << "docs/rewards.md is stale: TRIBUTARY_REWRITE_DOCS=1 rewrites it; expected:\n"
                    << table;
}

// Atoms as minor units, exactly: "1.25".
std::string Units(base::Uint128 atoms) {
  std::string fraction = base::ToDecimal(atoms % base::kPpbOne);
  fraction.insert(0, 9 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  const std::string whole = base::ToDecimal(atoms / base::kPpbOne);
  return fraction.empty() ? whole : whole + "." + fraction;
}

ChainOptions WithAttributor() {
  ChainOptions options;
  options.people.push_back({"lab", {codec::Role::kAttributor}, {}});
  return options;
}

class ExampleTest : public ::testing::Test {
 protected:
  ExampleTest() : chain(WithAttributor()) {
    chain.AdvanceTo(chain.time_ms() / kEpochMs * kEpochMs + kEpochMs);
    Must("steward", {chain.Register("ann"), chain.Register("bob"), chain.Register("cat"),
                     chain.Register("dan")});
  }
  void Must(std::string_view sender, const std::vector<codec::Operation>& operations) {
    const auto refused = chain.Apply(sender, operations);
    ASSERT_FALSE(refused) << refused->ToString();
  }
  base::RecordId Submit(const std::string& name, const std::string& author,
                        const std::vector<base::RecordId>& parents, uint32_t pass_through_ppb,
                        uint32_t royalty_ppb) {
    RecordSpec spec{name, {{author, base::kPpbOne}}, {}, pass_through_ppb};
    for (const base::RecordId& parent : parents) spec.parents.emplace_back(parent, 1);
    spec.terms.royalty_ppb = Ppb(royalty_ppb);
    Must(author, {chain.Submit(spec)});
    return chain.RecordIdOf(spec);
  }
  // Revenue of which the lab attributes a part to these records.
  codec::Operation Attributed(const base::RecordId& asset, uint64_t amount_minor,
                              const std::string& reference, uint32_t alpha_ppb,
                              const std::vector<codec::Influence>& influences) {
    codec::AttributionClaim claim;
    claim.asset = asset;
    claim.reporter = chain.IdOf("reporter");
    claim.reference = chain.arena().Keep(reference);
    claim.attributor = chain.IdOf("lab");
    claim.method = "trak";
    claim.alpha_ppb = Ppb(alpha_ppb);
    claim.influences = influences;
    auto report =
        std::get<codec::ReportRevenue>(chain.Revenue(asset, amount_minor, claim.reference));
    report.attribution.emplace();
    report.attribution->claim = chain.arena().KeepBytes(codec::Encode(claim));
    report.attribution->signature = KeyOf("lab").Sign(
        base::AsBytes(codec::AttributionMessage(chain.chain_id, report.attribution->claim)));
    return report;
  }
  void Settle() {
    chain.Advance(3 * kEpochMs);
    chain.Commit();
    const auto recount = state::RecountConservation(chain.pages(), chain.resident());
    ASSERT_TRUE(recount.ok()) << recount;
  }
  // What everybody has, to the last atom, and that it is what was reported.
  std::string Table(const std::vector<std::string>& handles) {
    const auto totals = chain.Totals();
    base::Uint128 sum = totals.fees.value() + totals.dust.value();
    std::string table = "| who | minor units |\n|---|---:|\n";
    table += "| network fee | " + Units(totals.fees.value()) + " |\n";
    for (const std::string& handle : handles) {
      const base::Uint128 credited = chain.Balance(handle).credited.value();
      table += "| " + handle + " | " + Units(credited) + " |\n";
      sum += credited;
    }
    table += "| rounding carried | " + Units(totals.dust.value()) + " |\n";
    EXPECT_EQ(sum, totals.reported.value());
    return table + "| in all | " + Units(sum) + " |\n";
  }

  Chain chain;
};

TEST_F(ExampleTest, LineageThatMergesAgain) {
  std::vector<base::RecordId> tops;
  for (int i = 0; i < 5; ++i) {
    const std::string name = "diamond " + std::to_string(i);
    const auto foot = Submit(name + " foot", "ann", tops, 0, 10'000'000);
    tops = {Submit(name + " left", "bob", {foot}, 0, 10'000'000),
            Submit(name + " right", "cat", {foot}, 0, 10'000'000)};
  }
  Must("reporter", {chain.Revenue(Submit("asset", "dan", tops, 0, 0), 1'000, "sale")});
  Settle();
  ExpectInPage("diamonds", Table({"ann", "bob", "cat", "dan"}));
}

// 100 payments of 19 units, each less than any royalty of it is worth in units, over three
// royalties of 5 %: what is funded is what is owed, exactly.
TEST_F(ExampleTest, MicropaymentStream) {
  const std::vector<base::RecordId> sources = {Submit("one", "ann", {}, 0, 50'000'000),
                                               Submit("two", "bob", {}, 0, 50'000'000),
                                               Submit("three", "cat", {}, 0, 50'000'000)};
  const auto asset = Submit("asset", "dan", sources, 100'000'000, 0);
  for (int i = 0; i < 100; ++i) {
    Must("reporter", {chain.Revenue(asset, 19, "call-" + std::to_string(i))});
    if (i % 30 == 29) Settle();
  }
  Must("treasurer", {chain.Funding("reporter", 1'900, "bank")});
  Settle();
  const auto totals = chain.Totals();
  EXPECT_EQ(totals.funded, totals.reported);
  EXPECT_EQ(totals.funded, totals.fees + totals.available + totals.dust);
  EXPECT_LT(totals.dust.value(), 10u);
  ExpectInPage("micropayments", Table({"ann", "bob", "cat", "dan"}));
}

// Ann's corrections and Bob's prompt make the same tutor explain fractions better. An evaluation
// weighs them 3 to 1 for the tutor as a whole; of one class's answers, each by itself, it finds
// that they came of the corrections alone, and of another's that Bob's prompt did more.
TEST_F(ExampleTest, TwoContributorsImproveOneBehaviour) {
  const auto corrections = Submit("corrections", "ann", {}, 0, 0);
  const auto prompt = Submit("prompt", "bob", {}, 0, 0);
  RecordSpec tutor{"tutor", {{"dan", base::kPpbOne}}, {{corrections, 3}, {prompt, 1}}, 400'000'000};
  tutor.terms.alpha_max_ppb = Ppb(200'000'000);
  Must("dan", {chain.Submit(tutor)});
  const auto id = chain.RecordIdOf(tutor);
  Must("reporter", {chain.Revenue(id, 1'000, "school")});
  Settle();
  ExpectInPage("two ways, lineage", Table({"ann", "bob", "dan"}));
  Must("reporter",
       {Attributed(id, 1'000, "class a", 200'000'000, {{corrections, 1}}),
        Attributed(id, 1'000, "class b", 200'000'000, {{corrections, 1}, {prompt, 4}})});
  Settle();
  ExpectInPage("two ways, attributed", Table({"ann", "bob", "dan"}));
}

// Ann's data is three layers below what earns: each layer passes 40 % on. Her royalty of 5 % comes
// from the gross, whatever the layers do; the last one puts a record of its own in between.
TEST_F(ExampleTest, InfluenceThreeLayersAway) {
  const auto build = [this](const std::string& name, uint32_t royalty_ppb, bool hop) {
    const auto data = Submit(name + " data", "ann", {}, 0, royalty_ppb);
    const auto base = Submit(name + " base", "bob", {data}, 400'000'000, 0);
    auto tuned = Submit(name + " tuned", "cat", {base}, 400'000'000, 0);
    if (hop) tuned = Submit(name + " hop", "dan", {tuned}, 400'000'000, 0);
    return Submit(name + " product", "dan", {tuned}, 400'000'000, 0);
  };
  const auto earn = [this](const base::RecordId& product, const std::string& name) {
    Must("reporter", {chain.Revenue(product, 1'000, name)});
    Settle();
    return chain.Balance("ann").credited.value();
  };
  const auto flow = earn(build("plain", 0, false), "plain");
  ExpectInPage("three layers", Table({"ann", "bob", "cat", "dan"}));
  const auto with_hop = earn(build("hop", 0, true), "hop") - flow;
  const auto royalty = earn(build("royalty", 50'000'000, false), "royalty") - flow - with_hop;
  const auto royalty_hop =
      earn(build("both", 50'000'000, true), "both") - flow - with_hop - royalty;
  ExpectInPage("three layers, ann",
               "| Ann's part of 1,000 units | as in the table | with a hop of Dan's in between |\n"
               "|---|---:|---:|\n"
               "| lineage alone | " +
                   Units(flow) + " | " + Units(with_hop) +
                   " |\n"
                   "| and a royalty of 5 % | " +
                   Units(royalty) + " | " + Units(royalty_hop) + " |\n");
}

}  // namespace
}  // namespace tributary::testing
