#include "cli/svg_trace.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/svg_amounts.h"
#include "cli/svg_split.h"
#include "cli/table.h"
#include "tributary/base/types.h"

namespace tributary::cli {
namespace {

using base::Uint128;

constexpr Uint128 kWhole = Uint128{1'000'000'000} * 1'000'000'000;
constexpr size_t kAuthorsDrawn = 40;

Uint128 Parts(const std::string& e18) { return base::ParseDecimal(e18).value_or(0); }
std::string Share(Uint128 parts) { return ShareText(parts, kWhole); }

class TracePicture {
 public:
  explicit TracePicture(const v1::TraceResponsibilityResponse& trace) : trace_(trace) {}

  FlowPicture Draw(const std::vector<std::string>& about) {
    out_.whole = kWhole;
    FindDepths();
    AddRecords();
    AddFlows();
    AddAuthors();
    AddSponsors();
    AddTexts(about);
    return std::move(out_);
  }

 private:
  struct Author {
    std::string account;
    std::string name;
    Uint128 parts = 0;
    uint32_t box = 0;
  };

  const v1::TracedRecord& Record(size_t i) const { return trace_.records(static_cast<int>(i)); }
  size_t records() const { return static_cast<size_t>(trace_.records_size()); }

  // The longest way from the asset; what was attributed is one step away. Records stand in
  // descending sequence, so that each one's depth is known before its parents'.
  void FindDepths() {
    depths_.assign(records(), 0);
    for (size_t i = 0; i < records(); ++i) places_[Record(i).id()] = i;
    for (size_t i = 0; i < records(); ++i) {
      const bool is_asset = Record(i).id() == trace_.asset();
      if (!is_asset) depths_[i] = std::max(depths_[i], 1u);
      depth_max_ = std::max(depth_max_, depths_[i]);
      for (const v1::TracedEdge& edge : Record(i).parents()) {
        const auto parent = places_.find(edge.record());
        if (parent == places_.end() || edge.record() == trace_.asset()) continue;
        depths_[parent->second] = std::max(depths_[parent->second], depths_[i] + 1);
      }
    }
    for (const uint32_t depth : depths_) depth_max_ = std::max(depth_max_, depth);
    authors_layer_ = LayerOf(depth_max_, depth_max_) + 1;
  }

  uint32_t AddBox(FlowBox box) {
    out_.boxes.push_back(std::move(box));
    return static_cast<uint32_t>(out_.boxes.size() - 1);
  }
  void AddBand(FlowKind kind, uint32_t from, uint32_t to, Uint128 parts, const std::string& what,
               bool dashed = false) {
    const std::string names = out_.boxes[from].name + " → " + out_.boxes[to].name;
    out_.bands.push_back({kind, from, to, std::min(parts, kWhole),
                          names + ": " + Share(parts) + (what.empty() ? "" : ", " + what), dashed});
  }

  // ---- Records

  void AddRecords() {
    boxes_.assign(records(), 0);
    std::vector<std::vector<size_t>> layers(authors_layer_);
    for (size_t i = 0; i < records(); ++i) layers[LayerOf(depths_[i], depth_max_)].push_back(i);
    for (uint32_t layer = 0; layer < authors_layer_; ++layer) AddLayer(layer, layers[layer]);
  }

  static Uint128 Reaches(const v1::TracedRecord& record) {
    return Parts(record.reaches_e18()) + Parts(record.royalty_e18());
  }

  void AddLayer(uint32_t layer, std::vector<size_t> records) {
    std::stable_sort(records.begin(), records.end(), [this](size_t a, size_t b) {
      return Reaches(Record(a)) > Reaches(Record(b));
    });
    const bool is_middle = depth_max_ > kLayersDrawn && layer == kLayersDrawn / 2 + 1;
    size_t shown = is_middle ? 0 : std::min(records.size(), kRecordsPerLayerDrawn);
    if (records.size() == shown + 1) ++shown;
    for (size_t i = 0; i < shown; ++i) {
      const v1::TracedRecord& record = Record(records[i]);
      const bool is_asset = record.id() == trace_.asset();
      boxes_[records[i]] = AddBox({is_asset ? FlowKind::kAsset : FlowKind::kRecord, layer,
                                   record.name(), Share(Reaches(record)), Tooltip(record), false});
    }
    if (shown == records.size()) return;
    const std::string name = Plural(records.size() - shown, "other record");
    const uint32_t box = AddBox({FlowKind::kFolded, layer, name, "", name + ", folded", false});
    for (size_t i = shown; i < records.size(); ++i) boxes_[records[i]] = box;
  }

  static std::string Tooltip(const v1::TracedRecord& record) {
    std::string text = record.name() + " (" + ShortHex(record.id()) +
                       "): " + Share(Reaches(record)) + " reaches it, " +
                       Share(Parts(record.kept_e18())) + " stays; block " +
                       std::to_string(record.position().height());
    for (const v1::TracedAttestation& one : record.attestations()) {
      const bool complete = one.verdict() == v1::ATTESTATION_VERDICT_COMPLETE;
      text +=
          "; attested " + std::string(complete ? "complete" : "incomplete") + " by " + one.handle();
      break;  // the latest one
    }
    return text;
  }

  // ---- What flows between records

  // Between two boxes, all edges of records that share them are one band.
  struct Flow {
    Uint128 parts = 0;
    std::string how;
  };
  void AddFlows() {
    std::map<std::pair<uint32_t, uint32_t>, Flow> edges;
    std::map<std::pair<uint32_t, uint32_t>, Flow> claims;  // royalties, attribution
    const auto asset = places_.find(trace_.asset());
    for (size_t i = 0; i < records(); ++i) {
      const Uint128 reaches = Parts(Record(i).reaches_e18());
      for (const v1::TracedEdge& edge : Record(i).parents()) {
        const auto parent = places_.find(edge.record());
        if (parent == places_.end()) continue;
        Add(boxes_[i], boxes_[parent->second], reaches * edge.share_ppb() / base::kPpbOne,
            EdgeText(edge), &edges);
      }
      if (asset == places_.end()) continue;
      const uint32_t from = boxes_[asset->second];
      const Uint128 royalty = Parts(Record(i).royalty_e18());
      if (royalty != 0) Add(from, boxes_[i], royalty, "royalty", &claims);
      const Uint128 attributed = Uint128{Record(i).attributed_ppb()} * base::kPpbOne;
      if (attributed != 0) Add(from, boxes_[i], attributed, "attributed", &claims);
    }
    for (const auto& [boxes, flow] : edges) {
      const bool dashed = flow.parts == 0;
      AddBand(FlowKind::kRecord, boxes.first, boxes.second, flow.parts, flow.how, dashed);
    }
    for (const auto& [boxes, flow] : claims) {
      AddBand(FlowKind::kRoyalty, boxes.first, boxes.second, flow.parts, flow.how);
    }
    has_claims_ = !claims.empty();
  }
  void Add(uint32_t from, uint32_t to, Uint128 parts, const std::string& how,
           std::map<std::pair<uint32_t, uint32_t>, Flow>* flows) {
    if (out_.boxes[from].layer >= out_.boxes[to].layer) return;  // within a folded box
    Flow& flow = (*flows)[{from, to}];
    flow.how = flow.how.empty() || flow.how == how ? how : "several";
    flow.parts += parts;
  }
  static std::string EdgeText(const v1::TracedEdge& edge) {
    std::string text = RelationName(edge.relation()) + " " + Percent(edge.share_ppb());
    if (edge.has_evidence()) text += ", evidence " + edge.evidence().method();
    if (edge.stance() == v1::EDGE_STANCE_DISAVOWED) text += ", disavowed";
    return text;
  }

  // ---- People

  void AddAuthors() {
    std::map<std::string, size_t> known;
    std::map<std::pair<uint32_t, size_t>, Uint128> kept;  // box of a record, author
    for (size_t i = 0; i < records(); ++i) {
      for (const v1::TracedAuthor& author : Record(i).authors()) {
        const Uint128 parts = Parts(author.amount_e18());
        if (parts == 0) continue;
        const auto [at, is_new] = known.emplace(author.account(), authors_.size());
        if (is_new) authors_.push_back({author.account(), author.handle(), 0, 0});
        authors_[at->second].parts += parts;
        kept[{boxes_[i], at->second}] += parts;
      }
    }
    std::vector<size_t> order(authors_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [this](size_t a, size_t b) { return authors_[a].parts > authors_[b].parts; });
    AddAuthorBoxes(order);
    std::map<std::pair<uint32_t, uint32_t>, Uint128> bands;
    for (const auto& [key, parts] : kept) bands[{key.first, authors_[key.second].box}] += parts;
    for (const auto& [boxes, parts] : bands) {
      AddBand(FlowKind::kRecipient, boxes.first, boxes.second, parts, "kept by the authors");
    }
  }
  void AddAuthorBoxes(const std::vector<size_t>& order) {
    size_t shown = std::min(order.size(), kAuthorsDrawn);
    if (order.size() == shown + 1) ++shown;
    Uint128 others = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      Author& author = authors_[order[i]];
      if (i < shown) {
        author.box = AddBox({FlowKind::kRecipient, authors_layer_, author.name, Share(author.parts),
                             author.name + ": " + Share(author.parts), true});
      } else {
        others += author.parts;
      }
    }
    if (shown == order.size()) return;
    const std::string name = Plural(order.size() - shown, "other author");
    const uint32_t box = AddBox({FlowKind::kFolded, authors_layer_, name, Share(others),
                                 name + ": " + Share(others), true});
    for (size_t i = shown; i < order.size(); ++i) authors_[order[i]].box = box;
  }

  void AddSponsors() {
    std::map<std::string, std::string> sponsors;  // by account, the handle
    for (const v1::TracedAccount& account : trace_.accounts()) {
      sponsors[account.account()] =
          account.sponsor_handle().empty() ? "the genesis" : account.sponsor_handle();
    }
    std::map<std::string, Uint128> sums;
    std::map<std::pair<uint32_t, std::string>, Uint128> bands;
    for (const Author& author : authors_) {
      const auto sponsor = sponsors.find(author.account);
      if (sponsor == sponsors.end()) continue;
      sums[sponsor->second] += author.parts;
      bands[{author.box, sponsor->second}] += author.parts;
    }
    std::map<std::string, uint32_t> boxes;
    for (const auto& [name, parts] : sums) {
      boxes[name] = AddBox({FlowKind::kAsset, authors_layer_ + 1, name, Share(parts),
                            "admitted by " + name + ": " + Share(parts), false});
    }
    for (const auto& [key, parts] : bands) {
      AddBand(FlowKind::kAsset, key.first, boxes[key.second], parts, "admitted by");
    }
  }

  // ---- Texts

  void AddTexts(const std::vector<std::string>& about) {
    out_.heading = "Who answers for " + trace_.asset_name();
    out_.facts = about;
    out_.facts.push_back(Plural(trace_.total(), "record") + ", " +
                         Plural(authors_.size(), "author") + " with a share, longest path " +
                         Plural(trace_.depth(), "step") + ", by the shares of epoch " +
                         std::to_string(trace_.epoch()));
    Uint128 sum = 0;
    for (const Author& author : authors_) sum += author.parts;
    std::string note = "100 % of gross = " + Share(sum) + " to authors";
    const Uint128 fee = Parts(trace_.fee_e18());
    if (fee != 0) note += " + " + Share(fee) + " network fee";
    const Uint128 known = sum + fee;
    if (records() < trace_.total()) note += " + records that were not read";
    if (known < kWhole && records() == trace_.total()) note += " + rounding";
    out_.notes = {
        note,
        "Bands are as wide as their shares, which are cut, not rounded; dashed: declared, "
        "with no share."};
    out_.legend = {{FlowKind::kAsset, "asset; sponsors"},
                   {FlowKind::kRecord, "built from"},
                   {FlowKind::kRecipient, "authors"}};
    if (has_claims_) out_.legend.emplace_back(FlowKind::kRoyalty, "royalty or attribution");
    const bool folds = std::any_of(out_.boxes.begin(), out_.boxes.end(), [](const FlowBox& box) {
      return box.kind == FlowKind::kFolded;
    });
    if (folds) out_.legend.emplace_back(FlowKind::kFolded, "folded");
  }

  const v1::TraceResponsibilityResponse& trace_;
  FlowPicture out_;
  std::map<std::string, size_t> places_;  // of records, by id
  std::vector<uint32_t> depths_;
  std::vector<uint32_t> boxes_;  // by record
  std::vector<Author> authors_;
  uint32_t depth_max_ = 0;
  uint32_t authors_layer_ = 1;
  bool has_claims_ = false;
};

}  // namespace

FlowPicture PictureOfTrace(const v1::TraceResponsibilityResponse& trace,
                           const std::vector<std::string>& about) {
  return TracePicture(trace).Draw(about);
}

}  // namespace tributary::cli
