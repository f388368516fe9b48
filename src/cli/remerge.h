// A made-up lineage in which every model of a layer merges all models of the layer before: the
// number of paths is width^layers, which no walk that follows paths survives.
#ifndef TRIBUTARY_CLI_REMERGE_H_
#define TRIBUTARY_CLI_REMERGE_H_

#include <cstdint>
#include <ostream>

namespace tributary::cli {

// Writes JSON lines for `tributary import lineage`: a layer of `width` models without parents and
// `layers` layers above it, each layer by an author of its own ("remerge-3/model-0").
void WriteRemerge(std::ostream& out, uint64_t layers, uint64_t width);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_REMERGE_H_
