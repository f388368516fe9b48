#include "cli/lineage_plan.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <utility>

#include "cli/exit_code.h"
#include "cli/json_lines.h"
#include "codec/limits.h"
#include "codec/text.h"
#include "crypto/hash.h"
#include "tributary/base/hex.h"
#include "tributary/base/status.h"

namespace tributary::cli {
namespace {

using Kind = JsonValue::Kind;

constexpr std::string_view kScheme = "hf:";
constexpr std::string_view kDatasets = "datasets/";
// Whose a data set is that is named without an owner, as the site shows them.
constexpr std::string_view kSiteOwner = "huggingface";
constexpr uint64_t kSecondsMax = 253'402'300'799;  // the year 9999

struct NamedRelation {
  std::string_view name;
  codec::Relation relation;
};
// How the site writes relations between models; beside these, the chain's own names are taken.
constexpr NamedRelation kSiteRelations[] = {
    {"base_model:finetune", codec::Relation::kFinetunedFrom},
    {"base_model:merge", codec::Relation::kMergedFrom},
    {"base_model:quantized", codec::Relation::kQuantizedFrom},
    {"base_model:adapter", codec::Relation::kAdapterOf},
};

struct LineParent {
  std::string id;
  codec::Relation relation = codec::Relation::kUnspecified;
  uint32_t weight = 1;
};

// A record as its line states it. Stubs have the line that names them first.
struct Line {
  uint64_t number = 0;
  std::string id;
  std::string author;
  std::string licence;
  uint64_t created = 0;
  bool stub = false;
  std::vector<LineParent> parents;
};

std::optional<codec::Relation> RelationOf(const std::string& name) {
  for (const NamedRelation& known : kSiteRelations) {
    if (known.name == name) return known.relation;
  }
  return codec::ParseRelation(name);
}

std::string Quote(const std::string& text) { return "\"" + text + "\""; }

void CheckId(const std::string& id, MemberReader& reader) {
  const std::string external = std::string(kScheme) + id;
  if (!codec::IsExternalId(external)) {
    reader.Problem(Quote(id) + " is no id: 1 to 197 printable ASCII characters without spaces");
  }
}

std::optional<LineParent> ParseParent(const JsonValue& value, MemberReader& line, uint64_t number,
                                      Problems& problems) {
  if (value.kind != Kind::kObject) {
    line.Problem("a parent is " + std::string(KindText(value.kind)) + ", not an object");
    return std::nullopt;
  }
  MemberReader reader(value, number, problems);
  LineParent parent;
  if (const auto* id = reader.Required("id", Kind::kText)) {
    parent.id = id->text;
    CheckId(parent.id, reader);
  }
  if (const auto* text = reader.Required("relation", Kind::kText)) {
    const auto relation = RelationOf(text->text);
    if (relation) parent.relation = *relation;
    if (!relation) reader.Problem("the relation " + Quote(text->text) + " is not known");
  }
  if (const auto* weight = reader.Optional("weight", Kind::kNumber)) {
    if (weight->number == 0 || weight->number > UINT32_MAX) {
      reader.Problem("\"weight\" is not within 1..4294967295");
    } else {
      parent.weight = static_cast<uint32_t>(weight->number);
    }
  }
  reader.RefuseOthers();
  if (reader.failed()) return std::nullopt;
  return parent;
}

void ParseParents(const JsonValue& list, MemberReader& reader, Line& line, Problems& problems) {
  if (list.items.size() > codec::kParentsMax) {
    reader.Problem("a record has at most 1,024 parents, this one " +
                   std::to_string(list.items.size()));
    return;
  }
  std::set<std::string> seen;
  for (const JsonValue& item : list.items) {
    auto parent = ParseParent(item, reader, line.number, problems);
    if (!parent) continue;
    if (!seen.insert(codec::FoldCase(parent->id)).second) {
      reader.Problem("the parent " + Quote(parent->id) + " is named twice");
    }
    line.parents.push_back(std::move(*parent));
  }
}

void CheckTexts(const Line& line, MemberReader& reader) {
  if (line.author.empty() || !codec::IsPlainText(line.author) || line.author.size() > 200) {
    reader.Problem("\"author\" is not 1 to 200 bytes of text");
  }
  if (line.licence.size() > codec::kLicenceBytesMax || !codec::IsPlainText(line.licence)) {
    reader.Problem("\"licence\" is not at most 100 bytes of text");
  }
  if (line.created > kSecondsMax) reader.Problem("\"created\" is not in seconds since 1970");
}

Line ParseLine(uint64_t number, const JsonValue& object, Problems& problems) {
  MemberReader reader(object, number, problems);
  Line line;
  line.number = number;
  if (const auto* value = reader.Required("id", Kind::kText)) {
    line.id = value->text;
    CheckId(line.id, reader);
  }
  if (const auto* value = reader.Required("author", Kind::kText)) {
    line.author = value->text;
  }
  // The site's tools write "<nil>" where nothing is stated.
  const auto* licence = reader.Optional("licence", Kind::kText);
  if (licence != nullptr && licence->text != "<nil>") line.licence = licence->text;
  if (const auto* value = reader.Optional("created", Kind::kNumber)) line.created = value->number;
  if (const auto* value = reader.Required("parents", Kind::kList)) {
    ParseParents(*value, reader, line, problems);
  }
  reader.RefuseOthers();
  if (!reader.failed()) CheckTexts(line, reader);
  return line;
}

std::string OwnerOf(const std::string& id) {
  std::string_view name = id;
  if (name.substr(0, kDatasets.size()) == kDatasets) name.remove_prefix(kDatasets.size());
  const size_t slash = name.find('/');
  return std::string(slash == std::string_view::npos || slash == 0 ? kSiteOwner
                                                                   : name.substr(0, slash));
}

// Lines by id without case; adds stubs for parents that have no line.
class Graph {
 public:
  Graph(std::vector<Line> lines, Problems& problems) : lines_(std::move(lines)) {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const auto added = index_.emplace(codec::FoldCase(lines_[i].id), i);
      if (added.second) continue;
      problems.Add(lines_[i].number, Quote(lines_[i].id) + " stands in line " +
                                         std::to_string(lines_[added.first->second].number) +
                                         " already");
    }
    AddStubs();
  }

  // Indexes of lines, parents first and otherwise in the order of the file; shorter than the lines
  // where there is a cycle.
  std::vector<size_t> Order() const {
    std::vector<size_t> waiting(lines_.size(), 0);
    std::vector<std::vector<size_t>> children(lines_.size());
    for (size_t i = 0; i < lines_.size(); ++i) {
      waiting[i] = lines_[i].parents.size();
      for (const LineParent& parent : lines_[i].parents) children[IndexOf(parent.id)].push_back(i);
    }
    std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (waiting[i] == 0) ready.push(i);
    }
    std::vector<size_t> order;
    while (!ready.empty()) {
      const size_t i = ready.top();
      ready.pop();
      order.push_back(i);
      for (const size_t child : children[i]) {
        if (--waiting[child] == 0) ready.push(child);
      }
    }
    return order;
  }

  // "a → b → a", where → leads from a record to its parent. Requires: `order` is not complete.
  std::string Cycle(const std::vector<size_t>& order) const {
    std::vector<bool> placed(lines_.size(), false);
    for (const size_t i : order) placed[i] = true;
    size_t at = 0;
    while (placed[at]) ++at;
    // Each record that is not placed has a parent that is not: following those comes back.
    std::vector<size_t> path;
    std::vector<bool> seen(lines_.size(), false);
    while (!seen[at]) {
      seen[at] = true;
      path.push_back(at);
      for (const LineParent& parent : lines_[at].parents) {
        if (placed[IndexOf(parent.id)]) continue;
        at = IndexOf(parent.id);
        break;
      }
    }
    const auto begin = std::find(path.begin(), path.end(), at);
    std::string text;
    for (auto it = begin; it != path.end(); ++it) text += lines_[*it].id + " → ";
    return text + lines_[at].id + " (from line " + std::to_string(lines_[at].number) + ")";
  }

  size_t IndexOf(const std::string& id) const { return index_.at(codec::FoldCase(id)); }
  const std::vector<Line>& lines() const { return lines_; }

 private:
  void AddStubs() {
    const size_t stated = lines_.size();
    for (size_t i = 0; i < stated; ++i) {
      for (size_t p = 0; p < lines_[i].parents.size(); ++p) {
        Line stub;
        stub.id = lines_[i].parents[p].id;
        if (!index_.emplace(codec::FoldCase(stub.id), lines_.size()).second) continue;
        stub.number = lines_[i].number;
        stub.author = OwnerOf(stub.id);
        stub.stub = true;
        lines_.push_back(std::move(stub));
      }
    }
  }

  std::vector<Line> lines_;
  std::map<std::string, size_t> index_;
};

size_t AuthorIndex(const std::string& name, std::map<std::string, size_t>& known,
                   LineagePlan& plan) {
  const std::string handle = HandleOfAuthor(name);
  const auto added = known.emplace(handle, plan.authors.size());
  if (added.second) plan.authors.push_back({name, handle});
  return added.first->second;
}

LineagePlan MakePlan(const Graph& graph, const std::vector<size_t>& order) {
  LineagePlan plan;
  std::map<std::string, size_t> authors;
  std::vector<size_t> place(graph.lines().size());
  for (const size_t i : order) {
    const Line& line = graph.lines()[i];
    place[i] = plan.records.size();
    PlannedRecord record;
    record.external_id = std::string(kScheme) + line.id;
    record.author = AuthorIndex(line.author, authors, plan);
    const bool dataset = codec::FoldCase(line.id).compare(0, kDatasets.size(), kDatasets) == 0;
    record.kind = dataset ? codec::RecordKind::kDataset : codec::RecordKind::kModel;
    record.licence = line.licence;
    record.declared_ms = line.created * 1'000;
    record.stub = line.stub;
    for (const LineParent& parent : line.parents) {
      record.parents.push_back({place[graph.IndexOf(parent.id)], parent.relation, parent.weight});
    }
    plan.stubs += line.stub ? 1 : 0;
    plan.edges += record.parents.size();
    plan.records.push_back(std::move(record));
  }
  return plan;
}

}  // namespace

std::string HandleOfAuthor(std::string_view name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  std::string handle = "hf/";
  for (const char c : codec::FoldCase(name)) {
    if (kPlain.find(c) != std::string_view::npos) {
      handle.push_back(c);
    } else {
      const auto byte = static_cast<uint8_t>(c);
      handle += ":" + base::ToHex(base::Bytes(&byte, 1));
    }
  }
  if (handle.size() <= codec::kHandleBytesMax) return handle;
  const std::string folded = codec::FoldCase(name);
  return "hf/::" + base::ToHex(crypto::Sha256(base::AsBytes(folded)).bytes).substr(0, 50);
}

absl::StatusOr<LineagePlan> ParseLineage(std::istream& in, const std::string& path) {
  Problems problems(path);
  std::vector<Line> lines;
  ForEachObject(in, problems, [&](uint64_t number, const JsonValue& object) {
    lines.push_back(ParseLine(number, object, problems));
  });
  TRIBUTARY_RETURN_IF_ERROR(problems.ToStatus());
  const Graph graph(std::move(lines), problems);
  TRIBUTARY_RETURN_IF_ERROR(problems.ToStatus());
  const std::vector<size_t> order = graph.Order();
  if (order.size() != graph.lines().size()) {
    return UsageError(path + ": the lineage has a cycle: " + graph.Cycle(order) +
                      "\nNothing was sent. A record cannot be its own ancestor: mend the file.");
  }
  return MakePlan(graph, order);
}

absl::StatusOr<LineagePlan> ReadLineage(const std::string& path) {
  std::ifstream in(path);
  if (!in) return base::NotFound("cannot open " + path);
  return ParseLineage(in, path);
}

}  // namespace tributary::cli
