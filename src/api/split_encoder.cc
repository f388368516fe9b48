#include "api/split_encoder.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/encode.h"
#include "api/errors.h"
#include "api/page.h"
#include "api/resolve.h"
#include "lineage/seq_map.h"
#include "rewards/asset_level.h"
#include "rewards/explain.h"
#include "rewards/paths.h"

namespace tributary::api {
namespace {

constexpr uint32_t kRecipientsDefault = 100, kRecipientsMax = 10'000;
constexpr uint32_t kPathsDefault = 3, kPathsMax = 100;
constexpr size_t kLinesMax = 100;
// Work for paths: beyond so many edges none are looked for; steps for one line, and for all.
constexpr uint64_t kPathEdgesMax = 3'000'000;
constexpr uint64_t kPathStepsMax = 20'000;
constexpr uint64_t kPathStepsTotal = 1'000'000;
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

// What each account gets, in the order of a page.
class RecipientSums {
 public:
  explicit RecipientSums(const rewards::Explanation& explanation)
      : lines_(explanation.lines), places_(AccountLimit(explanation)) {
    for (const rewards::ExplainedLine& line : lines_) {
      if (line.role == rewards::Role::kFee) continue;
      uint32_t& place = places_.At(line.account.value());
      if (place == 0) {
        sums_.push_back({line.account, {}, {}});
        place = static_cast<uint32_t>(sums_.size());
      }
      sums_[place - 1].amount += line.amount;
    }
  }

  size_t size() const { return sums_.size(); }
  base::Atoms total() const {
    base::Atoms total;
    for (const RecipientSum& sum : sums_) total += sum.amount;
    return total;
  }
  // Those from `begin` on, at most `count`, largest first, each with its lines, largest first.
  // Once.
  std::vector<RecipientSum> Page(size_t begin, size_t count) {
    begin = std::min(begin, sums_.size());
    const auto first = sums_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(count, sums_.size() - begin));
    if (begin > 0 && first != sums_.end()) {
      std::nth_element(sums_.begin(), first, sums_.end(), LargerSum);
    }
    std::partial_sort(first, last, sums_.end(), LargerSum);
    std::vector<RecipientSum> page(first, last);
    AddLines(&page);
    return page;
  }

 private:
  static uint64_t AccountLimit(const rewards::Explanation& explanation) {
    uint32_t highest = 0;
    for (const rewards::ExplainedLine& line : explanation.lines) {
      highest = std::max(highest, line.account.value());
    }
    return uint64_t{highest} + 1;
  }
  static bool LargerSum(const RecipientSum& a, const RecipientSum& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.account < b.account;
  }
  static bool LargerLine(const rewards::ExplainedLine* a, const rewards::ExplainedLine* b) {
    return a->amount != b->amount ? a->amount > b->amount : a->record > b->record;
  }

  void AddLines(std::vector<RecipientSum>* page) {
    for (const RecipientSum& sum : sums_) places_.At(sum.account.value()) = 0;
    for (size_t i = 0; i < page->size(); ++i) {
      places_.At((*page)[i].account.value()) = static_cast<uint32_t>(i + 1);
    }
    for (const rewards::ExplainedLine& line : lines_) {
      if (line.role == rewards::Role::kFee) continue;
      const uint32_t place = places_.At(line.account.value());
      if (place != 0) (*page)[place - 1].lines.push_back(&line);
    }
    for (RecipientSum& sum : *page) std::sort(sum.lines.begin(), sum.lines.end(), LargerLine);
  }

  const std::vector<rewards::ExplainedLine>& lines_;
  std::vector<RecipientSum> sums_;
  lineage::SeqMap<uint32_t> places_;  // by account; in sums_, then on the page, from 1
};

class SplitEncoder {
 public:
  // `royalties`: ascending by record.
  SplitEncoder(ReadContext& c, const SplitQuery& query, const rewards::ExplainInput& input,
               const rewards::Explanation& explanation,
               const std::vector<rewards::Royalty>& royalties)
      : c_(c),
        query_(query),
        input_(input),
        explanation_(explanation),
        currency_(c.Currency(query.currency)),
        royalties_(royalties) {
    if (explanation.edges > kPathEdgesMax) path_steps_left_ = 0;
    paths_max_ = query.paths_max == 0 ? kPathsDefault : std::min(query.paths_max, kPathsMax);
  }

  bool HasRoom() const { return line_bytes_ < kLineBytesMax && !c_.IsStopped(); }

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
    const Named& named = NameOf(line.record);
    to->set_record(named.id);
    to->set_record_name(named.name);
    Amount(line.amount, to->mutable_amount());
    to->set_kept_ppb(c_.graph().KeptOf(line.record, query_.epoch).value());
    for (const lineage::AuthorShare author : c_.graph().AuthorsOf(line.record, query_.epoch)) {
      if (author.account == line.account) to->set_author_share_ppb(author.share.value());
    }
    line_bytes_ += to->ByteSizeLong() + kAmountBytesMax;  // of what is folded
    base::Atoms shown;
    if (line.role == rewards::Role::kRoyalty) {
      to->set_royalty_ppb(RoyaltyOf(line.record).value());
      Amount(base::Atoms(), to->mutable_folded_paths());
      return;
    }
    const bool search = path_steps_left_ > 0 && path_bytes_ < kPathBytesMax;
    if (search) shown = EncodePaths(line, to);
    Amount(line.amount - shown, to->mutable_folded_paths());
  }

  base::Ppb RoyaltyOf(base::RecordSeq claimant) const {
    const auto found = std::lower_bound(
        royalties_.begin(), royalties_.end(), claimant,
        [](const rewards::Royalty& royalty, base::RecordSeq key) { return royalty.record < key; });
    return found == royalties_.end() ? base::Ppb() : found->share;
  }

  // Returns what the paths that are shown bring.
  base::Atoms EncodePaths(const rewards::ExplainedLine& line, v1::Recipient::Line* to) {
    if (!paths_) paths_.emplace(c_.graph(), query_.epoch, input_.inflow, explanation_);
    rewards::PathQuery path_query;
    path_query.record = line.record;
    path_query.account = line.account;
    path_query.paths_max = paths_max_;
    path_query.steps_max = std::min(path_steps_left_, kPathStepsMax);
    const rewards::PathList list = paths_->Top(path_query);
    path_steps_left_ -= std::min(path_steps_left_, list.steps);
    base::Atoms shown;
    for (const rewards::ValuedPath& path : list.paths) {
      path_bytes_ += path.records.size() * kStepBytesMax;
      if (path_bytes_ > kPathBytesMax) break;
      v1::Recipient::Path* encoded = to->add_paths();
      Amount(path.amount, encoded->mutable_amount());
      if (path.records.front() != query_.asset) {
        encoded->set_attributed_to(NameOf(path.records.front()).id);
        encoded->set_attributed_name(NameOf(path.records.front()).name);
      }
      for (size_t i = 1; i < path.records.size(); ++i) {
        EncodeStep(path.records[i - 1], path.records[i], encoded->add_steps());
      }
      shown += path.amount;
    }
    return shown;
  }

  void EncodeStep(base::RecordSeq child, base::RecordSeq parent, v1::Recipient::Step* to) {
    const Named& named = NameOf(parent);
    to->set_record(named.id);
    to->set_record_name(named.name);
    for (const lineage::Edge edge : c_.graph().EdgesOf(child, query_.epoch)) {
      if (edge.parent != parent) continue;
      to->set_relation(static_cast<v1::Relation>(edge.relation));
      to->set_share_ppb(edge.share.value());
    }
  }

  using Named = RecordNames::Named;
  // Paths run through the same few records again and again.
  const Named& NameOf(base::RecordSeq record) {
    const auto [at, is_new] = names_.try_emplace(record.value());
    if (is_new) at->second = c_.Named(record);
    return at->second;
  }

  ReadContext& c_;
  const SplitQuery& query_;
  const rewards::ExplainInput& input_;
  const rewards::Explanation& explanation_;
  const state::CurrencyRow currency_;
  const std::vector<rewards::Royalty>& royalties_;
  std::optional<rewards::PathFinder> paths_;  // made when first asked for a path
  uint64_t path_steps_left_ = kPathStepsTotal;
  std::unordered_map<uint32_t, Named> names_;
  uint32_t paths_max_ = 0;
  uint64_t line_bytes_ = 0;  // at least what recipients and lines take so far
  uint64_t path_bytes_ = 0;  // likewise of paths
};

}  // namespace

namespace {

PageQuery PageOf(const SplitQuery& query) { return {'x', query.asset.value() ^ query.filter}; }

// The recipients of the page, and what is not on it.
void EncodePage(const SplitQuery& query, RecipientSums& sums, SplitEncoder& encoder,
                v1::SplitExplanation* to) {
  const uint32_t count = query.recipients_max == 0 ? kRecipientsDefault
                                                   : std::min(query.recipients_max, kRecipientsMax);
  base::Atoms folded = sums.total();
  size_t next = query.first_recipient;
  for (const RecipientSum& recipient : sums.Page(next, count)) {
    if (!encoder.HasRoom()) break;
    encoder.Encode(recipient, to->add_recipients());
    folded -= recipient.amount;
    ++next;
  }
  if (next < sums.size()) {
    to->set_next_page_token(
        MakeToken(PageOf(query), {query.epoch.value(), query.amount.value(), next}));
  }
  to->set_recipients_total(sums.size());
  encoder.Amount(folded, to->mutable_folded_recipients());
}

}  // namespace

base::Ppb NetShareOf(const ReadContext& c, base::RecordSeq asset, base::Epoch epoch) {
  uint64_t taken = FeeOf(c, epoch).value();
  for (const rewards::Royalty& royalty : c.view().RoyaltiesOn(asset, epoch)) {
    taken += royalty.share.value();
  }
  return base::Ppb(static_cast<uint32_t>(base::kPpbOne - taken));
}

SplitInput InputOf(const ReadContext& c, const SplitQuery& query) {
  SplitInput to;
  to.royalties = c.view().RoyaltiesOn(query.asset, query.epoch);
  std::vector<rewards::RecordAmount> attributed;
  if (query.attribution) attributed = AttributedAmounts(*query.attribution, query.amount);
  to.gross =
      rewards::SplitGross(query.amount.value(), FeeOf(c, query.epoch), to.royalties, attributed);
  to.flow.fee = to.gross.fee;
  to.flow.inflow = std::move(attributed);
  to.flow.inflow.push_back({query.asset, to.gross.net});
  to.flow.extra = to.gross.royalties;
  return to;
}

grpc::Status EncodeSplit(ReadContext& c, const SplitQuery& query, v1::SplitExplanation* to) {
  const SplitInput split = InputOf(c, query);
  const std::vector<rewards::Royalty>& royalties = split.royalties;
  const rewards::GrossSplit& gross = split.gross;
  const rewards::ExplainInput& input = split.flow;
  lineage::WalkLimits limits = query.limits;
  limits.stop = c.stop();
  const rewards::Explanation explanation = rewards::Explain(c.graph(), query.epoch, input, limits);
  if (explanation.stopped) return CallerGone();
  if (explanation.limit_reached) {
    return LimitReached(
        "the asset has more than 1,000,000 ancestors or 10,000,000 edges, more than one request "
        "may look at: ask PreviewSplit for one of its parents with the parent's share of the "
        "amount");
  }
  RecipientSums sums(explanation);
  SplitEncoder encoder(c, query, input, explanation, royalties);
  EncodePage(query, sums, encoder, to);
  to->set_asset(AsString(c.view().Record(query.asset).id));
  to->set_epoch(query.epoch.value());
  encoder.Amount(base::Atoms::FromMinor(query.amount), to->mutable_gross());
  encoder.Amount(gross.fee, to->mutable_fee());
  base::Atoms owed;
  for (const rewards::RecordAmount& royalty : gross.royalties) owed += royalty.amount;
  encoder.Amount(owed, to->mutable_royalties());
  to->set_royalty_claimants(static_cast<uint32_t>(royalties.size()));
  if (query.attribution) {
    EncodeAttribution(c, *query.attribution, query.amount, query.currency, true,
                      to->mutable_attribution());
  }
  encoder.Amount(explanation.dust, to->mutable_dust());
  to->set_records(explanation.records.size());
  to->set_depth(explanation.depth);
  EncodeAsOf(c.view(), to->mutable_as_of());
  return c.IsStopped() ? CallerGone() : grpc::Status::OK;
}

grpc::Status ResolveSplitPage(const std::string& token, SplitQuery* query, bool has_epoch) {
  if (token.empty()) return grpc::Status::OK;
  std::vector<uint64_t> numbers(3);
  TRIBUTARY_API_RETURN_IF_ERROR(ResolveToken(token, PageOf(*query), &numbers));
  if (numbers[1] != query->amount.value()) {
    return BadRequest("page_token",
                      "the amount is another one than on the page before: start again");
  }
  if (has_epoch && numbers[0] != query->epoch.value()) {
    return BadRequest("page_token", "it belongs to another epoch: start again");
  }
  query->epoch = base::Epoch(numbers[0]);
  query->first_recipient = numbers[2];
  return grpc::Status::OK;
}

}  // namespace tributary::api
