// The pictures of --svg: layout, hostile text, totals, and the exact bytes of a small one.
#include "cli/svg_flow.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "cli/svg_amounts.h"
#include "cli/svg_split.h"
#include "cli/svg_text.h"
#include "support/paths.h"

namespace tributary::cli {
namespace {

using base::Uint128;

constexpr int kDecimals = 6;

void SetAmount(Uint128 atoms, v1::Amount* to) {
  to->set_currency("EUR");
  to->set_atoms(base::ToDecimal(atoms));
  to->set_major(base::FormatAtoms(base::Atoms(atoms), kDecimals));
}

std::string IdOf(uint32_t number) {
  std::string id(32, '\0');
  for (int i = 0; i < 4; ++i) id[static_cast<size_t>(i)] = static_cast<char>(number >> (8 * i));
  id[31] = '\x01';
  return id;
}

// A split among `recipients` along paths of up to `depth` steps over records whose layer is their
// number modulo `depth`; everything adds up as a node's answer does.
v1::SplitExplanation RandomSplit(int recipients, uint32_t depth, uint64_t seed) {
  std::mt19937_64 random(seed);
  v1::SplitExplanation split;
  split.set_asset(IdOf(0));
  Uint128 sum = 0;
  const auto piece = [&random] { return Uint128{1 + random() % 1'000'000} * 1'000'000'007; };
  for (int r = 0; r < recipients; ++r) {
    v1::Recipient* recipient = split.add_recipients();
    recipient->set_account(IdOf(static_cast<uint32_t>(1'000'000 + r)));
    recipient->set_handle("contributor-" + std::to_string(r) + std::string(random() % 40, 'w'));
    Uint128 lines = 0;
    for (uint64_t l = 0; l < 1 + random() % 2; ++l) {
      v1::Recipient::Line* line = recipient->add_lines();
      Uint128 paths = 0;
      for (uint64_t p = 0; p < 1 + random() % 3; ++p) {
        v1::Recipient::Path* path = line->add_paths();
        const auto steps = static_cast<uint32_t>(random() % (depth + 1));
        for (uint32_t s = 0; s < steps; ++s) {
          const auto number = static_cast<uint32_t>(1 + s + depth * (random() % 20));
          v1::Recipient::Step* step = path->add_steps();
          step->set_record(IdOf(number));
          step->set_record_name("hf:owner/model-" + std::to_string(number));
          step->set_relation(v1::RELATION_TRAINED_ON);
          step->set_share_ppb(250'000'000);
        }
        const Uint128 atoms = piece();
        SetAmount(atoms, path->mutable_amount());
        paths += atoms;
      }
      const Uint128 folded = random() % 3 == 0 ? piece() : 0;
      SetAmount(folded, line->mutable_folded_paths());
      SetAmount(paths + folded, line->mutable_amount());
      lines += paths + folded;
    }
    SetAmount(0, recipient->mutable_folded_lines());
    SetAmount(lines, recipient->mutable_amount());
    sum += lines;
  }
  const Uint128 fee = piece();
  const Uint128 others = random() % 2 == 0 ? piece() : 0;
  SetAmount(fee, split.mutable_fee());
  SetAmount(others, split.mutable_folded_recipients());
  SetAmount(3, split.mutable_dust());
  SetAmount(sum + fee + others + 3, split.mutable_gross());
  split.set_recipients_total(static_cast<uint64_t>(recipients) + (others == 0 ? 0 : 7));
  split.set_records(77);
  split.set_depth(depth);
  return split;
}

bool Overlap(const Rectangle& a, const Rectangle& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

void ExpectSoundLayout(const FlowPicture& picture) {
  const Layout layout = ArrangeFlow(picture);
  ASSERT_EQ(layout.boxes.size(), picture.boxes.size());
  for (size_t i = 0; i < layout.boxes.size(); ++i) {
    const Rectangle& box = layout.boxes[i];
    ASSERT_GE(box.x, 0);
    ASSERT_GE(box.y, 0);
    ASSERT_LE(box.right(), layout.width);
    ASSERT_LE(box.bottom(), layout.height);
    for (size_t j = 0; j < i; ++j) ASSERT_FALSE(Overlap(box, layout.boxes[j])) << i << " " << j;
  }
  ASSERT_EQ(layout.bands.size(), picture.bands.size());
  for (size_t i = 0; i < layout.bands.size(); ++i) {
    const auto& runs = layout.bands[i];
    const FlowBand& band = picture.bands[i];
    ASSERT_EQ(runs.size(), picture.boxes[band.to].layer - picture.boxes[band.from].layer + 1);
    EXPECT_EQ(runs.front().x0, layout.boxes[band.from].right());
    EXPECT_EQ(runs.back().x1, layout.boxes[band.to].x);
    for (const BandRun& run : runs) {
      // Where a band passes a column, it passes beside the boxes.
      ASSERT_GE(run.y, 0);
      ASSERT_LE(run.y, layout.height);
      for (const Rectangle& box : layout.boxes) {
        ASSERT_FALSE(run.x0 < box.right() && box.x < run.x1 && box.y < run.y &&
                     run.y < box.bottom());
      }
    }
  }
}

// What enters a box is what leaves it, but for what it was given and for what stays.
void ExpectSums(const FlowPicture& picture) {
  std::vector<Uint128> in(picture.boxes.size());
  std::vector<Uint128> out(picture.boxes.size());
  for (const FlowBand& band : picture.bands) {
    out[band.from] += band.atoms;
    in[band.to] += band.atoms;
  }
  const uint32_t last = picture.boxes.back().layer;
  for (size_t i = 1; i < picture.boxes.size(); ++i) {
    if (picture.boxes[i].layer == last) {
      EXPECT_EQ(out[i], 0u);
    } else {
      EXPECT_EQ(in[i], out[i]) << picture.boxes[i].name;
    }
    EXPECT_GT(in[i], 0u) << picture.boxes[i].name;
  }
  EXPECT_EQ(out[0] + 3, picture.whole);  // all but the dust
}

TEST(SvgTest, NothingOverlapsAndEverythingIsWithinThePicture) {
  for (const int recipients : {1, 5, 20, 50, 200}) {
    for (uint32_t depth = 1; depth <= 14; ++depth) {
      SCOPED_TRACE(::testing::Message() << recipients << " recipients, depth " << depth);
      const auto seed = static_cast<uint64_t>(recipients) * 100 + depth;
      const v1::SplitExplanation split = RandomSplit(recipients, depth, seed);
      const FlowPicture picture = PictureOfSplit(split, "hf:owner/asset", {"about"});
      ExpectSoundLayout(picture);
      ExpectSums(picture);
      ASSERT_FALSE(HasFailure());
      size_t wide = 0;
      for (const FlowBox& box : picture.boxes) wide += box.wide;
      EXPECT_LE(wide, kRecipientsDrawn + 2);
    }
  }
}

TEST(SvgTest, LongPathsAreFoldedInTheMiddle) {
  const v1::SplitExplanation split = RandomSplit(5, 300, 1);
  const FlowPicture picture = PictureOfSplit(split, "asset", {});
  ExpectSoundLayout(picture);
  ExpectSums(picture);
  for (const FlowBox& box : picture.boxes) EXPECT_LE(box.layer, kLayersDrawn + 1);
}

TEST(SvgTest, TheSameAnswerGivesTheSameBytes) {
  const v1::SplitExplanation split = RandomSplit(20, 4, 9);
  EXPECT_EQ(DrawFlow(PictureOfSplit(split, "asset", {})),
            DrawFlow(PictureOfSplit(split, "asset", {})));
}

TEST(SvgTest, WhatStandsInABoxFitsIntoIt) {
  for (const char* name :
       {"short", "a-very-long-name-that-nobody-would-choose/but-somebody-did",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "數據集數據集數據集數據集數據集數據集"}) {
    for (const int64_t width : {40, 100, 158}) {
      const std::string cut = CutToWidth(name, 12, width * kPixel);
      EXPECT_LE(TextWidth(cut, 12), width * kPixel) << cut;
      EXPECT_EQ(cut == name, TextWidth(name, 12) <= width * kPixel);
    }
  }
  EXPECT_EQ(CutToWidth("hf:owner/model-v2", 12, 100 * kPixel), "…/model-v2");
  EXPECT_EQ(CutToWidth("model-of-many-words-v2", 12, 100 * kPixel), "model…rds-v2");
}

TEST(SvgTest, HostileTextIsEscapedOrReplaced) {
  EXPECT_EQ(XmlText("<script>alert('x')</script> & \"q\""),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;q&quot;");
  EXPECT_EQ(XmlText(std::string("a\0b\x07\x1b[31m\n", 10)), "a?b??[31m?");
  EXPECT_EQ(XmlText("\xe2\x80\xae"
                    "evil\xe2\x81\xa6"),
            "?evil?");                                   // U+202E, U+2066
  EXPECT_EQ(XmlText("\xef\xbf\xbe\xef\xbf\xbf"), "??");  // U+FFFE, U+FFFF
  EXPECT_EQ(XmlText("\xc3\x28\xff\xed\xa0\x80").find('\xff'), std::string::npos);
  EXPECT_EQ(XmlText("שלום"), "שלום");
}

// For the test that parses it with somebody else's parser, and for people to look at.
v1::SplitExplanation HostileSplit() {
  v1::SplitExplanation split = RandomSplit(8, 3, 5);
  split.mutable_recipients(0)->set_handle("<script>alert(1)</script>");
  split.mutable_recipients(1)->set_handle("\"quoted' & ]]> <!-- -->");
  split.mutable_recipients(2)->set_handle(std::string("bell\x07 nul\0 \xff\xfe", 14));
  split.mutable_recipients(3)->set_handle("\xe2\x80\xaeright to left\xe2\x80\xac שלום עולם");
  split.mutable_recipients(4)->set_handle("\xef\xbf\xbf & </svg>");
  for (v1::Recipient& recipient : *split.mutable_recipients()) {
    for (v1::Recipient::Line& line : *recipient.mutable_lines()) {
      for (v1::Recipient::Path& path : *line.mutable_paths()) {
        for (v1::Recipient::Step& step : *path.mutable_steps()) {
          step.set_record_name("</title><script href=\"x\"/>" + step.record_name());
        }
      }
    }
  }
  return split;
}

v1::ExplainBalanceResponse SomeBalance() {
  v1::ExplainBalanceResponse balance;
  balance.set_records_total(5);
  Uint128 sum = 0;
  for (uint32_t i = 0; i < 3; ++i) {
    v1::RecordCredit* credit = balance.add_records();
    credit->set_record(IdOf(i + 1));
    credit->set_record_name("hf:data/set-" + std::to_string(i));
    SetAmount(Uint128{3 - i} * 1'000'000'000'000'000, credit->mutable_amount());
    sum += Uint128{3 - i} * 1'000'000'000'000'000;
    credit->set_settlements(4);
    credit->set_author_share_ppb(1'000'000'000);
    for (uint32_t a = 0; a <= i; ++a) {
      v1::AssetSource* asset = credit->add_assets();
      asset->set_record(IdOf(100 + a));
      asset->set_record_name("hf:team/model-" + std::to_string(a));
      asset->set_share_e18("12500000000000000");
    }
  }
  sum += 77;
  SetAmount(sum, balance.mutable_balance()->mutable_credited());
  SetAmount(sum / 4, balance.mutable_balance()->mutable_paid());
  SetAmount(sum - sum / 4, balance.mutable_balance()->mutable_available());
  return balance;
}

TEST(SvgTest, ABalanceIsDrawnFromItsRecordsToItsUses) {
  v1::ExplainBalanceResponse balance = SomeBalance();
  const FlowPicture picture = PictureOfBalance(balance, "ada");
  ExpectSoundLayout(picture);
  Uint128 in = 0;
  Uint128 out = 0;
  for (const FlowBand& band : picture.bands) {
    if (band.to == 0) in += band.atoms;
    if (band.from == 0) out += band.atoms;
  }
  EXPECT_EQ(in, AtomsOf(balance.balance().credited()));
  EXPECT_EQ(out, in);
  // Nothing earned through an asset, and nothing at all.
  for (v1::RecordCredit& credit : *balance.mutable_records()) credit.clear_assets();
  ExpectSoundLayout(PictureOfBalance(balance, "ada"));
  ExpectSoundLayout(PictureOfBalance({}, "nobody"));
  EXPECT_NE(DrawFlow(PictureOfBalance({}, "nobody")).find("</svg>"), std::string::npos);
}

TEST(SvgTest, PicturesAreWellFormedXml) {
  const std::string dir = ::testing::TempDir();
  const std::vector<std::pair<std::string, FlowPicture>> pictures = {
      {"hostile", PictureOfSplit(HostileSplit(), "<script>\"&'", {"]]> & <b>"})},
      {"five", PictureOfSplit(RandomSplit(5, 2, 3), "hf:owner/asset", {})},
      {"fifty", PictureOfSplit(RandomSplit(50, 5, 4), "hf:owner/asset", {})},
      {"balance", PictureOfBalance(SomeBalance(), "ada")}};
  for (const auto& picture : pictures) {
    const std::string path = dir + "/svg_test_" + picture.first + ".svg";
    const std::string text = DrawFlow(picture.second);
    std::ofstream(path, std::ios::binary) << text;
    const std::string check =
        "/usr/bin/python3 -c \"import sys, xml.etree.ElementTree as t; r = t.parse(sys.argv[1]); "
        "sys.exit(any(e.tag.endswith('script') for e in r.iter()))\" " +
        path;
    EXPECT_EQ(std::system(check.c_str()), 0) << path;
    EXPECT_EQ(text.find("<script"), std::string::npos);
  }
}

// tests/golden/flow.svg: two records, three recipients.
v1::SplitExplanation SmallSplit() {
  v1::SplitExplanation split;
  split.set_asset(IdOf(0));
  const Uint128 unit = 1'000'000'000'000'000;  // one major unit
  const auto pay = [&](const char* handle, uint64_t amount, std::vector<const char*> names) {
    v1::Recipient* recipient = split.add_recipients();
    recipient->set_handle(handle);
    SetAmount(unit * amount, recipient->mutable_amount());
    SetAmount(0, recipient->mutable_folded_lines());
    v1::Recipient::Line* line = recipient->add_lines();
    SetAmount(unit * amount, line->mutable_amount());
    SetAmount(0, line->mutable_folded_paths());
    v1::Recipient::Path* path = line->add_paths();
    SetAmount(unit * amount, path->mutable_amount());
    for (const char* name : names) {
      v1::Recipient::Step* step = path->add_steps();
      step->set_record(IdOf(static_cast<uint32_t>(name[0])));
      step->set_record_name(name);
      step->set_relation(v1::RELATION_TRAINED_ON);
      step->set_share_ppb(400'000'000);
    }
  };
  pay("bob", 60, {});
  pay("ada", 30, {"news corpus"});
  pay("cyd", 9, {"news corpus", "photographs"});
  SetAmount(unit, split.mutable_fee());
  SetAmount(unit * 100, split.mutable_gross());
  split.set_recipients_total(3);
  split.set_records(3);
  split.set_depth(2);
  return split;
}

TEST(SvgTest, ASmallPictureIsTheGoldenOne) {
  const std::string path = testing::SourceDir() + "/tests/golden/flow.svg";
  const std::string drawn = DrawFlow(PictureOfSplit(SmallSplit(), "speech model", {"event 1"}));
  if (std::getenv("TRIBUTARY_REWRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << drawn;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(drawn, golden.str()) << "see TRIBUTARY_REWRITE_GOLDEN";
}

TEST(SvgTest, AmountsInBoxesAreCut) {
  v1::Amount like;
  SetAmount(Uint128{5} * 1'000'000'000'000'000, &like);
  EXPECT_EQ(AmountText(Uint128{1'234'567'899} * 1'000'000'000, like), "1234.56 EUR");
  EXPECT_EQ(AmountText(Uint128{12'345} * 1'000'000'000, like), "0.0123 EUR");
  EXPECT_EQ(AmountText(7, like), "0.000000000000007 EUR");
  EXPECT_EQ(AmountText(0, like), "0 EUR");
  EXPECT_EQ(ExactText(7, like), "0.000000000000007 EUR");
  EXPECT_EQ(ShareText(1, 3), "33.33 %");
  EXPECT_EQ(ShareText(~Uint128{0} / 2, ~Uint128{0}), "49.99 %");
  EXPECT_EQ(ShareText(0, 0), "0.00 %");
}

}  // namespace
}  // namespace tributary::cli
