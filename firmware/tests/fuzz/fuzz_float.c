/* Opens float images of any bytes, with and without a shape, and steps through those that open.
 *
 * Settings: u8 choices; u8 context; u32 any context; five u16 of shape; what to read and how to sample. Then the
 * image. */
#include "fuzz.h"

#include "atome_engine.h"

#include <stdlib.h>
#include <string.h>

enum { MAGIC_BYTES = 7, ROOM = 1 << 15 };
enum { TRAILER_BODY_SIZE = 12, TRAILER_SHAPE = 16, TRAILER_BODY_CRC = 28, TRAILER_OWN_CRC = 96 };

enum {
  GIVE_SHAPE = 1,    /* hand the shape to the loader */
  FIT = 2,           /* cut or continue the body so that it has the shape's size */
  NEW_TRAILER = 4,   /* append a trailer that tells the shape */
  MEND = 8,          /* mend the checksums of the trailer at the end */
  SECOND_MAGIC = 16, /* ATOME02 */
  MEND_SECTION = 64, /* mend the checksum of a vocabulary before that of the trailer */
  ANY_SHAPE = 32     /* the shape's numbers as they come, instead of small ones */
};

typedef struct settings {
  uint32_t choices, context, any_context;
  atome_shape shape;
  fuzz_reading reading;
} settings;

static settings take_settings(fuzz_input *input) {
  static const uint32_t small_limits[5] = {16, 3, 16, 8, 8};
  settings result;
  uint32_t dimensions[5];
  result.choices = fuzz_take(input, 1);
  result.context = 1u + fuzz_take(input, 1) % 12u;
  result.any_context = fuzz_take(input, 4);
  for (int i = 0; i < 5; i++) {
    dimensions[i] = fuzz_take(input, 2);
    if ((result.choices & ANY_SHAPE) == 0u) dimensions[i] = 1u + dimensions[i] % small_limits[i];
  }
  memcpy(&result.shape, dimensions, sizeof dimensions);
  result.reading = fuzz_take_reading(input);
  return result;
}

/* The size of the body that a shape needs, found by asking: less is called truncated. 0 where it passes the room. */
static size_t fitting_size(const uint8_t *room, const atome_shape *shape) {
  atome_image image;
  size_t low = 0, high = ROOM;
  while (low < high) {
    const size_t middle = low + (high - low) / 2u;
    if (atome_image_open(&image, room, middle, shape) == ATOME_TRUNCATED) {
      low = middle + 1u;
    } else {
      high = middle;
    }
  }
  return low < ROOM - ATOME_TRAILER_BYTES ? low : 0u;
}

static void mend_trailer(uint8_t *bytes, size_t size) {
  if (size < ATOME_TRAILER_BYTES) return;
  uint8_t *trailer = bytes + size - ATOME_TRAILER_BYTES;
  fuzz_put(trailer + TRAILER_BODY_CRC, fuzz_crc32(bytes, size - ATOME_TRAILER_BYTES), 4);
  fuzz_put(trailer + TRAILER_OWN_CRC, fuzz_crc32(trailer, TRAILER_OWN_CRC), 4);
}

static void put_trailer(uint8_t *trailer, size_t body_size, const atome_shape *shape) {
  const uint32_t dimensions[6] = {shape->model_width, shape->layer_count, shape->head_width,
                                  shape->top_k,       shape->kernel_size, ATOME_VOCABULARY};
  memset(trailer, 0, ATOME_TRAILER_BYTES);
  memcpy(trailer, "ATOMETRL\1", 9);
  fuzz_put(trailer + TRAILER_BODY_SIZE, (uint32_t)body_size, 4);
  for (int i = 0; i < 6; i++) fuzz_put(trailer + TRAILER_SHAPE + 2 * i, dimensions[i], 2);
  fuzz_put(trailer + 100, ATOME_TRAILER_BYTES, 4);
}

/* Makes the file under test in `room`, whose rest is zero, and returns its size. */
static size_t make_file(uint8_t *room, const settings *by, fuzz_input input) {
  size_t size = input.count < ROOM / 2 ? input.count : ROOM / 2;
  memcpy(room, input.place, size);
  if (size >= MAGIC_BYTES && (by->choices & (FIT | SECOND_MAGIC)) != 0u) {
    memcpy(room, (by->choices & SECOND_MAGIC) != 0u ? "ATOME02" : "ATOME01", MAGIC_BYTES);
  }
  if ((by->choices & FIT) != 0u) {
    const size_t fitting = fitting_size(room, &by->shape);
    if (fitting > 0u) size = fitting;
  }
  if ((by->choices & NEW_TRAILER) != 0u) {
    put_trailer(room + size, size, &by->shape);
    size += ATOME_TRAILER_BYTES;
  }
  if ((by->choices & MEND_SECTION) != 0u) fuzz_mend_section(room, size);
  if ((by->choices & (MEND | NEW_TRAILER)) != 0u) mend_trailer(room, size);
  return size;
}

static void step_through(const atome_image *image, settings *by) {
  size_t size = 0;
  (void)atome_engine_memory_size(image, by->any_context, &size);
  if (atome_engine_memory_size(image, by->context, &size) != ATOME_OK || size > FUZZ_MEMORY_LIMIT) return;
  void *memory = fuzz_allocate_work(size);
  atome_engine engine;
  if (atome_engine_init(&engine, image, by->context, memory, size) == ATOME_OK) {
    for (int i = 0; i < FUZZ_STEPS; i++) {
      (void)atome_sample(&by->reading.sampler, atome_engine_step(&engine, by->reading.bytes[i]));
    }
    atome_engine_reset(&engine);
    (void)atome_engine_step(&engine, 0);
  }
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *input_bytes, size_t input_size) {
  fuzz_input input = {input_bytes, input_size};
  settings by = take_settings(&input);
  uint8_t *room = calloc(ROOM, 1);
  if (room == NULL) return 0;
  const size_t size = make_file(room, &by, input);
  uint8_t *file = fuzz_allocate(size);
  memcpy(file, room, size);
  free(room);
  atome_image image;
  const atome_shape *shape = (by.choices & GIVE_SHAPE) != 0u ? &by.shape : NULL;
  if (atome_image_open(&image, file, size, shape) == ATOME_OK) step_through(&image, &by);
  free(file);
  return 0;
}
