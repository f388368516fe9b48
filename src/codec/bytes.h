// Fixed-width numbers and hashes as bytes: little-endian in rows and headers, big-endian in keys,
// where order of bytes must be order of numbers.
// Errors: none; leaving the span is a bug and aborts. Bytes from outside are measured before.
#ifndef TRIBUTARY_CODEC_BYTES_H_
#define TRIBUTARY_CODEC_BYTES_H_

#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "tributary/base/amount.h"
#include "tributary/base/check.h"
#include "tributary/base/types.h"

namespace tributary::codec {

template <class T>
concept FixedUnsigned = std::same_as<T, uint8_t> || std::same_as<T, uint16_t> ||
    std::same_as<T, uint32_t> || std::same_as<T, uint64_t> || std::same_as<T, base::Uint128>;

// Writes sizeof(T) bytes at `to`; the byte loops compile to one move.
template <FixedUnsigned T>
void StoreLittle(uint8_t* to, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) to[i] = static_cast<uint8_t>(value >> (8 * i));
}
template <FixedUnsigned T>
T LoadLittle(const uint8_t* from) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | (T{from[i]} << (8 * i)));
  return value;
}
template <FixedUnsigned T>
void StoreBig(uint8_t* to, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    to[i] = static_cast<uint8_t>(value >> (8 * (sizeof(T) - 1 - i)));
  }
}
template <FixedUnsigned T>
T LoadBig(const uint8_t* from) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | (T{from[i]} << (8 * (sizeof(T) - 1 - i))));
  }
  return value;
}

// Appends to a string; for keys and headers.
template <FixedUnsigned T>
void AppendLittle(std::string& out, T value) {
  std::array<uint8_t, sizeof(T)> bytes;
  StoreLittle(bytes.data(), value);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}
template <FixedUnsigned T>
void AppendBig(std::string& out, T value) {
  std::array<uint8_t, sizeof(T)> bytes;
  StoreBig(bytes.data(), value);
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}
inline void AppendBytes(std::string& out, base::Bytes bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// Writes little-endian fields one after the other into a span. Done() checks that the row is full.
class RowWriter {
 public:
  explicit RowWriter(std::span<uint8_t> row) : row_(row) {}

  template <FixedUnsigned T>
  RowWriter& Put(T value) {
    StoreLittle(Take(sizeof(T)), value);
    return *this;
  }
  template <class Tag, class Rep>
  RowWriter& Put(base::Strong<Tag, Rep> value) {
    return Put(value.value());
  }
  RowWriter& Put(base::Atoms value) { return Put(value.value()); }
  RowWriter& Put(bool value) { return Put(static_cast<uint8_t>(value ? 1 : 0)); }
  template <size_t N>
  RowWriter& Put(const std::array<uint8_t, N>& bytes) {
    return PutBytes(bytes);
  }
  template <class Tag>
  RowWriter& Put(const base::Digest<Tag>& digest) {
    return PutBytes(digest.bytes);
  }
  RowWriter& Put(const base::PublicKey& key) { return PutBytes(key.bytes); }
  RowWriter& PutBytes(base::Bytes bytes) {
    uint8_t* to = Take(bytes.size());
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    return *this;
  }
  RowWriter& PutZeros(size_t count) {
    uint8_t* to = Take(count);
    if (count > 0) std::memset(to, 0, count);
    return *this;
  }
  size_t written() const { return at_; }
  void Done() const { TRIBUTARY_CHECK(at_ == row_.size(), "a row is not written to its end"); }

 private:
  uint8_t* Take(size_t size) {
    TRIBUTARY_CHECK(size <= row_.size() - at_, "a row is written beyond its end");
    uint8_t* to = row_.data() + at_;
    at_ += size;
    return to;
  }

  std::span<uint8_t> row_;
  size_t at_ = 0;
};

// Reads what RowWriter wrote, in the same order, e.g. reader.Get<uint32_t>(), Get<AccountId>().
class RowReader {
 public:
  explicit RowReader(base::Bytes row) : row_(row) {}

  template <class T>
  T Get() {
    if constexpr (FixedUnsigned<T>) {
      return LoadLittle<T>(Take(sizeof(T)));
    } else if constexpr (std::same_as<T, bool>) {
      return Get<uint8_t>() != 0;
    } else if constexpr (std::same_as<T, base::Atoms>) {
      return base::Atoms(Get<base::Uint128>());
    } else if constexpr (requires { typename T::rep; }) {
      return T(Get<typename T::rep>());
    } else {
      T out;
      if constexpr (requires { out.bytes; }) {
        std::memcpy(out.bytes.data(), Take(out.bytes.size()), out.bytes.size());
      } else {
        std::memcpy(out.data(), Take(out.size()), out.size());
      }
      return out;
    }
  }
  template <class T>
  RowReader& Get(T& to) {
    to = Get<T>();
    return *this;
  }
  // A view into the row.
  base::Bytes GetBytes(size_t size) { return {Take(size), size}; }
  void Skip(size_t size) { Take(size); }
  size_t left() const { return row_.size() - at_; }
  void Done() const { TRIBUTARY_CHECK(left() == 0, "a row is not read to its end"); }

 private:
  const uint8_t* Take(size_t size) {
    TRIBUTARY_CHECK(size <= left(), "a row is read beyond its end");
    const uint8_t* from = row_.data() + at_;
    at_ += size;
    return from;
  }

  base::Bytes row_;
  size_t at_ = 0;
};

}  // namespace tributary::codec

#endif  // TRIBUTARY_CODEC_BYTES_H_
