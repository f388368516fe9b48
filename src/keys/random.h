// Random bytes from the operating system, for keys, salts and nonces.
// Errors: none; a system without randomness aborts, for nothing may be signed there.
// Thread safety: may be called from any thread.
#ifndef TRIBUTARY_KEYS_RANDOM_H_
#define TRIBUTARY_KEYS_RANDOM_H_

#include <cstdint>
#include <span>

namespace tributary::keys {

void FillRandom(std::span<uint8_t> out);

}  // namespace tributary::keys

#endif  // TRIBUTARY_KEYS_RANDOM_H_
