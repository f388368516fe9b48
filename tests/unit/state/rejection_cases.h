// Every rejection that an operation, a transaction or a genesis can meet, each with input that
// meets it. rejections_test.cc runs them; docs/errors_by_operation.md is the table of them.
#ifndef TRIBUTARY_TESTS_UNIT_STATE_REJECTION_CASES_H_
#define TRIBUTARY_TESTS_UNIT_STATE_REJECTION_CASES_H_

#include <functional>
#include <string>
#include <vector>

#include "support/chain.h"
#include "tributary/base/rejection.h"

namespace tributary::testing {

// A chain on which something has happened: accounts, records, revenue that has settled, funds, and
// payouts in each state.
//
//   base (ann) <- tuned (bob, passes 40 %, alpha_max 50 %); named (ann) has the external id
//   hf:Org/Name.
//   keyless is custodial (sponsor: steward), and so is late, with a claim pending; claiming has
//   claimed its key claiming/1; orphan is custodial and of the genesis: nobody sponsors it.
//   attributor has that role; so have both, which reports too, and tied, which sponsors too.
//   small reports too, with a credit limit of 1,000 USD minor units and none in EUR.
//   bob was credited 594,000 USD minor units; 500,000 are funded; payout 0 is paid, 1 requested,
//   2 failed, of 100,000 each. A payout is at least 20,000, in units of 10,000.
struct Scene {
  Scene();

  // Aborts the test where it is refused.
  void Must(std::string_view sender, const std::vector<codec::Operation>& operations,
            const std::vector<std::string>& cosigners = {});
  codec::RevenueItem Event(uint64_t amount_minor, std::string_view reference) const {
    return {base::MinorUnits(amount_minor), base::TimeMs(chain.time_ms()), reference};
  }
  // Of the attributor on an event of the reporter with tuned: half of it to base. And the report
  // with it, signed.
  codec::AttributionClaim GoodClaim() const;
  codec::ReportRevenue Attributed(const codec::AttributionClaim& claim);
  codec::ClaimAccount Claim(std::string_view handle, std::string_view key_name) const;
  codec::RotateKey Rotation(std::string_view handle, std::string_view key_name,
                            uint64_t overlap_ms = 0) const;
  // A record of bob with the parent base that nothing is wrong with.
  codec::Record GoodRecord();
  // An amendment of tuned from the next epoch on that nothing is wrong with: it passes on 50 %.
  codec::AmendRecord GoodAmendment();

  // From the next block on, or for parameters from the next epoch on, by the only admin.
  void Govern(const std::vector<codec::Change>& changes);
  void ChangeParameters(const std::function<void(codec::Parameters&)>& change);
  void Grant(std::string_view handle, codec::Role role, bool granted = true);
  codec::Propose Proposal(const std::vector<codec::Change>& changes) const;
  // Those of the genesis, as they were changed since.
  codec::Parameters parameters;
  // A correction of `about`, by ann, that passes half on to it.
  codec::Record CorrectionOf(const base::RecordId& about, std::string_view name);

  Chain chain;
  base::RecordId base_id, tuned_id, named_id;
};

ChainOptions SceneOptions();

struct RejectionCase {
  std::string operation;  // its field name, or "transaction" or "genesis"
  base::RejectionCode code;
  std::string what;   // in CamelCase
  std::string field;  // that the rejection names
  // One of these. The signed bytes that must be refused; it may bring the scene further before.
  std::function<std::string(Scene&)> transaction = nullptr;
  // The serialized genesis that must be refused.
  std::function<std::string()> genesis = nullptr;
  // Applies on an overlay, for a state that no test can bring a whole chain to.
  std::function<base::Verdict(Scene&)> direct = nullptr;
};

std::vector<RejectionCase> TransactionCases();
std::vector<RejectionCase> AccountCases();
std::vector<RejectionCase> RecordCases();
std::vector<RejectionCase> AmendmentCases();
std::vector<RejectionCase> RevenueCases();
std::vector<RejectionCase> PayoutCases();
std::vector<RejectionCase> GovernanceCases();
std::vector<RejectionCase> AccountabilityCases();
std::vector<RejectionCase> GamingCases();
std::vector<RejectionCase> DisputeCases();
std::vector<RejectionCase> LaterCases();
std::vector<RejectionCase> GenesisCases();
std::vector<RejectionCase> AllCases();

// A cell of the table that no test can reach, and why.
struct Unreachable {
  std::string operation;
  base::RejectionCode code;
  std::string why;
};
std::vector<Unreachable> UnreachableCells();

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_UNIT_STATE_REJECTION_CASES_H_
