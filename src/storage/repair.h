// The steps of a repair that Store::Open must know, too.
#ifndef TRIBUTARY_STORAGE_REPAIR_H_
#define TRIBUTARY_STORAGE_REPAIR_H_

#include <string>

#include "absl/status/status.h"
#include "storage/store.h"

namespace tributary::storage {

// Where a repair builds the new database, and what it is called once it is complete.
std::string RebuildingPath(const std::string& dir);
std::string RepairedPath(const std::string& dir);

// Of files and directories.
absl::Status Rename(const Options& options, const std::string& from, const std::string& to);

// Puts a database that is complete in the place of the old one, as far as that is not done: a
// repair may have been stopped in the middle of it. `damaged`, if not null, gets the old one's new
// name. Requires: the lock of `dir` is held.
absl::Status FinishRepair(const std::string& dir, const Options& options,
                          std::string* damaged = nullptr);

}  // namespace tributary::storage

#endif  // TRIBUTARY_STORAGE_REPAIR_H_
