#include "api/tile_pages.h"

#include <string>
#include <utility>

#include "codec/bytes.h"
#include "merkle/tiles.h"
#include "tributary/base/status.h"

namespace tributary::api {
namespace {

HttpResponse NotThere(std::string_view why) {
  return {404, "text/plain; charset=utf-8", std::string(why) + "\n"};
}

HttpResponse Bytes(std::string body) {
  return {200, "application/octet-stream", std::move(body), true};
}

HttpResponse Fault(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kNotFound) return NotThere(base::Message(status));
  return {500, "text/plain; charset=utf-8", std::string(base::Message(status)) + "\n"};
}

// Each entry behind its length in two bytes, big-endian.
HttpResponse EntryBundle(const node::ReadView& view, const merkle::TilePath& path) {
  std::string bundle;
  const absl::Status status = view.snapshot().ReadEntries(
      base::EntryIndex(path.id.number * merkle::kTileWidth), path.width, UINT64_MAX,
      [&bundle](base::EntryIndex, std::string_view data) {
        codec::AppendBig<uint16_t>(bundle, static_cast<uint16_t>(data.size()));
        bundle += data;
        return true;
      });
  return status.ok() ? Bytes(std::move(bundle)) : Fault(status);
}

HttpResponse Tile(const node::ReadView& view, const merkle::TilePath& path) {
  // A full tile, or exactly the partial one asked for, if the log has come so far.
  const uint32_t width = merkle::TileWidthAt(path.id, view.log_size());
  if (width < path.width) return NotThere("the log is not that long");
  if (path.entries) return EntryBundle(view, path);
  auto stored = view.snapshot().ReadTile(path.id);
  if (!stored.ok()) return Fault(stored.status());
  const size_t size = path.width * base::Hash::kSize;
  if (stored->size() < size) return Fault(base::DataLoss("the stored tile is too short"));
  return Bytes(std::string(reinterpret_cast<const char*>(stored->data()), size));
}

}  // namespace

HttpResponse AnswerTiles(const node::Ledger& ledger, const LogSigner* signer,
                         std::string_view path) {
  const std::shared_ptr<const node::ReadView> view = ledger.view();
  if (path == "/checkpoint") {
    if (signer == nullptr) return NotThere("this node has no key to sign checkpoints with");
    return {200, "text/plain; charset=utf-8", signer->Sign(*view)};
  }
  const auto tile = merkle::ParseTilePath(path.substr(path.empty() ? 0 : 1));
  if (!tile) return NotThere("/checkpoint /tile/<L>/<N>[.p/<W>] /tile/entries/<N>[.p/<W>]");
  return Tile(*view, *tile);
}

}  // namespace tributary::api
