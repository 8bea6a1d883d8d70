/* libFuzzer as a library: the part of its interface that fuzz-readers calls. */
#ifndef ALAMBIC_LIBFUZZER_H
#define ALAMBIC_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Runs the fuzzer by its command line, and `target` on each input; returns the exit status. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));

#endif
