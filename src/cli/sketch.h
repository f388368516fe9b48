// A MinHash sketch of a file, for `record submit --sketch-of`.
#ifndef TRIBUTARY_CLI_SKETCH_H_
#define TRIBUTARY_CLI_SKETCH_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tributary::cli {

// Two contents share about as many minima as they share windows; docs/formats.md says how a sketch
// is made. Empty for a content shorter than one window.
std::string SketchOf(std::string_view content);

// Of a file of at most 64 MiB. Errors: a larger or shorter one, or one that cannot be read.
absl::StatusOr<std::string> SketchOfFile(const std::string& path);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SKETCH_H_
