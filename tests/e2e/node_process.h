// A real daemon in a temporary directory, for tests that start, kill and restart it.
#ifndef TRIBUTARY_TESTS_E2E_NODE_PROCESS_H_
#define TRIBUTARY_TESTS_E2E_NODE_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "tributary/client/client.h"

namespace tributary::e2e {

// Runs a program to its end and returns its exit code; 128 + signal where a signal ended it. Its
// output goes to `output_file`.
int Run(const std::vector<std::string>& arguments, const std::string& output_file);

// Starts a program and waits for nothing; its output is appended to `output_file`.
pid_t Spawn(const std::vector<std::string>& arguments, const std::string& output_file);
// Waits for its end: its exit code, or 128 + the signal that ended it.
int WaitForEnd(pid_t pid);

class NodeProcess {
 public:
  // Makes a directory and a chain with the accounts of `init --dev` in it. Aborts with the
  // program's output where that fails, as everything here does: without a node there is no test.
  NodeProcess(std::string daemon, const std::vector<std::string>& init_options);
  // Kills what still runs and removes the directory, unless KEEP is set in the environment.
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  // Starts the daemon and waits for nothing.
  void Spawn();
  // Starts the daemon and waits until it serves.
  void Start();
  // Sends SIGKILL and waits for the end.
  void Kill();
  // Sends SIGTERM, waits, and returns the exit code.
  int Stop();
  bool running() const { return pid_ > 0; }

  const std::string& folder() const { return folder_; }
  const std::string& data() const { return data_; }
  const std::string& address() const { return address_; }
  std::string KeyFile(const std::string& role) const { return data_ + "/keys/" + role + ".key"; }
  // A new client of the daemon as it is listening now.
  std::unique_ptr<client::Client> Connect() const;

 private:
  [[noreturn]] void Fail(const std::string& what) const;
  bool ReadListenFile();

  const std::string daemon_;
  std::string folder_;
  std::string data_;
  std::string address_;
  pid_t pid_ = -1;
};

}  // namespace tributary::e2e

#endif  // TRIBUTARY_TESTS_E2E_NODE_PROCESS_H_
