/* Integer functions that the integer engine and the sampler share. Specified in docs/numerics.md; the Swift twins are
 * in Sources/Model/Integer. Products stay inside 32 bits, since a Cortex-M0 has no longer ones. */
#ifndef ATOME_FIXED_H
#define ATOME_FIXED_H

#include <stdint.h>

/* One octave in the unit of atome_exp2_down's argument, and 1 in the unit of its result. */
#define ATOME_OCTAVE 2048u
#define ATOME_ONE 32768u

/* 2 to the power of -octaves / 2048, in units of 1 / 32768; 0 from 16 octaves on. */
uint32_t atome_exp2_down(uint32_t octaves);

/* The largest integer whose square is at most `value`. */
uint32_t atome_integer_root(uint32_t value);

/* 2^25 * sqrt(count / squares): with it a deviation from the mean becomes multiples of the standard deviation. */
int32_t atome_inverse_deviation(uint64_t squares, uint32_t count);

/* The nearest number of `bits` bits, sign included. */
static inline int32_t atome_clamp(int32_t value, uint32_t bits) {
  const uint32_t limit = (uint32_t)1 << (bits - 1u);
  return ((uint32_t)value + limit) >> bits == 0u ? value : (value >> 31) ^ (int32_t)(limit - 1u);
}

/* The same for one number of bits: a single instruction where a core has it. */
#if defined(__ARM_FEATURE_SAT)
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
ATOME_SATURATE(16)
ATOME_SATURATE(24)

/* A loop over i, 0 ..< count. A core repeats the statement four times, so that it counts less often. */
#if defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define ATOME_EACH(i, count, ...) \
  uint32_t i = 0; \
  while ((count) - i >= 4u) { \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
    __VA_ARGS__ i++; \
  } \
  for (; i < (count); i++) __VA_ARGS__
#else
#define ATOME_EACH(i, count, ...) for (uint32_t i = 0; i < (count); i++) __VA_ARGS__
#endif

/* value / 2^shift to the nearest, halves up. Right shifts of negative numbers keep the sign, as every compiler that we
 * know does. */
static inline int32_t atome_rounded_shift(int32_t value, uint32_t shift) {
  return (value + ((1 << shift) >> 1)) >> shift;
}

#endif
