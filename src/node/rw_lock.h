// A reader-writer lock in which a waiting writer goes first: the writer thread must not starve
// under a constant stream of readers.
#ifndef TRIBUTARY_NODE_RW_LOCK_H_
#define TRIBUTARY_NODE_RW_LOCK_H_

#include <pthread.h>

namespace tributary::node {

// For std::shared_lock and std::unique_lock. A thread must not take the shared lock twice.
class RwLock {
 public:
  RwLock();
  ~RwLock();
  RwLock(const RwLock&) = delete;
  RwLock& operator=(const RwLock&) = delete;

  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();

 private:
  pthread_rwlock_t lock_;
};

}  // namespace tributary::node

#endif  // TRIBUTARY_NODE_RW_LOCK_H_
