#include "e2e/node_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace tributary::e2e {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

pid_t Spawn(const std::vector<std::string>& arguments, const std::string& output_file) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  const int out = open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

int WaitForEnd(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int Run(const std::vector<std::string>& arguments, const std::string& output_file) {
  return WaitForEnd(Spawn(arguments, output_file));
}

NodeProcess::NodeProcess(std::string daemon, const std::vector<std::string>& init_options)
    : daemon_(std::move(daemon)) {
  char pattern[] = "/tmp/tributary-e2e.XXXXXX";
  if (mkdtemp(pattern) == nullptr) Fail("cannot make a directory");
  folder_ = pattern;
  data_ = folder_ + "/node";
  std::ofstream(folder_ + "/tributaryd.toml")
      << "data_dir = \"" << data_ << "\"\n[grpc]\nlisten = \"127.0.0.1:0\"\n"
      << "[operations]\nlisten = \"127.0.0.1:0\"\n[tiles]\nlisten = \"127.0.0.1:0\"\n";
  std::vector<std::string> arguments = {daemon_, "init", "--config", folder_ + "/tributaryd.toml",
                                        "--dev"};
  arguments.insert(arguments.end(), init_options.begin(), init_options.end());
  if (Run(arguments, folder_ + "/node.log") != 0) Fail("the chain could not be made");
}

NodeProcess::~NodeProcess() {
  if (running()) Kill();
  if (std::getenv("KEEP") == nullptr) std::filesystem::remove_all(folder_);
}

void NodeProcess::Spawn() {
  std::filesystem::remove(data_ + "/listen");
  pid_ = e2e::Spawn({daemon_, "start", "--config", folder_ + "/tributaryd.toml"},
                    folder_ + "/node.log");
}

void NodeProcess::Start() {
  Spawn();
  for (int i = 0; i < 600; ++i) {
    if (ReadListenFile()) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      Fail("the node ended instead of serving");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Fail("the node does not serve after 30 seconds");
}

bool NodeProcess::ReadListenFile() {
  std::ifstream in(data_ + "/listen");
  std::string word;
  return in >> word >> address_ && word == "grpc";
}

void NodeProcess::Kill() {
  kill(pid_, SIGKILL);
  WaitForEnd(pid_);
  pid_ = -1;
}

int NodeProcess::Stop() {
  kill(pid_, SIGTERM);
  const int code = WaitForEnd(pid_);
  pid_ = -1;
  return code;
}

std::unique_ptr<client::Client> NodeProcess::Connect() const {
  client::ClientOptions options;
  options.address = address_;
  options.retry_for_ms = 10'000;
  return std::make_unique<client::Client>(options);
}

void NodeProcess::Fail(const std::string& what) const {
  std::fprintf(stderr, "FAILED: %s\n%s\n", what.c_str(), ReadAll(folder_ + "/node.log").c_str());
  std::exit(1);
}

}  // namespace tributary::e2e
