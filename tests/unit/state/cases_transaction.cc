#include "codec/wire.h"
#include "state/overlay.h"
#include "state/transaction.h"
#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

// What a transaction's bytes become.
std::function<Bytes(Scene&)> Broken(std::function<void(Bytes&)> breaker) {
  return [breaker = std::move(breaker)](Scene& scene) {
    Bytes bytes = scene.chain.Sign("steward", {scene.chain.Register("new")});
    breaker(bytes);
    return bytes;
  };
}

// What its body becomes; signed as it then is.
std::function<Bytes(Scene&)> Changed(
    std::function<void(Scene&, codec::TransactionBody&, std::vector<std::string>&)> change) {
  return [change = std::move(change)](Scene& scene) {
    auto body = scene.chain.Body("steward", {scene.chain.Register("new")});
    std::vector<std::string> signers = {"steward"};
    change(scene, body, signers);
    return scene.chain.Seal(body, signers);
  };
}

// A signed body of raw bytes; the signature does not matter.
Bytes Envelope(const Bytes& body, size_t signatures) {
  codec::SignedTransaction transaction;
  transaction.body = base::AsBytes(body);
  for (size_t i = 0; i < signatures; ++i) {
    codec::Signature signature;
    signature.account.bytes.fill(static_cast<uint8_t>(i + 1));
    signature.signature.bytes.fill(1);
    transaction.signatures.push_back(signature);
  }
  return codec::Encode(transaction);
}

std::function<Bytes(Scene&)> RawBody(std::function<void(Bytes&)> breaker) {
  return [breaker = std::move(breaker)](Scene& scene) {
    Bytes body = codec::Encode(scene.chain.Body("steward", {scene.chain.Register("new")}));
    breaker(body);
    return Envelope(body, 1);
  };
}

Bytes Duplicate(Scene& scene, const std::function<void(Scene&)>& between) {
  const Bytes bytes = scene.chain.Sign("steward", {scene.chain.Register("new")});
  const auto refused = scene.chain.Apply(bytes);
  TRIBUTARY_CHECK(!refused, "the first time");
  between(scene);
  return bytes;
}

base::Verdict ApplyWithFullWindow(Scene& scene, uint64_t live) {
  state::Overlay overlay(scene.chain.pages(), scene.chain.resident());
  state::BlockContext block;
  block.time = base::TimeMs(scene.chain.time_ms());
  block.chain = overlay.Get<state::ChainRow>(0);
  block.chain.live_txids = live;
  block.parameters = overlay.Get<state::ParametersRow>(0);
  const auto prepared = state::Prepare(scene.chain.Sign("steward", {scene.chain.Register("new")}),
                                       scene.chain.chain_id);
  TRIBUTARY_CHECK(prepared.ok(), "prepare");
  return state::ApplyTransaction(overlay, block, **prepared);
}

std::vector<RejectionCase> WireCases() {
  const Bytes op = "transaction";
  return {
      {op, kWireTruncated, "LastByteMissing", "signatures",
       Broken([](Bytes& bytes) { bytes.pop_back(); })},
      {op, kWireMissing, "Empty", "body", [](Scene&) { return Bytes(); }},
      {op, kWireTrailing, "ZeroByteAfterTheEnd", "", Broken([](Bytes& bytes) { bytes += '\0'; })},
      {op, kWireUnknownField, "FieldThree", "", Broken([](Bytes& bytes) { bytes += "\x1a\x01x"; })},
      {op, kWireUnknownField, "FieldInTheBody", "",
       RawBody([](Bytes& body) { body += "\x32\x01x"; })},
      {op, kWireRepeatedField, "BodyTwice", "", Broken([](Bytes& bytes) { bytes += "\x0a\x01x"; })},
      {op, kWireType, "ChainIdAsNumber", "chain_id", RawBody([](Bytes& body) { body[0] = 0x08; })},
      {op, kWireVarint, "LongLength", "chain_id",
       RawBody([](Bytes& body) { body.replace(1, 1, Bytes("\x86\x00", 2)); })},
      {op, kWireLength, "LongChainId", "chain_id",
       Changed([](Scene&, codec::TransactionBody& body, auto&) {
         body.chain_id = "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1";
       })},
      {op, kWireUtf8, "ControlCharacter", "chain_id",
       Changed([](Scene&, codec::TransactionBody& body, auto&) { body.chain_id = "test\n"; })},
      {op, kWireMissing, "NoNonce", "nonce", RawBody([](Bytes& body) {
         const size_t nonce = body.find("\x22\x10");
         body.erase(nonce, 18);
       })},
      {op, kWireDefault, "EmptyChainId", "chain_id",
       RawBody([](Bytes& body) { body.replace(1, 7, Bytes("\0", 1)); })},
      {op, kWireEnum, "RecordKind99", "operations[0].submit_record.record.kind",
       [](Scene& scene) {
         auto record = scene.GoodRecord();
         record.kind = static_cast<codec::RecordKind>(99);
         return scene.chain.Sign("bob", {scene.chain.SubmitBytes(record)});
       }},
      {op, kWireRange, "WeightAbove32Bits", "operations[0].submit_record.record.parents[0].weight",
       [](Scene& scene) {
         const auto record = scene.GoodRecord();
         Bytes bytes = codec::Encode(record);
         // The weight 1 becomes 2^32: four bytes longer, so are parent and record.
         const size_t weight = bytes.find(Bytes("\x18\x01", 2));
         bytes.replace(weight + 1, 1, Bytes("\x80\x80\x80\x80\x10", 5));
         const size_t parent = bytes.find(Bytes("\x5a\x26", 2));
         bytes[parent + 1] = 0x2a;
         codec::SubmitRecord operation;
         operation.record = scene.chain.arena().KeepBytes(bytes);
         return scene.chain.Sign("bob", {operation});
       }},
      {op, kWireCount, "Items1025", "operations[0].report_revenue_batch.items",
       [](Scene& scene) {
         codec::ReportRevenueBatch batch{scene.tuned_id, "USD", {}};
         batch.items.assign(1025, scene.Event(1, "x"));
         return scene.chain.Sign("reporter", {batch});
       }},
  };
}

std::vector<RejectionCase> SignatureCases() {
  const Bytes op = "transaction";
  return {
      {op, kMissingSignature, "NoSignatures", "signatures",
       [](Scene& scene) {
         return Envelope(codec::Encode(scene.chain.Body("steward", {scene.chain.Register("n")})),
                         0);
       }},
      {op, kMissingSignature, "SenderDidNotSign", "signatures",
       Changed([](Scene&, auto&, std::vector<std::string>& signers) { signers = {"ann"}; })},
      {op, kBadSignature, "OtherKey", "signatures[0].signature",
       [](Scene& scene) {
         scene.chain.UseKey("steward", "somebody else");
         const Bytes bytes = scene.chain.Sign("steward", {scene.chain.Register("new")});
         scene.chain.UseKey("steward", "steward");
         return bytes;
       }},
      {op, kBadSignature, "OneBitFlipped", "signatures[0].signature",
       Broken([](Bytes& bytes) { bytes.back() = static_cast<char>(bytes.back() ^ 1); })},
      {op, kUnneededSignature, "NobodyAskedFor", "signatures",
       Changed([](Scene&, auto&, std::vector<std::string>& signers) {
         signers = {"steward", "ann"};
       })},
      {op, kUnneededSignature, "Twice", "signatures[1].account",
       Changed([](Scene&, auto&, std::vector<std::string>& signers) {
         signers = {"steward", "steward"};
       })},
      {op, kUnknownSigner, "NoSuchAccount", "signatures[1].account",
       Changed([](Scene& scene, auto&, std::vector<std::string>& signers) {
         scene.chain.Register("stranger");
         signers = {"steward", "stranger"};
       })},
      {op, kCustodialSigner, "WithoutAKey", "signatures[0].account",
       [](Scene& scene) { return scene.chain.Sign("keyless", {scene.chain.Payout(20'000)}); }},
      {op, kCustodialSigner, "ClaimNotInForceYet", "signatures[0].account",
       [](Scene& scene) {
         scene.chain.UseKey("late", "late/1");
         return scene.chain.Sign("late", {scene.chain.Payout(20'000)});
       }},
      {op, kTooManySignatures, "SixtyFive", "signatures",
       [](Scene& scene) {
         return Envelope(codec::Encode(scene.chain.Body("steward", {scene.chain.Register("n")})),
                         65);
       }},
  };
}

std::vector<RejectionCase> EnvelopeCases() {
  const Bytes op = "transaction";
  return {
      {op, kTransactionTooLarge, "OneByteMore", "", [](Scene&) { return Bytes(65'536, 'x'); }},
      {op, kWrongChain, "AnotherChain", "chain_id",
       Changed([](Scene&, codec::TransactionBody& body, auto&) { body.chain_id = "test/2"; })},
      {op, kNoOperations, "None", "operations",
       Changed([](Scene&, codec::TransactionBody& body, auto&) { body.operations.clear(); })},
      {op, kTooManyOperations, "FiveHundredAndThirteen", "operations",
       Changed([](Scene&, codec::TransactionBody& body, auto&) {
         body.operations.assign(513, codec::FailPayout{base::PayoutIndex(1), "x"});
       })},
      {op, kUnknownSender, "NoSuchAccount", "sender",
       [](Scene& scene) {
         scene.chain.Register("stranger");
         return scene.chain.Sign("stranger", {scene.chain.Payout(20'000)});
       }},
      {op, kExpired, "AtTheBlockTime", "valid_until_ms",
       Changed([](Scene& scene, codec::TransactionBody& body, auto&) {
         body.valid_until_ms = base::TimeMs(scene.chain.time_ms());
       })},
      {op, kValidUntilTooFar, "OneMillisecondBeyond", "valid_until_ms",
       Changed([](Scene& scene, codec::TransactionBody& body, auto&) {
         body.valid_until_ms = base::TimeMs(scene.chain.time_ms() + 3'600'001);
       })},
      {op, kDuplicateTransaction, "InTheSameBlock", "",
       [](Scene& scene) { return Duplicate(scene, [](Scene&) {}); }},
      {op, kDuplicateTransaction, "InALaterBlock", "",
       [](Scene& scene) {
         return Duplicate(scene, [](Scene& later) { later.chain.Advance(99'999); });
       }},
      {op, kDuplicateTransaction, "AfterARestart", "",
       [](Scene& scene) { return Duplicate(scene, [](Scene& later) { later.chain.Rebuild(); }); }},
      {op, kReplayWindowFull, "FourMillionIds", "valid_until_ms", nullptr, nullptr,
       [](Scene& scene) { return ApplyWithFullWindow(scene, state::kLiveTxIdsMax); }},
  };
}

}  // namespace

std::vector<RejectionCase> TransactionCases() {
  std::vector<RejectionCase> all = WireCases();
  for (const auto& cases : {SignatureCases(), EnvelopeCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
