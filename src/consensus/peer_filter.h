// Who may connect, as CometBFT asks for it with "filter_peers".
#ifndef TRIBUTARY_CONSENSUS_PEER_FILTER_H_
#define TRIBUTARY_CONSENSUS_PEER_FILTER_H_

#include <functional>
#include <string>

#include "abci/types.pb.h"

namespace tributary::consensus {

// Whether the node of this id (40 hex digits) may connect. Empty: any may.
using PeerFilter = std::function<bool(const std::string& node_id)>;

// Answers the query, where it is one about a peer; false where it is another. A connection is
// judged by the id, which is that of the key it is encrypted with; an address proves nothing.
bool AnswerPeerQuery(const PeerFilter& may_connect, const tendermint::abci::RequestQuery& request,
                     tendermint::abci::ResponseQuery* out);

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_PEER_FILTER_H_
