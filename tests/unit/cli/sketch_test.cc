#include "cli/sketch.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace tributary::cli {
namespace {

std::string Words(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "word" + std::to_string(random() % 10'000) + " ";
  return text;
}

int Agree(const std::string& a, const std::string& b) {
  int agree = 0;
  for (size_t i = 0; i + 8 <= std::min(a.size(), b.size()); i += 8) {
    agree += a.compare(i, 8, b, i, 8) == 0 ? 1 : 0;
  }
  return agree;
}

TEST(SketchTest, WhatIsOnlyLaidOutAnewHasTheSameSketch) {
  EXPECT_EQ(SketchOf("A sentence,  of\nsome words."), SketchOf("a Sentence, of some WORDS."));
  EXPECT_EQ(SketchOf(Words(100, 1)).size(), 512u);
}

TEST(SketchTest, TheMoreIsSharedTheMoreMinimaAgree) {
  const std::string text = Words(1'000, 1);
  const std::string sketch = SketchOf(text);
  EXPECT_EQ(Agree(sketch, SketchOf(text)), 64);
  EXPECT_GE(Agree(sketch, SketchOf(text + Words(50, 2))), 48);
  const int half = Agree(sketch, SketchOf(text.substr(0, text.size() / 2) + Words(500, 3)));
  EXPECT_GE(half, 8);
  EXPECT_LE(half, 40);
  EXPECT_LE(Agree(sketch, SketchOf(Words(1'000, 4))), 4);
}

TEST(SketchTest, AWindowIsNeeded) {
  EXPECT_TRUE(SketchOf("fifteen bytes..").empty());
  EXPECT_EQ(SketchOf("sixteen bytes...").size(), 512u);
  EXPECT_TRUE(SketchOf(std::string(100, ' ')).empty()) << "one space";
}

// Computed by another program from docs/formats.md.
TEST(SketchTest, TheFirstMinimumIsThatOfTheFormat) {
  const std::string sketch = SketchOf("0123456789abcdef");
  uint64_t first = 0;
  for (size_t i = 8; i-- > 0;) first = first << 8 | static_cast<uint8_t>(sketch[i]);
  EXPECT_EQ(first, 15889504423140870646u);
}

}  // namespace
}  // namespace tributary::cli
