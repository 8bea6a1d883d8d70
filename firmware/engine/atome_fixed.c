#include "atome_fixed.h"

uint32_t atome_exp2_down(uint32_t octaves) { return (atome_fine_power_down(octaves) + 16u) >> 5; }

uint32_t atome_integer_root(uint32_t value) {
  uint32_t root = 0u, bit = 1u << 30;
  ATOME_UNROLL(16)
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

atome_scaled_root atome_root_of(uint64_t value) {
  atome_scaled_root result = {0, 0};
  while (value >= (uint64_t)1 << 32) {
    value >>= 2;
    result.exponent++;
  }
  uint32_t low = (uint32_t)value;
#if ATOME_GNU && defined(__ARM_FEATURE_CLZ)
  const uint32_t pairs = atome_leading_zeros(low) / 2u;
  low <<= 2u * pairs;
  result.exponent -= (int32_t)pairs;
#else
  while (low < 1u << 30) {
    low <<= 2;
    result.exponent--;
  }
#endif
  result.root = atome_integer_root(low);
  return result;
}

int32_t atome_inverse_deviation(atome_scaled_root count, uint64_t squares) {
  const atome_scaled_root deviation = atome_root_of(squares);
  const uint32_t quotient = (count.root << 15) / deviation.root;
  const int32_t shift = 10 + count.exponent - deviation.exponent;
  return (int32_t)(shift >= 0 ? quotient << shift : quotient >> -shift);
}
