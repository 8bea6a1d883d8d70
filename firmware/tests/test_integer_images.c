/* Opening an integer image: what is whole is accepted, and everything else is refused without reading past its end. */
#include "tests.h"

#include "atome_integer.h"

#include <stdlib.h>
#include <string.h>

/* d = 7 and h = 3 fill neither a group of five columns nor a block of eight rows. */
static const atome_shape small = {7, 2, 3, 3, 3};

static atome_status open_status(const uint8_t *bytes, size_t size) {
  atome_integer_image image;
  return atome_integer_open(&image, bytes, size);
}

static void whole_images_open(uint32_t cache_bytes) {
  test_image made = make_integer_image(small, cache_bytes, 1);
  atome_integer_image image;
  CHECK(atome_integer_claims(made.bytes, made.size));
  CHECK(atome_integer_open(&image, made.bytes, made.size) == ATOME_OK);
  CHECK(image.cache_bytes == cache_bytes && memcmp(&image.shape, &small, sizeof small) == 0);
  free(made.bytes);
}

/* Each prefix stands in memory of just its size: the sanitizer sees any byte read after it. */
static void every_truncation_is_refused(void) {
  test_image made = make_integer_image(small, 1, 2);
  for (size_t size = 0; size < made.size; size++) {
    uint8_t *prefix = malloc(size > 0 ? size : 1);
    CHECK(prefix != NULL);
    memcpy(prefix, made.bytes, size);
    CHECK(open_status(prefix, size) != ATOME_OK);
    free(prefix);
  }
  free(made.bytes);
}

static void every_changed_byte_is_refused(uint32_t cache_bytes) {
  static const uint8_t differences[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
  test_image made = make_integer_image(small, cache_bytes, 3);
  for (size_t i = 0; i < made.size; i++) {
    for (size_t j = 0; j < sizeof differences; j++) {
      made.bytes[i] ^= differences[j];
      CHECK(open_status(made.bytes, made.size) != ATOME_OK);
      made.bytes[i] ^= differences[j];
    }
  }
  CHECK(open_status(made.bytes, made.size) == ATOME_OK);
  free(made.bytes);
}

static void a_byte_more_is_refused(void) {
  test_image made = make_integer_image(small, 2, 4);
  uint8_t *longer = calloc(made.size + 4, 1);
  CHECK(longer != NULL);
  memcpy(longer, made.bytes, made.size);
  for (size_t more = 1; more <= 4; more++) CHECK(open_status(longer, made.size + more) == ATOME_TRUNCATED);
  memmove(longer + 1, longer, made.size);
  CHECK(open_status(longer + 1, made.size) == ATOME_IMAGE_UNALIGNED);
  free(longer);
  free(made.bytes);
}

/* Whatever opens can be computed: the sanitizer sees any sum that passes 32 bits. */
static void numbers_at_their_limits_never_overflow(uint32_t cache_bytes) {
  static const atome_shape shapes[] = {{7, 2, 3, 3, 3}, {1, 1, 1, 1, 1}, {40, 2, 16, 8, 5}};
  static uint32_t memory[1 << 14];
  for (uint32_t seed = 0; seed < 300; seed++) {
    test_image made = make_integer_image_at_limits(shapes[seed % 3], cache_bytes, seed * 2654435761u);
    atome_integer_image image;
    atome_integer_engine engine;
    CHECK(atome_integer_open(&image, made.bytes, made.size) == ATOME_OK);
    CHECK(atome_integer_init(&engine, &image, 5, memory, sizeof memory) == ATOME_OK);
    for (uint32_t i = 0; i < 12; i++) (void)atome_integer_step(&engine, (uint8_t)(i * 37u + seed));
    free(made.bytes);
  }
}

void test_integer_images(void) {
  for (uint32_t cache_bytes = 1; cache_bytes <= 2; cache_bytes++) {
    whole_images_open(cache_bytes);
    every_changed_byte_is_refused(cache_bytes);
    numbers_at_their_limits_never_overflow(cache_bytes);
  }
  every_truncation_is_refused();
  a_byte_more_is_refused();
}
