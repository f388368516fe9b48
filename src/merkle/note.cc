#include "tributary/merkle/note.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "crypto/ed25519.h"
#include "crypto/hash.h"
#include "merkle/lines.h"
#include "tributary/base/base64.h"
#include "tributary/base/check.h"
#include "tributary/base/hex.h"

namespace tributary::merkle {
namespace {

using base::Bytes;
using base::Reject;
using base::RejectionCode;

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr size_t kIdBytes = 4;
constexpr size_t kTimeBytes = 8;
constexpr size_t kKeyBytes = 32;
constexpr size_t kEd25519Bytes = 64;
constexpr uint64_t kTimeMax = (uint64_t{1} << 63) - 1;

template <size_t kSize>
std::array<uint8_t, kSize> BigEndian(uint64_t value) {
  std::array<uint8_t, kSize> out;
  for (size_t i = 0; i < kSize; ++i) out[i] = static_cast<uint8_t>(value >> 8 * (kSize - 1 - i));
  return out;
}

uint64_t FromBigEndian(Bytes bytes) {
  uint64_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// Removes one code point of strict UTF-8 from the front; nullopt if the bytes are none.
std::optional<uint32_t> TakeCodePoint(std::string_view& text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : 4;
  if (length == 4 && lead >> 3 != 30) return std::nullopt;
  if (text.size() < length) return std::nullopt;
  uint32_t point = length == 1 ? lead : lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte >> 6 != 2) return std::nullopt;
    point = point << 6 | (byte & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < kLeast[length] || surrogate || point > 0x10ffff) return std::nullopt;
  text.remove_prefix(length);
  return point;
}

// Unicode's White_Space property.
bool IsSpace(uint32_t point) {
  if (point <= 0xff) {
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0;
  }
  return point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
         point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

bool IsNoteText(std::string_view text) {
  while (!text.empty()) {
    const auto point = TakeCodePoint(text);
    if (!point || (*point < 0x20 && *point != '\n')) return false;
  }
  return true;
}

base::Rejection MalformedNote(std::string field, std::string detail) {
  return Reject(RejectionCode::kNoteMalformed, std::move(field), std::move(detail));
}

base::Rejection BadKey(std::string detail) {
  return Reject(RejectionCode::kKeyMalformed, "vkey", std::move(detail));
}

base::Checked<NoteSignature> ParseSignatureLine(std::string_view line, const std::string& field) {
  const auto rest = After(line, kSignaturePrefix);
  if (!rest) return MalformedNote(field, "the line does not start with an em dash and a space");
  const size_t space = rest->find(' ');
  const std::string_view name = rest->substr(0, space);
  if (space == std::string_view::npos || !IsNoteKeyName(name)) {
    return MalformedNote(field, "no valid key name");
  }
  const auto bytes = base::FromBase64(rest->substr(space + 1));
  if (!bytes || bytes->size() <= kIdBytes) return MalformedNote(field, "no valid base64 signature");
  NoteSignature out;
  out.name = name;
  out.key_id = static_cast<uint32_t>(FromBigEndian(Bytes(*bytes).first(kIdBytes)));
  out.signature.assign(bytes->begin() + kIdBytes, bytes->end());
  return out;
}

std::string CosignedMessage(uint64_t time_s, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(time_s) + "\n" + std::string(text);
}

void CheckSignable(const NoteKey& key, NoteKeyType type, std::string_view text) {
  TRIBUTARY_CHECK(key.type == type, "key of another type");
  TRIBUTARY_CHECK(IsPortableKeyName(key.name), "key name is not portable");
  TRIBUTARY_CHECK(text.ends_with('\n') && !text.ends_with("\n\n") && IsNoteText(text),
                  "text cannot be signed");
}

// The time of a good signature (0 for one without), nullopt for a bad one.
std::optional<uint64_t> CheckSignature(const NoteKey& key, std::string_view text, Bytes signature) {
  uint64_t time_s = 0;
  std::string message;
  if (key.type == NoteKeyType::kCosignature) {
    if (signature.size() != kTimeBytes + kEd25519Bytes) return std::nullopt;
    time_s = FromBigEndian(signature.first(kTimeBytes));
    if (time_s > kTimeMax) return std::nullopt;
    signature = signature.subspan(kTimeBytes);
    message = CosignedMessage(time_s, text);
    text = message;
  }
  if (signature.size() != kEd25519Bytes) return std::nullopt;
  base::SignatureBytes bytes;
  std::copy(signature.begin(), signature.end(), bytes.bytes.begin());
  if (!crypto::Verify(key.key, base::AsBytes(text), bytes)) return std::nullopt;
  return time_s;
}

}  // namespace

bool IsNoteKeyName(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto point = TakeCodePoint(name);
    if (!point || *point < 0x20 || *point == '+' || IsSpace(*point)) return false;
  }
  return true;
}

bool IsPortableKeyName(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-';
  });
}

uint32_t NoteKey::Id() const {
  const std::array<uint8_t, 2> separator = {'\n', static_cast<uint8_t>(type)};
  crypto::Hasher hasher;
  const base::Hash hash = hasher.Update(name).Update(separator).Update(key.bytes).Finish();
  return static_cast<uint32_t>(FromBigEndian(hash.view().first(kIdBytes)));
}

std::string FormatVerifierKey(const NoteKey& key) {
  std::vector<uint8_t> bytes = {static_cast<uint8_t>(key.type)};
  bytes.insert(bytes.end(), key.key.bytes.begin(), key.key.bytes.end());
  return key.name + "+" + base::ToHex(BigEndian<kIdBytes>(key.Id())) + "+" + base::ToBase64(bytes);
}

base::Checked<NoteKey> ParseVerifierKey(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return BadKey("not name+id+base64");
  NoteKey key;
  key.name = text.substr(0, first);
  if (!IsNoteKeyName(key.name)) return BadKey("no valid key name");
  const auto bytes = base::FromBase64(text.substr(second + 1));
  if (!bytes || bytes->empty()) return BadKey("no valid base64");
  const uint8_t type = bytes->front();
  const bool known = type == static_cast<uint8_t>(NoteKeyType::kEd25519) ||
                     type == static_cast<uint8_t>(NoteKeyType::kCosignature);
  if (!known) return BadKey("unsupported key type " + std::to_string(type));
  if (bytes->size() != 1 + kKeyBytes) return BadKey("wrong key length");
  key.type = static_cast<NoteKeyType>(type);
  std::copy(bytes->begin() + 1, bytes->end(), key.key.bytes.begin());
  if (FormatVerifierKey(key) != text) return BadKey("the id is not that of the key");
  return key;
}

std::string FormatNote(const Note& note) {
  std::string out = note.text + "\n";
  for (const NoteSignature& line : note.signatures) {
    const auto id = BigEndian<kIdBytes>(line.key_id);
    std::vector<uint8_t> bytes(id.begin(), id.end());
    bytes.insert(bytes.end(), line.signature.begin(), line.signature.end());
    out.append(kSignaturePrefix).append(line.name).append(" ");
    out.append(base::ToBase64(bytes)).append("\n");
  }
  return out;
}

base::Checked<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) return MalformedNote("note", "larger than 1,000,000 bytes");
  if (!IsNoteText(bytes)) return MalformedNote("note", "not UTF-8, or a control character");
  const size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos)
    return MalformedNote("note", "no blank line before signatures");
  Note note;
  note.text = bytes.substr(0, blank + 1);
  std::string_view rest = bytes.substr(blank + 2);
  std::set<std::pair<std::string, uint32_t>> seen;
  if (rest.empty()) return MalformedNote("signatures", "none");
  while (!rest.empty()) {
    const std::string field = "signatures[" + std::to_string(note.signatures.size()) + "]";
    if (note.signatures.size() == kNoteSignaturesMax) return MalformedNote(field, "more than 100");
    const auto line = TakeLine(rest);
    if (!line) return MalformedNote(field, "the last line does not end");
    auto signature = ParseSignatureLine(*line, field);
    if (!signature) return signature.rejection();
    if (!seen.emplace(signature->name, signature->key_id).second) {
      return MalformedNote(field, "a second signature of the same key");
    }
    note.signatures.push_back(*std::move(signature));
  }
  return note;
}

NoteSignature SignNote(const NoteKey& key, std::string_view text, const SignFunction& sign) {
  CheckSignable(key, NoteKeyType::kEd25519, text);
  const base::SignatureBytes signature = sign(base::AsBytes(text));
  return {key.name, key.Id(), {signature.bytes.begin(), signature.bytes.end()}};
}

NoteSignature CosignNote(const NoteKey& key, std::string_view text, uint64_t time_s,
                         const SignFunction& sign) {
  CheckSignable(key, NoteKeyType::kCosignature, text);
  TRIBUTARY_CHECK(time_s <= kTimeMax, "time out of range");
  const base::SignatureBytes signature = sign(base::AsBytes(CosignedMessage(time_s, text)));
  const auto time = BigEndian<kTimeBytes>(time_s);
  NoteSignature out{key.name, key.Id(), {time.begin(), time.end()}};
  out.signature.insert(out.signature.end(), signature.bytes.begin(), signature.bytes.end());
  return out;
}

base::Checked<std::vector<GoodSignature>> VerifyNote(const Note& note,
                                                     std::span<const NoteKey> known) {
  std::vector<GoodSignature> good;
  for (size_t i = 0; i < note.signatures.size(); ++i) {
    const NoteSignature& line = note.signatures[i];
    const auto key = std::find_if(known.begin(), known.end(), [&line](const NoteKey& candidate) {
      return candidate.name == line.name && candidate.Id() == line.key_id;
    });
    if (key == known.end()) continue;
    const auto time_s = CheckSignature(*key, note.text, line.signature);
    if (!time_s) {
      return Reject(RejectionCode::kNoteBadSignature, "signatures[" + std::to_string(i) + "]",
                    line.name);
    }
    good.push_back({static_cast<size_t>(key - known.begin()), *time_s});
  }
  if (good.empty()) return Reject(RejectionCode::kNoteUnsigned, "signatures", "by a known key");
  return good;
}

}  // namespace tributary::merkle
