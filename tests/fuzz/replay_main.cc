// Replays inputs through a fuzz target without libFuzzer: files, and the files of directories, in
// order of name; with `--generate N` then up to N inputs of random bytes, always the same ones,
// until everything that the target requires is reached. Fails when there is no file, so that a lost
// corpus cannot pass for a clean run, and when something was not reached.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "fuzz/support/reached.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesOf(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool Replay(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    return false;
  }
  const std::vector<char> bytes((std::istreambuf_iterator<char>(in)),
                                std::istreambuf_iterator<char>());
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return true;
}

// SplitMix64: the same bytes everywhere.
uint64_t NextRandom(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

size_t Generate(size_t count_max) {
  uint64_t state = 0;
  size_t count = 0;
  while (count < count_max && !tributary::fuzz::Missing().empty()) {
    std::vector<uint8_t> bytes(NextRandom(state) % 1'500);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(NextRandom(state));
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  size_t replayed = 0;
  size_t generate = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--generate" && i + 1 < argc) {
      generate = std::strtoull(argv[++i], nullptr, 10);
      continue;
    }
    if (!fs::exists(argv[i])) {
      std::fprintf(stderr, "no such file or directory: %s\n", argv[i]);
      return 1;
    }
    for (const fs::path& file : FilesOf(argv[i])) {
      if (!Replay(file)) return 1;
      ++replayed;
    }
  }
  const size_t generated = Generate(generate);
  const std::vector<std::string> missing = tributary::fuzz::Missing();
  const size_t required = tributary::fuzz::Required().size();
  std::printf("%zu inputs replayed, %zu generated; of %zu outcomes %zu were reached\n", replayed,
              generated, required, required - missing.size());
  for (const std::string& label : missing) {
    std::fprintf(stderr, "never reached: %s\n", label.c_str());
  }
  return replayed > 0 && missing.empty() ? 0 : 1;
}
