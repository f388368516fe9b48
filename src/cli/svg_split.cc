#include "cli/svg_split.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/svg_amounts.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

using base::Uint128;

// A record that a path runs through.
struct Stop {
  std::string id;
  std::string name;
  uint32_t depth = 0;  // the longest way from the asset
  Uint128 through = 0;
  uint32_t box = 0;
};

struct Link {
  Uint128 atoms = 0;
  std::string how;  // relation and share
};

class SplitPicture {
 public:
  SplitPicture(const v1::SplitExplanation& split, std::string asset_name)
      : split_(split), asset_name_(std::move(asset_name)), gross_(AtomsOf(split.gross())) {}

  FlowPicture Draw(const std::vector<std::string>& about) {
    out_.whole = gross_;
    Gather();
    FindDepths();
    AddRecordBoxes();
    AddRecipientBoxes();
    AddBands();
    AddTexts(about);
    return std::move(out_);
  }

 private:
  // ---- What the response says, as records and links

  uint32_t StopOf(const std::string& id, const std::string& name) {
    const auto [at, is_new] = known_.emplace(id, static_cast<uint32_t>(stops_.size()));
    if (is_new) stops_.push_back({id, name.empty() ? ShortHex(id) : name, 0, 0, 0});
    return at->second;
  }

  void Gather() {
    StopOf(split_.asset(), asset_name_);
    stops_[0].through = gross_;
    const auto recipients = static_cast<size_t>(split_.recipients_size());
    drawn_ = std::min(recipients, kRecipientsDrawn);
    for (size_t i = 0; i < recipients; ++i) {
      const v1::Recipient& recipient = split_.recipients(static_cast<int>(i));
      // One place behind those drawn stands for all others.
      const auto to = static_cast<uint32_t>(std::min(i, drawn_));
      if (to == drawn_) others_ += AtomsOf(recipient.amount());
      for (const v1::Recipient::Line& line : recipient.lines()) {
        if (line.royalty_ppb() > 0) GatherRoyalty(line, to);
        for (const v1::Recipient::Path& path : line.paths()) GatherPath(path, to);
        folded_[to] += AtomsOf(line.folded_paths());
      }
      folded_[to] += AtomsOf(recipient.folded_lines());
    }
    folded_[static_cast<uint32_t>(drawn_)] += AtomsOf(split_.folded_recipients());
    others_ += AtomsOf(split_.folded_recipients());
  }

  // Straight from the asset, whatever lies between.
  void GatherRoyalty(const v1::Recipient::Line& line, uint32_t recipient) {
    const Uint128 atoms = AtomsOf(line.amount());
    const uint32_t claimant = StopOf(line.record(), line.record_name());
    stops_[claimant].through += atoms;
    Link& link = links_[{0, claimant}];
    link.atoms += atoms;
    const std::string royalty = "royalty " + Percent(line.royalty_ppb());
    if (link.how.find(royalty) == std::string::npos) {
      link.how += (link.how.empty() ? "" : ", ") + royalty;
    }
    payments_[{claimant, recipient}] += atoms;
  }

  // Straight from the asset to the record that an attributor named.
  uint32_t GatherAttributed(const v1::Recipient::Path& path) {
    const Uint128 atoms = AtomsOf(path.amount());
    const uint32_t named = StopOf(path.attributed_to(), path.attributed_name());
    stops_[named].through += atoms;
    Link& link = links_[{0, named}];
    link.atoms += atoms;
    if (link.how.find("attributed") == std::string::npos) {
      link.how += (link.how.empty() ? "" : ", ") + std::string("attributed");
    }
    return named;
  }

  void GatherPath(const v1::Recipient::Path& path, uint32_t recipient) {
    const Uint128 atoms = AtomsOf(path.amount());
    uint32_t from = 0;
    if (!path.attributed_to().empty()) from = GatherAttributed(path);
    for (const v1::Recipient::Step& step : path.steps()) {
      const uint32_t to = StopOf(step.record(), step.record_name());
      stops_[to].through += atoms;
      Link& link = links_[{from, to}];
      link.atoms += atoms;
      const std::string relation = RelationName(step.relation()) + " " + Percent(step.share_ppb());
      if (link.how.find(relation) == std::string::npos) {
        link.how += (link.how.empty() ? "" : ", ") + relation;
      }
      from = to;
    }
    payments_[{from, recipient}] += atoms;
  }

  // Bellman and Ford's way; a chain has no cycles, and a response that had would not keep us here.
  void FindDepths() {
    bool changed = true;
    for (size_t round = 0; changed && round < stops_.size(); ++round) {
      changed = false;
      for (const auto& link : links_) {
        const uint32_t depth = stops_[link.first.first].depth + 1;
        uint32_t& to = stops_[link.first.second].depth;
        if (to >= depth || link.first.second == 0) continue;
        to = depth;
        changed = true;
      }
    }
    for (const Stop& stop : stops_) depth_max_ = std::max(depth_max_, stop.depth);
    last_layer_ = LayerOf(depth_max_, depth_max_) + 1;
    bool folds = false;
    for (const auto& folded : folded_) folds = folds || folded.second != 0;
    if (folds && last_layer_ == 1) last_layer_ = 2;  // room for the box of what is not shown
  }

  // ---- Boxes

  uint32_t AddBox(FlowBox box) {
    out_.boxes.push_back(std::move(box));
    return static_cast<uint32_t>(out_.boxes.size() - 1);
  }
  std::string Of(Uint128 atoms) const { return AmountText(atoms, split_.gross()); }
  std::string Share(Uint128 atoms) const { return ShareText(atoms, gross_); }
  std::string Exact(Uint128 atoms) const {
    return ExactText(atoms, split_.gross()) + " (" + Share(atoms) + ")";
  }

  void AddRecordBoxes() {
    stops_[0].box = AddBox({FlowKind::kAsset, 0, stops_[0].name, Money(split_.gross()),
                            stops_[0].name + ": " + Money(split_.gross()) + " reported", false});
    std::vector<std::vector<uint32_t>> layers(last_layer_);
    for (uint32_t i = 1; i < stops_.size(); ++i) {
      layers[LayerOf(stops_[i].depth, depth_max_)].push_back(i);
    }
    for (uint32_t layer = 0; layer < last_layer_; ++layer) AddLayer(layer, layers[layer]);
  }

  void AddLayer(uint32_t layer, std::vector<uint32_t> stops) {
    std::stable_sort(stops.begin(), stops.end(), [this](uint32_t a, uint32_t b) {
      return stops_[a].through > stops_[b].through;
    });
    const bool is_middle = depth_max_ > kLayersDrawn && layer == kLayersDrawn / 2 + 1;
    size_t shown = is_middle ? 0 : std::min(stops.size(), kRecordsPerLayerDrawn);
    if (stops.size() == shown + 1) ++shown;  // a box for one other record says less than the record
    for (size_t i = 0; i < shown; ++i) {
      Stop& stop = stops_[stops[i]];
      stop.box = AddBox({FlowKind::kRecord, layer, stop.name, Of(stop.through),
                         stop.name + " (" + ShortHex(stop.id) + "): " + Exact(stop.through) +
                             " reaches it along the paths drawn",
                         false});
    }
    if (shown == stops.size()) return;
    // Once for each path, where it enters the layer: the way through it is not drawn.
    Uint128 through = 0;
    for (const auto& link : links_) {
      const bool enters = std::find(stops.begin() + static_cast<std::ptrdiff_t>(shown), stops.end(),
                                    link.first.second) != stops.end();
      if (enters && LayerOf(stops_[link.first.first].depth, depth_max_) != layer) {
        through += link.second.atoms;
      }
    }
    const std::string name = Plural(stops.size() - shown, is_middle ? "record" : "other record") +
                             (is_middle ? " in between" : "");
    const uint32_t box =
        AddBox({FlowKind::kFolded, layer, name, Of(through),
                name + ", folded: " + Exact(through) + " along the paths drawn", false});
    for (size_t i = shown; i < stops.size(); ++i) stops_[stops[i]].box = box;
  }

  void AddRecipientBoxes() {
    Uint128 folded = 0;
    for (const auto& entry : folded_) folded += entry.second;
    if (folded != 0) {
      const std::string name = "paths not shown";
      folded_box_ =
          AddBox({FlowKind::kFolded, std::max(1u, last_layer_ / 2), name, Of(folded),
                  "Less valuable paths and other recipients', folded: " + Exact(folded), false});
    }
    for (size_t i = 0; i < drawn_; ++i) {
      const v1::Recipient& recipient = split_.recipients(static_cast<int>(i));
      AddRecipient(FlowKind::kRecipient, recipient.handle(), AtomsOf(recipient.amount()));
    }
    if (others_ != 0) {
      const uint64_t count =
          split_.recipients_total() - std::min<uint64_t>(split_.recipients_total(), drawn_);
      AddRecipient(FlowKind::kFolded, Plural(count, "other recipient"), others_);
    } else {
      recipient_boxes_.push_back(0);
    }
    const Uint128 fee = AtomsOf(split_.fee());
    if (fee != 0) {
      AddRecipient(FlowKind::kFee, "network fee", fee);
      AddBand(FlowKind::kFee, 0, recipient_boxes_.back(), fee, "network fee");
    }
    out_.keep_last = true;
  }
  void AddRecipient(FlowKind kind, const std::string& name, Uint128 atoms) {
    recipient_boxes_.push_back(AddBox({kind, last_layer_, name, Of(atoms) + " · " + Share(atoms),
                                       name + ": " + Exact(atoms), true}));
  }

  // ---- Bands

  void AddBand(FlowKind kind, uint32_t from, uint32_t to, Uint128 atoms, const std::string& what) {
    const std::string names =
        out_.boxes[from].name + " → " + out_.boxes[to].name + ": " + Exact(atoms);
    out_.bands.push_back({kind, from, to, atoms, names + (what.empty() ? "" : ", " + what), false});
  }

  void AddBands() {
    // Links of records that share a box are one band.
    std::map<std::pair<uint32_t, uint32_t>, Link> together;
    for (const auto& link : links_) {
      const uint32_t from = stops_[link.first.first].box;
      const uint32_t to = stops_[link.first.second].box;
      if (out_.boxes[from].layer >= out_.boxes[to].layer) continue;  // within a folded box
      Link& band = together[{from, to}];
      band.how = band.atoms == 0 ? link.second.how : "several edges";
      band.atoms += link.second.atoms;
    }
    for (const auto& link : together) {
      AddBand(FlowKind::kRecord, link.first.first, link.first.second, link.second.atoms,
              link.second.how);
    }
    std::map<std::pair<uint32_t, uint32_t>, Uint128> paid;
    for (const auto& payment : payments_) {
      paid[{stops_[payment.first.first].box, recipient_boxes_[payment.first.second]}] +=
          payment.second;
    }
    for (const auto& payment : paid) {
      AddBand(FlowKind::kRecipient, payment.first.first, payment.first.second, payment.second,
              "kept by the authors");
    }
    AddFoldedBands();
  }
  void AddFoldedBands() {
    Uint128 sum = 0;
    for (const auto& folded : folded_) {
      sum += folded.second;
      if (folded.second == 0) continue;
      AddBand(FlowKind::kFolded, folded_box_, recipient_boxes_[folded.first], folded.second,
              "along paths not shown");
    }
    if (sum != 0) AddBand(FlowKind::kFolded, 0, folded_box_, sum, "along paths not shown");
  }

  // ---- Texts

  void AddTexts(const std::vector<std::string>& about) {
    out_.heading = "Who gets what of " + Money(split_.gross()) + " earned by " + asset_name_;
    out_.facts = about;
    out_.facts.push_back(Plural(split_.recipients_total(), "recipient") + ", " +
                         Plural(split_.records(), "record") + ", longest path " +
                         Plural(split_.depth(), "step") + ", by the shares of epoch " +
                         std::to_string(split_.epoch()));
    Uint128 shown = 0;
    for (size_t i = 0; i < drawn_; ++i) {
      shown += AtomsOf(split_.recipients(static_cast<int>(i)).amount());
    }
    const auto exact = [this](Uint128 atoms) { return ExactText(atoms, split_.gross()); };
    std::string sum = Money(split_.gross()) + " = ";
    if (AtomsOf(split_.fee()) != 0) sum += exact(AtomsOf(split_.fee())) + " network fee + ";
    sum += exact(shown) + " to " + Plural(drawn_, "recipient");
    if (others_ != 0) sum += " + " + exact(others_) + " to others";
    if (AtomsOf(split_.dust()) != 0) {
      sum += " + " + exact(AtomsOf(split_.dust())) + " rounding carried";
    }
    out_.notes.push_back(sum);
    out_.notes.push_back(
        "Bands are as wide as their amounts. Amounts in boxes are cut, not rounded; records show "
        "what reaches them along the paths drawn.");
    out_.legend = {{FlowKind::kAsset, "asset"},
                   {FlowKind::kRecord, "passes to parents"},
                   {FlowKind::kRecipient, "kept by authors"}};
    if (AtomsOf(split_.fee()) != 0) out_.legend.emplace_back(FlowKind::kFee, "network fee");
    for (const FlowBox& box : out_.boxes) {
      if (box.kind != FlowKind::kFolded) continue;
      out_.legend.emplace_back(FlowKind::kFolded, "folded");
      break;
    }
  }

  const v1::SplitExplanation& split_;
  const std::string asset_name_;
  const Uint128 gross_;
  FlowPicture out_;
  std::map<std::string, uint32_t> known_;
  std::vector<Stop> stops_;  // the asset first
  std::map<std::pair<uint32_t, uint32_t>, Link> links_;
  std::map<std::pair<uint32_t, uint32_t>, Uint128> payments_;  // stop, recipient
  std::map<uint32_t, Uint128> folded_;                         // by recipient
  size_t drawn_ = 0;
  Uint128 others_ = 0;
  uint32_t depth_max_ = 0;
  uint32_t last_layer_ = 1;
  uint32_t folded_box_ = 0;
  std::vector<uint32_t> recipient_boxes_;
};

}  // namespace

uint32_t LayerOf(uint32_t depth, uint32_t depth_max) {
  if (depth_max <= kLayersDrawn) return depth;
  const uint32_t head = kLayersDrawn / 2;
  const uint32_t tail = kLayersDrawn - head - 1;
  if (depth <= head) return depth;
  const uint32_t from_end = depth_max - depth;
  return from_end < tail ? kLayersDrawn - from_end : head + 1;
}

FlowPicture PictureOfSplit(const v1::SplitExplanation& split, const std::string& asset_name,
                           const std::vector<std::string>& about) {
  return SplitPicture(split, asset_name).Draw(about);
}

}  // namespace tributary::cli
