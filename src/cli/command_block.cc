#include "cli/command.h"
#include "cli/context.h"
#include "cli/exit_code.h"
#include "cli/parse.h"
#include "cli/table.h"
#include "tributary/client/client.h"
#include "tributary/client/proof.h"

namespace tributary::cli {
namespace {

absl::Status ShowBlock(Context& context) {
  v1::GetBlockRequest request;
  const std::string which = context.Text("HEIGHT");
  if (which.empty() || which == "latest") {
    request.set_latest(true);
  } else if (const auto height = ParseNumber(which)) {
    request.set_height(*height);
  } else {
    return UsageError("'" + which + "' is no height; write a number or latest");
  }
  const auto block = context.node().GetBlock(request);
  if (!block.ok()) return block.status();
  if (context.json()) {
    context.PrintJson(*block);
    return absl::OkStatus();
  }
  Facts facts;
  facts.Add("block", std::to_string(block->height()) + " at " + Time(block->time_ms()) +
                         ", epoch " + std::to_string(block->epoch()));
  facts.Add("entries", std::to_string(block->first_entry()) + " to " +
                           std::to_string(block->header_entry()) + ", " +
                           Plural(block->transactions(), "transaction"));
  facts.Add("header hash", Hex(block->header_hash()));
  facts.Add("previous", Hex(block->previous_header()));
  facts.Add("log root", Hex(block->log_root()));
  facts.Add("state root", Hex(block->state_root()));
  for (const std::string& id : block->transaction_ids()) facts.Add("transaction", Hex(id));
  facts.Print(context.out());
  return absl::OkStatus();
}

// Shows an entry and checks, with hashes alone, that it is in the log that the node states.
absl::Status ShowEntry(Context& context) {
  v1::GetEntryRequest request;
  request.set_index(context.Number("INDEX"));
  const auto entry = context.node().GetEntry(request);
  if (!entry.ok()) return entry.status();
  const auto checkpoint = context.node().GetCheckpoint();
  if (!checkpoint.ok()) return checkpoint.status();
  v1::GetInclusionProofRequest ask;
  ask.set_index(entry->index());
  ask.set_tree_size(checkpoint->size());
  const auto proof = context.node().GetInclusionProof(ask);
  if (!proof.ok()) return proof.status();
  const auto root = client::FromField<base::Hash>(checkpoint->root());
  if (!root) return Unverified("the node's checkpoint has no root of 32 bytes");
  if (proof->index() != entry->index() || proof->tree_size() != checkpoint->size()) {
    return Unverified("the node proved another entry than it was asked for");
  }
  if (const auto verdict = client::VerifyEntry(*proof, entry->data(), *root)) {
    return Unverified(verdict->ToString());
  }
  if (context.json()) {
    context.PrintJson(*entry);
    return absl::OkStatus();
  }
  const char* const kinds[] = {"?", "genesis", "header", "transaction"};
  Facts facts;
  facts.Add("entry", std::to_string(entry->index()) + ", " +
                         kinds[entry->kind() <= v1::ENTRY_KIND_TRANSACTION ? entry->kind() : 0] +
                         ", " + Plural(entry->data().size(), "byte"));
  facts.Add("leaf hash", Hex(entry->leaf_hash()));
  if (!entry->transaction_id().empty()) facts.Add("transaction", Hex(entry->transaction_id()));
  facts.Add("proved", "in the log of " + std::to_string(checkpoint->size()) + " entries, root " +
                          Hex(checkpoint->root()));
  facts.Print(context.out());
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> BlockCommands() {
  return {{"",
           "block",
           "a block and its header",
           {{"HEIGHT", "number or latest; default: latest"}},
           &ShowBlock},
          {"",
           "entry",
           "an entry of the log, with its proof checked",
           {{"INDEX", "from 0", ArgumentKind::kNumber, true}},
           &ShowEntry}};
}

}  // namespace tributary::cli
