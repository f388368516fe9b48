// Frames of the ABCI socket: uvarint(length) || bytes, in each direction, and nothing else.
#ifndef TRIBUTARY_CONSENSUS_ABCI_FRAMES_H_
#define TRIBUTARY_CONSENSUS_ABCI_FRAMES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tributary::consensus {

// The longest frame that is taken: a block of 4 MiB or a snapshot's chunk of 16 MB, with room.
inline constexpr size_t kAbciFrameBytesMax = 32u << 20;

// Takes bytes as they arrive and gives whole frames, in order. Thread safety: none.
class FrameReader {
 public:
  explicit FrameReader(size_t frame_bytes_max = kAbciFrameBytesMax)
      : frame_bytes_max_(frame_bytes_max) {}

  void Feed(std::string_view bytes);
  // The next whole frame, without its length; nullopt: more bytes are needed.
  // Errors: InvalidArgument for a length above the bound or one that is not a minimal uvarint of at
  // most 5 bytes. Every later call gives the same error.
  absl::StatusOr<std::optional<std::string>> Next();

 private:
  const size_t frame_bytes_max_;
  std::string buffer_;
  size_t begin_ = 0;  // of what is not taken yet
  absl::Status failed_;
};

// Requires: frame.size() <= kAbciFrameBytesMax.
void AppendFrame(std::string& out, std::string_view frame);

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_ABCI_FRAMES_H_
