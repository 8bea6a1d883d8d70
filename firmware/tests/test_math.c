/* The elementary functions: roots are the nearest floats, and all results are the bits of the contract. */
#include "tests.h"

#include "atome_math.h"

/* x is a square of what lies between both neighbours' halves; binary64 holds those squares exactly. */
static void roots_are_nearest(void) {
  for (uint32_t high = 0x0080u; high < 0x7F80u; high += 7u) {
    for (uint32_t low = 0; low < 0x10000u; low += 0x0FFDu) {
      const float x = atome_float_of_bits(high << 16 | low);
      const uint32_t bits = atome_float_bits(atome_sqrtf(x));
      const double root = (double)atome_float_of_bits(bits);
      const double lower = (root + (double)atome_float_of_bits(bits - 1u)) / 2.0;
      const double upper = (root + (double)atome_float_of_bits(bits + 1u)) / 2.0;
      CHECK(lower * lower <= (double)x && (double)x <= upper * upper);
    }
  }
}

/* Of every float whose lower 16 bits are 0. Other sums mean other numbers on every core and in the Swift reference. */
static void results_are_known(void) {
  static const struct {
    float (*function)(float);
    uint32_t sum;
  } known[] = {{atome_expf, 0x36ACD90Bu}, {atome_tanhf, 0x1585F245u}, {atome_sqrtf, 0x2977DE5Fu}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    uint32_t sum = 2166136261u;
    for (uint32_t high = 0; high < 0x10000u; high++) {
      sum = (sum ^ atome_float_bits(known[i].function(atome_float_of_bits(high << 16)))) * 16777619u;
    }
    CHECK(sum == known[i].sum);
  }
}

void test_math(void) {
  roots_are_nearest();
  results_are_known();
}
