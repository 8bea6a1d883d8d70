/* A checked reader of the vectors file. */
#ifndef VECTORS_H
#define VECTORS_H

#include "runner.h"

/* The most bytes that a prompt may generate; the runner keeps as many in RAM. */
#define VECTORS_GENERATED_LIMIT 4096u

typedef struct vectors {
  uint32_t context;
  uint32_t prompt_count;
  uint32_t generated_count;
  runner_bytes prompts; /* prompt_count times u32 length and bytes */
} vectors;

/* NULL where the file is whole, else what is wrong with it. */
const char *vectors_open(vectors *result, runner_bytes file);

/* Takes the next prompt from the front of `prompts`. Call it prompt_count times at most. */
runner_bytes vectors_next(runner_bytes *prompts);

/* Byte count of the transcript's record of one prompt. */
uint32_t vectors_record_size(runner_bytes prompt, uint32_t generated_count);

#endif
