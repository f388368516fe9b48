#include <fstream>

#include "cli/svg_split.h"
#include "tributary/base/status.h"

namespace tributary::cli {

absl::Status WritePicture(Context& context, const FlowPicture& picture) {
  const std::string path = context.Text("--svg");
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << DrawFlow(picture);
  out.close();
  if (!out) return base::Internal("cannot write " + path);
  context.Progress("picture: " + path);
  return absl::OkStatus();
}

}  // namespace tributary::cli
