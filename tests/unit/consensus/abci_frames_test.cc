#include "consensus/abci_frames.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace tributary::consensus {
namespace {

std::string Framed(const std::string& frame) {
  std::string out;
  AppendFrame(out, frame);
  return out;
}

TEST(AbciFramesTest, AFlushIsTheTwoBytesThatCometBftExpects) {
  EXPECT_EQ(Framed(std::string("\x1a\x00", 2)), std::string("\x02\x1a\x00", 3));
}

TEST(AbciFramesTest, FramesComeOutAsTheyWentInHoweverTheyWereCut) {
  std::mt19937_64 random(7);
  std::vector<std::string> frames;
  std::string stream;
  for (const size_t size : {0u, 1u, 127u, 128u, 300u, 16'383u, 16'384u, 70'000u, 5u}) {
    frames.emplace_back(size, static_cast<char>('a' + frames.size()));
    AppendFrame(stream, frames.back());
  }
  for (int round = 0; round < 50; ++round) {
    FrameReader reader;
    std::vector<std::string> got;
    for (size_t at = 0; at < stream.size();) {
      const size_t size =
          std::min<size_t>(stream.size() - at, 1 + random() % (round < 5 ? 3 : 9'000));
      reader.Feed(std::string_view(stream).substr(at, size));
      at += size;
      for (;;) {
        auto next = reader.Next();
        ASSERT_TRUE(next.ok()) << next.status();
        if (!*next) break;
        got.push_back(**std::move(next));
      }
    }
    EXPECT_EQ(got, frames);
  }
}

TEST(AbciFramesTest, AFrameOfTheBoundIsTakenAndOneMoreByteIsNot) {
  FrameReader good(300), bad(300);
  good.Feed(Framed(std::string(300, 'x')));
  EXPECT_EQ((*good.Next())->size(), 300u);
  bad.Feed(Framed(std::string(301, 'x')).substr(0, 2));
  const auto refused = bad.Next();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument)
      << "refused by its length, before its bytes come";
  EXPECT_EQ(bad.Next().status(), refused.status());
}

TEST(AbciFramesTest, ALengthHasOneForm) {
  FrameReader padded, endless;
  padded.Feed(std::string("\x81\x00", 2));
  EXPECT_EQ(padded.Next().status().code(), absl::StatusCode::kInvalidArgument);
  endless.Feed(std::string("\x80\x80\x80\x80", 4));
  EXPECT_FALSE((*endless.Next()).has_value());
  endless.Feed(std::string("\x80\x01", 2));
  EXPECT_EQ(endless.Next().status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tributary::consensus
