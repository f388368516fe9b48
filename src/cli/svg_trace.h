// The picture of `trace --svg`: from an asset over all it was built from to those who answer for
// it.
#ifndef TRIBUTARY_CLI_SVG_TRACE_H_
#define TRIBUTARY_CLI_SVG_TRACE_H_

#include <string>
#include <vector>

#include "cli/svg_flow.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// The asset to the left, the ancestors by their longest distance from it, their authors, and who
// sponsored these; bands as wide as shares of gross. `trace` holds the pages that were read, put
// together. `about` stands under the heading.
FlowPicture PictureOfTrace(const v1::TraceResponsibilityResponse& trace,
                           const std::vector<std::string>& about);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_TRACE_H_
