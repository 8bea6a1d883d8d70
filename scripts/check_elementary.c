/* Checks exp and tanh of firmware/engine/atome_math.c over all 2^32 inputs, and sqrt over many: the measurements in
 * docs/numerics.md. Takes about three minutes.
 *
 *   cc -std=c99 -O2 -ffp-contract=off -Ifirmware/engine scripts/check_elementary.c firmware/engine/atome_math.c -lm
 *
 * The exact values come from the host's binary64 libm, whose own error is 2^-29 of an ULP of binary32. Prints, for exp
 * and tanh, the largest error in ULP, where it is, how many results are not the nearest, how many neighbours fall where
 * the function rises, and digests of the results. Exits with 1 where a promise fails: 2 ULP, tanh odd to the bit, sqrt
 * correctly rounded, NaN as specified. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "atome_math.h"

#define POSITIVE_INFINITY 0x7F800000u
#define SIGN 0x80000000u
#define QUIET_NAN 0x7FC00000u

/* Closed forms where libm is slow and the function is simple; each is exact to 2^-40 or better. */
static double exact_exp(double x) {
  if (x > 100.0) return INFINITY;
  if (x < -110.0) return 0.0;
  if (fabs(x) < 0x1p-26) return 1.0 + x;
  return exp(x);
}

static double exact_tanh(double x) {
  if (x > 20.0) return 1.0;
  if (x < 0x1p-13) return x - x * x * x / 3.0;
  return tanh(x);
}

/* The distance between neighbouring binary32 numbers around `value`. */
static double ulp(double value) {
  int exponent;
  frexp(value, &exponent);
  return ldexp(1.0, (exponent < -125 ? -125 : exponent) - 24);
}

typedef struct {
  const char *name;
  double largest_error;
  float worst_input;
  uint64_t not_nearest;
  uint64_t falling;
} measurement;

static void measure(measurement *m, float x, float result, double exact) {
  if (result == (float)exact) return;
  m->not_nearest += 1;
  const double error = fabs((double)result - exact) / ulp(exact);
  if (error <= m->largest_error) return;
  m->largest_error = error;
  m->worst_input = x;
}

static void report(const measurement *m) {
  printf(
      "%s: largest error %.4f ULP at %a; %llu not the nearest; %llu neighbours fall\n", m->name, m->largest_error,
      (double)m->worst_input, (unsigned long long)m->not_nearest, (unsigned long long)m->falling);
}

static void count(uint64_t *counter, int happens) {
  if (happens) *counter += 1;
}

/* Every subnormal, every mantissa of an odd and of an even exponent (from 0.5 to 2), and every 1021st number. */
static int is_root_tested(uint32_t bits) {
  return bits < 0x00800000u || (bits >= 0x3F000000u && bits < 0x40000000u) || bits % 1021u == 0;
}

static uint64_t check_numbers(measurement *exponential, measurement *tangent) {
  uint64_t broken = 0;
  float last_rising = 1.0f, last_sinking = 1.0f, last_tangent = 0.0f;
  for (uint32_t bits = 0; bits <= POSITIVE_INFINITY; bits++) {
    const float x = atome_float_of_bits(bits);
    const float rising = atome_expf(x), sinking = atome_expf(-x), tangent_of_x = atome_tanhf(x);
    measure(exponential, x, rising, exact_exp((double)x));
    measure(exponential, -x, sinking, exact_exp(-(double)x));
    measure(tangent, x, tangent_of_x, exact_tanh((double)x));
    count(&exponential->falling, rising < last_rising);
    count(&exponential->falling, sinking > last_sinking);
    count(&tangent->falling, tangent_of_x < last_tangent);
    last_rising = rising;
    last_sinking = sinking;
    last_tangent = tangent_of_x;
    count(&broken, atome_float_bits(atome_tanhf(-x)) != (atome_float_bits(tangent_of_x) | SIGN));
    if (is_root_tested(bits)) {
      count(&broken, atome_float_bits(atome_sqrtf(x)) != atome_float_bits(sqrtf(x)));
      count(&broken, bits != 0 && atome_float_bits(atome_sqrtf(-x)) != QUIET_NAN);
    }
  }
  return broken;
}

static uint64_t check_nans(void) {
  uint64_t broken = 0;
  for (uint32_t bits = POSITIVE_INFINITY + 1; bits < SIGN; bits++) {
    for (uint32_t sign = 0; sign < 2; sign++) {
      const float nan = atome_float_of_bits(bits | (sign != 0 ? SIGN : 0));
      count(&broken, atome_float_bits(atome_expf(nan)) != QUIET_NAN);
      count(&broken, atome_float_bits(atome_tanhf(nan)) != QUIET_NAN);
      count(&broken, atome_float_bits(atome_sqrtf(nan)) != QUIET_NAN);
    }
  }
  return broken;
}

/* What Tests/ModelTests/ElementaryTests.swift compares the Swift twins with: a hash (FNV-1a, a word at a time) of the
 * results at every 251st input. */
static uint64_t digest(float (*function)(float)) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 251) {
    hash = (hash ^ atome_float_bits(function(atome_float_of_bits((uint32_t)bits)))) * 0x100000001B3u;
  }
  return hash;
}

int main(void) {
  printf(
      "digests: exp %016llX, tanh %016llX\n", (unsigned long long)digest(atome_expf),
      (unsigned long long)digest(atome_tanhf));
  fflush(stdout);
  measurement exponential = {.name = "exp"}, tangent = {.name = "tanh"};
  const uint64_t broken = check_numbers(&exponential, &tangent) + check_nans();
  report(&exponential);
  report(&tangent);
  printf("sqrt, oddness, NaN: %llu broken\n", (unsigned long long)broken);
  return broken == 0 && exponential.largest_error <= 2.0 && tangent.largest_error <= 2.0 ? 0 : 1;
}
