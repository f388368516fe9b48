// Runs histories (tests/models/history.py) on the real state machine and prints the outcome lines
// of `differential.py --model integer`. Standard input may hold many histories, each from its
// genesis line on; after the lines of each comes an empty one. The last line says how many
// operations of each name were accepted, and starts with '#'.
//
//   history_driver [--sign-every N] [--deep-every N] < histories > outcomes
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "nlohmann/json.hpp"
#include "property/state/history_chain.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

class Driver {
 public:
  Driver(uint64_t sign_every, uint64_t deep_every)
      : sign_every_(sign_every), deep_every_(deep_every) {}

  void Take(const json& line) {
    const std::string op = line.at("op");
    if (op == "genesis") {
      EndHistory();
      const bool sign = sign_every_ != 0 && histories_ % sign_every_ == 0;
      chain_ = std::make_unique<HistoryChain>(line, sign);
    } else if (op == "block") {
      EndBlock();
      chain_->Begin(line.at("time_ms"));
      in_block_ = true;
    } else if (op == "expect") {
      EndBlock();
      std::cout.flush();
    } else {
      verdicts_.push_back(chain_->Apply(line));
    }
  }

  void EndHistory() {
    if (!chain_) return;
    EndBlock();
    if (deep_every_ != 0 && histories_ % deep_every_ == 0) chain_->CheckDeep();
    for (const auto& [name, count] : chain_->accepted()) accepted_[name] += count;
    chain_.reset();
    ++histories_;
    std::cout << "\n";
  }

  json Statistics() const { return accepted_; }

 private:
  void EndBlock() {
    if (!in_block_) return;
    in_block_ = false;
    json line = chain_->End();
    line["accepted"] = verdicts_;
    verdicts_ = json::array();
    std::cout << line.dump() << "\n";
  }

  uint64_t sign_every_, deep_every_;
  uint64_t histories_ = 0;
  std::unique_ptr<HistoryChain> chain_;
  bool in_block_ = false;
  json verdicts_ = json::array();
  std::map<std::string, uint64_t> accepted_;
};

int Run(int argc, char** argv) {
  uint64_t sign_every = 1, deep_every = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    uint64_t& option = std::strcmp(argv[i], "--sign-every") == 0 ? sign_every : deep_every;
    option = std::stoull(argv[i + 1]);
  }
  std::ios::sync_with_stdio(false);
  Driver driver(sign_every, deep_every);
  std::string line;
  while (std::getline(std::cin, line)) {
    const bool is_blank = line.find_first_not_of(" \r\t") == std::string::npos;
    if (!is_blank && line.front() != '#') driver.Take(json::parse(line));
  }
  driver.EndHistory();
  std::cout << "# " << driver.Statistics().dump() << std::endl;
  return 0;
}

}  // namespace
}  // namespace tributary::testing

int main(int argc, char** argv) { return tributary::testing::Run(argc, argv); }
