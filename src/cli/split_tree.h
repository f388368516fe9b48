// Draws who gets what of an amount, as a tree with the paths along which it came.
#ifndef TRIBUTARY_CLI_SPLIT_TREE_H_
#define TRIBUTARY_CLI_SPLIT_TREE_H_

#include <ostream>
#include <string>

#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// `asset_name` stands at the root. What is folded has a line of its own, so that the lines of each
// level add up to the line above them.
void PrintSplit(std::ostream& out, const v1::SplitExplanation& split,
                const std::string& asset_name);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SPLIT_TREE_H_
