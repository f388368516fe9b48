#include "cli/svg_flow.h"

#include <algorithm>
#include <string_view>

#include "cli/svg_text.h"

namespace tributary::cli {
namespace {

using base::Uint128;

constexpr int64_t kMargin = 24 * kPixel;
constexpr int64_t kPad = 9 * kPixel;  // in a box, left and right of its text
constexpr int64_t kBoxWidth = 196 * kPixel, kBoxHeight = 38 * kPixel;
constexpr int64_t kWideWidth = 330 * kPixel, kWideHeight = 22 * kPixel;
constexpr int64_t kNameSize = 12, kAmountSize = 11, kHeadingSize = 18, kFactSize = 12;
constexpr int64_t kLine = 18 * kPixel;  // of the facts and notes
// How high all the money is: as much as the boxes need, within reason.
constexpr int64_t kFlowLeast = 220 * kPixel, kFlowMost = 560 * kPixel;
constexpr int64_t kHair = kPixel;  // thinner bands are drawn as a line of less than a pixel

std::string_view ClassOf(FlowKind kind) {
  switch (kind) {
    case FlowKind::kAsset: return "a";
    case FlowKind::kRecord: return "r";
    case FlowKind::kRecipient: return "p";
    case FlowKind::kFee: return "f";
    case FlowKind::kRoyalty: return "y";
    case FlowKind::kFolded: return "o";
  }
  return "o";
}

constexpr std::string_view kStyle = R"(<style>
svg{background:#fff}
text{font-family:"Inter","Segoe UI","Helvetica Neue",Helvetica,Arial,"Noto Sans","DejaVu Sans",sans-serif;fill:#1d2530;direction:ltr;unicode-bidi:embed}
.bg{fill:#fff}
.m{fill:#5a6675}
.b rect{fill:#f7f8fa;stroke-width:1}
.a rect{stroke:#2b6cb0;fill:#e6f0fa}.r rect{stroke:#2f855a;fill:#e9f6ef}.p rect{stroke:#6b46c1;fill:#f1ecfb}
.f rect{stroke:#b7791f;fill:#fdf4e0}.y rect{stroke:#c05621;fill:#fdeee4}.o rect{stroke:#8792a2;fill:#f0f2f5}
path{fill-opacity:.38;stroke-opacity:.6;stroke-width:.5}
path:hover{fill-opacity:.7}
path.a{fill:#4a90d9;stroke:#4a90d9}path.r{fill:#48b07c;stroke:#48b07c}path.p{fill:#9273db;stroke:#9273db}
path.f{fill:#e0a93b;stroke:#e0a93b}path.y{fill:#e07b45;stroke:#e07b45}path.o{fill:#a3adba;stroke:#a3adba}
path.d{fill:none;stroke-width:1.2;stroke-dasharray:5 4;stroke-opacity:.9}
@media (prefers-color-scheme:dark){
svg{background:#14181e}
.bg{fill:#14181e}
text{fill:#e8ecf1}
.m{fill:#9aa6b4}
.a rect{fill:#1a2c42;stroke:#63a4e6}.r rect{fill:#173327;stroke:#5cc48f}.p rect{fill:#2b2244;stroke:#a98ee8}
.f rect{fill:#3a2d12;stroke:#e3b04b}.y rect{fill:#3d2416;stroke:#ea8f5e}.o rect{fill:#262c34;stroke:#8792a2}
}
</style>
)";

// Hundredths as pixels, without trailing zeros.
std::string Px(int64_t length) {
  std::string out = length < 0 ? "-" : "";
  const int64_t positive = length < 0 ? -length : length;
  out += std::to_string(positive / kPixel);
  const int64_t fraction = positive % kPixel;
  if (fraction == 0) return out;
  out += fraction < 10 ? ".0" : ".";
  out += std::to_string(fraction % 10 == 0 ? fraction / 10 : fraction);
  return out;
}

// atoms / whole * height; both are brought below 2^80 first, where the product fits.
int64_t Scaled(Uint128 atoms, Uint128 whole, int64_t height) {
  while (whole >> 80 != 0) {
    whole >>= 1;
    atoms >>= 1;
  }
  return whole == 0 ? 0 : static_cast<int64_t>(atoms * static_cast<uint64_t>(height) / whole);
}

class Drawing {
 public:
  explicit Drawing(const FlowPicture& picture) : picture_(picture), layout_(ArrangeFlow(picture)) {}

  std::string Draw() {
    const int64_t text_width = TextsWidth();
    width_ = 2 * kMargin + std::max(layout_.width, text_width);
    top_ =
        kMargin + 26 * kPixel + kLine * static_cast<int64_t>(picture_.facts.size()) + 20 * kPixel;
    const int64_t below = top_ + layout_.height + 20 * kPixel;
    const int64_t height =
        below + kLine * static_cast<int64_t>(picture_.notes.size() + 1) + 6 * kPixel + kMargin;
    Head(height);
    Heading();
    out_ += "<g transform=\"translate(" + Px(kMargin) + " " + Px(top_) + ")\">\n";
    // Wide bands first, so that narrow ones are seen on top of them.
    std::vector<size_t> order;
    for (size_t i = 0; i < picture_.bands.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) {
      return picture_.bands[a].atoms > picture_.bands[b].atoms;
    });
    for (const size_t i : order) Band(picture_.bands[i], layout_.bands[i]);
    for (size_t i = 0; i < picture_.boxes.size(); ++i) Box(picture_.boxes[i], layout_.boxes[i]);
    out_ += "</g>\n";
    Bottom(below);
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  int64_t TextsWidth() const {
    int64_t width = TextWidth(picture_.heading, kHeadingSize);
    for (const std::string& fact : picture_.facts) {
      width = std::max(width, TextWidth(fact, kFactSize));
    }
    for (const std::string& note : picture_.notes) {
      width = std::max(width, TextWidth(note, kFactSize));
    }
    int64_t legend = 0;
    for (const auto& entry : picture_.legend) legend += LegendWidth(entry.second);
    return std::min(std::max(width, legend), 1'600 * kPixel);
  }
  static int64_t LegendWidth(const std::string& text) {
    return TextWidth(text, kFactSize) + 38 * kPixel;
  }

  void Head(int64_t height) {
    out_ +=
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    out_ += "version=\"1.1\" role=\"img\" width=\"" + Px(width_) + "\" height=\"" + Px(height) +
            "\" viewBox=\"0 0 " + Px(width_) + " " + Px(height) + "\">\n";
    out_ += "<title>" + XmlText(picture_.heading) + "</title>\n";
    out_ += kStyle;
    out_ += "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n";
  }

  // `anchor` is "start" or "end".
  void Text(int64_t x, int64_t y, int64_t size, std::string_view text, std::string_view css,
            std::string_view more = {}) {
    out_ +=
        "<text x=\"" + Px(x) + "\" y=\"" + Px(y) + "\" font-size=\"" + std::to_string(size) + "\"";
    if (!css.empty()) out_.append(" class=\"").append(css).append("\"");
    out_.append(more).append(">").append(XmlText(text)).append("</text>\n");
  }

  void Heading() {
    const int64_t room = width_ - 2 * kMargin;
    int64_t y = kMargin + 18 * kPixel;
    Text(kMargin, y, kHeadingSize, CutToWidth(picture_.heading, kHeadingSize, room), "",
         " font-weight=\"600\"");
    y += 24 * kPixel;
    for (const std::string& fact : picture_.facts) {
      Text(kMargin, y, kFactSize, CutToWidth(fact, kFactSize, room), "m");
      y += kLine;
    }
  }

  void Box(const FlowBox& box, const Rectangle& at) {
    out_ += "<g class=\"b " + std::string(ClassOf(box.kind)) + "\"><title>" + XmlText(box.tooltip) +
            "</title>\n";
    out_ += "<rect x=\"" + Px(at.x) + "\" y=\"" + Px(at.y) + "\" width=\"" + Px(at.width) +
            "\" height=\"" + Px(at.height) + "\" rx=\"4\"/>\n";
    const int64_t middle = at.y + at.height / 2;
    const int64_t room = at.width - 2 * kPad;
    if (box.wide) {
      const int64_t amount = TextWidth(box.amount, kAmountSize);
      const int64_t left = room - amount - 10 * kPixel;
      Text(at.x + kPad, middle + 4 * kPixel, kNameSize, CutToWidth(box.name, kNameSize, left), "");
      Text(at.right() - kPad, middle + 4 * kPixel, kAmountSize, box.amount, "m",
           " text-anchor=\"end\"");
    } else {
      Text(at.x + kPad, middle - 3 * kPixel, kNameSize, CutToWidth(box.name, kNameSize, room), "");
      Text(at.x + kPad, middle + 12 * kPixel, kAmountSize,
           CutToWidth(box.amount, kAmountSize, room), "m");
    }
    out_ += "</g>\n";
  }

  static void Curve(int64_t x0, int64_t y0, int64_t x1, int64_t y1, std::string* path) {
    const std::string middle = Px((x0 + x1) / 2);
    *path +=
        "C" + middle + " " + Px(y0) + " " + middle + " " + Px(y1) + " " + Px(x1) + " " + Px(y1);
  }

  // One edge of a band, `lower` under its upper one.
  static std::string Edge(const std::vector<BandRun>& runs, int64_t lower, bool backwards) {
    std::string path;
    for (size_t i = 0; i < runs.size(); ++i) {
      const BandRun& run = backwards ? runs[runs.size() - 1 - i] : runs[i];
      const int64_t from = backwards ? run.x1 : run.x0;
      const int64_t to = backwards ? run.x0 : run.x1;
      const int64_t y = run.y + lower;
      if (i == 0) {
        path += (backwards ? "L" : "M") + Px(from) + " " + Px(y);
      } else {
        const BandRun& last = backwards ? runs[runs.size() - i] : runs[i - 1];
        Curve(backwards ? last.x0 : last.x1, last.y + lower, from, y, &path);
      }
      if (to != from) path += "H" + Px(to);
    }
    return path;
  }

  void Band(const FlowBand& band, const std::vector<BandRun>& runs) {
    const int64_t thickness = Scaled(band.atoms, picture_.whole, FlowHeight(picture_));
    std::string path = Edge(runs, 0, false);
    if (!band.dashed) path += Edge(runs, std::max(thickness, kHair / 2), true) + "Z";
    out_ += "<path class=\"" + std::string(ClassOf(band.kind)) + (band.dashed ? " d" : "") +
            "\" d=\"" + path + "\"><title>" + XmlText(band.tooltip) + "</title></path>\n";
  }

  void Bottom(int64_t y) {
    int64_t x = kMargin;
    for (const auto& entry : picture_.legend) {
      out_ += "<g class=\"" + std::string(ClassOf(entry.first)) + "\"><rect x=\"" + Px(x) +
              "\" y=\"" + Px(y) + "\" width=\"12\" height=\"12\" rx=\"2\"/></g>\n";
      Text(x + 18 * kPixel, y + 10 * kPixel, kFactSize, entry.second, "m");
      x += LegendWidth(entry.second);
    }
    y += 16 * kPixel;
    for (const std::string& note : picture_.notes) {
      y += kLine;
      Text(kMargin, y, kFactSize, CutToWidth(note, kFactSize, width_ - 2 * kMargin), "m");
    }
  }

 public:
  // How high the whole amount is.
  static int64_t FlowHeight(const FlowPicture& picture) {
    std::vector<int64_t> columns;
    for (const FlowBox& box : picture.boxes) {
      if (columns.size() <= box.layer) columns.resize(box.layer + 1);
      columns[box.layer] += box.wide ? kWideHeight : kBoxHeight;
    }
    const int64_t highest = columns.empty() ? 0 : *std::max_element(columns.begin(), columns.end());
    return std::clamp(highest * 7 / 10, kFlowLeast, kFlowMost);
  }

 private:
  const FlowPicture& picture_;
  const Layout layout_;
  std::string out_;
  int64_t width_ = 0;
  int64_t top_ = 0;
};

}  // namespace

Layout ArrangeFlow(const FlowPicture& picture) {
  LayoutInput input;
  input.keep_last = picture.keep_last;
  uint32_t layers = 1;
  for (const FlowBox& box : picture.boxes) {
    layers = std::max(layers, box.layer + 1);
    input.boxes.push_back(
        {box.layer, box.wide ? kWideWidth : kBoxWidth, box.wide ? kWideHeight : kBoxHeight});
  }
  input.layers = layers;
  const int64_t height = Drawing::FlowHeight(picture);
  for (const FlowBand& band : picture.bands) {
    input.bands.push_back({band.from, band.to, Scaled(band.atoms, picture.whole, height)});
  }
  input.between_columns = (layers <= 5 ? 110 : 70) * kPixel;
  return Arrange(input);
}

std::string DrawFlow(const FlowPicture& picture) { return Drawing(picture).Draw(); }

}  // namespace tributary::cli
