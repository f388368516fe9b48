#include "unit/state/rejection_cases.h"

namespace tributary::testing {
namespace {

using enum base::RejectionCode;
using Bytes = std::string;

// A registration by `sponsor`, changed before its proof of possession is made.
Bytes Registration(Scene& scene, std::string_view sender, const std::string& handle,
                   std::string_view sponsor) {
  return scene.chain.Sign(sender, {scene.chain.Register(handle, sponsor)});
}

// An operation of the steward with a key that is a point of small order.
base::PublicKey SmallOrder() {
  base::PublicKey key;
  key.bytes[0] = 1;
  return key;
}

codec::RegisterAccount RegisterWith(Scene& scene, const base::PublicKey& key) {
  codec::Registration registration;
  registration.handle = "new";
  registration.sponsor = scene.chain.IdOf("steward");
  registration.public_key = key;
  codec::RegisterAccount operation;
  operation.registration = scene.chain.arena().KeepBytes(codec::Encode(registration));
  operation.possession.emplace();
  operation.possession->bytes.fill(1);
  return operation;
}

std::vector<RejectionCase> RegisterCases() {
  const Bytes op = "register_account";
  const Bytes at = "operations[0].register_account";
  return {
      {op, kMissingRole, "ByAContributor", at,
       [](Scene& scene) { return Registration(scene, "ann", "new", "ann"); }},
      {op, kSponsorMismatch, "SponsorIsNotTheSender", at + ".registration.sponsor",
       [](Scene& scene) { return Registration(scene, "steward", "new", "steward2"); }},
      {op, kAccountExists, "TheSameRegistration", at + ".registration",
       [](Scene& scene) { return Registration(scene, "steward", "ann", "steward"); }},
      {op, kHandleTaken, "BySomebodyElse", at + ".registration.handle",
       [](Scene& scene) { return Registration(scene, "steward2", "ann", "steward2"); }},
      {op, kHandleInvalid, "UpperCase", at + ".registration.handle",
       [](Scene& scene) { return Registration(scene, "steward", "Ann", "steward"); }},
      {op, kKeySmallOrder, "KeyOfSmallOrder", at + ".public_key",
       [](Scene& scene) {
         return scene.chain.Sign("steward", {RegisterWith(scene, SmallOrder())});
       }},
      {op, kBadPossession, "SignedByAnotherKey", at + ".possession",
       [](Scene& scene) {
         return scene.chain.Sign("steward", {RegisterWith(scene, KeyOf("another").public_key())});
       }},
      {op, kBadPossession, "KeyWithoutAProof", at + ".possession",
       [](Scene& scene) {
         auto operation = RegisterWith(scene, KeyOf("another").public_key());
         operation.possession.reset();
         return scene.chain.Sign("steward", {operation});
       }},
  };
}

std::vector<RejectionCase> ClaimCases() {
  const Bytes op = "claim_account";
  const Bytes at = "operations[0].claim_account.";
  const auto claim = [](std::string_view sender, std::string_view account,
                        std::vector<std::string> cosigners = {}) {
    return [sender, account, cosigners](Scene& scene) {
      return scene.chain.Sign(sender, {scene.Claim(account, "key")}, cosigners);
    };
  };
  return {
      {op, kUnknownAccount, "NoSuchAccount", at + "account",
       [](Scene& scene) {
         scene.chain.Register("stranger");
         return scene.chain.Sign("steward", {scene.Claim("stranger", "key")});
       }},
      {op, kNotCustodial, "HasAKey", at + "account", claim("steward", "ann")},
      {op, kNotCustodial, "WasClaimed", at + "account", claim("steward", "claiming")},
      {op, kClaimPending, "Twice", at + "account", claim("steward", "late")},
      {op, kNotSponsor, "OneStewardWhoIsNotTheSponsor", at + "account",
       claim("steward2", "keyless")},
      {op, kNotSponsor, "OneStewardWhereNobodySponsors", at + "account",
       claim("steward", "orphan")},
      {op, kKeySmallOrder, "KeyOfSmallOrder", at + "public_key",
       [](Scene& scene) {
         auto operation = scene.Claim("keyless", "key");
         operation.public_key = SmallOrder();
         return scene.chain.Sign("steward", {operation});
       }},
      {op, kBadPossession, "SignedByAnotherKey", at + "possession",
       [](Scene& scene) {
         auto operation = scene.Claim("keyless", "key");
         operation.public_key = KeyOf("another").public_key();
         return scene.chain.Sign("steward", {operation});
       }},
      {op, kBadPossession, "ProofForAnotherAccount", at + "possession",
       [](Scene& scene) {
         auto operation = scene.Claim("orphan", "key");
         operation.account = scene.chain.IdOf("keyless");
         return scene.chain.Sign("steward", {operation});
       }},
  };
}

std::vector<RejectionCase> ObjectionCases() {
  const Bytes op = "object_to_claim";
  const Bytes at = "operations[0].object_to_claim";
  const auto object = [](std::string_view sender, std::string_view account) {
    return [sender, account](Scene& scene) {
      return scene.chain.Sign(sender,
                              {codec::ObjectToClaim{scene.chain.IdOf(account), "not theirs"}});
    };
  };
  return {
      {op, kUnknownAccount, "NoSuchAccount", at + ".account",
       [](Scene& scene) {
         scene.chain.Register("stranger");
         return scene.chain.Sign(
             "steward", {codec::ObjectToClaim{scene.chain.IdOf("stranger"), "not theirs"}});
       }},
      {op, kNoClaimPending, "NeverClaimed", at + ".account", object("steward", "keyless")},
      {op, kNoClaimPending, "InForceAlready", at + ".account", object("steward", "claiming")},
      {op, kMissingRole, "ByAContributor", at, object("ann", "late")},
  };
}

std::vector<RejectionCase> RotationCases() {
  const Bytes op = "rotate_key";
  const Bytes at = "operations[0].rotate_key.";
  return {
      {op, kKeyInUse, "TheSameKey", at + "public_key",
       [](Scene& scene) { return scene.chain.Sign("ann", {scene.Rotation("ann", "ann")}); }},
      {op, kKeyInUse, "TheOldKeyWhileBothAreInForce", at + "public_key",
       [](Scene& scene) {
         scene.Must("ann", {scene.Rotation("ann", "ann/1", 1'000)});
         return scene.chain.Sign("ann", {scene.Rotation("ann", "ann")});
       }},
      {op, kRotationOverlap, "LongerThanAllowed", at + "overlap_ms",
       [](Scene& scene) {
         return scene.chain.Sign("ann", {scene.Rotation("ann", "ann/1", 600'001)});
       }},
      {op, kRotationOverlap, "AnotherIsNotOver", at + "overlap_ms",
       [](Scene& scene) {
         scene.Must("ann", {scene.Rotation("ann", "ann/1", 1'000)});
         scene.chain.Advance(999);
         return scene.chain.Sign("ann", {scene.Rotation("ann", "ann/2")});
       }},
      {op, kKeySmallOrder, "KeyOfSmallOrder", at + "public_key",
       [](Scene& scene) {
         auto operation = scene.Rotation("ann", "ann/1");
         operation.public_key = SmallOrder();
         return scene.chain.Sign("ann", {operation});
       }},
      {op, kBadPossession, "SignedByAnotherKey", at + "possession",
       [](Scene& scene) {
         auto operation = scene.Rotation("ann", "ann/1");
         operation.public_key = KeyOf("another").public_key();
         return scene.chain.Sign("ann", {operation});
       }},
  };
}

}  // namespace

std::vector<RejectionCase> AccountCases() {
  std::vector<RejectionCase> all = RegisterCases();
  for (const auto& cases : {ClaimCases(), ObjectionCases(), RotationCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace tributary::testing
