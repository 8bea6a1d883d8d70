/* Elementary functions of the arithmetic contract (docs/numerics.md): the same 32 bits on every machine.
 *
 * Built from + - * / and integer operations only; no libm, since libraries differ. The Swift twins are in
 * Sources/Model/Elementary. Non-goals: errno, floating-point exceptions, NaN payloads. */
#ifndef ATOME_MATH_H
#define ATOME_MATH_H

#include <stdint.h>

/* A float and its bits. */
typedef union atome_word {
  float value;
  uint32_t bits;
} atome_word;

static inline uint32_t atome_float_bits(float value) {
  const atome_word word = {.value = value};
  return word.bits;
}

static inline float atome_float_of_bits(uint32_t bits) {
  const atome_word word = {.bits = bits};
  return word.value;
}

/* e to the power of x; at most 1 ULP from the true value. */
float atome_expf(float x);

/* The hyperbolic tangent; at most 2 ULP from the true value; odd. */
float atome_tanhf(float x);

/* The square root, correctly rounded, as IEEE 754 asks. */
float atome_sqrtf(float x);

#endif
