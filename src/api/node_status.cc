#include "api/node_status.h"

#include "api/encode.h"

namespace tributary::api {
namespace {

v1::NodeMode Encode(node::Mode mode) {
  switch (mode) {
    case node::Mode::kServing:
    case node::Mode::kStopping: return v1::NODE_MODE_SERVING;
    case node::Mode::kReadOnly: return v1::NODE_MODE_READ_ONLY;
    case node::Mode::kHalted: return v1::NODE_MODE_HALTED;
    case node::Mode::kClockRefused: return v1::NODE_MODE_CLOCK_REFUSED;
  }
  return v1::NODE_MODE_UNSPECIFIED;
}

void EncodeChain(ReadContext& c, v1::NodeStatus* to) {
  const node::ReadView& view = c.view();
  const state::ChainRow& chain = view.chain();
  to->set_chain_id(std::string(view.chain_id()));
  to->set_chain_hash(AsString(chain.chain_hash));
  to->set_height(view.header().height.value());
  to->set_time_ms(view.header().time_ms.value());
  to->set_epoch(chain.epoch);
  to->set_epoch_start_ms(chain.epoch_start_ms);
  to->set_epoch_end_ms(chain.epoch_end_ms);
  to->set_oldest_unsettled_epoch(view.oldest_unsettled_epoch());
  to->set_log_size(view.log_size());
  to->set_log_root(AsString(view.log_root()));
  to->set_state_root(AsString(view.header().state_root));
  to->set_header_hash(AsString(view.header_hash()));
  to->set_rule_version(chain.rule_version);
  EncodeParameters(view.parameters(), to->mutable_parameters());
  for (uint64_t row = 0; row < view.currency_count(); ++row) {
    EncodeCurrency(c.Currency(base::CurrencyIndex(static_cast<uint16_t>(row))),
                   to->add_currencies());
  }
  to->set_accounts(view.account_count());
  to->set_records(view.record_count());
  to->set_edges(view.RowCount(state::TableKind::kEdges));
  to->set_settlements(chain.settlements);
  to->set_payouts(view.RowCount(state::TableKind::kPayouts));
  to->set_live_transaction_ids(chain.live_txids);
  to->set_admin_threshold(chain.admin_threshold);
  to->set_arbiter_threshold(chain.arbiter_threshold);
}

std::string Lacks(const storage::Past& past) {
  const std::string begin =
      "restored from a snapshot of block " + std::to_string(past.height.value()) + ": ";
  if (past.log_complete()) {
    return begin + "the log is whole, the indexes begin after that block until `tributaryd repair`";
  }
  return begin + std::to_string(past.first_entry - past.filled) +
         " earlier entries are not here yet, and the indexes begin after that block";
}

}  // namespace

std::string_view ModeName(node::Mode mode) {
  switch (mode) {
    case node::Mode::kServing: return "serving";
    case node::Mode::kReadOnly: return "read_only";
    case node::Mode::kHalted: return "halted";
    case node::Mode::kClockRefused: return "clock_refused";
    case node::Mode::kStopping: return "stopping";
  }
  return "unknown";
}

void EncodeStatus(ReadContext& c, const node::Ledger& ledger, const std::string& engine,
                  v1::NodeStatus* to) {
  EncodeChain(c, to);
  const node::Mempool::Usage mempool = ledger.mempool_usage();
  to->set_mempool_transactions(mempool.transactions);
  to->set_mempool_bytes(mempool.bytes);
  to->set_mode(Encode(ledger.mode()));
  const storage::Past past = ledger.store().history();
  to->set_mode_reason(ledger.mode() == node::Mode::kServing && !past.complete()
                          ? Lacks(past)
                          : ledger.mode_reason());
  to->set_version(kVersion);
  to->set_engine(engine);
  to->set_node_time_ms(ledger.clock().WallMs());
}

}  // namespace tributary::api
