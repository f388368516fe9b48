// The daemon's log: lines of text or of JSON on standard error.
#ifndef TRIBUTARY_DAEMON_LOGGING_H_
#define TRIBUTARY_DAEMON_LOGGING_H_

#include <memory>

#include "daemon/config.h"
#include "spdlog/logger.h"

namespace tributary::daemon {

// Thread safety: the logger may be used from any thread.
std::shared_ptr<spdlog::logger> MakeLogger(const Config& config);

}  // namespace tributary::daemon

#endif  // TRIBUTARY_DAEMON_LOGGING_H_
