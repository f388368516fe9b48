// Where the boxes and bands of a layered picture go: columns by layer, few crossings, and room for
// each band that passes a column, so that nothing runs under a box. Integers only: the same input
// gives the same picture everywhere.
// Source: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
// Structures", 1981 (dummy items, barycentres), with bands as wide as what they carry.
#ifndef TRIBUTARY_CLI_SVG_LAYOUT_H_
#define TRIBUTARY_CLI_SVG_LAYOUT_H_

#include <cstdint>
#include <vector>

namespace tributary::cli {

// Units of all lengths: hundredths of a pixel.
inline constexpr int64_t kPixel = 100;

struct LayoutBox {
  uint32_t layer = 0;
  int64_t width = 0;
  int64_t height = 0;  // at least; grows with its bands
};

// Requires: the layer of `from` is lower than that of `to`.
struct LayoutBand {
  uint32_t from = 0;  // boxes, by position
  uint32_t to = 0;
  int64_t thickness = 0;
};

struct LayoutInput {
  std::vector<LayoutBox> boxes;
  std::vector<LayoutBand> bands;
  uint32_t layers = 1;
  bool keep_last = false;  // the boxes of the last layer stay in the order given
  int64_t between_columns = 90 * kPixel;
  int64_t between_boxes = 8 * kPixel;
  int64_t between_bands = 3 * kPixel;
};

struct Rectangle {
  int64_t x = 0;
  int64_t y = 0;
  int64_t width = 0;
  int64_t height = 0;
  int64_t right() const { return x + width; }
  int64_t bottom() const { return y + height; }
};

// A band runs level from x0 to x1 with its upper edge at y, and curves to the next run.
struct BandRun {
  int64_t x0 = 0;
  int64_t x1 = 0;
  int64_t y = 0;
};

struct Layout {
  std::vector<Rectangle> boxes;             // as in the input
  std::vector<std::vector<BandRun>> bands;  // as in the input; left to right, at least two
  int64_t width = 0;                        // all of it is within 0..width and 0..height
  int64_t height = 0;
};

Layout Arrange(const LayoutInput& input);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_LAYOUT_H_
