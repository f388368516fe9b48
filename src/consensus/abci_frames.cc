#include "consensus/abci_frames.h"

#include <cstdint>

#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

constexpr size_t kLengthBytesMax = 5;
constexpr size_t kCompactBytes = 64u << 10;  // what was taken is dropped beyond this

}  // namespace

void FrameReader::Feed(std::string_view bytes) { buffer_.append(bytes); }

absl::StatusOr<std::optional<std::string>> FrameReader::Next() {
  TRIBUTARY_RETURN_IF_ERROR(failed_);
  uint64_t length = 0;
  size_t at = begin_;
  for (size_t n = 0;; ++n) {
    if (at == buffer_.size() && n < kLengthBytesMax) return std::optional<std::string>();
    if (n == kLengthBytesMax) {
      return failed_ = base::InvalidArgument("a frame's length has more than 5 bytes");
    }
    const auto byte = static_cast<uint8_t>(buffer_[at++]);
    length |= static_cast<uint64_t>(byte & 0x7f) << (7 * n);
    if ((byte & 0x80) != 0) continue;
    if (byte == 0 && n > 0) {
      return failed_ = base::InvalidArgument("a frame's length is not written the shortest way");
    }
    break;
  }
  if (length > frame_bytes_max_) {
    return failed_ = base::InvalidArgument("a frame of " + std::to_string(length) +
                                           " bytes is above the bound of " +
                                           std::to_string(frame_bytes_max_));
  }
  if (buffer_.size() - at < length) return std::optional<std::string>();
  std::optional<std::string> frame = buffer_.substr(at, length);
  begin_ = at + length;
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  } else if (begin_ > kCompactBytes) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  return frame;
}

void AppendFrame(std::string& out, std::string_view frame) {
  TRIBUTARY_CHECK(frame.size() <= kAbciFrameBytesMax, "an answer that no frame can hold");
  uint64_t length = frame.size();
  while (length >= 0x80) {
    out.push_back(static_cast<char>(0x80 | (length & 0x7f)));
    length >>= 7;
  }
  out.push_back(static_cast<char>(length));
  out.append(frame);
}

}  // namespace tributary::consensus
