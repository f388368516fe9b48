// A program that runs beside this one, and ends with it: when the thread that started it ends, it
// is killed.
#ifndef TRIBUTARY_CONSENSUS_CHILD_PROCESS_H_
#define TRIBUTARY_CONSENSUS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::consensus {

// Thread safety: none.
class ChildProcess {
 public:
  // Runs `arguments[0]`, looked for in PATH, with what it prints appended to the file `log`, which
  // is for this user alone; at 16 MiB the file becomes `log`.1 first. Errors: kNotFound where there
  // is no such program; kUnavailable.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& arguments, const std::string& log);
  // Requires: Stop was called, or HasEnded is true.
  ~ChildProcess();

  bool HasEnded();
  // "exit code 1", "signal 9"; of one that has ended.
  std::string HowItEnded() const;
  // SIGTERM, and SIGKILL after `grace_ms`. Returns when it has ended.
  void Stop(uint64_t grace_ms);
  pid_t pid() const { return pid_; }

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  const pid_t pid_;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace tributary::consensus

#endif  // TRIBUTARY_CONSENSUS_CHILD_PROCESS_H_
