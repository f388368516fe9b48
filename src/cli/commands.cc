#include "cli/command.h"

#include <iterator>

namespace tributary::cli {

std::vector<Command> AllCommands() {
  std::vector<Command> all;
  for (const auto file :
       {&StatusCommands,      &KeysCommands,       &AccountCommands,     &RecordCommands,
        &AmendCommands,       &PoolCommands,       &ImportCommands,      &LineageCommands,
        &RevenueCommands,     &ReporterCommands,   &FundingCommands,     &BalanceCommands,
        &StatementCommands,   &PreviewCommands,    &ExplainCommands,     &PayoutCommands,
        &PayoutBatchCommands, &SettlementCommands, &TransactionCommands, &BlockCommands,
        &VerifyCommands,      &AuditCommands,      &ErrorsCommands,      &CaseCommands,
        &GovCommands,         &IncidentCommands,   &TraceCommands,       &ReviewCommands,
        &ReportCommands}) {
    std::vector<Command> commands = file();
    std::move(commands.begin(), commands.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<Group> AllGroups() {
  return {{"keys", "make and show key files"},
          {"account", "register, claim, rotate the key of, and show accounts"},
          {"record", "submit, show, list and amend contributions"},
          {"case", "dispute the shares of a record, answer, rule, and see what a ruling would do"},
          {"gov", "how the chain is governed: parameters, roles, proposals of admins"},
          {"pool", "community data sets of up to millions of members"},
          {"import", "bring in many records at once"},
          {"lineage", "ancestors and descendants of a record, with shares"},
          {"revenue", "report what an asset earned"},
          {"funding", "confirm money that has arrived"},
          {"explain", "who gets what and why, as a tree with paths"},
          {"payout", "request, confirm, fail and list payouts; batches for a bank"},
          {"settlement", "what matured in an epoch and currency, and from which assets"},
          {"incident", "report harm, freeze what an asset earns, rule with compensation"},
          {"report", "patterns in the whole lineage that are worth a look"},
          {"tx", "what became of a transaction"},
          {"verify", "check a proof without asking anybody"}};
}

}  // namespace tributary::cli
