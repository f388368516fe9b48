// The streams that read: entries of the log, and credits of an account.
#ifndef TRIBUTARY_API_STREAMS_H_
#define TRIBUTARY_API_STREAMS_H_

#include "api/commit_fanout.h"
#include "api/lineage_shares.h"
#include "api/stream_slots.h"
#include "grpcpp/grpcpp.h"
#include "node/ledger.h"
#include "tributary/v1/api.pb.h"

namespace tributary::api {

// Ownership: the stream frees itself when the call is over.
grpc::ServerWriteReactor<v1::Entry>* StartStreamEntries(node::Ledger& ledger, CommitFanout& fanout,
                                                        StreamSlots& slots,
                                                        const v1::StreamEntriesRequest& request);
grpc::ServerWriteReactor<v1::CreditBatch>* StartStreamCredits(
    node::Ledger& ledger, CommitFanout& fanout, StreamSlots& slots, LineageCache& lineages,
    const v1::StreamCreditsRequest& request);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_STREAMS_H_
