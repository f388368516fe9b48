#include "consensus/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
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

// In the new process, which shares locks with threads that it does not have: nothing here may
// allocate.
[[noreturn]] void Become(char* const* argv, pid_t parent, int out, int failed) {
  // Ours never outlives us, however we end: what is left of it would keep the next one from
  // starting.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  // A group of its own: Ctrl-C at a terminal is for us, we stop it in order.
  setpgid(0, 0);
  // Signals that main() waits for are blocked in every thread of ours; not in the child.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = write(failed, &error, sizeof error);
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& arguments, const std::string& log) {
  TRIBUTARY_CHECK(!arguments.empty(), "a program without a name");
  Rotate(log);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) return base::Unavailable("cannot write " + log + ": " + std::strerror(errno));
  int failed[2];
  if (pipe2(failed, O_CLOEXEC) != 0) {
    const int error = errno;
    close(out);
    return base::Unavailable("cannot make a pipe: " + std::string(std::strerror(error)));
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) Become(argv.data(), parent, out, failed[1]);
  int error = pid < 0 ? errno : 0;
  close(failed[1]);
  close(out);
  // Empty: the program runs.
  if (pid > 0 && read(failed[0], &error, sizeof error) == static_cast<ssize_t>(sizeof error)) {
    waitpid(pid, nullptr, 0);
  }
  close(failed[0]);
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
