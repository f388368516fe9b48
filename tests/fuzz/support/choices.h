// Turns the bytes of a fuzz input into choices, so that every input means something.
#ifndef TRIBUTARY_TESTS_FUZZ_SUPPORT_CHOICES_H_
#define TRIBUTARY_TESTS_FUZZ_SUPPORT_CHOICES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "tributary/base/types.h"

namespace tributary::fuzz {

// Behind the end of the input everything is zero.
class Choices {
 public:
  explicit Choices(base::Bytes bytes) : bytes_(bytes) {}

  bool done() const { return bytes_.empty(); }
  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t out = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return out;
  }
  // One in `of`.
  bool Rarely(uint8_t of = 32) { return Byte() % of == of - 1; }
  template <class Container>
  const auto& Of(const Container& container) {
    return *std::next(std::begin(container), Byte() % std::size(container));
  }
  // Small ones, limits and their neighbours, and now and then any.
  uint64_t Number() {
    static constexpr uint64_t kEdges[] = {0,
                                          1,
                                          2,
                                          3,
                                          100,
                                          9'999,
                                          10'000,
                                          20'000,
                                          123'456,
                                          999'999'999,
                                          1'000'000'000,
                                          1'000'000'001,
                                          uint64_t{1} << 32,
                                          (uint64_t{1} << 63) - 1,
                                          uint64_t{1} << 63,
                                          UINT64_MAX};
    const uint8_t which = Byte();
    if (which < 128) return which;
    if (which < 224) return kEdges[which % std::size(kEdges)];
    uint64_t out = 0;
    for (int i = 0; i < (which % 8) + 1; ++i) out = out << 8 | Byte();
    return out;
  }
  base::Bytes Take(size_t count) {
    const base::Bytes out = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(out.size());
    return out;
  }

 private:
  base::Bytes bytes_;
};

}  // namespace tributary::fuzz

#endif  // TRIBUTARY_TESTS_FUZZ_SUPPORT_CHOICES_H_
