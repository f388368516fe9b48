// C2SP signed notes: a text and lines of signatures over it.
//
//   <text, ends in \n>\n— <key name> <base64(4-byte key id || signature)>\n...
//
// Example of a signature line: "— ledger.example.com/a 3q2+7wAA...=\n". What is signed is the text
// with its final newline and without the blank line. Source: C2SP signed-note v1.0.0 and, for
// cosignatures, tlog-cosignature v1.0.1.
#ifndef TRIBUTARY_MERKLE_NOTE_H_
#define TRIBUTARY_MERKLE_NOTE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::merkle {

inline constexpr size_t kNoteBytesMax = 1'000'000;
inline constexpr size_t kNoteSignaturesMax = 100;

enum class NoteKeyType : uint8_t {
  kEd25519 = 0x01,      // signs the text
  kCosignature = 0x04,  // Ed25519 over a time and the text: "consistent with all I saw until then"
};

// What a verifier key string ("vkey") holds. The key id is computed, never stored.
struct NoteKey {
  std::string name;
  NoteKeyType type = NoteKeyType::kEd25519;
  base::PublicKey key;

  // First 4 bytes of SHA-256(name || 0x0a || type || key), big-endian.
  uint32_t Id() const;
  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// Non-empty valid UTF-8 without control characters, white space of any script, or '+'.
bool IsNoteKeyName(std::string_view name);
// The names that we give ourselves: 1..255 of a-z 0-9 . / -
bool IsPortableKeyName(std::string_view name);

// "<name>+<8 hex digits of the id>+<base64(type || key)>".
std::string FormatVerifierKey(const NoteKey& key);
// Strict: one text per key. Errors: kKeyMalformed.
base::Checked<NoteKey> ParseVerifierKey(std::string_view text);

// One signature line.
struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::vector<uint8_t> signature;  // without the key id; at least 1 byte
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // ends in \n
  std::vector<NoteSignature> signatures;
  friend bool operator==(const Note&, const Note&) = default;
};

// Requires: what ParseNote promises.
std::string FormatNote(const Note& note);

// Ensures: FormatNote gives the same bytes again; 1..kNoteSignaturesMax signatures, no two with the
// same name and id (Go's reader takes the first of them; a later version of the format forbids it).
// Errors: kNoteMalformed, naming the part; also for base64 whose unused bits are not zero.
base::Checked<Note> ParseNote(std::string_view bytes);

// Signs a message with the private key of a NoteKey.
using SignFunction = std::function<base::SignatureBytes(base::Bytes message)>;

// A signature line of type kEd25519 over `text`. Requires: key.type, IsPortableKeyName(key.name),
// a text that ends in \n and in no blank line.
NoteSignature SignNote(const NoteKey& key, std::string_view text, const SignFunction& sign);
// A signature line of type kCosignature. Requires: as SignNote, and time_s <= 2^63-1.
// Units: time_s is seconds since 1970-01-01 UTC.
NoteSignature CosignNote(const NoteKey& key, std::string_view text, uint64_t time_s,
                         const SignFunction& sign);

// A signature of a known key that verified.
struct GoodSignature {
  size_t key = 0;       // index among the known keys
  uint64_t time_s = 0;  // of a cosignature; otherwise 0
};

// The good signatures by known keys, in the order of the note. A key is known if name and id are
// those of a known key; lines of unknown keys are ignored.
// Errors: kNoteBadSignature if one by a known key does not verify; kNoteUnsigned if there is none
// by a known key.
base::Checked<std::vector<GoodSignature>> VerifyNote(const Note& note,
                                                     std::span<const NoteKey> known);

}  // namespace tributary::merkle

#endif  // TRIBUTARY_MERKLE_NOTE_H_
