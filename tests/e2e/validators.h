// A network of real validators on this machine, each a daemon with its CometBFT, for tests that
// kill and restart them.
#ifndef TRIBUTARY_TESTS_E2E_VALIDATORS_H_
#define TRIBUTARY_TESTS_E2E_VALIDATORS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tributary/client/client.h"

namespace tributary::e2e {

class Validators {
 public:
  static constexpr int kCount = 4;

  // Makes a directory and a network in it, at 127.0.0.21 and following. Aborts where that fails.
  Validators(std::string daemon, const std::string& cometbft);
  // Kills what still runs and removes the directory, unless KEEP is set in the environment.
  ~Validators();
  Validators(const Validators&) = delete;
  Validators& operator=(const Validators&) = delete;

  // Starts the daemon and waits until it serves.
  void Start(int node);
  // SIGKILL, and waits for the end. Its CometBFT notices and ends by itself.
  void Kill(int node);
  // SIGKILL to the CometBFT of a node, if it has one just now.
  bool KillEngine(int node);
  // SIGTERM, and the exit code.
  int Stop(int node);
  bool running(int node) const { return pids_[static_cast<size_t>(node)] > 0; }

  std::unique_ptr<client::Client> Connect(int node) const;
  std::string data(int node) const { return folder_ + "/net/node" + std::to_string(node); }
  std::string keys() const { return folder_ + "/net/keys"; }
  const std::string& folder() const { return folder_; }

  // Says what, shows the ends of the logs, and ends the program.
  [[noreturn]] void Fail(const std::string& what);

 private:
  void KillAll();
  static pid_t EngineOf(pid_t daemon);

  const std::string daemon_;
  std::string folder_;
  std::vector<pid_t> pids_;
};

}  // namespace tributary::e2e

#endif  // TRIBUTARY_TESTS_E2E_VALIDATORS_H_
