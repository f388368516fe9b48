// A log in memory, to be replayed.
#ifndef TRIBUTARY_TESTS_SUPPORT_ENTRY_LIST_H_
#define TRIBUTARY_TESTS_SUPPORT_ENTRY_LIST_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "state/replay.h"

namespace tributary::testing {

class EntryList final : public state::EntrySource {
 public:
  explicit EntryList(std::vector<std::string> entries) : entries_(std::move(entries)) {}
  absl::StatusOr<std::optional<std::string>> Next() override {
    if (next_ == entries_.size()) return std::optional<std::string>();
    return std::optional<std::string>(entries_[next_++]);
  }

 private:
  const std::vector<std::string> entries_;
  size_t next_ = 0;
};

}  // namespace tributary::testing

#endif  // TRIBUTARY_TESTS_SUPPORT_ENTRY_LIST_H_
