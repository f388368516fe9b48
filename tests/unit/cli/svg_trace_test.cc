// The picture of a trace: who is drawn where, and that bands add up.
#include "cli/svg_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tributary::cli {
namespace {

using base::Uint128;

constexpr uint64_t kPercentE18 = 10'000'000'000'000'000;

std::string IdOf(char mark) { return std::string(32, mark); }

v1::TracedRecord* Add(v1::TraceResponsibilityResponse* trace, char mark, uint64_t reaches,
                      uint64_t kept, uint64_t royalty = 0) {
  v1::TracedRecord* record = trace->add_records();
  record->set_id(IdOf(mark));
  record->set_name(std::string("record <") + mark + ">");
  record->set_reaches_e18(std::to_string(reaches * kPercentE18));
  record->set_kept_e18(std::to_string(kept * kPercentE18));
  record->set_royalty_e18(std::to_string(royalty * kPercentE18));
  v1::TracedAuthor* author = record->add_authors();
  author->set_account(IdOf(static_cast<char>(mark + 'A' - 'a')));
  author->set_handle(std::string("author-") + mark);
  author->set_amount_e18(std::to_string((kept + royalty) * kPercentE18));
  return record;
}
void AddParent(v1::TracedRecord* record, char parent, uint32_t share_ppb) {
  v1::TracedEdge* edge = record->add_parents();
  edge->set_record(IdOf(parent));
  edge->set_relation(v1::RELATION_TRAINED_ON);
  edge->set_share_ppb(share_ppb);
}

// c is the asset: 1 % fee, 5 % royalty of a, the rest 94 %; half of that passes to b; b keeps all.
// a is declared by b without a share.
v1::TraceResponsibilityResponse Small() {
  v1::TraceResponsibilityResponse trace;
  trace.set_asset(IdOf('c'));
  trace.set_asset_name("record <c>");
  trace.set_total(3);
  trace.set_depth(2);
  trace.set_fee_e18(std::to_string(kPercentE18));
  AddParent(Add(&trace, 'c', 94, 47), 'b', 500'000'000);
  AddParent(Add(&trace, 'b', 47, 47), 'a', 0);
  Add(&trace, 'a', 0, 0, 5);
  for (const char mark : {'A', 'B', 'C'}) {
    v1::TracedAccount* account = trace.add_accounts();
    account->set_account(IdOf(mark));
    if (mark != 'A') account->set_sponsor_handle("steward");
  }
  return trace;
}

const FlowBox& BoxOf(const FlowPicture& picture, const std::string& name) {
  const auto found = std::find_if(picture.boxes.begin(), picture.boxes.end(),
                                  [&name](const FlowBox& box) { return box.name == name; });
  EXPECT_NE(found, picture.boxes.end()) << name;
  return found == picture.boxes.end() ? picture.boxes.front() : *found;
}

TEST(SvgTraceTest, RecordsStandByTheirDistanceThenPeopleThenSponsors) {
  const FlowPicture picture = PictureOfTrace(Small(), {});
  EXPECT_EQ(BoxOf(picture, "record <c>").layer, 0u);
  EXPECT_EQ(BoxOf(picture, "record <b>").layer, 1u);
  EXPECT_EQ(BoxOf(picture, "record <a>").layer, 2u);
  EXPECT_EQ(BoxOf(picture, "author-a").layer, 3u);
  EXPECT_EQ(BoxOf(picture, "author-a").amount, "5.00 %");
  EXPECT_EQ(BoxOf(picture, "steward").layer, 4u);
  EXPECT_EQ(BoxOf(picture, "steward").amount, "94.00 %");
  EXPECT_EQ(BoxOf(picture, "the genesis").amount, "5.00 %");
}

TEST(SvgTraceTest, BandsLeadOnAndWhatHasNoShareIsDashed) {
  const FlowPicture picture = PictureOfTrace(Small(), {});
  Uint128 to_people = 0;
  int dashed = 0;
  for (const FlowBand& band : picture.bands) {
    EXPECT_LT(picture.boxes[band.from].layer, picture.boxes[band.to].layer);
    if (picture.boxes[band.to].kind == FlowKind::kRecipient) to_people += band.atoms;
    dashed += band.dashed ? 1 : 0;
    EXPECT_EQ(band.dashed, band.atoms == 0);
  }
  EXPECT_EQ(to_people, Uint128{99} * kPercentE18);
  EXPECT_EQ(dashed, 1);
}

TEST(SvgTraceTest, NamesAreTakenAsHostile) {
  const std::string svg = DrawFlow(PictureOfTrace(Small(), {"about <this>"}));
  EXPECT_EQ(svg.find("<c>"), std::string::npos);
  EXPECT_NE(svg.find("record &lt;c&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("<this>"), std::string::npos);
}

TEST(SvgTraceTest, ManyRecordsAndAuthorsAreFolded) {
  v1::TraceResponsibilityResponse trace;
  trace.set_asset(IdOf('c'));
  trace.set_asset_name("many");
  v1::TracedRecord* asset = Add(&trace, 'c', 100, 0);
  for (int i = 0; i < 60; ++i) {
    const std::string id = "id-" + std::to_string(i) + std::string(27, ' ');
    v1::TracedRecord* record = Add(&trace, 'x', 1, 1);
    record->set_id(id.substr(0, 32));
    record->mutable_authors(0)->set_account(id.substr(0, 32));
    v1::TracedEdge* edge = asset->add_parents();
    edge->set_record(record->id());
    edge->set_share_ppb(10'000'000);
    asset = trace.mutable_records(0);
  }
  trace.set_total(61);
  const FlowPicture picture = PictureOfTrace(trace, {});
  EXPECT_EQ(BoxOf(picture, "36 other records").kind, FlowKind::kFolded);
  EXPECT_EQ(BoxOf(picture, "20 other authors").amount, "20.00 %");
}

}  // namespace
}  // namespace tributary::cli
