/* The talking program on the host: a board without a timer, whose serial line is standard input and output.
 * host-talk BOARD IMAGE_NAME IMAGE PROMPT CONTEXT BYTES says what that board will say;
 * host-talk --memory-size IMAGE CONTEXT prints the engine's RAM need. PROMPT is a file. */
#include "board.h"
#include "host_file.h"
#include "talk.h"
#include "voice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void board_start(void) {}

void board_put(uint8_t byte) { putchar(byte); }

int board_get(void) {
  const int byte = getchar();
  return byte == EOF ? BOARD_INPUT_ENDED : byte;
}

uint64_t board_microseconds(void) { return 0; }

static int fail(const char *what, const char *reason, runner_status status) {
  fprintf(stderr, "error: %s: %s\n", what, reason);
  return (int)status;
}

static int print_memory_size(const char *path, uint32_t context) {
  size_t size = 0;
  const runner_bytes image = host_file_read(path);
  if (image.start == NULL) return fail(path, strerror(errno), RUNNER_INPUT_OUTPUT);
  const char *reason = voice_memory_size(image.start, image.count, context, &size);
  if (reason != NULL) return fail(path, reason, RUNNER_BAD_DATA);
  printf("%zu\n", size);
  return 0;
}

/* arguments: BOARD IMAGE_NAME IMAGE PROMPT CONTEXT BYTES */
static int talk_as(char **arguments) {
  const runner_bytes image = host_file_read(arguments[2]), prompt = host_file_read(arguments[3]);
  if (image.start == NULL) return fail(arguments[2], strerror(errno), RUNNER_INPUT_OUTPUT);
  if (prompt.start == NULL) return fail(arguments[3], strerror(errno), RUNNER_INPUT_OUTPUT);
  talk_settings settings = {
      .board = arguments[0],
      .image_name = arguments[1],
      .image = image.start,
      .image_size = image.count,
      .prompt = prompt.start,
      .prompt_size = prompt.count,
      .context = host_number(arguments[4]),
      .byte_limit = host_number(arguments[5])};
  const char *reason = voice_memory_size(settings.image, settings.image_size, settings.context, &settings.memory_size);
  if (reason != NULL) return fail(arguments[2], reason, RUNNER_BAD_DATA);
  settings.memory = malloc(settings.memory_size);
  if (settings.memory == NULL) return fail(arguments[2], "not enough memory", RUNNER_NO_MEMORY);
  const int status = talk(&settings);
  return fflush(stdout) == 0 ? status : fail("standard output", strerror(errno), RUNNER_INPUT_OUTPUT);
}

int main(int count, char **arguments) {
  if (count == 4 && strcmp(arguments[1], "--memory-size") == 0) {
    return print_memory_size(arguments[2], host_number(arguments[3]));
  }
  if (count == 7) return talk_as(arguments + 1);
  fputs(
      "usage: host-talk BOARD IMAGE_NAME IMAGE PROMPT CONTEXT BYTES\n"
      "       host-talk --memory-size IMAGE CONTEXT\n",
      stderr);
  return RUNNER_USAGE;
}
