/* The sampler: its generator's published numbers, its limits, its order, and how often it draws what. */
#include "tests.h"

#include "atome_fixed.h"
#include "atome_sampler.h"

#include <string.h>

/* What pcg32-demo of the PCG C library 0.94 prints for seed 42 and stream 54. */
static void the_generator_is_pcg32(void) {
  static const uint32_t published[6] = {0xA15C02B7u, 0x7B47F409u, 0xBA1D3330u, 0x83D2F293u, 0xBFA4784Bu, 0xCBED606Eu};
  atome_random random;
  atome_random_seed(&random, 42, 54);
  for (int i = 0; i < 6; i++) CHECK(atome_random_next(&random) == published[i]);
}

static void weights_fall_from_one_to_nothing(void) {
  CHECK(atome_exp2_down(0) == ATOME_ONE);
  CHECK(atome_exp2_down(ATOME_OCTAVE) == ATOME_ONE / 2u);
  CHECK(atome_exp2_down(15u * ATOME_OCTAVE) == 1);
  for (uint32_t octaves = 1; octaves < 16u * ATOME_OCTAVE; octaves++) {
    CHECK(atome_exp2_down(octaves) <= atome_exp2_down(octaves - 1u) && atome_exp2_down(octaves) >= 1u);
  }
  CHECK(atome_exp2_down(16u * ATOME_OCTAVE) == 0 && atome_exp2_down(UINT32_MAX) == 0);
}

static void settings_have_limits(void) {
  static const struct {
    atome_sampling sampling;
    atome_status status;
  } cases[] = {
      {{0, 0, 0, 0}, ATOME_OK},
      {{10, 1, 1, 0}, ATOME_OK},
      {{100000, 256, 1000, 0}, ATOME_OK},
      {{9, 1, 1, 0}, ATOME_BAD_SAMPLING},
      {{100001, 1, 1, 0}, ATOME_BAD_SAMPLING},
      {{1000, 0, 1, 0}, ATOME_BAD_SAMPLING},
      {{1000, 257, 1, 0}, ATOME_BAD_SAMPLING},
      {{1000, 1, 0, 0}, ATOME_BAD_SAMPLING},
      {{1000, 1, 1001, 0}, ATOME_BAD_SAMPLING},
  };
  atome_sampler sampler;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    CHECK(atome_sampler_init(&sampler, &cases[i].sampling, 0) == cases[i].status);
  }
  CHECK(sizeof sampler == 1072);
}

static atome_sampler sampler_with(uint32_t temperature, uint32_t top_k, uint32_t top_p) {
  const atome_sampling sampling = {temperature, top_k, top_p, 7};
  atome_sampler sampler;
  memset(&sampler, 0xFF, sizeof sampler);
  CHECK(atome_sampler_init(&sampler, &sampling, 0) == ATOME_OK);
  return sampler;
}

/* Logits that count down from byte 100 in steps of 1/8, and byte 40 as large as byte 100. */
static void fill(float *logits) {
  for (int byte = 0; byte < 256; byte++) logits[byte] = -0.125f * (float)((byte + 156) % 256);
  logits[40] = 0.0f;
}

static void one_byte_left_is_the_greedy_one(void) {
  static const uint32_t temperatures[] = {10, 1000, 100000};
  float logits[256];
  fill(logits);
  CHECK(atome_greedy(logits) == 40);
  for (int i = 0; i < 3; i++) {
    atome_sampler best = sampler_with(temperatures[i], 1, 1000), nucleus = sampler_with(temperatures[i], 256, 1);
    for (int draw = 0; draw < 100; draw++) {
      CHECK(atome_sample(&best, logits) == 40 && atome_sample(&nucleus, logits) == 40);
    }
  }
  const atome_sampling greedy = {0, 0, 0, 0};
  atome_sampler sampler;
  CHECK(atome_sampler_init(&sampler, &greedy, 0) == ATOME_OK && atome_sample(&sampler, logits) == 40);
}

/* Bytes 40, 100, 101 and 102 are the first four; nothing else may come, and each must. */
static void top_k_keeps_the_first(void) {
  float logits[256];
  uint32_t seen[256] = {0};
  fill(logits);
  atome_sampler sampler = sampler_with(1000, 4, 1000);
  for (int draw = 0; draw < 4000; draw++) seen[atome_sample(&sampler, logits)]++;
  CHECK(seen[40] + seen[100] + seen[101] + seen[102] == 4000);
  CHECK(seen[40] > seen[102] && seen[100] > seen[102] && seen[102] > 500);
}

static void what_is_no_number_is_never_drawn(void) {
  float logits[256];
  const float zero = 0.0f, infinity = 1.0f / zero, nan = infinity - infinity;
  atome_sampler sampler = sampler_with(100000, 256, 1000);
  for (int byte = 0; byte < 256; byte++) logits[byte] = byte % 3 == 0 ? nan : byte % 3 == 1 ? -infinity : 1e30f;
  for (int draw = 0; draw < 500; draw++) CHECK(atome_sample(&sampler, logits) % 3 == 2);
  logits[7] = infinity;
  for (int draw = 0; draw < 500; draw++) CHECK(atome_sample(&sampler, logits) == 7);
  for (int byte = 0; byte < 256; byte++) logits[byte] = nan;
  CHECK(atome_sample(&sampler, logits) == 0);
}

void test_sampler(void) {
  the_generator_is_pcg32();
  weights_fall_from_one_to_nothing();
  settings_have_limits();
  one_byte_left_is_the_greedy_one();
  top_k_keeps_the_first();
  what_is_no_number_is_never_drawn();
}
