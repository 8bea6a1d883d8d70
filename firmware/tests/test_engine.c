/* Running: work memory to the byte, any image address, resets, and the window. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 6, TEXT_BYTES = 40, GUARD_BYTES = 64, GUARD = 0xC7 };

/* Rows start inside a byte here, so every alignment of trits is met. */
static const atome_shape odd_shape = {13, 3, 5, 3, 4};

typedef struct running {
  atome_engine engine;
  void *memory;
} running;

static running start(const uint8_t *bytes, size_t size, uint32_t context) {
  atome_image image;
  running result;
  size_t needed = 0;
  CHECK(atome_image_open(&image, bytes, size, NULL) == ATOME_OK);
  CHECK(atome_engine_memory_size(&image, context, &needed) == ATOME_OK);
  result.memory = malloc(needed);
  CHECK(result.memory != NULL);
  memset(result.memory, 0xFF, needed); /* NaNs: whatever is read before it is written spoils the logits */
  CHECK(atome_engine_init(&result.engine, &image, context, result.memory, needed) == ATOME_OK);
  return result;
}

static uint8_t text_byte(uint32_t place) { return (uint8_t)(place * 37u + 11u); }

static int equal_logits(const float *left, const float *right) {
  return memcmp(left, right, ATOME_VOCABULARY * sizeof(float)) == 0;
}

static void memory_is_used_to_the_byte(void) {
  test_image made = make_image(odd_shape, 7, 4);
  atome_image image;
  atome_engine engine;
  size_t needed = 0;
  CHECK(atome_image_open(&image, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(atome_engine_memory_size(&image, CONTEXT, &needed) == ATOME_OK);
  CHECK(needed % ATOME_MEMORY_ALIGNMENT == 0);
  uint8_t *memory = malloc(needed + 2 * GUARD_BYTES);
  CHECK(memory != NULL);
  memset(memory, GUARD, needed + 2 * GUARD_BYTES);
  CHECK(atome_engine_init(&engine, &image, CONTEXT, memory + GUARD_BYTES, needed - 1) == ATOME_MEMORY_TOO_SMALL);
  CHECK(atome_engine_init(&engine, &image, CONTEXT, memory + GUARD_BYTES + 1, needed) == ATOME_MEMORY_UNALIGNED);
  CHECK(atome_engine_init(&engine, &image, CONTEXT, memory + GUARD_BYTES, needed) == ATOME_OK);
  for (uint32_t i = 0; i < TEXT_BYTES; i++) atome_engine_step(&engine, text_byte(i));
  for (size_t i = 0; i < GUARD_BYTES; i++) {
    CHECK(memory[i] == GUARD);
    CHECK(memory[GUARD_BYTES + needed + i] == GUARD);
  }
  const uint8_t *end = memory + GUARD_BYTES + needed;
  CHECK(end[-1] != GUARD); /* a slot number's high byte: the last word is in use */
  free(memory);
  free(made.bytes);
}

static void contexts_have_limits(void) {
  test_image made = make_image(odd_shape, 8, 4);
  atome_image image;
  size_t needed = 0;
  CHECK(atome_image_open(&image, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(atome_engine_memory_size(&image, 0, &needed) == ATOME_BAD_CONTEXT);
  CHECK(atome_engine_memory_size(&image, ATOME_CONTEXT_LIMIT, &needed) == ATOME_OK);
  CHECK(atome_engine_memory_size(&image, ATOME_CONTEXT_LIMIT + 1, &needed) == ATOME_BAD_CONTEXT);
  CHECK(atome_engine_memory_size(&image, UINT32_MAX, &needed) == ATOME_BAD_CONTEXT);
  free(made.bytes);
}

static void any_address_gives_the_same_logits(void) {
  test_image made = make_image(odd_shape, 9, 5);
  running aligned = start(made.bytes, made.size, CONTEXT);
  uint8_t *room = malloc(made.size + 3);
  CHECK(room != NULL);
  for (size_t shift = 1; shift <= 3; shift++) {
    memcpy(room + shift, made.bytes, made.size);
    running shifted = start(room + shift, made.size, CONTEXT);
    atome_engine_reset(&aligned.engine);
    for (uint32_t i = 0; i < TEXT_BYTES; i++) {
      const float *expected = atome_engine_step(&aligned.engine, text_byte(i));
      CHECK(equal_logits(expected, atome_engine_step(&shifted.engine, text_byte(i))));
    }
    free(shifted.memory);
  }
  free(room);
  free(aligned.memory);
  free(made.bytes);
}

static void a_reset_engine_is_a_fresh_one(void) {
  test_image made = make_image(odd_shape, 10, 4);
  running used = start(made.bytes, made.size, CONTEXT), fresh = start(made.bytes, made.size, CONTEXT);
  for (uint32_t i = 0; i < TEXT_BYTES; i++) atome_engine_step(&used.engine, (uint8_t)i);
  atome_engine_reset(&used.engine);
  for (uint32_t i = 0; i < TEXT_BYTES; i++) {
    const float *logits = atome_engine_step(&used.engine, text_byte(i));
    for (uint32_t byte = 0; byte < ATOME_VOCABULARY; byte++) CHECK(logits[byte] - logits[byte] == 0.0f);
    CHECK(equal_logits(logits, atome_engine_step(&fresh.engine, text_byte(i))));
  }
  free(used.memory);
  free(fresh.memory);
  free(made.bytes);
}

/* A short window agrees with a long one until it is full, and not for ever. */
static void the_window_forgets_when_it_is_full(void) {
  test_image made = make_image(odd_shape, 11, 4);
  running short_one = start(made.bytes, made.size, CONTEXT), long_one = start(made.bytes, made.size, TEXT_BYTES);
  int differed = 0;
  for (uint32_t i = 0; i < TEXT_BYTES; i++) {
    const float *left = atome_engine_step(&short_one.engine, text_byte(i));
    const int equal = equal_logits(left, atome_engine_step(&long_one.engine, text_byte(i)));
    CHECK(equal || i >= CONTEXT);
    if (!equal) differed = 1;
  }
  CHECK(differed);
  free(short_one.memory);
  free(long_one.memory);
  free(made.bytes);
}

/* Rows of every length, so that they start and end at each place of a byte. */
static void both_packings_give_the_same_logits(void) {
  for (uint32_t width = 1; width <= 22; width++) {
    const atome_shape shape = {width, 2, 1 + width % 4, 2, 1 + width % 9};
    test_image made[2] = {make_image(shape, width, 4), make_image(shape, width, 5)};
    running two[2] = {start(made[0].bytes, made[0].size, CONTEXT), start(made[1].bytes, made[1].size, CONTEXT)};
    for (uint32_t i = 0; i < 2 * CONTEXT; i++) {
      const float *expected = atome_engine_step(&two[0].engine, text_byte(i));
      CHECK(equal_logits(expected, atome_engine_step(&two[1].engine, text_byte(i))));
    }
    for (int i = 0; i < 2; i++) {
      free(two[i].memory);
      free(made[i].bytes);
    }
  }
}

static void ties_go_to_the_smaller_byte(void) {
  float logits[ATOME_VOCABULARY] = {0};
  CHECK(atome_greedy(logits) == 0);
  logits[200] = 1.0f, logits[255] = 1.0f;
  CHECK(atome_greedy(logits) == 200);
}

void test_engine(void) {
  memory_is_used_to_the_byte();
  contexts_have_limits();
  any_address_gives_the_same_logits();
  a_reset_engine_is_a_fresh_one();
  the_window_forgets_when_it_is_full();
  both_packings_give_the_same_logits();
  ties_go_to_the_smaller_byte();
}
