#include "cli/remerge.h"

#include <string>

namespace tributary::cli {
namespace {

std::string Author(uint64_t layer) { return "remerge-" + std::to_string(layer); }

std::string Id(uint64_t layer, uint64_t place) {
  return Author(layer) + "/model-" + std::to_string(place);
}

}  // namespace

void WriteRemerge(std::ostream& out, uint64_t layers, uint64_t width) {
  for (uint64_t layer = 0; layer <= layers; ++layer) {
    for (uint64_t place = 0; place < width; ++place) {
      out << R"({"author": ")" << Author(layer) << R"(", "id": ")" << Id(layer, place)
          << R"(", "parents": [)";
      for (uint64_t parent = 0; layer > 0 && parent < width; ++parent) {
        out << (parent > 0 ? ", " : "") << R"({"id": ")" << Id(layer - 1, parent)
            << R"(", "relation": "merged_from"})";
      }
      out << "]}\n";
    }
  }
}

}  // namespace tributary::cli
