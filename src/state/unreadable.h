// How a page that cannot be read ends a block: at once.
//
// Whatever ran on would compute with rows that are not there, and a check of the program would take
// the disk's fault for its own. So Overlay throws this where it meets such a page, and Machine (and
// NextDue) catch it and return a status: the one exception in the project. It passes only through
// this folder, and through rewards::Settle, a template that calls back into it and owns nothing but
// vectors.
#ifndef TRIBUTARY_STATE_UNREADABLE_H_
#define TRIBUTARY_STATE_UNREADABLE_H_

namespace tributary::state {

struct PageUnreadable {};

}  // namespace tributary::state

#endif  // TRIBUTARY_STATE_UNREADABLE_H_
