#include "cli/split_tree.h"

#include <algorithm>
#include <vector>

#include "cli/table.h"
#include "tributary/base/amount.h"

namespace tributary::cli {
namespace {

// amount / gross as a percentage with two decimals, rounded down.
std::string ShareOf(const v1::Amount& amount, const v1::Amount& gross) {
  const auto part = base::ParseDecimal(amount.atoms());
  const auto whole = base::ParseDecimal(gross.atoms());
  if (!part || !whole || *whole == 0 || *part > (~base::Uint128{0}) / 10'000) return "";
  const auto hundredths = static_cast<uint64_t>(*part * 10'000 / *whole);
  std::string digits = std::to_string(hundredths % 100);
  digits.insert(0, 2 - digits.size(), '0');
  return " (" + std::to_string(hundredths / 100) + "." + digits + " %)";
}

// One node of the picture: its text, and what hangs below it.
struct Node {
  std::string text;
  std::vector<Node> children;
};

void Print(std::ostream& out, const Node& node, const std::string& indent) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    out << indent << (last ? "└─ " : "├─ ") << node.children[i].text << "\n";
    Print(out, node.children[i], indent + (last ? "   " : "│  "));
  }
}

std::string PathText(const v1::Recipient::Path& path) {
  std::string text = Money(path.amount());
  if (path.attributed_to().empty()) {
    text += path.steps_size() == 0 ? " from the asset itself" : " along";
  } else {
    text +=
        " attributed to " + (path.attributed_name().empty() ? ShortHex(path.attributed_to())
                                                            : Printable(path.attributed_name()));
    text += path.steps_size() == 0 ? "" : ", along";
  }
  for (const v1::Recipient::Step& step : path.steps()) {
    text += " ─" + RelationName(step.relation()) + " " + Percent(step.share_ppb()) + "→ " +
            (step.record_name().empty() ? ShortHex(step.record()) : Printable(step.record_name()));
  }
  return text;
}

Node LineNode(const v1::Recipient::Line& line) {
  Node node;
  const std::string name =
      line.record_name().empty() ? ShortHex(line.record()) : Printable(line.record_name());
  if (line.royalty_ppb() > 0) {
    node.text = Money(line.amount()) + " as royalty of " + name + ", " +
                Percent(line.royalty_ppb()) + " of gross";
  } else {
    node.text = Money(line.amount()) + " for " + name + ", which keeps " + Percent(line.kept_ppb());
  }
  if (line.author_share_ppb() != base::kPpbOne) {
    node.text += ", as author of " + Percent(line.author_share_ppb());
  }
  for (const v1::Recipient::Path& path : line.paths()) {
    node.children.push_back({PathText(path), {}});
  }
  if (!IsZero(line.folded_paths())) {
    node.children.push_back({Money(line.folded_paths()) + " along other paths", {}});
  }
  return node;
}

// What an attributor said, and the records named.
Node AttributionNode(const v1::SplitExplanation& split) {
  constexpr int kPartsShown = 20;
  const v1::AttributionView& one = split.attribution();
  Node node;
  node.text = "of it attributed " + Money(one.amount()) + ShareOf(one.amount(), split.gross());
  if (!one.handle().empty()) {
    node.text += " by " + Printable(one.handle()) + " (" + Printable(one.method()) + ")";
  }
  node.text += ", listed below";
  for (int i = 0; i < std::min(one.parts_size(), kPartsShown); ++i) {
    const v1::AttributedPart& part = one.parts(i);
    node.children.push_back({Money(part.amount()) + " to " +
                                 (part.record_name().empty() ? ShortHex(part.record())
                                                             : Printable(part.record_name())) +
                                 ", weight " + std::to_string(part.weight()) + ", " +
                                 Percent(part.share_ppb()) + " of gross",
                             {}});
  }
  if (one.parts_size() > kPartsShown) {
    const auto more = static_cast<uint64_t>(one.parts_size() - kPartsShown);
    node.children.push_back({"and " + Plural(more, "more record"), {}});
  }
  return node;
}

Node RecipientNode(const v1::Recipient& recipient, const v1::Amount& gross) {
  Node node;
  node.text = Printable(recipient.handle()) + "  " + Money(recipient.amount()) +
              ShareOf(recipient.amount(), gross);
  for (const v1::Recipient::Line& line : recipient.lines()) {
    node.children.push_back(LineNode(line));
  }
  if (!IsZero(recipient.folded_lines())) {
    node.children.push_back({Money(recipient.folded_lines()) + " for other records", {}});
  }
  return node;
}

}  // namespace

void PrintSplit(std::ostream& out, const v1::SplitExplanation& split,
                const std::string& asset_name) {
  Node root;
  root.text = Printable(asset_name) + "  " + Money(split.gross()) + ", by the shares of epoch " +
              std::to_string(split.epoch());
  if (!IsZero(split.fee())) {
    root.children.push_back(
        {"network fee  " + Money(split.fee()) + ShareOf(split.fee(), split.gross()), {}});
  }
  if (!IsZero(split.royalties())) {
    root.children.push_back({"of it royalties of " + Plural(split.royalty_claimants(), "ancestor") +
                                 "  " + Money(split.royalties()) +
                                 ShareOf(split.royalties(), split.gross()) + ", listed below",
                             {}});
  }
  if (split.has_attribution()) root.children.push_back(AttributionNode(split));
  for (const v1::Recipient& recipient : split.recipients()) {
    root.children.push_back(RecipientNode(recipient, split.gross()));
  }
  if (!IsZero(split.folded_recipients())) {
    const uint64_t folded =
        split.recipients_total() - static_cast<uint64_t>(split.recipients_size());
    root.children.push_back({Plural(folded, "other recipient") + "  " +
                                 Money(split.folded_recipients()) +
                                 ShareOf(split.folded_recipients(), split.gross()),
                             {}});
  }
  if (!IsZero(split.dust())) {
    root.children.push_back({"rounding carried  " + Money(split.dust()), {}});
  }
  out << root.text << "\n";
  Print(out, root, "");
  out << Plural(split.recipients_total(), "recipient") << ", " << Plural(split.records(), "record")
      << ", longest path " << Plural(split.depth(), "step") << "\n";
}

}  // namespace tributary::cli
