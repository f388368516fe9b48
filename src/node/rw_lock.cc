#include "node/rw_lock.h"

#include "tributary/base/check.h"

namespace tributary::node {

RwLock::RwLock() {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  TRIBUTARY_CHECK(pthread_rwlock_init(&lock_, &attributes) == 0, "no lock can be made");
  pthread_rwlockattr_destroy(&attributes);
}
RwLock::~RwLock() { pthread_rwlock_destroy(&lock_); }

void RwLock::lock() {
  TRIBUTARY_CHECK(pthread_rwlock_wrlock(&lock_) == 0, "the lock cannot be taken");
}
void RwLock::unlock() { pthread_rwlock_unlock(&lock_); }
void RwLock::lock_shared() {
  TRIBUTARY_CHECK(pthread_rwlock_rdlock(&lock_) == 0, "the lock cannot be taken");
}
void RwLock::unlock_shared() { pthread_rwlock_unlock(&lock_); }

}  // namespace tributary::node
