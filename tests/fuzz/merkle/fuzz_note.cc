// Notes, checkpoints, verifier keys and tile paths from outside: whatever is accepted formats to
// the same bytes again.
#include <cstddef>
#include <cstdint>

#include "fuzz/support/reached.h"
#include "merkle/tiles.h"
#include "tributary/base/check.h"
#include "tributary/merkle/checkpoint.h"
#include "tributary/merkle/note.h"

namespace {

using namespace tributary;  // NOLINT: a target of its own

void FuzzNote(std::string_view text) {
  const auto note = merkle::ParseNote(text);
  if (!note.ok()) return fuzz::Reached(note.rejection());
  fuzz::Reached("a note");
  TRIBUTARY_CHECK(merkle::FormatNote(*note) == text, "note does not round-trip");
  static const merkle::NoteKey key;
  const auto known = std::span(&key, 1);
  const auto verified = merkle::VerifyNote(*note, known);
  TRIBUTARY_CHECK(!verified.ok(), "forged");
  fuzz::Reached(verified.rejection());
  const auto checkpoint = merkle::ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return fuzz::Reached(checkpoint.rejection());
  fuzz::Reached("a checkpoint");
  TRIBUTARY_CHECK(merkle::CheckpointText(*checkpoint) == note->text,
                  "checkpoint does not round-trip");
}

}  // namespace

// Not among them: NoteBadSignature, for which a signature by the known key would have to be forged.
std::vector<std::string> tributary::fuzz::Required() {
  return {"a note",       "a checkpoint",        "a key",
          "a path",       "NoteMalformed",       "NoteUnsigned",
          "KeyMalformed", "CheckpointMalformed", "no path"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  FuzzNote(text);
  const auto key = merkle::ParseVerifierKey(text);
  if (!key) {
    fuzz::Reached(key.rejection());
  } else {
    fuzz::Reached("a key");
    TRIBUTARY_CHECK(merkle::FormatVerifierKey(*key) == text, "key does not round-trip");
  }
  const auto path = merkle::ParseTilePath(text);
  fuzz::Reached(path ? "a path" : "no path");
  if (path) {
    TRIBUTARY_CHECK(merkle::FormatTilePath(*path) == text, "path does not round-trip");
  }
  return 0;
}
