// What a consensus engine sends: frames as they arrive in pieces, and bundles of transactions. The
// first byte says how long the pieces are; the rest is the stream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "consensus/abci_frames.h"
#include "consensus/bundle.h"
#include "fuzz/support/reached.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

constexpr size_t kFrameBytesMax = 4'096;  // so that small inputs reach the bound

void CheckBundle(std::string_view bytes) {
  const auto bundle = consensus::DecodeBundle(bytes);
  if (!bundle.ok()) return ReachedText(bundle.status());
  Reached("a bundle");
  TRIBUTARY_CHECK(consensus::EncodeBundle(bundle->attempt, bundle->transactions) == bytes,
                  "a bundle has one form");
}

// The frames of a stream that arrives in pieces of this size, and whether it broke off.
std::vector<std::string> Frames(std::string_view stream, size_t piece, absl::Status* broken) {
  consensus::FrameReader reader(kFrameBytesMax);
  std::vector<std::string> frames;
  for (size_t at = 0; at < stream.size(); at += piece) {
    reader.Feed(stream.substr(at, piece));
    for (;;) {
      auto frame = reader.Next();
      if (!frame.ok()) {
        *broken = frame.status();
        TRIBUTARY_CHECK(reader.Next().status() == *broken, "it stays broken");
        return frames;
      }
      if (!frame->has_value()) break;
      frames.push_back(**std::move(frame));
    }
  }
  return frames;
}

void CheckFrames(std::string_view stream, size_t piece) {
  absl::Status broken;
  const std::vector<std::string> frames = Frames(stream, piece, &broken);
  absl::Status broken_whole;
  const size_t whole = std::max<size_t>(stream.size(), 1);
  TRIBUTARY_CHECK(Frames(stream, whole, &broken_whole) == frames && broken_whole == broken,
                  "pieces change nothing");
  std::string again;
  for (const std::string& frame : frames) {
    Reached("a frame");
    TRIBUTARY_CHECK(frame.size() <= kFrameBytesMax, "a frame above the bound");
    consensus::AppendFrame(again, frame);
    CheckBundle(frame);
  }
  TRIBUTARY_CHECK(stream.starts_with(again), "a frame has one form");
  if (!broken.ok()) ReachedText(broken);
}

}  // namespace

// Not among them: a bundle above 128 KiB, which no frame of these holds; tests of the bundles have
// it.
std::vector<std::string> Required() {
  return {"a frame",
          "a bundle",
          "has more than 5 bytes",
          "is not written the shortest way",
          "is above the bound of",
          "a bundle that is cut off",
          "not a bundle",
          "a bundle of no transactions",
          "a bundle of more than 1,024 transactions",
          "has a length out of bounds",
          "bytes after the end of a bundle"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  if (size == 0) return 0;
  fuzz::CheckFrames(base::AsText({data + 1, size - 1}), data[0] % 16 + 1);
  return 0;
}
