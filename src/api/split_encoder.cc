#include "api/split_encoder.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "api/encode.h"
#include "api/errors.h"
#include "rewards/asset_level.h"
#include "rewards/explain.h"

namespace tributary::api {
namespace {

constexpr lineage::WalkLimits kWalkLimits{1'000'000, 10'000'000};
constexpr uint32_t kRecipientsDefault = 100, kRecipientsMax = 10'000;
constexpr uint32_t kPathsDefault = 3, kPathsMax = 100;
constexpr size_t kLinesMax = 100;
// Work for paths in one request: searches, and records that all of them together may look at.
constexpr uint64_t kPathSearchesMax = 200;
constexpr uint64_t kPathRecordsMax = 2'000'000;
constexpr uint64_t kPathStepsMax = 20'000;
// What fits into one message, with room for the rest of it; what does not is folded. Paths have a
// part of their own, so that long ones do not crowd out recipients.
constexpr uint64_t kLineBytesMax = 1'500'000;
constexpr uint64_t kPathBytesMax = 2'000'000;
constexpr uint64_t kStepBytesMax = 256;
constexpr uint64_t kAmountBytesMax = 128;
constexpr uint64_t kRecipientBytesMax = 384;  // without its lines

struct RecipientSum {
  base::AccountIndex account;
  base::Atoms amount;
  std::vector<const rewards::ExplainedLine*> lines;
};

// The fee in force in `epoch`.
base::Ppb FeeOf(const ReadContext& c, base::Epoch epoch) {
  state::RowScanner<state::ParametersRow> rows(c.view().snapshot());
  for (uint64_t row = rows.count(); row-- > 0;) {
    const state::ParametersRow parameters = rows.At(row);
    if (parameters.effective_epoch <= epoch.value()) return base::Ppb(parameters.fee_ppb);
  }
  return {};
}

bool LargerLine(const rewards::ExplainedLine* a, const rewards::ExplainedLine* b) {
  if (a->amount != b->amount) return a->amount > b->amount;
  return a->record > b->record;
}

// Largest first; lines likewise.
std::vector<RecipientSum> ByAccount(const rewards::Explanation& explanation) {
  std::map<base::AccountIndex, RecipientSum> sums;
  for (const rewards::ExplainedLine& line : explanation.lines) {
    if (line.role == rewards::Role::kFee) continue;
    RecipientSum& sum = sums[line.account];
    sum.account = line.account;
    sum.amount += line.amount;
    sum.lines.push_back(&line);
  }
  std::vector<RecipientSum> recipients;
  recipients.reserve(sums.size());
  for (auto& sum : sums) recipients.push_back(std::move(sum.second));
  std::sort(recipients.begin(), recipients.end(), [](const RecipientSum& a, const RecipientSum& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.account < b.account;
  });
  for (RecipientSum& recipient : recipients) {
    std::sort(recipient.lines.begin(), recipient.lines.end(), LargerLine);
  }
  return recipients;
}

class SplitEncoder {
 public:
  SplitEncoder(ReadContext& c, const SplitQuery& query, base::Atoms net, uint64_t records)
      : c_(c), query_(query), currency_(c.Currency(query.currency)), net_(net) {
    searches_left_ = std::clamp<uint64_t>(kPathRecordsMax / (records + 1), 1, kPathSearchesMax);
    paths_max_ = query.paths_max == 0 ? kPathsDefault : std::min(query.paths_max, kPathsMax);
  }

  bool HasRoom() const { return line_bytes_ < kLineBytesMax; }

  void Encode(const RecipientSum& sum, v1::Recipient* to) {
    line_bytes_ += kRecipientBytesMax;
    to->set_account(AsString(c_.view().Account(sum.account).id));
    to->set_handle(c_.Handle(sum.account));
    Amount(sum.amount, to->mutable_amount());
    to->set_lines_total(sum.lines.size());
    base::Atoms shown;
    for (size_t i = 0; i < std::min(sum.lines.size(), kLinesMax) && HasRoom(); ++i) {
      EncodeLine(*sum.lines[i], to->add_lines());
      shown += sum.lines[i]->amount;
    }
    Amount(sum.amount - shown, to->mutable_folded_lines());
  }

  void Amount(base::Atoms atoms, v1::Amount* to) { EncodeAmount(atoms, currency_, to); }

 private:
  void EncodeLine(const rewards::ExplainedLine& line, v1::Recipient::Line* to) {
    to->set_record(AsString(c_.view().Record(line.record).id));
    to->set_record_name(c_.RecordName(line.record));
    Amount(line.amount, to->mutable_amount());
    to->set_kept_ppb(c_.graph().KeptOf(line.record, query_.epoch).value());
    for (const lineage::AuthorShare author : c_.graph().AuthorsOf(line.record, query_.epoch)) {
      if (author.account == line.account) to->set_author_share_ppb(author.share.value());
    }
    line_bytes_ += to->ByteSizeLong() + kAmountBytesMax;  // of what is folded
    base::Atoms shown;
    const bool search = searches_left_ > 0 && path_bytes_ < kPathBytesMax;
    if (line.role == rewards::Role::kAuthor && search) shown = EncodePaths(line, to);
    Amount(line.amount - shown, to->mutable_folded_paths());
  }

  // Returns what the paths that are shown bring.
  base::Atoms EncodePaths(const rewards::ExplainedLine& line, v1::Recipient::Line* to) {
    --searches_left_;
    rewards::PathQuery path_query;
    path_query.asset = query_.asset;
    path_query.amount = net_;
    path_query.record = line.record;
    path_query.account = line.account;
    path_query.paths_max = paths_max_;
    path_query.steps_max = kPathStepsMax;
    path_query.limits = kWalkLimits;
    const rewards::PathList list = rewards::TopPaths(c_.graph(), query_.epoch, path_query);
    base::Atoms shown;
    for (const rewards::ValuedPath& path : list.paths) {
      path_bytes_ += path.records.size() * kStepBytesMax;
      if (path_bytes_ > kPathBytesMax) break;
      v1::Recipient::Path* encoded = to->add_paths();
      Amount(path.amount, encoded->mutable_amount());
      for (size_t i = 1; i < path.records.size(); ++i) {
        EncodeStep(path.records[i - 1], path.records[i], encoded->add_steps());
      }
      shown += path.amount;
    }
    return shown;
  }

  void EncodeStep(base::RecordSeq child, base::RecordSeq parent, v1::Recipient::Step* to) {
    to->set_record(AsString(c_.view().Record(parent).id));
    to->set_record_name(c_.RecordName(parent));
    for (const lineage::Edge edge : c_.graph().EdgesOf(child, query_.epoch)) {
      if (edge.parent != parent) continue;
      to->set_relation(static_cast<v1::Relation>(edge.relation));
      to->set_share_ppb(edge.share.value());
    }
  }

  ReadContext& c_;
  const SplitQuery& query_;
  const state::CurrencyRow currency_;
  const base::Atoms net_;
  uint64_t searches_left_ = 0;
  uint32_t paths_max_ = 0;
  uint64_t line_bytes_ = 0;  // at least what recipients and lines take so far
  uint64_t path_bytes_ = 0;  // likewise of paths
};

}  // namespace

grpc::Status EncodeSplit(ReadContext& c, const SplitQuery& query, v1::SplitExplanation* to) {
  const rewards::GrossSplit gross =
      rewards::SplitGross(query.amount.value(), FeeOf(c, query.epoch), {}, {});
  rewards::ExplainInput input;
  input.fee = gross.fee;
  input.inflow.push_back({query.asset, gross.net});
  const rewards::Explanation explanation =
      rewards::Explain(c.graph(), query.epoch, input, kWalkLimits);
  if (explanation.limit_reached) {
    return LimitReached(
        "the asset has more than 1,000,000 ancestors or 10,000,000 edges: explain one of its "
        "parents");
  }
  const std::vector<RecipientSum> recipients = ByAccount(explanation);
  SplitEncoder encoder(c, query, gross.net, explanation.records.size());
  const uint32_t shown_max = query.recipients_max == 0
                                 ? kRecipientsDefault
                                 : std::min(query.recipients_max, kRecipientsMax);
  base::Atoms folded;
  for (size_t i = 0; i < recipients.size(); ++i) {
    if (i < shown_max && encoder.HasRoom()) {
      encoder.Encode(recipients[i], to->add_recipients());
    } else {
      folded += recipients[i].amount;
    }
  }
  to->set_asset(AsString(c.view().Record(query.asset).id));
  to->set_epoch(query.epoch.value());
  encoder.Amount(base::Atoms::FromMinor(query.amount), to->mutable_gross());
  encoder.Amount(gross.fee, to->mutable_fee());
  to->set_recipients_total(recipients.size());
  encoder.Amount(folded, to->mutable_folded_recipients());
  encoder.Amount(explanation.dust, to->mutable_dust());
  to->set_records(explanation.records.size());
  to->set_depth(explanation.depth);
  EncodeAsOf(c.view(), to->mutable_as_of());
  return grpc::Status::OK;
}

}  // namespace tributary::api
