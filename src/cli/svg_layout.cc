#include "cli/svg_layout.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "tributary/base/check.h"

namespace tributary::cli {
namespace {

constexpr int kOrderSweeps = 24;
constexpr int kPlaceSweeps = 40;

// A box, or the place where a band passes a column.
struct Item {
  uint32_t layer = 0;
  int64_t height = 0;
  int64_t y = 0;
  bool is_box = false;
  std::vector<uint32_t> before;  // pieces of bands that come from the left
  std::vector<uint32_t> after;
  int64_t Centre() const { return y + height / 2; }
};

// The part of a band between two neighbouring columns.
struct Piece {
  uint32_t band = 0;
  uint32_t from = 0;  // items
  uint32_t to = 0;
  int64_t thickness = 0;
  int64_t leaves = 0;  // upper edge, at the item it comes from
  int64_t enters = 0;
};

class Arranger {
 public:
  explicit Arranger(const LayoutInput& input) : input_(input), columns_(input.layers) {
    for (const LayoutBox& box : input.boxes) AddItem(box.layer, box.height, true);
    for (uint32_t i = 0; i < input.bands.size(); ++i) AddBand(i);
    for (Item& item : items_) GrowToBands(&item);
  }

  Layout Run() {
    Order();
    Stack();
    Place();
    Attach();
    return Result();
  }

 private:
  uint32_t AddItem(uint32_t layer, int64_t height, bool is_box) {
    TRIBUTARY_CHECK(layer < columns_.size(), "a box lies in one of the layers");
    columns_[layer].push_back(static_cast<uint32_t>(items_.size()));
    items_.push_back({layer, height, 0, is_box, {}, {}});
    return static_cast<uint32_t>(items_.size() - 1);
  }

  void AddBand(uint32_t index) {
    const LayoutBand& band = input_.bands[index];
    const uint32_t last = items_[band.to].layer;
    TRIBUTARY_CHECK(items_[band.from].layer < last, "bands go to the right");
    uint32_t from = band.from;
    for (uint32_t layer = items_[band.from].layer + 1; layer <= last; ++layer) {
      const uint32_t to = layer == last ? band.to : AddItem(layer, band.thickness, false);
      const auto piece = static_cast<uint32_t>(pieces_.size());
      pieces_.push_back({index, from, to, band.thickness, 0, 0});
      items_[from].after.push_back(piece);
      items_[to].before.push_back(piece);
      from = to;
    }
  }

  int64_t Thickness(const std::vector<uint32_t>& pieces) const {
    int64_t sum = 0;
    for (const uint32_t piece : pieces) sum += pieces_[piece].thickness;
    return sum;
  }
  void GrowToBands(Item* item) const {
    item->height = std::max({item->height, Thickness(item->before), Thickness(item->after)});
  }

  // ---- Order within the columns

  // Mean place of the neighbours on one side, in thousandths; -1 without any.
  int64_t Barycentre(const std::vector<uint32_t>& pieces, bool before) const {
    int64_t weights = 0;
    int64_t sum = 0;
    for (const uint32_t index : pieces) {
      const Piece& piece = pieces_[index];
      const int64_t weight = piece.thickness / kPixel + 1;
      sum += weight * 1'000 * places_[before ? piece.from : piece.to];
      weights += weight;
    }
    return weights == 0 ? -1 : sum / weights;
  }

  void NumberPlaces(const std::vector<uint32_t>& column) {
    for (size_t i = 0; i < column.size(); ++i) places_[column[i]] = static_cast<int64_t>(i);
  }

  // Sorts by the mean places; an item without neighbours on that side keeps its own.
  void Sort(std::vector<uint32_t>* column, bool before) {
    std::vector<std::pair<int64_t, uint32_t>> keys;
    for (size_t i = 0; i < column->size(); ++i) {
      const Item& item = items_[(*column)[i]];
      const int64_t mean = Barycentre(before ? item.before : item.after, before);
      keys.emplace_back(mean < 0 ? static_cast<int64_t>(i) * 1'000 : mean, (*column)[i]);
    }
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < keys.size(); ++i) (*column)[i] = keys[i].second;
    NumberPlaces(*column);
  }

  // How often two bands cross between the columns, by all pairs.
  int64_t Crossings() const {
    int64_t crossings = 0;
    for (const auto& column : columns_) {
      std::vector<std::pair<int64_t, int64_t>> ends;
      for (const uint32_t item : column) {
        for (const uint32_t piece : items_[item].after) {
          ends.emplace_back(places_[item], places_[pieces_[piece].to]);
        }
      }
      for (size_t i = 0; i < ends.size(); ++i) {
        for (size_t j = i + 1; j < ends.size(); ++j) {
          crossings += (ends[i].first < ends[j].first && ends[i].second > ends[j].second) ||
                       (ends[i].first > ends[j].first && ends[i].second < ends[j].second);
        }
      }
    }
    return crossings;
  }

  void Order() {
    places_.assign(items_.size(), 0);
    for (const auto& column : columns_) NumberPlaces(column);
    const size_t movable = columns_.size() - (input_.keep_last ? 1 : 0);
    auto best = columns_;
    int64_t best_crossings = Crossings();
    for (int sweep = 0; sweep < kOrderSweeps && best_crossings > 0; ++sweep) {
      if (sweep % 2 == 0) {
        for (size_t i = 1; i < movable; ++i) Sort(&columns_[i], true);
      } else {
        for (size_t i = movable; i-- > 0;) Sort(&columns_[i], false);
      }
      const int64_t crossings = Crossings();
      if (crossings >= best_crossings) continue;
      best = columns_;
      best_crossings = crossings;
    }
    columns_ = std::move(best);
  }

  // ---- Heights

  int64_t GapBetween(uint32_t a, uint32_t b) const {
    const bool boxes = items_[a].is_box && items_[b].is_box;
    const bool bands = !items_[a].is_box && !items_[b].is_box;
    if (boxes) return input_.between_boxes;
    return bands ? input_.between_bands : (input_.between_boxes + input_.between_bands) / 2;
  }

  void Stack() {
    for (const auto& column : columns_) {
      int64_t y = 0;
      for (size_t i = 0; i < column.size(); ++i) {
        if (i > 0) y += GapBetween(column[i - 1], column[i]);
        items_[column[i]].y = y;
        y += items_[column[i]].height;
      }
      height_ = std::max(height_, y);
    }
    for (const auto& column : columns_) {
      if (column.empty()) continue;
      const int64_t lower = (height_ - items_[column.back()].y - items_[column.back()].height) / 2;
      for (const uint32_t item : column) items_[item].y += lower;
    }
  }

  // Where the neighbours on a side want the centre of an item.
  int64_t Wanted(const Item& item, bool before) const {
    const auto& pieces = before ? item.before : item.after;
    int64_t weights = 0;
    int64_t sum = 0;
    for (const uint32_t index : pieces) {
      const Piece& piece = pieces_[index];
      const int64_t weight = piece.thickness / 10 + 1;
      sum += weight * items_[before ? piece.from : piece.to].Centre();
      weights += weight;
    }
    return weights == 0 ? item.Centre() : sum / weights;
  }

  // Keeps the order and the gaps, within 0..height_.
  void Separate(const std::vector<uint32_t>& column) {
    int64_t least = 0;
    for (size_t i = 0; i < column.size(); ++i) {
      Item& item = items_[column[i]];
      if (i > 0) least += GapBetween(column[i - 1], column[i]);
      item.y = std::max(item.y, least);
      least = item.y + item.height;
    }
    int64_t most = height_;
    for (size_t i = column.size(); i-- > 0;) {
      Item& item = items_[column[i]];
      item.y = std::min(item.y, most - item.height);
      most = item.y - (i > 0 ? GapBetween(column[i - 1], column[i]) : 0);
    }
  }

  void Place() {
    for (int sweep = 0; sweep < kPlaceSweeps; ++sweep) {
      const bool before = sweep % 2 == 0;
      for (size_t i = 0; i < columns_.size(); ++i) {
        const auto& column = columns_[before ? i : columns_.size() - 1 - i];
        for (const uint32_t item : column) {
          items_[item].y = Wanted(items_[item], before) - items_[item].height / 2;
        }
        Separate(column);
      }
    }
  }

  // ---- Bands

  // Pieces at one side of an item, upper ones first, so that they do not cross at its edge.
  void AttachSide(const Item& item, std::vector<uint32_t> pieces, bool before) {
    std::stable_sort(pieces.begin(), pieces.end(), [this, before](uint32_t a, uint32_t b) {
      const Item& other_a = items_[before ? pieces_[a].from : pieces_[a].to];
      const Item& other_b = items_[before ? pieces_[b].from : pieces_[b].to];
      return other_a.Centre() < other_b.Centre();
    });
    int64_t y = item.y + (item.height - Thickness(pieces)) / 2;
    for (const uint32_t index : pieces) {
      (before ? pieces_[index].enters : pieces_[index].leaves) = y;
      y += pieces_[index].thickness;
    }
  }
  void Attach() {
    for (const Item& item : items_) {
      AttachSide(item, item.before, true);
      AttachSide(item, item.after, false);
    }
  }

  Layout Result() const {
    Layout out;
    std::vector<int64_t> widths(columns_.size(), 0);
    for (const LayoutBox& box : input_.boxes) {
      widths[box.layer] = std::max(widths[box.layer], box.width);
    }
    std::vector<int64_t> lefts;
    for (const int64_t width : widths) {
      lefts.push_back(out.width);
      out.width += width + input_.between_columns;
    }
    out.width -= input_.between_columns;
    out.height = height_;
    for (size_t i = 0; i < input_.boxes.size(); ++i) {
      const LayoutBox& box = input_.boxes[i];
      out.boxes.push_back({lefts[box.layer], items_[i].y, widths[box.layer], items_[i].height});
    }
    out.bands.resize(input_.bands.size());
    for (const Piece& piece : pieces_) {
      std::vector<BandRun>& runs = out.bands[piece.band];
      const uint32_t layer = items_[piece.from].layer;
      const int64_t right = lefts[layer] + widths[layer];
      if (runs.empty()) {
        runs.push_back({right, right, piece.leaves});
      }
      const uint32_t next = items_[piece.to].layer;
      const int64_t end = items_[piece.to].is_box ? lefts[next] : lefts[next] + widths[next];
      runs.push_back({lefts[next], end, piece.enters});
    }
    return out;
  }

  const LayoutInput& input_;
  std::vector<Item> items_;    // boxes first
  std::vector<Piece> pieces_;  // each band's from left to right
  std::vector<std::vector<uint32_t>> columns_;
  std::vector<int64_t> places_;  // by item, in its column
  int64_t height_ = 0;
};

}  // namespace

Layout Arrange(const LayoutInput& input) { return Arranger(input).Run(); }

}  // namespace tributary::cli
