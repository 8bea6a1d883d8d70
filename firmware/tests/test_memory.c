/* The memory that macros promise at compile time is what the engines ask for. */
#include "atome_compact.h"
#include "atome_integer.h"
#include "tests.h"

#include <string.h>

enum { SHAPES = 10000 };

/* Constants, so that an array can have such a size. */
static uint32_t float_memory[ATOME_MEMORY_WORDS(5, 1, 3, 2, 2, 4)];
static uint32_t integer_memory[ATOME_INTEGER_MEMORY_WORDS(5, 1, 3, 2, 2, 4, 1)];
static uint32_t compact_memory[ATOME_COMPACT_MEMORY_WORDS(5, 1, 3, 1, 2, 1)];

static uint32_t state = 7;

/* 1 ... limit; the limits themselves, and small numbers, more often than others. */
static uint32_t up_to(uint32_t limit) {
  state = state * 1664525u + 1013904223u;
  const uint32_t number = state >> 8, kind = state >> 30;
  if (kind == 0u) return limit;
  return 1u + number % (kind == 1u && limit > 16u ? 16u : limit);
}

static void check_shape(void) {
  const uint32_t d = up_to(ATOME_WIDTH_LIMIT), layers = up_to(ATOME_LAYER_LIMIT), h = up_to(ATOME_HEAD_LIMIT);
  const uint32_t k = up_to(ATOME_TOP_LIMIT), taps = up_to(ATOME_KERNEL_LIMIT), context = up_to(ATOME_CONTEXT_LIMIT);
  const uint32_t m = up_to(ATOME_STATE_LIMIT), g = up_to(m), f = up_to(ATOME_HIDDEN_LIMIT);
  const uint32_t passes = up_to(ATOME_PASS_LIMIT);
  const atome_shape shape = {d, layers, h, k, taps};
  size_t size = 0;
  atome_image image;
  memset(&image, 0, sizeof image);
  image.shape = shape;
  CHECK(atome_engine_memory_size(&image, context, &size) == ATOME_OK);
  CHECK(size == 4u * ATOME_MEMORY_WORDS(d, layers, h, k, taps, context));
  for (uint32_t cache_bytes = 1; cache_bytes <= 2u; cache_bytes++) {
    atome_integer_image integer;
    memset(&integer, 0, sizeof integer);
    integer.shape = shape;
    integer.cache_bytes = cache_bytes;
    CHECK(atome_integer_memory_size(&integer, context, &size) == ATOME_OK);
    CHECK(size == 4u * ATOME_INTEGER_MEMORY_WORDS(d, layers, h, k, taps, context, cache_bytes));
  }
  const atome_compact_shape compact_shape = {d, layers, m, g, f, passes};
  atome_compact_image compact;
  memset(&compact, 0, sizeof compact);
  compact.shape = compact_shape;
  CHECK(atome_compact_memory_size(&compact, &size) == ATOME_OK);
  CHECK(size == 4u * ATOME_COMPACT_MEMORY_WORDS(d, layers, m, g, f, passes));
}

void test_memory(void) {
  CHECK(sizeof float_memory > 1024u && float_memory[0] == 0u);
  CHECK(sizeof integer_memory > 1024u && integer_memory[0] == 0u);
  CHECK(sizeof compact_memory >= 1024u && compact_memory[0] == 0u);
  for (int i = 0; i < SHAPES; i++) check_shape();
  /* Arguments that are expressions. */
  CHECK(ATOME_MEMORY_WORDS(1 + 1, 1, 1, 1, 1, 2 + 2) == ATOME_MEMORY_WORDS(2, 1, 1, 1, 1, 4));
  CHECK(
      ATOME_INTEGER_MEMORY_WORDS(10 + 1, 1 + 1, 3 + 4, 1 + 1, 2 + 3, 3 + 4, 1 + 1) ==
      ATOME_INTEGER_MEMORY_WORDS(11, 2, 7, 2, 5, 7, 2));
  CHECK(
      ATOME_COMPACT_MEMORY_WORDS(2 + 9, 1 + 1, 3 + 2, 1, 400 + 1, 1 + 2) ==
      ATOME_COMPACT_MEMORY_WORDS(11, 2, 5, 1, 401, 3));
  CHECK(ATOME_VERSION_MAJOR == 1);
}
