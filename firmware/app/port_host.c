/* The runner as a program of the host: host-runner image vectors transcript context,
 * or host-runner --memory-size image context, which prints the engine's RAM need. */
#include "host_file.h"
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *transcript;

int port_write(const uint8_t *bytes, size_t count) { return fwrite(bytes, 1, count, transcript) == count; }

int port_flush(void) { return fflush(transcript) == 0; }

void port_say(const char *line) { fprintf(stderr, "error: %s\n", line); }

static runner_status fail(const char *path) {
  fprintf(stderr, "error: %s: %s\n", path, strerror(errno));
  return RUNNER_INPUT_OUTPUT;
}

static runner_status print_memory_size(const char *image_path, uint32_t context) {
  size_t size = 0;
  const runner_bytes image = host_file_read(image_path);
  if (image.start == NULL) return fail(image_path);
  const runner_status status = runner_memory_size(image, context, &size);
  if (status == RUNNER_DONE) printf("%zu\n", size);
  return status;
}

static runner_status replay(char **paths, uint32_t context) {
  size_t size = 0;
  const runner_bytes image = host_file_read(paths[0]), vectors = host_file_read(paths[1]);
  if (image.start == NULL) return fail(paths[0]);
  if (vectors.start == NULL) return fail(paths[1]);
  const runner_status status = runner_memory_size(image, context, &size);
  if (status != RUNNER_DONE) return status;
  void *memory = malloc(size);
  if (memory == NULL) {
    port_say("not enough memory for this image and context");
    return RUNNER_NO_MEMORY;
  }
  transcript = fopen(paths[2], "wb");
  if (transcript == NULL) return fail(paths[2]);
  const runner_status outcome = runner_replay(image, vectors, context, memory, size);
  return fclose(transcript) == 0 ? outcome : fail(paths[2]);
}

int main(int count, char **arguments) {
  if (count == 4 && strcmp(arguments[1], "--memory-size") == 0) {
    return (int)print_memory_size(arguments[2], host_number(arguments[3]));
  }
  if (count == 5) return (int)replay(arguments + 1, host_number(arguments[4]));
  fputs(
      "usage: host-runner IMAGE VECTORS TRANSCRIPT CONTEXT\n"
      "       host-runner --memory-size IMAGE CONTEXT\n",
      stderr);
  return RUNNER_USAGE;
}
