#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include "tributary/base/status.h"
#include "tributary/client/error.h"

namespace tributary::cli {
namespace {

TEST(ExitCodeTest, TellsWhoHasToDoSomething) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(UsageError("x")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(Unverified("x")), ExitCode::kUnverified);
  EXPECT_EQ(ExitCodeOf(Undecided("x")), ExitCode::kUndecided);
  EXPECT_EQ(ExitCodeOf(Expired("x")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(client::ToStatus(base::Reject(base::RejectionCode::kWrongChain, "x"))),
            ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(base::Unavailable("x")), ExitCode::kEnvironment);
  EXPECT_EQ(ExitCodeOf(base::NotFound("no such file")), ExitCode::kEnvironment);
  EXPECT_EQ(ExitCodeOf(base::DataLoss("damaged")), ExitCode::kEnvironment);
}

}  // namespace
}  // namespace tributary::cli
