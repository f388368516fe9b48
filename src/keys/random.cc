#include "keys/random.h"

#include <sys/random.h>
#include <cerrno>

#include "tributary/base/check.h"

namespace tributary::keys {

void FillRandom(std::span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    TRIBUTARY_CHECK(got > 0, "the operating system gives no random bytes");
    out = out.subspan(static_cast<size_t>(got));
  }
}

}  // namespace tributary::keys
