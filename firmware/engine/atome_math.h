/* Elementary functions of the arithmetic contract (docs/numerics.md): the same 32 bits on every machine.
 *
 * Built from + - * / and integer operations only; no libm, since libraries differ. The Swift twins are in
 * Sources/Model/Elementary. Non-goals: errno, floating-point exceptions, NaN payloads. */
#ifndef ATOME_MATH_H
#define ATOME_MATH_H

#include <stdint.h>

/* The bits of a float, and the float of some bits. */
uint32_t atome_float_bits(float value);
float atome_float_of_bits(uint32_t bits);

/* e to the power of x; at most 1 ULP from the true value. */
float atome_expf(float x);

/* The hyperbolic tangent; at most 2 ULP from the true value; odd. */
float atome_tanhf(float x);

/* The square root, correctly rounded, as IEEE 754 asks. */
float atome_sqrtf(float x);

#endif
