#include <algorithm>
#include <map>
#include <utility>

#include "cli/svg_amounts.h"
#include "cli/svg_split.h"
#include "cli/table.h"

namespace tributary::cli {
namespace {

using base::Uint128;

constexpr size_t kAssetsDrawn = 24;
enum Layer : uint32_t { kAssets, kRecords, kAccount, kUses };

class BalancePicture {
 public:
  BalancePicture(const v1::ExplainBalanceResponse& response, std::string account)
      : response_(response),
        account_name_(std::move(account)),
        credited_(AtomsOf(response.balance().credited())) {}

  FlowPicture Draw() {
    // The account first: all others are tied to it.
    account_ = AddBox({FlowKind::kRecipient, kAccount, account_name_, Of(credited_),
                       account_name_ + ": " + Exact(credited_) + " credited, ever", false});
    AddUses();
    AddRecords();
    AddAssets();
    AddTexts();
    if (!has_assets_) {
      for (FlowBox& box : out_.boxes) --box.layer;  // no empty column
    }
    return std::move(out_);
  }

 private:
  uint32_t AddBox(FlowBox box) {
    out_.boxes.push_back(std::move(box));
    return static_cast<uint32_t>(out_.boxes.size() - 1);
  }
  void AddBand(FlowKind kind, uint32_t from, uint32_t to, Uint128 atoms) {
    const std::string names = out_.boxes[from].name + " → " + out_.boxes[to].name;
    out_.bands.push_back({kind, from, to, atoms, names + ": " + Exact(atoms), false});
  }
  std::string Of(Uint128 atoms) const { return AmountText(atoms, response_.balance().credited()); }
  std::string Exact(Uint128 atoms) const {
    return ExactText(atoms, response_.balance().credited());
  }

  // What became of the money, and what came in beside credits.
  void AddUses() {
    const v1::Balance& balance = response_.balance();
    const std::pair<const char*, const v1::Amount*> uses[] = {{"available", &balance.available()},
                                                              {"reserved", &balance.reserved()},
                                                              {"escrowed", &balance.escrowed()},
                                                              {"bonded", &balance.bonded()},
                                                              {"paid out", &balance.paid()}};
    Uint128 sum = 0;
    for (const auto& use : uses) sum += AtomsOf(*use.second);
    out_.whole = std::max(sum, credited_);
    for (const auto& use : uses) {
      const Uint128 atoms = AtomsOf(*use.second);
      if (atoms == 0) continue;
      const uint32_t box =
          AddBox({FlowKind::kAsset, kUses, use.first, Of(atoms) + " · " + ShareText(atoms, sum),
                  std::string(use.first) + ": " + Exact(atoms), true});
      AddBand(FlowKind::kAsset, account_, box, atoms);
    }
    if (sum > credited_) {
      const uint32_t box = AddBox({FlowKind::kRoyalty, kRecords, "deposits and bonds won",
                                   Of(sum - credited_), "brought in beside credits", false});
      AddBand(FlowKind::kRoyalty, box, account_, sum - credited_);
    }
  }

  void AddRecords() {
    Uint128 rest = credited_;
    const int shown = std::min(response_.records_size(), static_cast<int>(kRecordsPerLayerDrawn));
    for (int i = 0; i < shown; ++i) {
      const v1::RecordCredit& credit = response_.records(i);
      const Uint128 atoms = AtomsOf(credit.amount());
      const std::string name =
          credit.record_name().empty() ? ShortHex(credit.record()) : credit.record_name();
      const uint32_t box = AddBox(
          {FlowKind::kRecord, kRecords, name, Of(atoms) + " · " + ShareText(atoms, credited_),
           name + ": " + Exact(atoms) + " in " + Plural(credit.settlements(), "settlement") +
               ", as author of " + Percent(credit.author_share_ppb()),
           false});
      AddBand(FlowKind::kRecipient, box, account_, atoms);
      rest -= std::min(rest, atoms);
      records_.emplace_back(&credit, box);
    }
    if (rest == 0) return;
    const uint64_t count = response_.records_total() - static_cast<uint64_t>(shown);
    const uint32_t box =
        AddBox({FlowKind::kFolded, kRecords, Plural(count, "other record"),
                Of(rest) + " · " + ShareText(rest, credited_), "folded: " + Exact(rest), false});
    AddBand(FlowKind::kFolded, box, account_, rest);
  }

  // Those that most records are reached from; ties as the node lists them.
  void AddAssets() {
    std::map<std::string, size_t> uses;
    std::vector<const v1::AssetSource*> order;
    for (const auto& record : records_) {
      for (const v1::AssetSource& asset : record.first->assets()) {
        if (asset.record() == record.first->record()) continue;
        if (++uses[asset.record()] == 1) order.push_back(&asset);
      }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&uses](const v1::AssetSource* a, const v1::AssetSource* b) {
                       return uses.at(a->record()) > uses.at(b->record());
                     });
    has_assets_ = !order.empty();
    if (order.size() > kAssetsDrawn) {
      assets_folded_ = order.size() - kAssetsDrawn;
      order.resize(kAssetsDrawn);
    }
    std::map<std::string, uint32_t> boxes;
    for (const v1::AssetSource* asset : order) {
      const std::string name =
          asset->record_name().empty() ? ShortHex(asset->record()) : asset->record_name();
      boxes[asset->record()] = AddBox({FlowKind::kAsset, kAssets, name, "has earned",
                                       name + " (" + ShortHex(asset->record()) + ")", false});
    }
    for (const auto& record : records_) {
      for (const v1::AssetSource& asset : record.first->assets()) {
        const auto box = boxes.find(asset.record());
        if (box == boxes.end()) continue;
        out_.bands.push_back({FlowKind::kRecord, box->second, record.second, 0,
                              PercentE18(asset.share_e18()) + " of what enters " +
                                  out_.boxes[box->second].name + " reaches " +
                                  out_.boxes[record.second].name,
                              true});
      }
    }
  }

  void AddTexts() {
    const v1::Balance& balance = response_.balance();
    out_.heading = "Where the balance of " + account_name_ + " came from";
    out_.facts.push_back(Money(balance.credited()) + " credited through " +
                         Plural(response_.records_total(), "record") + ", " +
                         Money(balance.available()) + " available, as of height " +
                         std::to_string(response_.as_of().height()));
    std::string sum;
    for (const FlowBox& box : out_.boxes) {
      if (box.layer == kUses) sum += (sum.empty() ? "" : " + ") + box.tooltip;
    }
    if (!sum.empty()) out_.notes.push_back(sum + " = " + Exact(out_.whole));
    out_.notes.push_back(
        "Bands are as wide as their amounts; amounts in boxes are cut, not rounded. Dashed: the "
        "asset has earned and the record is among its ancestors.");
    if (assets_folded_ > 0) {
      out_.notes.push_back(Plural(assets_folded_, "asset") + " more not shown");
    }
    out_.legend = {{FlowKind::kAsset, "assets, and where the money is now"},
                   {FlowKind::kRecord, "records"},
                   {FlowKind::kRecipient, "credits"}};
    for (const FlowBox& box : out_.boxes) {
      if (box.kind != FlowKind::kFolded) continue;
      out_.legend.emplace_back(FlowKind::kFolded, "folded");
      break;
    }
  }

  const v1::ExplainBalanceResponse& response_;
  const std::string account_name_;
  const Uint128 credited_;
  FlowPicture out_;
  uint32_t account_ = 0;
  std::vector<std::pair<const v1::RecordCredit*, uint32_t>> records_;  // and their boxes
  bool has_assets_ = false;
  uint64_t assets_folded_ = 0;
};

}  // namespace

FlowPicture PictureOfBalance(const v1::ExplainBalanceResponse& response,
                             const std::string& account) {
  return BalancePicture(response, account).Draw();
}

}  // namespace tributary::cli
