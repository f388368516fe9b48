// tlog-proof files from outside: whatever is accepted formats to the same bytes again, and what it
// claims is verified within bounds.
#include <cstddef>
#include <cstdint>

#include "fuzz/support/reached.h"
#include "tributary/base/check.h"
#include "tributary/merkle/tlog_proof.h"
#include "tributary/merkle/verify.h"

// Not among them: what stands behind a checkpoint that a known key signed.
std::vector<std::string> tributary::fuzz::Required() {
  return {"a proof",    "ProofFileMalformed", "NoteMalformed", "NoteUnsigned",
          "ProofRange", "ProofLength",        "ProofMismatch"};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  const std::string_view text = base::AsText({data, size});
  const auto proof = merkle::ParseTlogProof(text);
  if (!proof.ok()) {
    fuzz::Reached(proof.rejection());
    return 0;
  }
  fuzz::Reached("a proof");
  TRIBUTARY_CHECK(merkle::FormatTlogProof(*proof) == text, "proof does not round-trip");
  static const merkle::CheckpointPolicy policy{"ledger.example.com/attribution", {}, {}, 0};
  const auto verified = merkle::VerifyTlogProof(*proof, merkle::EmptyRoot(), policy);
  TRIBUTARY_CHECK(!verified.ok(), "forged");
  fuzz::Reached(verified.rejection());

  // The bare hashes as a consistency proof, with what the file gives as sizes.
  const uint64_t m = proof->index;
  const uint64_t n = m + proof->checkpoint.size();
  const auto verdict =
      merkle::VerifyConsistency(m, n, merkle::EmptyRoot(), merkle::EmptyRoot(), proof->hashes);
  TRIBUTARY_CHECK(verdict.has_value() || m == 0, "forged");
  if (verdict) fuzz::Reached(*verdict);
  return 0;
}
