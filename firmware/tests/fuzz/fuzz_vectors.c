/* Replays vectors files of any bytes through a small model of either kind, into a port that counts and may fail.
 *
 * Settings: u8 choices; u8 how many writes the port takes before it fails, in units of 4. Then the vectors. */
#include "fuzz.h"

#include "../tests.h"

#include "runner.h"

#include <stdlib.h>
#include <string.h>

enum { VERSION_OFFSET = 8, CONTEXT_OFFSET = 12, CONTEXT = 6 };

enum {
  INTEGER_MODEL = 1,
  MEND = 2, /* mend the magic, ask for the runner's context, and mend the checksum of version 3 */
  VERSION_2 = 4,
  BASE_3 = 8,     /* ATOME02 */
  VERSION_3 = 16, /* where it is not 2 */
  TEXTS = 32      /* the model's tokens are texts */
};

/* The port: bytes are read, so that the sanitizer sees them, and counted. */
static uint32_t writes_left;
static volatile uint32_t sum;

int port_write(const uint8_t *bytes, size_t count) {
  if (writes_left == 0u) return 0;
  for (size_t i = 0; i < count; i++) sum += bytes[i];
  writes_left--;
  return 1;
}

int port_flush(void) { return 1; }

void port_say(const char *line) { CHECK(strlen(line) > 0u); }

static runner_bytes model_image(uint32_t choices) {
  static test_image images[2][3];
  static const atome_shape shape = {3, 1, 2, 2, 2};
  static const char *const strings[] = {" kit", " kitchen", "ab", "abab"};
  if (images[0][0].bytes == NULL) {
    const test_section section = make_section(strings, sizeof strings / sizeof strings[0]);
    for (uint32_t i = 0; i < 2; i++) {
      images[0][i] = make_image(shape, 1, 4 + i);
      images[1][i] = with_section(make_image(shape, 1, 4 + i), &section, 64);
    }
    images[0][2] = make_integer_image(shape, 1, 1);
    images[1][2] = with_integer_section(make_integer_image(shape, 1, 1), &section, 64);
  }
  const test_image *image =
      &images[(choices & TEXTS) != 0u][(choices & INTEGER_MODEL) != 0u ? 2 : (choices & BASE_3) != 0u];
  const runner_bytes bytes = {image->bytes, image->size};
  return bytes;
}

static void mend(uint8_t *file, size_t size, uint32_t choices) {
  const uint32_t version = (choices & VERSION_2) != 0u ? 2u : (choices & VERSION_3) != 0u ? 3u : 1u;
  memcpy(file, "ATOMEVEC", VERSION_OFFSET);
  fuzz_put(file + VERSION_OFFSET, version, 4);
  fuzz_put(file + CONTEXT_OFFSET, CONTEXT, 4);
  if (version == 3u) fuzz_put(file + size - 4u, fuzz_crc32(file, size - 4u), 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *input_bytes, size_t input_size) {
  fuzz_input input = {input_bytes, input_size};
  const uint32_t choices = fuzz_take(&input, 1);
  writes_left = fuzz_take(&input, 1) * 4u;
  uint8_t *file = fuzz_allocate(input.count);
  memcpy(file, input.place, input.count);
  if ((choices & MEND) != 0u && input.count >= CONTEXT_OFFSET + 4u) mend(file, input.count, choices);
  const runner_bytes image = model_image(choices), vectors = {file, input.count};
  size_t size = 0;
  CHECK(runner_memory_size(image, CONTEXT, &size) == RUNNER_DONE);
  void *memory = fuzz_allocate_work(size);
  (void)runner_replay(image, vectors, CONTEXT, memory, size);
  free(memory);
  free(file);
  return 0;
}
