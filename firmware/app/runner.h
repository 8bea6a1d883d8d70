/* Replays vectors through the engine and writes a transcript; the same code on the host and on a board.
 * Both files' layouts: firmware/README.md. What differs between worlds is behind the port at the end. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stddef.h>
#include <stdint.h>

typedef enum runner_status {
  RUNNER_DONE = 0,
  RUNNER_FAULT = 1,
  RUNNER_USAGE = 64,
  RUNNER_BAD_DATA = 65,
  RUNNER_NO_MEMORY = 71,
  RUNNER_INPUT_OUTPUT = 74
} runner_status;

/* Bytes that someone else owns. */
typedef struct runner_bytes {
  const uint8_t *start;
  size_t count;
} runner_bytes;

/* How much work memory the engine needs for an image at a context; says why it cannot be told. */
runner_status runner_memory_size(runner_bytes image, uint32_t context, size_t *size);

/* Replays all vectors; `memory` is the engine's work memory. */
runner_status runner_replay(
    runner_bytes image, runner_bytes vectors, uint32_t context, void *memory, size_t memory_size);

/* The port: the transcript as a file, and a line for a person. Functions return 0 where they failed. */

/* Appends to the transcript. */
int port_write(const uint8_t *bytes, size_t count);
/* Hands on what a buffer still holds. */
int port_flush(void);
void port_say(const char *line);

#endif
