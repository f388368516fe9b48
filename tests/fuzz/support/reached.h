// What a fuzz target has reached of a decoder: labels, one for each way in which it refuses, so
// that a run can say which of them no input ever took.
//
// A target lists its labels in Required(), names what it meets by Reached(), and begins with an
// Input. Its corpus, replayed, must reach all of them.
#ifndef TRIBUTARY_TESTS_FUZZ_SUPPORT_REACHED_H_
#define TRIBUTARY_TESTS_FUZZ_SUPPORT_REACHED_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "tributary/base/rejection.h"

namespace tributary::fuzz {

// Defined by each target.
std::vector<std::string> Required();

inline constexpr std::string_view kAccepted = "accepted";

// Aborts where the label is not in Required().
void Reached(std::string_view label);
// The name of the rule, e.g. "WireVarint"; `prefix` tells decoders of one target apart. A rule that
// is not in Required() is passed over: a target says beside its list which it leaves out, and why.
void Reached(const base::Rejection& rejection, std::string_view prefix = {});
// The required label that stands in the status's message. Aborts where there is none.
void ReachedText(const absl::Status& status);

// Labels of Required() that were not reached.
std::vector<std::string> Missing();

// Lives while one input is tried. Where TRIBUTARY_FUZZ_KEEP names a directory, an input that is the
// first to reach a label, beyond what the files in it reach, is written there under that name.
class Input {
 public:
  Input(const uint8_t* data, size_t size);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

 private:
  std::string_view bytes_;
};

}  // namespace tributary::fuzz

#endif  // TRIBUTARY_TESTS_FUZZ_SUPPORT_REACHED_H_
