#include "atome_fixed.h"

uint32_t atome_exp2_down(uint32_t octaves) {
  const uint32_t whole = octaves / ATOME_OCTAVE, f = octaves % ATOME_OCTAVE;
  if (whole >= 16u) return 0u;
  /* 1 - f (c1 - f (c2 - f (c3 - f c4))), coefficients in units of 2^-20. */
  uint32_t tail = 55967u - ((7245u * f) >> 11);
  tail = 251182u - ((tail * f) >> 11);
  tail = 726746u - ((tail * f) >> 11);
  const uint32_t value = 0x100000u - ((tail * f) >> 11);
  return (value + (16u << whole)) >> (5u + whole);
}

uint32_t atome_integer_root(uint32_t value) {
  uint32_t root = 0u, bit = 1u << 30;
#if !defined(__OPTIMIZE_SIZE__)
#pragma GCC unroll 16
#endif
  for (; bit != 0u; bit >>= 2) {
    const uint32_t trial = root + bit;
    root >>= 1;
    if (value >= trial) {
      value -= trial;
      root += bit;
    }
  }
  return root;
}

/* A number's square root as root * 2^exponent, root in 2^15 ..< 2^16. */
typedef struct scaled_root {
  uint32_t root;
  int32_t exponent;
} scaled_root;

static scaled_root root_of(uint64_t value) {
  scaled_root result = {0, 0};
  while (value >= (uint64_t)1 << 32) {
    value >>= 2;
    result.exponent++;
  }
  uint32_t low = (uint32_t)value;
  while (low < 1u << 30) {
    low <<= 2;
    result.exponent--;
  }
  result.root = atome_integer_root(low);
  return result;
}

int32_t atome_inverse_deviation(uint64_t squares, uint32_t count) {
  const scaled_root numerator = root_of(count), denominator = root_of(squares);
  const uint32_t quotient = (numerator.root << 15) / denominator.root;
  const int32_t shift = 10 + numerator.exponent - denominator.exponent;
  return (int32_t)(shift >= 0 ? quotient << shift : quotient >> -shift);
}
