#include "state/overlay.h"
#include "state/transaction.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;
using ItemChange = std::function<void(Scene&, codec::RevenueItem&)>;

constexpr uint64_t kTooLarge = uint64_t{1} << 63;

codec::Operation Report(const base::RecordId& asset, std::string_view currency,
                        const codec::RevenueItem& item, bool batch) {
  if (batch) return codec::ReportRevenueBatch{asset, currency, {item}};
  return codec::ReportRevenue{asset,          currency,    item.amount_minor, item.occurred_at_ms,
                              item.reference, std::nullopt};
}

// Both operations that report revenue are refused for the same reasons.
class ReportCases {
 public:
  explicit ReportCases(bool batch) : batch_(batch) {}

  std::vector<RejectionCase> All() {
    AddTarget();
    AddItem();
    return std::move(cases_);
  }

 private:
  Bytes Op() const { return batch_ ? "report_revenue_batch" : "report_revenue"; }
  Bytes At(const Bytes& leaf) const {
    return "operations[0]." + Op() + (leaf.empty() ? "" : "." + leaf);
  }
  Bytes AtItem(const Bytes& leaf) const { return At((batch_ ? "items[0]." : "") + leaf); }

  void Add(base::RejectionCode code, const Bytes& what, const Bytes& field,
           std::function<Bytes(Scene&)> transaction) {
    cases_.push_back({Op(), code, what, field, std::move(transaction)});
  }
  std::function<Bytes(Scene&)> By(std::string_view reporter, std::string_view currency,
                                  ItemChange change) const {
    return [batch = batch_, reporter, currency, change = std::move(change)](Scene& scene) {
      codec::RevenueItem item = scene.Event(1'000, "sale-2");
      change(scene, item);
      return scene.chain.Sign(reporter, {Report(scene.tuned_id, currency, item, batch)});
    };
  }
  std::function<Bytes(Scene&)> Item(ItemChange change) const {
    return By("reporter", "USD", std::move(change));
  }

  void AddTarget() {
    const ItemChange same = [](Scene&, codec::RevenueItem&) {};
    Add(kMissingRole, "ByAContributor", At(""), By("ann", "USD", same));
    Add(kCurrencyUnknown, "NoSuchCurrency", At("currency"), By("reporter", "XXX", same));
    Add(kAssetUnknown, "NoSuchRecord", At("asset"), [batch = batch_](Scene& scene) {
      base::RecordId asset = scene.tuned_id;
      asset.bytes[0] ^= 1;
      return scene.chain.Sign("reporter", {Report(asset, "USD", scene.Event(1, "x"), batch)});
    });
    Add(kCreditLimit, "OneBeyond", AtItem("amount_minor"),
        By("small", "USD",
           [](Scene&, codec::RevenueItem& item) { item.amount_minor = base::MinorUnits(1'001); }));
    Add(kCreditLimit, "UsedUp", AtItem("amount_minor"),
        By("small", "USD", [batch = batch_](Scene& scene, codec::RevenueItem& item) {
          scene.Must("small", {Report(scene.tuned_id, "USD", scene.Event(1'000, "first"), batch)});
          item.amount_minor = base::MinorUnits(1);
        }));
    Add(kCreditLimit, "NoneInThisCurrency", AtItem("amount_minor"),
        By("small", "EUR",
           [](Scene&, codec::RevenueItem& item) { item.amount_minor = base::MinorUnits(1); }));
  }

  void AddItem() {
    Add(kAmountZero, "Zero", AtItem("amount_minor"),
        Item([](Scene&, codec::RevenueItem& item) { item.amount_minor = base::MinorUnits(0); }));
    Add(kAmountTooLarge, "TwoToThe63", AtItem("amount_minor"),
        Item([](Scene&, codec::RevenueItem& item) {
          item.amount_minor = base::MinorUnits(kTooLarge);
        }));
    Add(kReferenceTaken, "InALaterEpoch", AtItem("reference"),
        Item([](Scene&, codec::RevenueItem& item) { item.reference = "sale-1"; }));
    Add(kReferenceTaken, "InTheSameBlock", AtItem("reference"),
        Item([batch = batch_](Scene& scene, codec::RevenueItem& item) {
          scene.Must("reporter", {Report(scene.named_id, "EUR", item, batch)});
        }));
    Add(kReferenceTaken, "ByARefund", AtItem("reference"),
        Item([](Scene& scene, codec::RevenueItem& item) {
          scene.Must("reporter",
                     {codec::RefundRevenue{"sale-1", base::MinorUnits(1), item.reference}});
        }));
    Add(kEventInFuture, "OneMillisecondLater", AtItem("occurred_at_ms"),
        Item([](Scene& scene, codec::RevenueItem& item) {
          item.occurred_at_ms = base::TimeMs(scene.chain.time_ms() + 1);
        }));
    Add(kEventTooOld, "OneMillisecondBeforeTheHorizon", AtItem("occurred_at_ms"),
        Item([](Scene& scene, codec::RevenueItem& item) {
          scene.chain.Advance(10'000'000);
          // The horizon is ten epochs back.
          const uint64_t start = ChainOptions().time_ms;
          const uint64_t epoch = (scene.chain.time_ms() - start) / 1'000'000;
          item.occurred_at_ms = base::TimeMs(start + (epoch - 10) * 1'000'000 - 1);
        }));
    AddLifetime();
  }

  void AddLifetime() {
    RejectionCase one{Op(), kCurrencyLifetime, "TwoToThe90", AtItem("amount_minor")};
    one.direct = [batch = batch_](Scene& scene) {
      state::Overlay overlay(scene.chain.pages(), scene.chain.resident());
      auto totals = overlay.Get<state::TotalsRow>(0);
      totals.reported = base::Atoms(((base::Uint128{1} << 90) - 1'000) * base::kPpbOne);
      overlay.Put(0, totals);
      state::BlockContext block;
      block.time = base::TimeMs(scene.chain.time_ms());
      block.chain = overlay.Get<state::ChainRow>(0);
      block.parameters = overlay.Get<state::ParametersRow>(0);
      const auto apply = [&](uint64_t amount_minor, std::string_view reference) {
        const auto prepared = state::Prepare(
            scene.chain.Sign("reporter", {Report(scene.tuned_id, "USD",
                                                 scene.Event(amount_minor, reference), batch)}),
            scene.chain.chain_id);
        return state::ApplyTransaction(overlay, block, **prepared);
      };
      const auto below = apply(999, "below");
      TRIBUTARY_CHECK(!below, "the other side of the limit is refused");
      return apply(1, "at");
    };
    cases_.push_back(std::move(one));
  }

  bool batch_;
  std::vector<RejectionCase> cases_;
};

using ClaimChange = std::function<void(Scene&, codec::AttributionClaim&)>;

// An event whose attribution was changed before it was signed.
std::function<Bytes(Scene&)> Attributed(ClaimChange change) {
  return [change = std::move(change)](Scene& scene) {
    codec::AttributionClaim claim = scene.GoodClaim();
    change(scene, claim);
    return scene.chain.Sign("reporter", {scene.Attributed(claim)});
  };
}

std::vector<RejectionCase> AttributionCases() {
  const Bytes op = "report_revenue";
  const Bytes at = "operations[0].report_revenue.attribution.";
  const Bytes claim_at = at + "claim.";
  const auto by = [](std::string_view attributor) {
    return Attributed([attributor](Scene& scene, codec::AttributionClaim& claim) {
      claim.attributor = scene.chain.IdOf(attributor);
    });
  };
  const auto alpha = [](uint32_t alpha_ppb) {
    return Attributed([alpha_ppb](Scene&, codec::AttributionClaim& claim) {
      claim.alpha_ppb = base::Ppb(alpha_ppb);
    });
  };
  return {
      {op, kAttributionMismatch, "OfAnotherAsset", claim_at + "asset",
       Attributed(
           [](Scene& scene, codec::AttributionClaim& claim) { claim.asset = scene.named_id; })},
      {op, kAttributionMismatch, "OfAnotherReporter", claim_at + "reporter",
       Attributed([](Scene& scene, codec::AttributionClaim& claim) {
         claim.reporter = scene.chain.IdOf("small");
       })},
      {op, kAttributionMismatch, "OfAnotherReference", claim_at + "reference",
       Attributed([](Scene&, codec::AttributionClaim& claim) { claim.reference = "sale-3"; })},
      {op, kWireMissing, "NoInfluence", claim_at + "influences",
       Attributed([](Scene&, codec::AttributionClaim& claim) { claim.influences.clear(); })},
      {op, kZeroWeight, "OfAnInfluence", claim_at + "influences[1].weight",
       Attributed([](Scene&, codec::AttributionClaim& claim) { claim.influences[1].weight = 0; })},
      {op, kShareRoundsToZero, "OfAnInfluence", claim_at + "influences[1].weight",
       Attributed([](Scene&, codec::AttributionClaim& claim) { claim.alpha_ppb = base::Ppb(1); })},
      {op, kAttributionTarget, "OneTwice", claim_at + "influences[1].record",
       Attributed([](Scene& scene, codec::AttributionClaim& claim) {
         claim.influences[1].record = scene.base_id;
       })},
      {op, kAttributionTarget, "NoSuchRecord", claim_at + "influences[1].record",
       Attributed([](Scene&, codec::AttributionClaim& claim) {
         claim.influences[1].record.bytes[0] ^= 1;
       })},
      {op, kUnknownAccount, "NoSuchAttributor", claim_at + "attributor",
       Attributed([](Scene&, codec::AttributionClaim& claim) { claim.attributor.bytes[0] ^= 1; })},
      {op, kMissingRole, "AttributorWithoutTheRole", claim_at + "attributor", by("treasurer")},
      {op, kAttributorTied, "TheReporterItself", claim_at + "attributor",
       [](Scene& scene) {
         codec::AttributionClaim claim = scene.GoodClaim();
         claim.attributor = claim.reporter = scene.chain.IdOf("both");
         return scene.chain.Sign("both", {scene.Attributed(claim)});
       }},
      {op, kAttributorTied, "AnAuthorOfANamedRecord", claim_at + "influences[2].record",
       Attributed([](Scene& scene, codec::AttributionClaim& claim) {
         const RecordSpec own{"own", {{"tied", base::kPpbOne}}, {}, 0};
         scene.Must("tied", {scene.chain.Submit(own)});
         claim.attributor = scene.chain.IdOf("tied");
         claim.influences.push_back({scene.chain.RecordIdOf(own), 1});
       })},
      {op, kAttributorTied, "TheSponsorOfAnAuthor", claim_at + "influences[0].record",
       Attributed([](Scene& scene, codec::AttributionClaim& claim) {
         scene.Must("tied", {scene.chain.Register("pupil", "tied")});
         const RecordSpec spec{"pupils", {{"ann", 1}, {"pupil", base::kPpbOne - 1}}, {}, 0};
         scene.Must("ann", {scene.chain.Submit(spec)}, {"pupil"});
         claim.attributor = scene.chain.IdOf("tied");
         claim.influences[0].record = scene.chain.RecordIdOf(spec);
       })},
      {op, kAttributionAlpha, "OneBeyondTheAssetsMost", claim_at + "alpha_ppb", alpha(500'000'001)},
      {op, kAttributionAlpha, "OneBeyondWhatTheFeeLeaves", claim_at + "alpha_ppb",
       [](Scene& scene) {
         RecordSpec spec{"all", {{"bob", base::kPpbOne}}, {}, 0};
         spec.terms.alpha_max_ppb = base::Ppb(base::kPpbOne);
         scene.Must("bob", {scene.chain.Submit(spec)});
         codec::AttributionClaim claim = scene.GoodClaim();
         claim.asset = scene.chain.RecordIdOf(spec);
         const auto report = [&](uint32_t alpha_ppb) {
           claim.alpha_ppb = base::Ppb(alpha_ppb);
           codec::ReportRevenue one = scene.Attributed(claim);
           one.asset = claim.asset;
           one.reference = claim.reference;
           return one;
         };
         scene.Must("reporter", {report(990'000'000)});
         claim.reference = "sale-3";
         return scene.chain.Sign("reporter", {report(990'000'001)});
       }},
      {op, kAttributionSignature, "ByAnotherKey", at + "signature", by("both")},
      {op, kAttributionSignature, "OfAnotherClaim", at + "signature",
       [](Scene& scene) {
         codec::AttributionClaim claim = scene.GoodClaim();
         codec::ReportRevenue report = scene.Attributed(claim);
         claim.influences[0].weight += 1;
         report.attribution->claim = scene.chain.arena().KeepBytes(codec::Encode(claim));
         return scene.chain.Sign("reporter", {report});
       }},
  };
}

std::vector<RejectionCase> RefundCases() {
  const Bytes op = "refund_revenue";
  const Bytes at = "operations[0].refund_revenue.";
  const auto refund = [](std::string_view sender, std::string_view reference, uint64_t amount_minor,
                         std::string_view refund_reference) {
    return [=](Scene& scene) {
      return scene.chain.Sign(
          sender,
          {codec::RefundRevenue{reference, base::MinorUnits(amount_minor), refund_reference}});
    };
  };
  return {
      {op, kEventUnknown, "NoSuchReference", at + "reference",
       refund("reporter", "sale-9", 1, "back-1")},
      {op, kEventUnknown, "OfAnotherReporter", at + "reference",
       refund("small", "sale-1", 1, "back-1")},
      {op, kEventUnknown, "ARefundOfARefund", at + "reference",
       [](Scene& scene) {
         scene.Must("reporter", {codec::RefundRevenue{"sale-1", base::MinorUnits(1), "back-1"}});
         return scene.chain.Sign("reporter",
                                 {codec::RefundRevenue{"back-1", base::MinorUnits(1), "back-2"}});
       }},
      {op, kEventUnknown, "OneEpochBeforeTheHorizon", at + "reference",
       [](Scene& scene) {
         // The event is of epoch 0, and the horizon ten epochs back.
         scene.chain.AdvanceTo(ChainOptions().time_ms + 11'000'000 - 1);
         scene.Must("reporter", {codec::RefundRevenue{"sale-1", base::MinorUnits(1), "back-1"}});
         scene.chain.Advance(1);
         return scene.chain.Sign("reporter",
                                 {codec::RefundRevenue{"sale-1", base::MinorUnits(1), "back-2"}});
       }},
      {op, kReferenceTaken, "ByAnEvent", at + "refund_reference",
       refund("reporter", "sale-1", 1, "sale-1")},
      {op, kReferenceTaken, "ByARefund", at + "refund_reference",
       [](Scene& scene) {
         const codec::RefundRevenue one{"sale-1", base::MinorUnits(1), "back-1"};
         scene.Must("reporter", {one});
         return scene.chain.Sign("reporter", {one});
       }},
      {op, kRefundTooLarge, "OneBeyond", at + "amount_minor",
       refund("reporter", "sale-1", 1'000'001, "back-1")},
      {op, kRefundTooLarge, "OneBeyondWhatIsLeft", at + "amount_minor",
       [](Scene& scene) {
         scene.Must("reporter",
                    {codec::RefundRevenue{"sale-1", base::MinorUnits(999'999), "back-1"}});
         scene.Must("reporter", {codec::RefundRevenue{"sale-1", base::MinorUnits(1), "back-2"}});
         return scene.chain.Sign("reporter",
                                 {codec::RefundRevenue{"sale-1", base::MinorUnits(1), "back-3"}});
       }},
      {op, kAmountZero, "Zero", at + "amount_minor", refund("reporter", "sale-1", 0, "back-1")},
      {op, kAmountTooLarge, "TwoToThe63", at + "amount_minor",
       refund("reporter", "sale-1", kTooLarge, "back-1")},
  };
}

std::vector<RejectionCase> StatementCases() {
  const Bytes op = "submit_statement";
  const Bytes at = "operations[0].submit_statement";
  // The scene is in epoch 2.
  const auto state = [](std::string_view sender, std::string_view currency, uint64_t first,
                        uint64_t last) {
    return [=](Scene& scene) {
      const codec::SubmitStatement statement{scene.tuned_id, currency, base::Epoch(first),
                                             base::Epoch(last), base::MinorUnits(0)};
      return scene.chain.Sign(sender, {statement});
    };
  };
  const auto overlapping = [](uint64_t first, uint64_t last) {
    return [=](Scene& scene) {
      scene.chain.AdvanceTo(ChainOptions().time_ms + 9'000'000);
      const auto of = [&scene](uint64_t from, uint64_t to) {
        return codec::SubmitStatement{scene.tuned_id, "USD", base::Epoch(from), base::Epoch(to),
                                      base::MinorUnits(7)};
      };
      scene.Must("reporter", {of(6, 6), of(3, 4), of(1, 2)});
      return scene.chain.Sign("reporter", {of(first, last)});
    };
  };
  return {
      {op, kMissingRole, "ByAContributor", at, state("ann", "USD", 0, 0)},
      {op, kCurrencyUnknown, "NoSuchCurrency", at + ".currency", state("reporter", "XXX", 0, 0)},
      {op, kAssetUnknown, "NoSuchRecord", at + ".asset",
       [](Scene& scene) {
         codec::SubmitStatement statement{scene.tuned_id, "USD", base::Epoch(0), base::Epoch(0),
                                          base::MinorUnits(1)};
         statement.asset.bytes[0] ^= 1;
         return scene.chain.Sign("reporter", {statement});
       }},
      {op, kStatementMismatch, "LastBeforeFirst", at + ".last_epoch",
       state("reporter", "USD", 1, 0)},
      {op, kStatementMismatch, "TheCurrentEpoch", at + ".last_epoch",
       [](Scene& scene) {
         const codec::SubmitStatement statement{scene.tuned_id, "USD", base::Epoch(0),
                                                base::Epoch(scene.chain.Row().epoch),
                                                base::MinorUnits(1)};
         return scene.chain.Sign("reporter", {statement});
       }},
      {op, kStatementMismatch, "TheSamePeriod", at + ".first_epoch", overlapping(3, 4)},
      {op, kStatementMismatch, "ItsFirstEpochIsStated", at + ".first_epoch", overlapping(4, 5)},
      {op, kStatementMismatch, "ItsLastEpochIsStated", at + ".first_epoch", overlapping(5, 6)},
      {op, kStatementMismatch, "AroundAStatedOne", at + ".first_epoch", overlapping(5, 8)},
      {op, kStatementMismatch, "InTheSameBlock", at + ".first_epoch",
       [](Scene& scene) {
         const codec::SubmitStatement one{scene.tuned_id, "USD", base::Epoch(0), base::Epoch(0),
                                          base::MinorUnits(1)};
         scene.chain.Commit();
         scene.Must("reporter", {one});
         return scene.chain.Sign("reporter", {one});
       }},
  };
}

std::vector<RejectionCase> FundingCases() {
  const Bytes op = "confirm_funding";
  const Bytes at = "operations[0].confirm_funding";
  const auto fund = [](std::string_view sender, std::string_view reporter, uint64_t amount_minor,
                       std::string_view reference, std::string_view currency) {
    return [=](Scene& scene) {
      return scene.chain.Sign(sender,
                              {scene.chain.Funding(reporter, amount_minor, reference, currency)});
    };
  };
  return {
      {op, kMissingRole, "ByTheReporter", at, fund("reporter", "reporter", 1, "bank-2", "USD")},
      {op, kCurrencyUnknown, "NoSuchCurrency", at + ".currency",
       fund("treasurer", "reporter", 1, "bank-2", "XXX")},
      {op, kUnknownAccount, "NoSuchAccount", at + ".reporter",
       [](Scene& scene) {
         scene.chain.Register("stranger");
         return scene.chain.Sign("treasurer", {scene.chain.Funding("stranger", 1, "bank-2")});
       }},
      {op, kReporterUnknown, "NeverReported", at + ".reporter",
       fund("treasurer", "ann", 1, "bank-2", "USD")},
      {op, kExternalReferenceTaken, "ForAnotherReporterToo", at + ".external_reference",
       fund("treasurer", "small", 1, "bank-1", "USD")},
      {op, kFundingExceedsReceivable, "OneBeyond", at + ".amount_minor",
       fund("treasurer", "reporter", 500'001, "bank-2", "USD")},
      {op, kAmountZero, "Zero", at + ".amount_minor",
       fund("treasurer", "reporter", 0, "bank-2", "USD")},
      {op, kAmountTooLarge, "TwoToThe63", at + ".amount_minor",
       fund("treasurer", "reporter", kTooLarge, "bank-2", "USD")},
  };
}

std::vector<RejectionCase> RequestCases() {
  const Bytes op = "request_payout";
  const Bytes at = "operations[0].request_payout.";
  const auto request = [](std::string_view sender, uint64_t amount_minor,
                          std::string_view currency) {
    return [=](Scene& scene) {
      return scene.chain.Sign(sender, {scene.chain.Payout(amount_minor, currency)});
    };
  };
  return {
      {op, kCurrencyUnknown, "NoSuchCurrency", at + "currency", request("bob", 20'000, "XXX")},
      {op, kPayoutUnit, "OneMinorUnitMore", at + "amount_minor", request("bob", 20'001, "USD")},
      {op, kPayoutMinimum, "OneUnit", at + "amount_minor", request("bob", 10'000, "USD")},
      {op, kInsufficientBalance, "MoreThanIsAvailable", at + "amount_minor",
       request("bob", 400'000, "USD")},
      {op, kInsufficientBalance, "NothingYet", at + "amount_minor",
       request("admin", 20'000, "USD")},
      {op, kInsufficientBalance, "InTheOtherCurrency", at + "amount_minor",
       request("bob", 10'000, "EUR")},
      {op, kInsufficientFunds, "OneUnitBeyond", at + "amount_minor",
       request("bob", 310'000, "USD")},
      {op, kAmountZero, "Zero", at + "amount_minor", request("bob", 0, "USD")},
      {op, kAmountTooLarge, "TwoToThe63", at + "amount_minor", request("bob", kTooLarge, "USD")},
  };
}

std::vector<RejectionCase> CloseCases() {
  const auto confirm = [](std::string_view sender, uint64_t payout, std::string_view reference) {
    return [=](Scene& scene) {
      return scene.chain.Sign(sender, {codec::ConfirmPayout{base::PayoutIndex(payout), reference}});
    };
  };
  const auto fail = [](std::string_view sender, uint64_t payout) {
    return [=](Scene& scene) {
      return scene.chain.Sign(sender, {codec::FailPayout{base::PayoutIndex(payout), "returned"}});
    };
  };
  const Bytes at = "operations[0].";
  return {
      {"confirm_payout", kMissingRole, "ByTheReceiver", at + "confirm_payout",
       confirm("bob", 1, "wire-2")},
      {"confirm_payout", kPayoutUnknown, "NoSuchPayout", at + "confirm_payout.payout",
       confirm("treasurer", 3, "wire-2")},
      {"confirm_payout", kPayoutClosed, "ASecondTime", at + "confirm_payout.payout",
       confirm("treasurer", 0, "wire-2")},
      {"confirm_payout", kPayoutClosed, "HasFailed", at + "confirm_payout.payout",
       confirm("treasurer", 2, "wire-2")},
      {"confirm_payout", kExternalReferenceTaken, "OfAnotherPayout",
       at + "confirm_payout.external_reference", confirm("treasurer", 1, "wire-1")},
      {"fail_payout", kMissingRole, "ByTheReceiver", at + "fail_payout", fail("bob", 1)},
      {"fail_payout", kPayoutUnknown, "NoSuchPayout", at + "fail_payout.payout",
       fail("treasurer", 3)},
      {"fail_payout", kPayoutClosed, "IsPaid", at + "fail_payout.payout", fail("treasurer", 0)},
      {"fail_payout", kPayoutClosed, "ASecondTime", at + "fail_payout.payout",
       fail("treasurer", 2)},
  };
}

}  // namespace

std::vector<RejectionCase> RevenueCases() {
  std::vector<RejectionCase> all = ReportCases(false).All();
  const std::vector<RejectionCase> batch = ReportCases(true).All();
  all.insert(all.end(), batch.begin(), batch.end());
  for (const auto& cases : {AttributionCases(), RefundCases(), StatementCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  all.push_back({"report_revenue_batch", kReferenceTaken, "TwiceInTheBatch",
                 "operations[0].report_revenue_batch.items[1].reference", [](Scene& scene) {
                   const codec::RevenueItem item = scene.Event(1, "x");
                   return scene.chain.Sign("reporter", {codec::ReportRevenueBatch{
                                                           scene.tuned_id, "USD", {item, item}}});
                 }});
  return all;
}

std::vector<RejectionCase> PayoutCases() {
  std::vector<RejectionCase> all = FundingCases();
  all.push_back(
      {"set_payout_preference", kCurrencyUnknown, "NoSuchCurrency",
       "operations[0].set_payout_preference.currency", [](Scene& scene) {
         return scene.chain.Sign("bob", {codec::SetPayoutPreference{"XXX", base::MinorUnits(1)}});
       }});
  for (const auto& cases : {RequestCases(), CloseCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
