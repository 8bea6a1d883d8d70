// How often this thread asked the system for memory: linking this target puts counters in front of glibc's allocator.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Whether allocations are counted on this system (Linux with glibc).
bool alambic_counts_allocations(void);

/// How many blocks the calling thread has allocated since it started.
size_t alambic_allocation_count(void);
