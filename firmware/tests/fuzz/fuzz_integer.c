/* Opens integer images of any bytes, and steps through those that open.
 *
 * Settings: u8 choices; u8 context; u32 any context; what to read and how to sample. Then the image. */
#include "fuzz.h"

#include "atome_integer.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_OFFSET = 12, LEAST_BYTES = 132 };

enum {
  MEND_SECTION = 4, /* mend the checksum of a vocabulary before that of the image */
  MEND = 1,         /* mend the magic, the size in the header and the checksum */
  UNALIGNED = 2     /* hand the image over off a multiple of 4 */
};

typedef struct settings {
  uint32_t choices, context, any_context;
  fuzz_reading reading;
} settings;

static settings take_settings(fuzz_input *input) {
  settings result;
  result.choices = fuzz_take(input, 1);
  result.context = 1u + fuzz_take(input, 1) % 12u;
  result.any_context = fuzz_take(input, 4);
  result.reading = fuzz_take_reading(input);
  return result;
}

static void mend(uint8_t *image, size_t size) {
  if (size < LEAST_BYTES) return;
  memcpy(image, "ATOMEQ01", 8);
  fuzz_put(image + SIZE_OFFSET, (uint32_t)size, 4);
  fuzz_put(image + size - 4u, fuzz_crc32(image, size - 4u), 4);
}

static void step_through(const atome_integer_image *image, settings *by) {
  size_t size = 0;
  (void)atome_integer_memory_size(image, by->any_context, &size);
  if (atome_integer_memory_size(image, by->context, &size) != ATOME_OK || size > FUZZ_MEMORY_LIMIT) return;
  void *memory = fuzz_allocate_work(size);
  atome_integer_engine engine;
  if (atome_integer_init(&engine, image, by->context, memory, size) == ATOME_OK) {
    for (int i = 0; i < FUZZ_STEPS; i++) {
      (void)atome_integer_sample(&by->reading.sampler, image, atome_integer_step(&engine, by->reading.bytes[i]));
    }
    atome_integer_reset(&engine);
    (void)atome_integer_step(&engine, 0);
  }
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *input_bytes, size_t input_size) {
  fuzz_input input = {input_bytes, input_size};
  settings by = take_settings(&input);
  const size_t offset = (by.choices & UNALIGNED) != 0u ? 1u : 0u;
  uint8_t *room = fuzz_allocate(offset + input.count), *file = room + offset;
  memcpy(file, input.place, input.count);
  if ((by.choices & MEND_SECTION) != 0u) fuzz_mend_section(file, input.count);
  if ((by.choices & MEND) != 0u) mend(file, input.count);
  atome_integer_image image;
  if (atome_integer_open(&image, file, input.count) == ATOME_OK) step_through(&image, &by);
  free(room);
  return 0;
}
