#include "allocation_count.h"

#include <errno.h>

#if defined(__GLIBC__)

// A program's own definitions come before the library's, for the Swift runtime as well; glibc keeps its own under these
// names. What they return is freed by glibc's free.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static __thread size_t allocation_count;

void *malloc(size_t size) {
  allocation_count++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocation_count++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  allocation_count++;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocation_count++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  allocation_count++;
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

bool alambic_counts_allocations(void) { return true; }

size_t alambic_allocation_count(void) { return allocation_count; }

#else

bool alambic_counts_allocations(void) { return false; }

size_t alambic_allocation_count(void) { return 0; }

#endif
