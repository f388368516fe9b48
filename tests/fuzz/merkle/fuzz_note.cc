// Notes, checkpoints, verifier keys and tile paths from outside: whatever is accepted formats to
// the same bytes again.
#include <cstddef>
#include <cstdint>

#include "merkle/tiles.h"
#include "tributary/base/check.h"
#include "tributary/merkle/checkpoint.h"
#include "tributary/merkle/note.h"

namespace {

using namespace tributary;  // NOLINT: a target of its own

void FuzzNote(std::string_view text) {
  const auto note = merkle::ParseNote(text);
  if (!note.ok()) return;
  TRIBUTARY_CHECK(merkle::FormatNote(*note) == text, "note does not round-trip");
  static const merkle::NoteKey key;
  const auto known = std::span(&key, 1);
  TRIBUTARY_CHECK(!merkle::VerifyNote(*note, known).ok(), "forged");
  const auto checkpoint = merkle::ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return;
  TRIBUTARY_CHECK(merkle::CheckpointText(*checkpoint) == note->text,
                  "checkpoint does not round-trip");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = base::AsText({data, size});
  FuzzNote(text);
  if (const auto key = merkle::ParseVerifierKey(text)) {
    TRIBUTARY_CHECK(merkle::FormatVerifierKey(*key) == text, "key does not round-trip");
  }
  if (const auto path = merkle::ParseTilePath(text)) {
    TRIBUTARY_CHECK(merkle::FormatTilePath(*path) == text, "path does not round-trip");
  }
  return 0;
}
