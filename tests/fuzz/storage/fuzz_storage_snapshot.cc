// Snapshots as peers and disks hand them over. The first byte says which part: a manifest, to which
// the target puts the right hash, so that what stands behind it is reached; or the only chunk of a
// manifest that names it. A manifest that is taken is written again as it stood.
#include <cstddef>
#include <cstdint>
#include <string>

#include "crypto/hash.h"
#include "fuzz/support/reached.h"
#include "storage/snapshot_format.h"
#include "tributary/base/check.h"
#include "tributary/merkle/verify.h"

namespace tributary::fuzz {
namespace {

// One row of the chain, and forty currencies, whose rows are hashed alone.
storage::Manifest Fixed(std::string_view chunk) {
  storage::Manifest out;
  out.header.height = base::Height(1);
  out.header.log_root = merkle::EmptyRoot();
  const auto bytes = codec::EncodeHeader(out.header);
  out.header_bytes = std::string(base::AsText(bytes));
  out.rows = {{{state::TableKind::kChain, 0}, 1}, {{state::TableKind::kCurrencies, 0}, 40}};
  out.edge.resize(merkle::kTileLevels);
  out.chunks = {crypto::Sha256(base::AsBytes(chunk))};
  return out;
}

void TryManifest(std::string bytes) {
  const base::Hash hash = crypto::Sha256(base::AsBytes(bytes));
  bytes += base::AsText(hash.view());
  const auto manifest = storage::DecodeManifest(bytes);
  if (!manifest.ok()) return ReachedText(manifest.status());
  TRIBUTARY_CHECK(storage::EncodeManifest(*manifest) == bytes, "a manifest has one form");
  Reached("manifest");
  Reached(storage::RestoreEdge(*manifest).ok() ? "edge" : "no edge");
}

void TryChunk(std::string_view chunk) {
  auto reader = storage::SnapshotReader::Begin(Fixed(chunk));
  TRIBUTARY_CHECK(reader.ok(), "the fixed manifest");
  const auto pages = reader->Next(chunk);
  if (!pages.ok()) return ReachedText(pages.status());
  ReachedText(reader->Finish());  // nobody finds pages that give a root of zeros
}

}  // namespace

std::vector<std::string> Required() {
  return {"manifest",
          "edge",
          "no edge",
          "it is no manifest",
          "it is cut short",
          "its header",
          "the size of the log",
          "a table of a kind that there is not",
          "a table's row count",
          "order of tables",
          "something follows after its end",
          "is none, or one of another place",
          "does not go on where the one before it ended",
          "has pages too many",
          "has another form than ours",
          "has bytes beyond its rows",
          "does not end where its pages do",
          "ends before its last page",
          "the pages give the state root"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  if (size == 0) return 0;
  const std::string_view rest = base::AsText({data + 1, size - 1});
  if (data[0] % 2 == 0) {
    fuzz::TryManifest(std::string(rest));
  } else {
    fuzz::TryChunk(rest);
  }
  return 0;
}
