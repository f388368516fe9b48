// The entries of a log as a stranger hands it over: grouped into blocks and replayed. The input is
// a list of entries, each behind its length (u16, little-endian); a length of zero stands for the
// next entry of a good log, so that an input reaches any block without writing signatures.
//
// Whatever is taken must give what it says: a log that replays to its end ends at its last header.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fuzz/support/choices.h"
#include "fuzz/support/reached.h"
#include "state/replay.h"
#include "support/chain.h"
#include "tributary/base/check.h"

namespace tributary::fuzz {
namespace {

// Genesis, an account, a record, revenue and its settlement.
const std::vector<std::string>& GoodLog() {
  static const std::vector<std::string>* const kEntries = [] {
    testing::Chain chain;
    const testing::RecordSpec root{"root", {{"ann", base::kPpbOne}}, {}, 0};
    TRIBUTARY_CHECK(!chain.Apply("steward", {chain.Register("ann")}), "register");
    chain.Commit();
    TRIBUTARY_CHECK(!chain.Apply("ann", {chain.Submit(root)}), "submit");
    TRIBUTARY_CHECK(!chain.Apply("reporter", {chain.Revenue(chain.RecordIdOf(root), 5, "r1")}),
                    "revenue");
    chain.Advance(2'000'000);
    chain.Commit();
    return new std::vector<std::string>(chain.entries());
  }();
  return *kEntries;
}

class Entries final : public state::EntrySource {
 public:
  explicit Entries(base::Bytes bytes) : choices_(bytes) {}
  absl::StatusOr<std::optional<std::string>> Next() override {
    if (choices_.done()) return std::optional<std::string>();
    const size_t size = choices_.Byte() | choices_.Byte() << 8;
    if (size == 0) {
      if (next_ == GoodLog().size()) return std::optional<std::string>();
      return std::optional<std::string>(GoodLog()[next_++]);
    }
    return std::optional<std::string>(base::AsText(choices_.Take(size)));
  }

 private:
  Choices choices_;
  size_t next_ = 0;
};

class Sink final : public state::ReplaySink {
 public:
  const state::PageSource& pages() const override { return pages_; }
  absl::Status Commit(const state::BlockEffects& effects) override {
    pages_.Apply(effects);
    return absl::OkStatus();
  }

 private:
  state::MemoryPages pages_;
};

// What a fault says, without its numbers.
std::string_view LabelOf(const std::string& what) {
  for (const std::string_view label :
       {"its header is missing", "does not begin with a genesis", "a second genesis",
        "is not followed by its header", "before that of the header", "that changes nothing",
        "replay gives"}) {
    if (what.find(label) != std::string::npos) return label;
  }
  return "a rule";
}

}  // namespace

std::vector<std::string> Required() {
  return {"accepted",
          "empty",
          "its header is missing",
          "does not begin with a genesis",
          "a second genesis",
          "is not followed by its header",
          "before that of the header",
          "that changes nothing",
          "replay gives",
          "a rule"};
}

}  // namespace tributary::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;  // NOLINT: a target of its own
  const fuzz::Input input(data, size);
  fuzz::Entries entries(base::Bytes(data, size));
  fuzz::Sink sink;
  state::Resident resident(state::TagKey{});
  const auto report = state::Replay(entries, sink, resident);
  TRIBUTARY_CHECK(report.ok(), "entries in memory can be read");
  if (report->fault) {
    fuzz::Reached(fuzz::LabelOf(report->fault->what));
  } else if (resident.empty()) {
    fuzz::Reached("empty");
  } else {
    fuzz::Reached(fuzz::kAccepted);
  }
  TRIBUTARY_CHECK(report->entries == resident.log().size(), "entries of good blocks only");
  return 0;
}
