#include "tributary/merkle/tlog_proof.h"

#include <optional>
#include <utility>

#include "merkle/lines.h"
#include "tributary/base/base64.h"
#include "tributary/merkle/verify.h"

namespace tributary::merkle {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

base::Rejection MalformedProof(std::string field, std::string detail) {
  return base::Reject(base::RejectionCode::kProofFileMalformed, std::move(field),
                      std::move(detail));
}

}  // namespace

std::string FormatTlogProof(const TlogProof& proof) {
  std::string out(kHeader);
  out += '\n';
  if (!proof.extra.empty()) out.append(kExtra).append(base::ToBase64(proof.extra)) += '\n';
  out.append(kIndex).append(std::to_string(proof.index)) += '\n';
  for (const base::Hash& hash : proof.hashes) out += base::ToBase64(hash.view()) + '\n';
  return out + '\n' + proof.checkpoint;
}

base::Checked<TlogProof> ParseTlogProof(std::string_view bytes) {
  if (bytes.size() > kTlogProofBytesMax)
    return MalformedProof("file", "larger than 2,000,000 bytes");
  TlogProof out;
  if (TakeLine(bytes) != kHeader) return MalformedProof("header", "not " + std::string(kHeader));

  auto line = TakeLine(bytes);
  if (const auto extra = line ? After(*line, kExtra) : std::nullopt) {
    auto decoded = base::FromBase64(*extra);
    if (!decoded || decoded->empty()) return MalformedProof("extra", "no valid base64");
    out.extra = *std::move(decoded);
    line = TakeLine(bytes);
  }
  const auto index_text = line ? After(*line, kIndex) : std::nullopt;
  const auto index = index_text ? ParseSize(*index_text) : std::nullopt;
  if (!index) return MalformedProof("index", "no decimal number below 2^63");
  out.index = *index;

  for (line = TakeLine(bytes); line && !line->empty(); line = TakeLine(bytes)) {
    const std::string field = "hashes[" + std::to_string(out.hashes.size()) + "]";
    if (out.hashes.size() == kProofHashesMax) return MalformedProof(field, "more than 63");
    const auto hash = ParseHash(*line);
    if (!hash) return MalformedProof(field, "no base64 of 32 bytes");
    out.hashes.push_back(*hash);
  }
  if (!line) return MalformedProof("checkpoint", "no blank line before it");
  if (bytes.empty()) return MalformedProof("checkpoint", "none");
  if (bytes.size() > kNoteBytesMax)
    return MalformedProof("checkpoint", "larger than 1,000,000 bytes");
  out.checkpoint = bytes;
  return out;
}

base::Checked<VerifiedCheckpoint> VerifyTlogProof(const TlogProof& proof,
                                                  const base::Hash& leaf_hash,
                                                  const CheckpointPolicy& policy) {
  auto verified = VerifyCheckpoint(proof.checkpoint, policy);
  if (!verified) return verified;
  const Checkpoint& checkpoint = verified->checkpoint;
  if (auto verdict =
          VerifyInclusion(proof.index, checkpoint.size, leaf_hash, proof.hashes, checkpoint.root)) {
    return *std::move(verdict);
  }
  return verified;
}

}  // namespace tributary::merkle
