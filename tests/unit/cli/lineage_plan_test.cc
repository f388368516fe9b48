#include "cli/lineage_plan.h"

#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "cli/exit_code.h"
#include "cli/remerge.h"
#include "codec/text.h"
#include "support/paths.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using codec::RecordKind;
using codec::Relation;

absl::StatusOr<LineagePlan> Parse(const std::string& text) {
  std::istringstream in(text);
  return ParseLineage(in, "l.jsonl");
}

// The first line of the error.
std::string Why(const std::string& text) {
  const auto plan = Parse(text);
  if (plan.ok()) return "accepted";
  EXPECT_EQ(ExitCodeOf(plan.status()), ExitCode::kUsage);
  const std::string message(base::Message(plan.status()));
  return message.substr(0, message.find('\n'));
}

std::string Line(const std::string& id, const std::string& parents = "",
                 const std::string& more = "") {
  return R"({"author": "Ada", "id": ")" + id + R"(", "parents": [)" + parents + "]" + more + "}\n";
}

std::string From(const std::string& id, const std::string& relation = "merged_from") {
  return R"({"id": ")" + id + R"(", "relation": ")" + relation + "\"}";
}

// Every parent of every record stands before it.
void ExpectOrdered(const LineagePlan& plan) {
  for (size_t i = 0; i < plan.records.size(); ++i) {
    for (const PlannedParent& parent : plan.records[i].parents) EXPECT_LT(parent.record, i);
  }
}

TEST(LineagePlanTest, ParentsComeFirstWhateverTheOrderOfTheFile) {
  const auto plan = Parse(Line("a/c", From("a/b")) + Line("a/b", From("a/a")) + Line("a/a"));
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->records.size(), 3u);
  EXPECT_EQ(plan->records[0].external_id, "hf:a/a");
  EXPECT_EQ(plan->records[2].external_id, "hf:a/c");
  EXPECT_EQ(plan->records[2].parents[0].record, 1u);
  EXPECT_EQ(plan->edges, 2u);
  ExpectOrdered(*plan);
}

TEST(LineagePlanTest, IdsAreComparedWithoutCase) {
  const auto plan = Parse(Line("Org/Base") + Line("org/child", From("ORG/BASE")));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->records.size(), 2u);
  EXPECT_EQ(plan->stubs, 0u);
  EXPECT_EQ(plan->records[0].external_id, "hf:Org/Base");
  EXPECT_EQ(Why(Line("a/b") + Line("A/B")), "l.jsonl:2: \"A/B\" stands in line 1 already");
}

TEST(LineagePlanTest, ParentsThatAreAbsentBecomeStubsOfTheirOwner) {
  const auto plan = Parse(Line("a/x", From("Meta/llama") + "," + From("datasets/Org/d") + "," +
                                          From("datasets/gsm8k")) +
                          Line("a/y", From("meta/LLAMA")));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->stubs, 3u);
  std::set<std::string> handles;
  for (const PlannedRecord& record : plan->records) {
    if (!record.stub) continue;
    handles.insert(plan->authors[record.author].handle);
    EXPECT_EQ(record.kind == RecordKind::kDataset,
              record.external_id.find("datasets/") != std::string::npos);
  }
  EXPECT_EQ(handles, (std::set<std::string>{"hf/meta", "hf/org", "hf/huggingface"}));
}

TEST(LineagePlanTest, RelationsOfTheSiteAndOfTheChainAreKnown) {
  const auto plan = Parse(Line("a/p") + Line("a/1", From("a/p", "trained_on")) +
                          Line("a/2", From("a/p", "base_model:finetune")) +
                          Line("a/3", From("a/p", "base_model:merge")) +
                          Line("a/4", From("a/p", "base_model:quantized")) +
                          Line("a/5", From("a/p", "base_model:adapter")) +
                          Line("a/6", From("a/p", "distilled_from")));
  ASSERT_TRUE(plan.ok());
  const Relation expected[] = {Relation::kTrainedOn,  Relation::kFinetunedFrom,
                               Relation::kMergedFrom, Relation::kQuantizedFrom,
                               Relation::kAdapterOf,  Relation::kDistilledFrom};
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(plan->records[i + 1].parents[0].relation, expected[i]) << i;
  }
  EXPECT_EQ(Why(Line("a/p") + Line("a/q", From("a/p", "cousin_of"))),
            "l.jsonl:2: the relation \"cousin_of\" is not known");
  EXPECT_EQ(Why(Line("a/q", From("a/p", "unspecified"))),
            "l.jsonl:1: the relation \"unspecified\" is not known");
}

TEST(LineagePlanTest, LicenceAndTimeAreKeptAndWeightsAreEqualWhereNoneIsGiven) {
  const auto plan =
      Parse(Line("a/p", "", R"(, "licence": "mit", "created": 1692821308)") +
            Line("a/n", "", R"(, "licence": "<nil>")") +
            Line("a/q", From("a/p") + R"(, {"id": "a/n", "relation": "trained_on", "weight": 7})"));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->records[0].licence, "mit");
  EXPECT_EQ(plan->records[0].declared_ms, 1'692'821'308'000u);
  EXPECT_EQ(plan->records[1].licence, "");
  EXPECT_EQ(plan->records[2].parents[0].weight, 1u);
  EXPECT_EQ(plan->records[2].parents[1].weight, 7u);
}

TEST(LineagePlanTest, ACycleIsRefusedByName) {
  EXPECT_EQ(Why(Line("a/x", From("a/z")) + Line("a/y", From("a/x")) + Line("a/z", From("a/y")) +
                Line("a/below", From("a/x"))),
            "l.jsonl: the lineage has a cycle: a/x → a/z → a/y → a/x (from line 1)");
  EXPECT_EQ(Why(Line("a/x", From("A/X"))),
            "l.jsonl: the lineage has a cycle: a/x → a/x (from line 1)");
}

TEST(LineagePlanTest, BadLinesAreNamedAllAtOnce) {
  const auto plan =
      Parse("nonsense\n" + Line("a b") + Line("a/c", From("a/d") + "," + From("A/D")) +
            R"({"id": "a/e", "parents": []})" + "\n" +
            R"({"author": "x", "id": "a/f", "parents": {}, "extra": 1})" + "\n");
  ASSERT_FALSE(plan.ok());
  const std::string message(base::Message(plan.status()));
  for (const char* part :
       {"l.jsonl:1: it is not valid JSON", "l.jsonl:2: \"a b\" is no id",
        "l.jsonl:3: the parent \"A/D\" is named twice", "l.jsonl:4: \"author\" is missing",
        "l.jsonl:5: \"parents\" is an object, not a list", "l.jsonl:5: \"extra\" is not known here",
        "Nothing was sent"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << "\n" << message;
  }
}

TEST(LineagePlanTest, ManyBadLinesAreCountedBeyondTwenty) {
  std::string text;
  for (int i = 0; i < 25; ++i) text += "x\n";
  const auto plan = Parse(text);
  const std::string message(base::Message(plan.status()));
  EXPECT_NE(message.find("l.jsonl:20:"), std::string::npos);
  EXPECT_EQ(message.find("l.jsonl:21:"), std::string::npos);
  EXPECT_NE(message.find("and 5 more"), std::string::npos);
}

TEST(LineagePlanTest, ParentsUpToTheLimitAreTaken) {
  std::string parents;
  for (int i = 0; i < 1'024; ++i) parents += (i > 0 ? "," : "") + From("a/p" + std::to_string(i));
  EXPECT_EQ(Why(Line("a/x", parents)), "accepted");
  EXPECT_EQ(Why(Line("a/x", parents + "," + From("a/one-more"))),
            "l.jsonl:1: a record has at most 1,024 parents, this one 1025");
}

TEST(LineagePlanTest, HandlesAreValidAndDifferentForDifferentNames) {
  EXPECT_EQ(HandleOfAuthor("BramVanroy"), "hf/bramvanroy");
  EXPECT_EQ(HandleOfAuthor("a b"), "hf/a:20b");
  const std::string names[] = {"a",
                               "b",
                               "a:20b",
                               "a b",
                               "ä",
                               "a/b",
                               "a-b",
                               "a_b",
                               "a.b",
                               "a:b",
                               ":",
                               "::",
                               std::string(61, 'x'),
                               std::string(62, 'x'),
                               std::string(200, 'x'),
                               std::string(201, 'x')};
  std::set<std::string> handles;
  for (const std::string& name : names) {
    const std::string handle = HandleOfAuthor(name);
    EXPECT_TRUE(codec::IsHandle(handle)) << name << " " << handle;
    EXPECT_TRUE(handles.insert(handle).second) << name << " " << handle;
  }
  EXPECT_EQ(HandleOfAuthor(std::string(61, 'x')).size(), 64u);
}

TEST(LineagePlanTest, TheRealLineageHas1312RecordsBy376Authors) {
  const auto plan = ReadLineage(testing::SourceDir() + "/tests/data/hf_lineage.jsonl");
  ASSERT_TRUE(plan.ok()) << base::Message(plan.status());
  EXPECT_EQ(plan->records.size(), 1'312u);
  EXPECT_EQ(plan->authors.size(), 376u);
  EXPECT_EQ(plan->edges, 1'128u);
  EXPECT_EQ(plan->stubs, 0u);
  ExpectOrdered(*plan);
}

TEST(RemergeTest, EveryModelMergesAllOfTheLayerBefore) {
  std::stringstream file;
  WriteRemerge(file, 10, 3);
  const auto plan = ParseLineage(file, "made up");
  ASSERT_TRUE(plan.ok()) << base::Message(plan.status());
  EXPECT_EQ(plan->records.size(), 33u);
  EXPECT_EQ(plan->edges, 90u);
  EXPECT_EQ(plan->authors.size(), 11u);
  ExpectOrdered(*plan);
}

}  // namespace
}  // namespace tributary::cli
