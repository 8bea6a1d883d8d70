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
