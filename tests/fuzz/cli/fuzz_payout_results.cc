// What a bank says of a batch of payouts, as CSV: read whole, or refused with the lines at fault.
#include <cstddef>
#include <cstdint>

#include "cli/payout_file.h"
#include "fuzz/support/reached.h"
#include "tributary/base/types.h"

std::vector<std::string> tributary::fuzz::Required() { return {"results", "problems"}; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  cli::Problems problems("fuzz");
  cli::ParsePayoutResults(base::AsText({data, size}), problems);
  fuzz::Reached(problems.empty() ? "results" : "problems");
  return 0;
}
