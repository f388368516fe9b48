// The block header in its fixed byte form, and the kinds of entries of the log.
#ifndef TRIBUTARY_CODEC_HEADER_H_
#define TRIBUTARY_CODEC_HEADER_H_

#include <array>
#include <cstdint>
#include <string>

#include "tributary/base/rejection.h"
#include "tributary/base/types.h"

namespace tributary::codec {

// The first byte of an entry.
enum class EntryKind : uint8_t {
  kGenesis = 0x01,      // 0x01 || serialized Genesis
  kHeader = 0x02,       // a block header, below
  kTransaction = 0x0a,  // a SignedTransaction: the tag of its first field
};

// Rejects an empty entry (kWireTruncated) and any other first byte (kWireEnum).
base::Checked<EntryKind> KindOf(base::Bytes entry);

// A block header: 234 bytes, numbers little-endian, fields in this order after
// u8 kind = 2 and u8 version = 1.
struct BlockHeader {
  base::EntryIndex first_entry;  // of the block; the header itself stands at log_size
  base::Hash chain_hash;         // SHA-256 of the genesis entry
  base::Height height;           // from 1
  base::TimeMs time_ms;
  base::Hash previous_header;  // HeaderHash of the one before; at height 1 the chain_hash
  uint64_t log_size = 0;       // entries before this header
  base::Hash log_root;         // root of the log's tree over them
  base::Hash results_root;
  base::Hash state_root;
  base::Hash settlement_root;
  base::Epoch epoch;  // in which the block lies
  friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};

inline constexpr size_t kHeaderBytes = 2 + 8 + 32 + 8 + 8 + 32 + 8 + 4 * 32 + 8;
static_assert(kHeaderBytes == 234);

std::array<uint8_t, kHeaderBytes> EncodeHeader(const BlockHeader& header);

// Exact length, kind and version; kWireTruncated, kWireTrailing, kWireEnum. A height of zero and a
// first entry beyond the log size are kWireRange; all else is judged by whoever knows the chain.
base::Checked<BlockHeader> DecodeHeader(base::Bytes bytes);

// SHA-256 over the header's tag and its bytes: what the next header names and validators sign.
base::Hash HeaderHash(base::Bytes header);

// 0x01 || genesis bytes: leaf 0 of the log.
std::string GenesisEntry(base::Bytes genesis);
// The hash that names the chain. Requires: a whole entry, its first byte included.
base::Hash ChainHash(base::Bytes genesis_entry);

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_HEADER_H_
