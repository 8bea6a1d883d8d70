/* The runner on a core whose host takes the transcript as a file in its working directory. */
#include "atome_engine.h"
#include "runner.h"
#include "semihosting.h"

#include <string.h>

extern const uint8_t payload_image[], payload_image_end[], payload_vectors[], payload_vectors_end[];

/* The engine's work memory; the Makefile asks the host runner for its size. */
static uint32_t work_memory[ENGINE_MEMORY_BYTES / 4];

/* A call of the host costs far more than a copy, so writes are gathered. */
static uint8_t pending[2048];
static size_t pending_count;
static int32_t transcript;

int main(void);

int port_flush(void) {
  const size_t missing = semihosting_write(transcript, pending, pending_count);
  pending_count = 0;
  return missing == 0u;
}

int port_write(const uint8_t *bytes, size_t count) {
  while (count > 0u) {
    const size_t room = sizeof pending - pending_count;
    const size_t part = count < room ? count : room;
    memcpy(pending + pending_count, bytes, part);
    pending_count += part;
    bytes += part;
    count -= part;
    if (pending_count == sizeof pending && !port_flush()) return 0;
  }
  return 1;
}

void port_say(const char *line) {
  semihosting_print("error: ");
  semihosting_print(line);
  semihosting_print("\n");
}

int main(void) {
  const runner_bytes image = {payload_image, (size_t)(payload_image_end - payload_image)};
  const runner_bytes vectors = {payload_vectors, (size_t)(payload_vectors_end - payload_vectors)};
  transcript = semihosting_create("transcript.bin");
  if (transcript == -1) {
    port_say("cannot create transcript.bin");
    return RUNNER_INPUT_OUTPUT;
  }
  const runner_status status = runner_replay(image, vectors, CONTEXT, work_memory, sizeof work_memory);
  return semihosting_close(transcript) == 0 ? (int)status : RUNNER_INPUT_OUTPUT;
}
