/* See atome_math.h. Every operation is IEEE-754 binary32, rounded to nearest, and none may be fused. */
#include "atome_math.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* gcc ignores it and gets -ffp-contract=off from the build */
#endif

#define ATOME_NAN_BITS 0x7FC00000u
#define ATOME_INFINITY_BITS 0x7F800000u

/* c[0] + x * (c[1] + x * (... + x * c[count - 1])). */
static float polynomial(float x, const float *coefficients, uint32_t count) {
  float value = coefficients[--count];
  while (count > 0u) value = coefficients[--count] + x * value;
  return value;
}

static const float exp_tail[5] = {0.49999994f, 0.1666652f, 0.041668393f, 8.368781e-3f, 1.3814467e-3f};
static const float tanh_tail[6] = {-0.3333333f, 0.13333206f, -0.053946763f, 0.021700703f, -8.177398e-3f, 2.1429618e-3f};

static float power_of_two(int32_t exponent) { return atome_float_of_bits((uint32_t)(exponent + 127) << 23); }

float atome_expf(float x) {
  if (x != x) return atome_float_of_bits(ATOME_NAN_BITS);
  if (x > 88.72284f) return atome_float_of_bits(ATOME_INFINITY_BITS);
  if (x < -103.97208f) return 0.0f;
  /* Adding 1.5 * 2^23 rounds to an integer, since a float of that size has no fraction bits. */
  const float shifted = x * 1.4426950f + 12582912.0f;
  const float k = shifted - 12582912.0f;
  const float r = (x - k * 0.69314575f) - k * 1.4286068e-6f;
  const float value = 1.0f + (r + r * r * polynomial(r, exp_tail, 5));
  /* The integer k without a conversion: it stands in the low bits of `shifted`. */
  const int32_t exponent = (int32_t)(atome_float_bits(shifted) - 0x4B400000u);
  const int32_t first = (exponent + 256) / 2 - 128;
  return value * power_of_two(first) * power_of_two(exponent - first);
}

/* For 0 <= x: a polynomial near zero, where 1 - 2 / (e^2x + 1) would cancel. */
static float tanh_of_magnitude(float x) {
  if (x < 0.625f) {
    const float z = x * x;
    return x + x * z * polynomial(z, tanh_tail, 6);
  }
  return x > 9.02f ? 1.0f : 1.0f - 2.0f / (atome_expf(2.0f * x) + 1.0f);
}

float atome_tanhf(float x) {
  if (x != x) return atome_float_of_bits(ATOME_NAN_BITS);
  /* The sign is moved as a bit, so that -0 keeps it. */
  const uint32_t sign = atome_float_bits(x) & 0x80000000u;
  const float result = tanh_of_magnitude(atome_float_of_bits(atome_float_bits(x) ^ sign));
  return atome_float_of_bits(atome_float_bits(result) | sign);
}

/* Digit by digit, one bit of the root a step, as one extracts a square root by hand. */
float atome_sqrtf(float x) {
  const uint32_t bits = atome_float_bits(x);
  if ((bits << 1) == 0u || bits == ATOME_INFINITY_BITS) return x;
  if (bits > ATOME_INFINITY_BITS) return atome_float_of_bits(ATOME_NAN_BITS);
  int32_t exponent = (int32_t)(bits >> 23) - 127;
  uint32_t rest = bits & 0x7FFFFFu;
  if (exponent == -127) { /* subnormal: shift the leading one to its place */
    exponent = -126;
    while ((rest & 0x800000u) == 0u) {
      rest <<= 1;
      exponent -= 1;
    }
  } else {
    rest |= 0x800000u;
  }
  if (exponent % 2 != 0) { /* the exponent must halve evenly; -3 becomes -4 */
    rest <<= 1;
    exponent -= 1;
  }
  rest <<= 1;
  uint32_t root = 0u, partial = 0u;
  for (uint32_t bit = 0x1000000u; bit != 0u; bit >>= 1) {
    const uint32_t trial = partial + bit;
    if (trial <= rest) {
      partial = trial + bit;
      rest -= trial;
      root += bit;
    }
    rest <<= 1;
  }
  if (rest != 0u) root += root & 1u; /* the 25th bit decides; a tie is impossible */
  return atome_float_of_bits((root >> 1) + 0x3F000000u + ((uint32_t)(exponent / 2) << 23));
}
