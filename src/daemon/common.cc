#include <chrono>
#include <cstdio>
#include <memory>

#include "daemon/commands.h"
#include "daemon/exit_codes.h"
#include "daemon/toml_document.h"
#include "tributary/base/status.h"

namespace tributary::daemon {

int Fail(const absl::Status& status) {
  const std::string text(base::Message(status));
  std::fprintf(stderr, "tributaryd: %s\n", text.c_str());
  return ExitCodeOf(status);
}

absl::StatusOr<Config> LoadConfig(const StoreArguments& arguments) {
  Config config;
  if (!arguments.config_file.empty()) {
    const auto text = ReadFile(arguments.config_file);
    if (!text.ok()) return base::InvalidArgument(base::Message(text.status()));
    auto parsed = ParseConfig(*text, arguments.config_file);
    if (!parsed.ok()) return parsed.status();
    config = *std::move(parsed);
  }
  if (!arguments.data_dir.empty()) config.data_dir = arguments.data_dir;
  return config;
}

storage::Options StorageOptions(const Config& config) {
  storage::Options options;
  options.block_cache_bytes = config.storage_block_cache_bytes;
  options.page_cache_bytes = config.storage_page_cache_bytes;
  options.memtable_bytes = config.storage_memtable_bytes;
  options.wal_bytes = config.storage_wal_bytes;
  options.open_files = static_cast<int>(config.storage_open_files);
  return options;
}

std::string StoreDir(const Config& config) { return config.data_dir; }

storage::Progress PrintProgress(std::string what) {
  using Clock = std::chrono::steady_clock;
  auto last = std::make_shared<Clock::time_point>(Clock::now());
  return [what = std::move(what), last](uint64_t done, uint64_t all) {
    const auto now = Clock::now();
    if (now - *last < std::chrono::milliseconds(500)) return;
    *last = now;
    std::fprintf(stderr, "%s: %llu of %llu\n", what.c_str(), static_cast<unsigned long long>(done),
                 static_cast<unsigned long long>(all));
  };
}

}  // namespace tributary::daemon
