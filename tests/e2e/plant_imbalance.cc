// Makes a store whose books do not add up although every hash in it is right: as if the node had a
// fault that its checks of each block do not see. For the test of `tributaryd check`.
//
// plant_imbalance DIRECTORY, which must not exist.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "state/overlay.h"
#include "unit/node/test_node.h"

namespace tributary {
namespace {

void Must(testing::TestNode& node, std::string_view sender,
          const std::vector<codec::Operation>& operations,
          const std::vector<std::string>& cosigners = {}) {
  const node::Decision decision = node.Run(sender, operations, cosigners);
  TRIBUTARY_CHECK(std::holds_alternative<node::Committed>(decision.result), "not committed");
}

// A record of two authors whose shares change behind the back of what they were paid by.
void Plant(const std::string& directory) {
  testing::TestNode node;
  testing::Chain& chain = node.chain;
  Must(node, "steward", {chain.Register("ada"), chain.Register("bob")});
  const testing::RecordSpec data{"data", {{"ada", 500'000'000}, {"bob", 500'000'000}}, {}, 0};
  Must(node, "ada", {chain.Submit(data)}, {"bob"});
  const testing::RecordSpec model{
      "model", {{"ada", base::kPpbOne}}, {{chain.RecordIdOf(data), 1}}, 123'456'789};
  Must(node, "ada", {chain.Submit(model)});
  Must(node, "reporter", {chain.Revenue(chain.RecordIdOf(model), 1'000'000, "sale")});
  node.Pass(3'000'000);
  Must(node, "steward", {chain.Register("settles")});
  node.ledger->set_fault_for_test([](state::Overlay& overlay) {
    const uint32_t shares[] = {333'333'333, 666'666'667};
    for (uint64_t row = 0; row < 2; ++row) {
      auto line = overlay.Get<state::AuthorLineRow>(row);
      line.share_ppb = shares[row];
      overlay.Put(row, line);
    }
  });
  Must(node, "steward", {chain.Register("carries-the-fault")});
  node.ledger.reset();
  std::filesystem::copy(node.dir, directory, std::filesystem::copy_options::recursive);
}

}  // namespace
}  // namespace tributary

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: plant_imbalance DIRECTORY\n");
    return 1;
  }
  tributary::Plant(argv[1]);
  return 0;
}
