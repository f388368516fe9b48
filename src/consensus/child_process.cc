#include "consensus/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "tributary/base/check.h"
#include "tributary/base/status.h"

namespace tributary::consensus {
namespace {

constexpr off_t kLogBytesMax = 16 << 20;

void Rotate(const std::string& log) {
  struct stat file {};
  if (stat(log.c_str(), &file) == 0 && file.st_size >= kLogBytesMax) {
    std::rename(log.c_str(), (log + ".1").c_str());
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& arguments, const std::string& log) {
  TRIBUTARY_CHECK(!arguments.empty(), "a program without a name");
  Rotate(log);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  // Signals that main() waits for are blocked in every thread of ours; not in the child.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  // A group of its own: Ctrl-C at a terminal is for us, we stop it in order.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error == ENOENT) return base::NotFound("there is no program '" + arguments[0] + "'");
  if (error != 0) {
    return base::Unavailable("cannot run '" + arguments[0] + "': " + std::strerror(error));
  }
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid));
}

ChildProcess::~ChildProcess() {
  TRIBUTARY_CHECK(ended_, "a child process that was neither stopped nor has ended");
}

bool ChildProcess::HasEnded() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

std::string ChildProcess::HowItEnded() const {
  return WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                              : "exit code " + std::to_string(WEXITSTATUS(status_));
}

void ChildProcess::Stop(uint64_t grace_ms) {
  if (HasEnded()) return;
  kill(pid_, SIGTERM);
  for (uint64_t waited_ms = 0; waited_ms < grace_ms; waited_ms += 20) {
    if (HasEnded()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
  ended_ = true;
}

}  // namespace tributary::consensus
