#include "consensus/peer_filter.h"

#include <string_view>

namespace tributary::consensus {
namespace {

constexpr std::string_view kFilter = "/p2p/filter/";
constexpr std::string_view kId = "/p2p/filter/id/";
constexpr uint32_t kCodeNotAPeer = 2;

}  // namespace

bool AnswerPeerQuery(const PeerFilter& may_connect, const tendermint::abci::RequestQuery& request,
                     tendermint::abci::ResponseQuery* out) {
  const std::string& path = request.path();
  if (!std::string_view(path).starts_with(kFilter)) return false;
  if (!std::string_view(path).starts_with(kId) || !may_connect) return true;
  if (may_connect(path.substr(kId.size()))) return true;
  out->set_code(kCodeNotAPeer);
  out->set_log("not a node of this network");
  return true;
}

}  // namespace tributary::consensus
