/* Integer functions that the integer engine and the sampler share. Specified in docs/numerics.md; the Swift twins are
 * in Sources/Model/Integer. Products stay inside 32 bits, since a Cortex-M0 has no longer ones. */
#ifndef ATOME_FIXED_H
#define ATOME_FIXED_H

#include "atome_target.h"

#include <stdint.h>

/* One octave in the unit of atome_exp2_down's argument, and 1 in the unit of its result. */
#define ATOME_OCTAVE 2048u
#define ATOME_ONE 32768u

/* 2 to the power of -octaves / 2048, in units of 1 / 32768; 0 from 16 octaves on. */
uint32_t atome_exp2_down(uint32_t octaves);

/* The same before it is rounded: in units of 2^-20. */
static inline uint32_t atome_fine_power_down(uint32_t octaves) {
  const uint32_t whole = octaves / ATOME_OCTAVE, f = octaves % ATOME_OCTAVE;
  if (whole >= 16u) return 0u;
  /* 1 - f (c1 - f (c2 - f (c3 - f c4))), coefficients in units of 2^-20. */
  uint32_t tail = 55967u - ((7245u * f) >> 11);
  tail = 251182u - ((tail * f) >> 11);
  tail = 726746u - ((tail * f) >> 11);
  return (0x100000u - ((tail * f) >> 11)) >> whole;
}

/* 2^30 / divisor, rounded down, of a divisor of 2^15 ... 2^16. */
static inline uint32_t atome_reciprocal_by_products(uint32_t divisor) {
  const int32_t d = (int32_t)divisor, one = 1 << 30;
  int32_t quotient = 46261 - ((30840 * d) >> 16); /* the best line: within a 17th */
  quotient += (quotient * ((one - quotient * d) >> 15)) >> 15;
  quotient += (quotient * ((one - quotient * d) >> 10)) >> 20; /* exact, or 1 too small */
  return (uint32_t)(quotient + (one - quotient * d >= d));
}

/* The same; a core that cannot divide would call a long loop. */
static inline uint32_t atome_reciprocal(uint32_t divisor) {
#if defined(__thumb__) && __ARM_ARCH_ISA_THUMB == 1
  return atome_reciprocal_by_products(divisor);
#else
  return (1u << 30) / divisor;
#endif
}

/* Zeros above the highest bit of a number that is not 0. */
static inline uint32_t atome_leading_zeros(uint32_t value) {
#if ATOME_GNU
  return (uint32_t)__builtin_clz(value);
#else
  uint32_t count = 0;
  for (; value < 1u << 31; value <<= 1) count++;
  return count;
#endif
}

/* The largest integer whose square is at most `value`. */
uint32_t atome_integer_root(uint32_t value);

/* A number's square root as root * 2^exponent, root in 2^15 ..< 2^16. */
typedef struct atome_scaled_root {
  uint32_t root;
  int32_t exponent;
} atome_scaled_root;

atome_scaled_root atome_root_of(uint64_t value);

/* 2^25 * sqrt(count / squares), from the root of the count. */
int32_t atome_inverse_deviation(atome_scaled_root count, uint64_t squares);

/* The nearest number of `bits` bits, sign included. */
static inline int32_t atome_clamp(int32_t value, uint32_t bits) {
  const uint32_t limit = (uint32_t)1 << (bits - 1u);
  return ((uint32_t)value + limit) >> bits == 0u ? value : (value >> 31) ^ (int32_t)(limit - 1u);
}

/* The same for one number of bits: a single instruction where a core has it. */
#if ATOME_SATURATES
#define ATOME_SATURATE(bits) \
  static inline int32_t atome_saturate_##bits(int32_t value) { \
    int32_t result; \
    __asm__("ssat %0, #" #bits ", %1" : "=r"(result) : "r"(value)); \
    return result; \
  }
#else
#define ATOME_SATURATE(bits) \
  static inline int32_t atome_saturate_##bits(int32_t value) { return atome_clamp(value, bits); }
#endif
ATOME_SATURATE(8)
ATOME_SATURATE(12)
ATOME_SATURATE(15)
ATOME_SATURATE(16)
ATOME_SATURATE(24)

/* The nearest number of 0 ... 255. */
static inline uint32_t atome_saturate_to_byte(int32_t value) {
#if ATOME_SATURATES
  uint32_t result;
  __asm__("usat %0, #8, %1" : "=r"(result) : "r"(value));
  return result;
#else
  return (uint32_t)value < 256u ? (uint32_t)value : ~(uint32_t)(value >> 31) & 255u;
#endif
}

/* The square of a number of 16 bits. A core that multiplies to 64 bits adds in the same instruction. */
#if defined(__thumb__) && __ARM_ARCH_ISA_THUMB == 1
#define ATOME_SQUARE(value) ((uint32_t)((value) * (value)))
#else
#define ATOME_SQUARE(value) ((uint64_t)((int64_t)(value) * (value)))
#endif

/* A loop over i, 0 ..< count. A core repeats the statement four times, so that it counts less often. */
#if ATOME_FAST_THUMB
#define ATOME_EACH(i, count, ...) \
  uint32_t i = 0; \
  while ((count)-i >= 4u) { \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
  } \
  for (; i < (count); i++) __VA_ARGS__
#else
#define ATOME_EACH(i, count, ...) \
  for (uint32_t i = 0; i < (count); i++) __VA_ARGS__
#endif

/* value / 2^shift to the nearest, halves up. Right shifts of negative numbers keep the sign, as every compiler that we
 * know does. */
static inline int32_t atome_rounded_shift(int32_t value, uint32_t shift) {
  return (value + ((1 << shift) >> 1)) >> shift;
}

/* A half in units of 2^-shift; shift <= 31. */
static inline int32_t atome_half(uint32_t shift) { return (int32_t)(((uint32_t)1 << shift) >> 1); }

#endif
