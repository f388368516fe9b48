#include "tributary/merkle/checkpoint.h"

#include <optional>
#include <utility>

#include "merkle/lines.h"
#include "tributary/base/base64.h"
#include "tributary/base/check.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {
namespace {

using base::Reject;
using base::RejectionCode;

base::Rejection Malformed(std::string field, std::string detail) {
  return Reject(RejectionCode::kCheckpointMalformed, std::move(field), std::move(detail));
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  std::string out = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                    base::ToBase64(checkpoint.root.view()) + "\n";
  for (const std::string& line : checkpoint.extensions) out += line + "\n";
  return out;
}

base::Checked<Checkpoint> ParseCheckpointText(std::string_view text) {
  Checkpoint out;
  const auto origin = TakeLine(text);
  if (!origin || !IsNoteKeyName(*origin)) return Malformed("origin", "no valid first line");
  out.origin = *origin;
  const auto size_line = TakeLine(text);
  const auto size = size_line ? ParseSize(*size_line) : std::nullopt;
  if (!size) return Malformed("size", "no decimal number below 2^63 in the second line");
  out.size = *size;
  const auto root_line = TakeLine(text);
  const auto root = root_line ? ParseHash(*root_line) : std::nullopt;
  if (!root) return Malformed("root", "no base64 of 32 bytes in the third line");
  out.root = *root;
  if (out.size == 0 && out.root != EmptyRoot()) {
    return Malformed("root", "the root of size 0 is not SHA-256 of nothing");
  }
  while (!text.empty()) {
    const auto line = TakeLine(text);
    if (!line || line->empty()) return Malformed("extensions", "an empty or unfinished line");
    out.extensions.emplace_back(*line);
  }
  return out;
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteKey& key,
                           const SignFunction& sign) {
  TRIBUTARY_CHECK(IsPortableKeyName(checkpoint.origin), "origin is not portable");
  Note note;
  note.text = CheckpointText(checkpoint);
  note.signatures.push_back(SignNote(key, note.text, sign));
  return FormatNote(note);
}

base::Checked<VerifiedCheckpoint> VerifyCheckpoint(std::string_view note_bytes,
                                                   const CheckpointPolicy& policy) {
  const auto note = ParseNote(note_bytes);
  if (!note) return note.rejection();
  std::vector<NoteKey> known = {policy.log};
  known.insert(known.end(), policy.cosigners.begin(), policy.cosigners.end());
  const auto good = VerifyNote(*note, known);
  if (!good) return good.rejection();

  VerifiedCheckpoint out;
  bool by_log = false;
  for (const GoodSignature& signature : *good) {
    if (signature.key == 0) {
      by_log = true;
    } else {
      out.cosignatures.push_back({signature.key - 1, signature.time_s});
    }
  }
  if (!by_log) return Reject(RejectionCode::kNoteUnsigned, "signatures", "by the log");
  if (out.cosignatures.size() < policy.cosigners_min) {
    return Reject(RejectionCode::kNoteUnsigned, "signatures",
                  std::to_string(out.cosignatures.size()) + " of " +
                      std::to_string(policy.cosigners_min) + " cosigners");
  }
  auto checkpoint = ParseCheckpointText(note->text);
  if (!checkpoint) return checkpoint.rejection();
  if (checkpoint->origin != policy.origin) {
    return Reject(RejectionCode::kCheckpointOrigin, "origin", checkpoint->origin);
  }
  out.checkpoint = *std::move(checkpoint);
  return out;
}

}  // namespace tributary::merkle
