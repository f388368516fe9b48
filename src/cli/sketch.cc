#include "cli/sketch.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>

#include "cli/exit_code.h"

namespace tributary::cli {
namespace {

constexpr size_t kMinima = 64;
constexpr size_t kWindow = 16;
constexpr size_t kFileBytesMax = size_t{64} << 20;
constexpr uint64_t kStep = 0x9E3779B97F4A7C15;

// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
uint64_t Mix(uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 27;
  x *= 0x94D049BB133111EB;
  return x ^ x >> 31;
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Letters A-Z as a-z, and a run of white space as one space: what is only laid out anew stays.
std::string Normalised(std::string_view content) {
  std::string text;
  text.reserve(content.size());
  for (const char c : content) {
    if (IsSpace(c)) {
      if (text.empty() || text.back() != ' ') text += ' ';
    } else {
      text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return text;
}

// FNV-1a.
uint64_t HashOf(std::string_view window) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : window) {
    hash ^= static_cast<uint8_t>(c);
    hash *= 0x100000001B3;
  }
  return hash;
}

}  // namespace

std::string SketchOf(std::string_view content) {
  const std::string text = Normalised(content);
  if (text.size() < kWindow) return {};
  std::array<uint64_t, kMinima> minima;
  minima.fill(UINT64_MAX);
  for (size_t at = 0; at + kWindow <= text.size(); ++at) {
    uint64_t seed = HashOf(std::string_view(text).substr(at, kWindow));
    for (uint64_t& minimum : minima) {
      seed += kStep;
      minimum = std::min(minimum, Mix(seed));
    }
  }
  std::string bytes;
  for (const uint64_t minimum : minima) {
    for (int byte = 0; byte < 8; ++byte) bytes += static_cast<char>(minimum >> (8 * byte));
  }
  return bytes;
}

absl::StatusOr<std::string> SketchOfFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return UsageError("cannot open the file " + path);
  std::string content;
  std::array<char, 65'536> buffer;
  while (file && content.size() <= kFileBytesMax) {
    file.read(buffer.data(), buffer.size());
    content.append(buffer.data(), static_cast<size_t>(file.gcount()));
  }
  if (content.size() > kFileBytesMax) return UsageError(path + " has more than 64 MiB");
  std::string sketch = SketchOf(content);
  if (sketch.empty()) return UsageError(path + " is too short for a sketch: 16 bytes and more");
  return sketch;
}

}  // namespace tributary::cli
