// glibc's allocator for Swift, whose module of the C library leaves malloc.h out.
#pragma once
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

static inline void allocator_keep_large_blocks(int largest, int kept) {
  (void)mallopt(M_MMAP_THRESHOLD, largest);
  (void)mallopt(M_TRIM_THRESHOLD, kept);
}
#else
// Other allocators keep them, or have no such settings.
static inline void allocator_keep_large_blocks(int largest, int kept) {
  (void)largest;
  (void)kept;
}
#endif
