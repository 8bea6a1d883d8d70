/* The compact engine against plain loops, and its work memory. */
#include "compact_oracle.h"
#include "tests.h"

#include "atome_compact.h"
#include "atome_fixed.h"
#include "atome_integer.h"

#include <stdlib.h>
#include <string.h>

enum { GUARD_BYTES = 64, GUARD = 0xC7 };

static uint8_t text_token(uint32_t place) { return (uint8_t)(place * place * 37u + place * 11u); }

typedef struct running {
  atome_compact_image image;
  atome_compact_engine engine;
  void *memory;
  size_t memory_size;
} running;

/* In memory of the exact size, full of what spoils logits if it is read before it is written. */
static running start(const compact_file *file) {
  running result;
  CHECK(atome_compact_open(&result.image, file->bytes, file->size) == ATOME_OK);
  CHECK(atome_compact_memory_size(&result.image, &result.memory_size) == ATOME_OK);
  result.memory = malloc(result.memory_size);
  CHECK(result.memory != NULL);
  memset(result.memory, 0x5B, result.memory_size);
  CHECK(atome_compact_init(&result.engine, &result.image, result.memory, result.memory_size) == ATOME_OK);
  return result;
}

/* Returns how many different numbers states and hidden parts had. */
static uint32_t agrees_with_plain_loops(compact_file file, uint32_t steps) {
  running tried = start(&file);
  oracle *told = oracle_begin(&file);
  int64_t expected[256];
  for (uint32_t i = 0; i < steps; i++) {
    const int32_t *logits = atome_compact_step(&tried.engine, text_token(i));
    oracle_step(told, text_token(i), expected);
    for (uint32_t token = 0; token < 256u; token++) CHECK(logits[token] == expected[token]);
  }
  const uint32_t liveliness = oracle_liveliness(told);
  oracle_end(told);
  free(tried.memory);
  free(file.bytes);
  return liveliness;
}

/* Of every divisor that a gate can have, as of a division. */
static void reciprocals_are_exact(void) {
  for (uint32_t divisor = 1u << 15; divisor <= 1u << 16; divisor++) {
    CHECK(atome_reciprocal_by_products(divisor) == (1u << 30) / divisor);
    CHECK(atome_reciprocal(divisor) == (1u << 30) / divisor);
  }
}

static void powers_are_those_of_the_page(void) {
  for (uint32_t octaves = 0; octaves < 17u * ATOME_OCTAVE; octaves++) {
    CHECK(atome_exp2_down(octaves) == oracle_power_down(octaves));
  }
}

/* One row for all, blocks of eight rows that are full or not, and one row less than tokens. */
static void tokens_may_share_a_row(void) {
  static const compact_shape shapes[] = {{7, 2, 3, 3, 5}, {20, 2, 16, 4, 32}, {1, 1, 1, 1, 1}};
  static const uint32_t counts[] = {1, 2, 7, 8, 9, 31, 96, 128, 250, 254, 255};
  for (uint32_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    for (uint32_t j = 0; j < sizeof counts / sizeof *counts; j++) {
      (void)agrees_with_plain_loops(make_compact_of(shapes[i], counts[j], 1, 31u * i + j), 24);
    }
  }
}

static void blocks_are_run_in_several_passes(void) {
  static const compact_shape shapes[] = {{7, 2, 3, 3, 5}, {20, 1, 20, 4, 48}, {1, 3, 1, 1, 1}};
  static const uint32_t passes[] = {2, 3, 16};
  for (uint32_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    for (uint32_t j = 0; j < sizeof passes / sizeof *passes; j++) {
      (void)agrees_with_plain_loops(make_compact_of(shapes[i], 200, passes[j], 37u * i + j), 24);
    }
  }
}

/* The least and the greatest of each dimension, primes, and blocks of eight rows that are full or not. */
static void any_shape_gives_the_numbers_of_plain_loops(void) {
  static const compact_shape shapes[] = {
      {1, 1, 1, 1, 1},      {1, 2, 40, 8, 3},      {40, 2, 1, 1, 17},  {7, 3, 5, 5, 11},      {13, 2, 29, 1, 1},
      {31, 64, 3, 3, 7},    {8, 2, 8, 2, 8},       {48, 2, 32, 8, 80}, {20, 2, 16, 4, 32},    {53, 2, 37, 37, 101},
      {32, 3, 24, 3, 48},   {36, 1, 36, 12, 37},   {37, 1, 73, 1, 36}, {130, 1, 66, 11, 150}, {1024, 1, 9, 3, 13},
      {19, 1, 1024, 4, 21}, {9, 1, 1024, 1024, 3}, {17, 1, 5, 1, 4096}};
  for (uint32_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    for (uint32_t seed = 0; seed < 3; seed++) {
      const uint32_t liveliness = agrees_with_plain_loops(make_compact(shapes[i], 977u * i + seed), 12);
      CHECK(liveliness > 130u || shapes[i].m < 24u || shapes[i].f < 24u);
      (void)agrees_with_plain_loops(make_compact_at_limits(shapes[i], 1009u * i + seed), 6);
    }
  }
}

/* Whatever opens can be computed: the sanitizer sees any sum that passes 32 bits, and the oracle does. */
static void numbers_at_their_limits_never_overflow(void) {
  static const compact_shape shapes[] = {{7, 2, 3, 3, 5}, {1, 1, 1, 1, 1}, {40, 2, 16, 2, 8}, {3, 3, 9, 3, 70}};
  for (uint32_t seed = 0; seed < 600; seed++) {
    (void)agrees_with_plain_loops(make_compact_at_limits(shapes[seed % 4u], seed * 2654435761u), 5);
  }
}

/* All codes 7 and multipliers 255: the largest sums that a shape can have. */
static void the_largest_sums_fit(void) {
  static const compact_shape shapes[] = {{1024, 1, 1024, 256, 16}, {16, 1, 8, 8, 4096}};
  for (uint32_t i = 0; i < 2u; i++) {
    for (uint32_t sign = 0; sign < 2u; sign++) {
      compact_file file = make_compact_at_limits(shapes[i], i);
      const size_t d = shapes[i].d;
      memset(file.bytes + 80, 0xFF, 256u + 128u * d);
      if (sign != 0u) memset(file.bytes + 80 + 256, 0x11, 128u * d);
      file.bytes[76] = 12;
      const size_t head = 80u + 256u + 128u * d, numbers = head + 44u;
      const size_t m = shapes[i].m, g = shapes[i].g, f = shapes[i].f;
      const size_t count = 4u * d + 2u * (g + m) + f, matrices = numbers + (count + 3u) / 4u * 4u;
      const size_t size = (g + 2u * m + 7u) / 8u * 4u * d + (d + 7u) / 8u * 4u * m + (f + 7u) / 8u * 4u * d +
                          (d + 7u) / 8u * 4u * f;
      memset(file.bytes + numbers + 2u * d + g, 0xFF, count - 2u * d - g);
      memset(file.bytes + matrices, 0xFF, size);
      seal_compact(&file);
      (void)agrees_with_plain_loops(file, 4);
    }
  }
}

static void memory_is_used_to_the_byte(compact_shape shape, uint32_t passes) {
  compact_file file = make_compact_of(shape, 256, passes, 7);
  atome_compact_image image;
  atome_compact_engine engine;
  size_t needed = 0;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(atome_compact_memory_size(&image, &needed) == ATOME_OK && needed % ATOME_MEMORY_ALIGNMENT == 0u);
  uint8_t *memory = malloc(needed + 2 * GUARD_BYTES);
  CHECK(memory != NULL);
  memset(memory, GUARD, needed + 2 * GUARD_BYTES);
  CHECK(atome_compact_init(&engine, &image, memory + GUARD_BYTES, needed - 1) == ATOME_MEMORY_TOO_SMALL);
  for (size_t off = 1; off < 4; off++) {
    CHECK(atome_compact_init(&engine, &image, memory + GUARD_BYTES + off, needed) == ATOME_MEMORY_UNALIGNED);
  }
  for (size_t i = 0; i < needed; i++) CHECK(memory[GUARD_BYTES + i] == GUARD);
  CHECK(atome_compact_init(&engine, &image, memory + GUARD_BYTES, needed) == ATOME_OK);
  for (uint32_t i = 0; i < 40; i++) (void)atome_compact_step(&engine, text_token(i));
  for (size_t i = 0; i < GUARD_BYTES; i++) {
    CHECK(memory[i] == GUARD);
    CHECK(memory[GUARD_BYTES + needed + i] == GUARD);
  }
  free(memory);
  free(file.bytes);
}

/* What docs and presets count on; a change here is a change of what a board must have. */
static void memory_sizes_are_known(void) {
  static const struct {
    compact_shape shape;
    size_t size;
  } known[] = {
      {{48, 2, 32, 8, 80}, 1024 + 48 + 2 * 2 * 32}, /* logits, the final norm, the state */
      {{1, 1, 1, 1, 1}, 1024 + 4 + 4},
      {{40, 1, 300, 30, 8}, 4 * (632 + 40) + 300 + 2 * 300}, /* projections, the stream, what is read, the state */
      {{128, 2, 100, 25, 520}, 4 * (520 + 128) + 520 + 2 * 2 * 100}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    compact_file file = make_compact(known[i].shape, 1);
    running tried = start(&file);
    CHECK(tried.memory_size == known[i].size);
    free(tried.memory);
    free(file.bytes);
  }
}

static void a_reset_engine_is_a_fresh_one(void) {
  static const compact_shape shape = {29, 3, 22, 11, 41};
  compact_file file = make_compact(shape, 10);
  running used = start(&file), fresh = start(&file);
  int differed = 0;
  for (uint32_t i = 0; i < 40; i++) (void)atome_compact_step(&used.engine, text_token(i + 1u));
  int32_t later[256];
  memcpy(later, atome_compact_step(&used.engine, text_token(0)), sizeof later);
  atome_compact_reset(&used.engine);
  for (uint32_t i = 0; i < 40; i++) {
    const int32_t *logits = atome_compact_step(&used.engine, text_token(i));
    CHECK(memcmp(logits, atome_compact_step(&fresh.engine, text_token(i)), sizeof later) == 0);
    if (i == 0u) differed = memcmp(logits, later, sizeof later) != 0;
  }
  CHECK(differed); /* what was read before the reset did matter */
  free(used.memory);
  free(fresh.memory);
  free(file.bytes);
}

/* With a temperature close to 0 the draw is the greedy choice, unless the image says that its logits mean nothing. */
static void samples_follow_the_logits(void) {
  static const compact_shape shape = {29, 2, 22, 2, 41};
  const atome_sampling cold = {10, 256, 1000, 3}, warm = {100000, 256, 1000, 3}, greedy = {0, 0, 0, 0};
  compact_file file = make_compact(shape, 11);
  memcpy(file.bytes + 68, "\xFF\xFF\0\0\x08\0\0\0", 8); /* 256 units in a logit of 1 */
  seal_compact(&file);
  running tried = start(&file);
  atome_sampler samplers[3];
  CHECK(atome_sampler_init(&samplers[0], &greedy, 0) == ATOME_OK);
  CHECK(atome_sampler_init(&samplers[1], &cold, 0) == ATOME_OK);
  CHECK(atome_sampler_init(&samplers[2], &warm, 0) == ATOME_OK);
  for (uint32_t i = 0; i < 40; i++) {
    const int32_t *logits = atome_compact_step(&tried.engine, text_token(i));
    const uint8_t best = atome_integer_greedy(logits);
    for (uint32_t token = 0; token < 256u; token++) {
      CHECK(logits[token] < logits[best] || (logits[token] == logits[best] && token >= best));
    }
    CHECK(atome_compact_sample(&samplers[0], &tried.image, logits) == best);
    CHECK(logits[atome_compact_sample(&samplers[1], &tried.image, logits)] == logits[best]);
    (void)atome_compact_sample(&samplers[2], &tried.image, logits);
  }
  free(tried.memory);
  free(file.bytes);
}

void test_compact(void) {
  static const compact_shape small = {13, 3, 5, 1, 11}, wide = {70, 1, 3, 3, 400}, held = {9, 1, 300, 60, 5};
  reciprocals_are_exact();
  powers_are_those_of_the_page();
  tokens_may_share_a_row();
  blocks_are_run_in_several_passes();
  any_shape_gives_the_numbers_of_plain_loops();
  numbers_at_their_limits_never_overflow();
  the_largest_sums_fit();
  memory_is_used_to_the_byte(small, 3);
  memory_is_used_to_the_byte(wide, 1);
  memory_is_used_to_the_byte(held, 2);
  memory_sizes_are_known();
  a_reset_engine_is_a_fresh_one();
  samples_follow_the_logits();
}
