#include "e2e/validators.h"

#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "e2e/node_process.h"

namespace tributary::e2e {
namespace {

constexpr int kFirstAddress = 21;
constexpr int kStartSeconds = 60;

}  // namespace

Validators::Validators(std::string daemon, const std::string& cometbft)
    : daemon_(std::move(daemon)), pids_(kCount, -1) {
  char pattern[] = "/tmp/tributary-val.XXXXXX";
  if (mkdtemp(pattern) == nullptr) Fail("cannot make a directory");
  folder_ = pattern;
  const int code = Run({daemon_, "testnet", "--dir", folder_ + "/net", "--validators",
                        std::to_string(kCount), "--first-address", std::to_string(kFirstAddress),
                        "--program", cometbft, "--epoch-ms", "1000", "--maturity-epochs", "0"},
                       folder_ + "/testnet.log");
  if (code != 0) Fail("the network could not be made");
}

Validators::~Validators() {
  KillAll();
  if (std::getenv("KEEP") == nullptr) std::filesystem::remove_all(folder_);
}

void Validators::KillAll() {
  for (int node = 0; node < kCount; ++node) {
    if (running(node)) Kill(node);
  }
}

void Validators::Start(int node) {
  std::filesystem::remove(data(node) + "/listen");
  pid_t& pid = pids_[static_cast<size_t>(node)];
  pid = Spawn({daemon_, "start", "--config", data(node) + "/tributaryd.toml"},
              folder_ + "/node" + std::to_string(node) + ".log");
  for (int i = 0; i < kStartSeconds * 20; ++i) {
    if (std::filesystem::exists(data(node) + "/listen")) return;
    if (waitpid(pid, nullptr, WNOHANG) == pid) {
      pid = -1;
      Fail("node " + std::to_string(node) + " ended instead of serving");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Fail("node " + std::to_string(node) + " does not serve");
}

void Validators::Kill(int node) {
  pid_t& pid = pids_[static_cast<size_t>(node)];
  kill(pid, SIGKILL);
  WaitForEnd(pid);
  pid = -1;
}

int Validators::Stop(int node) {
  pid_t& pid = pids_[static_cast<size_t>(node)];
  kill(pid, SIGTERM);
  const int code = WaitForEnd(pid);
  pid = -1;
  return code;
}

// Children are listed by the thread that made them.
pid_t Validators::EngineOf(pid_t daemon) {
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(daemon) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    std::ifstream children(task.path() / "children");
    if (pid_t child = 0; children >> child) return child;
  }
  return -1;
}

bool Validators::KillEngine(int node) {
  const pid_t engine = EngineOf(pids_[static_cast<size_t>(node)]);
  return engine > 0 && kill(engine, SIGKILL) == 0;
}

std::unique_ptr<client::Client> Validators::Connect(int node) const {
  client::ClientOptions options;
  options.address = "127.0.0." + std::to_string(kFirstAddress + node) + ":7400";
  options.retry_for_ms = 60'000;
  return std::make_unique<client::Client>(options);
}

void Validators::Fail(const std::string& what) {
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::fflush(stderr);
  KillAll();
  std::vector<std::string> tail = {"/usr/bin/tail", "-n", "8", folder_ + "/testnet.log"};
  for (int node = 0; node < kCount; ++node) {
    tail.push_back(folder_ + "/node" + std::to_string(node) + ".log");
    tail.push_back(data(node) + "/cometbft/cometbft.log");
  }
  Run(tail, "/dev/stderr");
  std::exit(1);
}

}  // namespace tributary::e2e
