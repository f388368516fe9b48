// The log over HTTP in the C2SP tlog-tiles layout: /checkpoint, /tile/<L>/<N>[.p/<W>] and
// /tile/entries/<N>[.p/<W>].
// Source: C2SP tlog-tiles v1.0.0.
#ifndef TRIBUTARY_API_TILE_PAGES_H_
#define TRIBUTARY_API_TILE_PAGES_H_

#include <string_view>

#include "api/checkpoint.h"
#include "api/http_listener.h"
#include "node/ledger.h"

namespace tributary::api {

// `signer` may be null: then there is no /checkpoint, for an unsigned one proves nothing.
HttpResponse AnswerTiles(const node::Ledger& ledger, const LogSigner* signer,
                         std::string_view path);

}  // namespace tributary::api

#endif  // TRIBUTARY_API_TILE_PAGES_H_
