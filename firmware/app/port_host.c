/* The runner as a program of the host: host-runner image vectors transcript context,
 * or host-runner --memory-size image context, which prints the engine's RAM need. */
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

/* Reads a file whole into memory that lives as long as the process; `start` is NULL where it failed. */
static runner_bytes read_file(const char *path) {
  runner_bytes content = {NULL, 0};
  FILE *file = fopen(path, "rb");
  if (file == NULL) return content;
  uint8_t *bytes = NULL;
  size_t count = 0, capacity = 0, got = 0;
  do {
    count += got;
    if (count == capacity) {
      capacity = capacity == 0u ? 1u << 16 : 2u * capacity;
      uint8_t *larger = realloc(bytes, capacity);
      if (larger == NULL) break;
      bytes = larger;
    }
    got = fread(bytes + count, 1, capacity - count, file);
  } while (got > 0u);
  if (got == 0u && ferror(file) == 0) {
    content.start = bytes;
    content.count = count;
  } else {
    free(bytes);
  }
  fclose(file);
  return content;
}

/* 0 where the text is no number of 32 bits; the engine refuses a context of 0. */
static uint32_t read_context(const char *text) {
  char *end = NULL;
  const unsigned long value = strtoul(text, &end, 10);
  return *text < '0' || *text > '9' || *end != '\0' || value > UINT32_MAX ? 0u : (uint32_t)value;
}

static runner_status print_memory_size(const char *image_path, uint32_t context) {
  size_t size = 0;
  const runner_bytes image = read_file(image_path);
  if (image.start == NULL) return fail(image_path);
  const runner_status status = runner_memory_size(image, context, &size);
  if (status == RUNNER_DONE) printf("%zu\n", size);
  return status;
}

static runner_status replay(char **paths, uint32_t context) {
  size_t size = 0;
  const runner_bytes image = read_file(paths[0]), vectors = read_file(paths[1]);
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
    return (int)print_memory_size(arguments[2], read_context(arguments[3]));
  }
  if (count == 5) return (int)replay(arguments + 1, read_context(arguments[4]));
  fputs("usage: host-runner IMAGE VECTORS TRANSCRIPT CONTEXT\n"
        "       host-runner --memory-size IMAGE CONTEXT\n", stderr);
  return RUNNER_USAGE;
}
