// The pictures of `--svg`: who gets what of an amount, and where a balance came from.
#ifndef TRIBUTARY_CLI_SVG_SPLIT_H_
#define TRIBUTARY_CLI_SVG_SPLIT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/context.h"
#include "cli/svg_flow.h"
#include "tributary/v1/api.pb.h"

namespace tributary::cli {

// What a picture has room for; the rest is folded into boxes that say how much they stand for.
inline constexpr size_t kRecipientsDrawn = 60;
inline constexpr size_t kRecordsPerLayerDrawn = 24;
inline constexpr uint32_t kLayersDrawn = 12;

// Which of the layers a depth is drawn in: all of them, or the ends in full and the middle as one.
uint32_t LayerOf(uint32_t depth, uint32_t depth_max);

// The asset to the left, the records that the paths of the response run through by their longest
// distance from it, recipients to the right. `about` stands under the heading.
FlowPicture PictureOfSplit(const v1::SplitExplanation& split, const std::string& asset_name,
                           const std::vector<std::string>& about);

// Assets, the records through which they paid, the account, and what became of the money.
FlowPicture PictureOfBalance(const v1::ExplainBalanceResponse& balance, const std::string& account);

// Writes the picture to the file that --svg names, and says so.
absl::Status WritePicture(Context& context, const FlowPicture& picture);

}  // namespace tributary::cli

#endif  // TRIBUTARY_CLI_SVG_SPLIT_H_
