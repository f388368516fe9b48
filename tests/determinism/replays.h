// What a log comes to, as text: replayed from its genesis, and again from the state at several
// heights. The same text whatever compiled it.
#ifndef TRIBUTARY_TESTS_DETERMINISM_REPLAYS_H_
#define TRIBUTARY_TESTS_DETERMINISM_REPLAYS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace tributary::determinism {

using Entries = std::vector<std::string>;

// A log of at least so many operations, of every kind in force, made by the state machine itself.
Entries RandomLog(uint64_t seed, uint64_t operations);

// The entries of a log, as the bundles of a tlog-tiles log hold them: each behind its length, u16
// big-endian. Aborts where the bytes are no such list.
Entries ReadBundles(const std::string& bytes);

// A line for what the log is, one for the replay from the genesis, and one for each replay of the
// rest from a snapshot: the state's rows at a height, from which all else is rebuilt. Each line
// has the hash of the headers from there on, the log's root and the state's.
// Aborts where the log does not replay.
std::string Report(const Entries& entries);

}  // namespace tributary::determinism

#endif  // TRIBUTARY_TESTS_DETERMINISM_REPLAYS_H_
