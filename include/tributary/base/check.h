// A check that stays on in every build. A failed check is a bug in this program, never a verdict
// on input: it prints where and what, and aborts, so that no wrong state is ever committed.
#ifndef TRIBUTARY_BASE_CHECK_H_
#define TRIBUTARY_BASE_CHECK_H_

namespace tributary::base {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const char* message);

}  // namespace tributary::base

#define TRIBUTARY_CHECK(condition, message)                                    \
  do {                                                                         \
    if (!(condition)) [[unlikely]]                                             \
      ::tributary::base::CheckFailed(__FILE__, __LINE__, #condition, message); \
  } while (false)

#endif  // TRIBUTARY_BASE_CHECK_H_
