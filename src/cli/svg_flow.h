// Draws a flow of money as a picture: boxes in columns, bands as wide as what they carry.
//
// SVG 1.1 without scripts, for light and dark surroundings. The same flow gives the same bytes.
// Every text is taken as hostile. Names are cut to their boxes and stand in full in <title>, which
// viewers show when the pointer rests on a box or band.
#ifndef TRIBUTARY_CLI_SVG_FLOW_H_
#define TRIBUTARY_CLI_SVG_FLOW_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/svg_layout.h"
#include "tributary/base/amount.h"

namespace tributary::cli {

enum class FlowKind : uint8_t { kAsset, kRecord, kRecipient, kFee, kRoyalty, kFolded };

struct FlowBox {
  FlowKind kind = FlowKind::kRecord;
  uint32_t layer = 0;
  std::string name;
  std::string amount;   // beside or under the name; may be empty
  std::string tooltip;  // in full
  bool wide = false;    // one line: the name to the left, the amount to the right
};

struct FlowBand {
  FlowKind kind = FlowKind::kRecord;  // its colour
  uint32_t from = 0;                  // boxes, by position
  uint32_t to = 0;
  base::Uint128 atoms = 0;
  std::string tooltip;
  bool dashed = false;  // a relation that carries no amount of its own
};

struct FlowPicture {
  std::string heading;
  std::vector<std::string> facts;  // lines under the heading
  std::vector<FlowBox> boxes;
  std::vector<FlowBand> bands;
  base::Uint128 whole = 0;  // what the widest band could carry, in atoms
  std::vector<std::pair<FlowKind, std::string>> legend;
  std::vector<std::string> notes;  // lines at the bottom
  bool keep_last = false;          // the last layer's boxes stay in the order given
};

// The boxes and bands alone, and the picture around them. Requires: at least one box; each band
// goes to a higher layer and carries at most `whole`.
Layout ArrangeFlow(const FlowPicture& picture);
std::string DrawFlow(const FlowPicture& picture);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_FLOW_H_
