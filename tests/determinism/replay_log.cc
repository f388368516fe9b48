// Prints what a log comes to, to be compared between compilers; see replays.h.
//
//   replay_log random SEED OPERATIONS
//   replay_log file PATH              entry bundles, one after the other
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "determinism/replays.h"

int main(int argc, char** argv) {
  using namespace tributary::determinism;  // NOLINT: a program of its own
  Entries entries;
  if (argc == 4 && std::strcmp(argv[1], "random") == 0) {
    entries = RandomLog(std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10));
  } else if (argc == 3 && std::strcmp(argv[1], "file") == 0) {
    std::ifstream in(argv[2], std::ios::binary);
    if (!in) {
      std::cerr << "cannot read " << argv[2] << "\n";
      return 1;
    }
    entries = ReadBundles({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  } else {
    std::cerr << "usage: replay_log random SEED OPERATIONS | file PATH\n";
    return 2;
  }
  std::cout << Report(entries);
  return 0;
}
