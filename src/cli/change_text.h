// What a proposal changes, as lines for people: what, from which value, to which.
#ifndef TRIBUTARY_CLI_CHANGE_TEXT_H_
#define TRIBUTARY_CLI_CHANGE_TEXT_H_

#include <string>
#include <utility>
#include <vector>

#include "tributary/v1/api.pb.h"

namespace tributary::cli {

struct ChangeText {
  std::string what;
  std::string from;  // "-": there is nothing yet, or it is not known any more
  std::string to;
};

// Of parameters only what differs. Empty: the change changes nothing.
std::vector<ChangeText> ChangeTexts(const v1::ProposedChange& change);

// Names as in ledger.proto, in its order, with their values.
std::vector<std::pair<std::string, std::string>> ParameterTexts(const v1::Parameters& parameters);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_CHANGE_TEXT_H_
