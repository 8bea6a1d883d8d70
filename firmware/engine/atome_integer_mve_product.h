/* The tables and sums of atome_integer_product.c for a core with M-profile vectors (Cortex-M55 and later). Integers only,
 * so every sum is the portable one. */
#ifndef ATOME_INTEGER_MVE_PRODUCT_H
#define ATOME_INTEGER_MVE_PRODUCT_H

#include "atome_integer_layout.h"

#include <arm_mve.h>

enum { SHORT_LANES = 8 };

/* The sums of three digits, -1 to 1, by code; the last four fill the vector. */
static const int8_t first_digits[3][32] = {
    {-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1},
    {-1, -1, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1, 0, 0, 0, 1, 1, 1},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}};

/* From `count` sums on, the same plus x, then plus 2x. Half a vector is left of 28 and of 84 sums. */
static inline void spread(int16_t *table, uint32_t count, int16_t x) {
  const int16_t *const end = table + count - SHORT_LANES / 2;
  for (; table < end; table += SHORT_LANES) {
    const int16x8_t once = vaddq_n_s16(vldrhq_s16(table), x);
    vstrhq_s16(table + count, once);
    vstrhq_s16(table + 2u * count, vaddq_n_s16(once, x));
  }
  const mve_pred16_t half = vctp16q(SHORT_LANES / 2);
  const int16x8_t once = vaddq_n_s16(vldrhq_z_s16(table, half), x);
  vstrhq_p_s16(table + count, once, half);
  vstrhq_p_s16(table + 2u * count, vaddq_n_s16(once, x), half);
}

/* The sums of five numbers by every code, signed. */
static void fill_table(uint16_t *sums, const int16_t *x) {
  int16_t *table = (int16_t *)sums;
  for (uint32_t i = 0; i < 32u; i += SHORT_LANES) {
    int16x8_t sum = vdupq_n_s16((int16_t)(-x[3] - x[4]));
    for (uint32_t digit = 0; digit < 3u; digit++) {
      sum = vmlaq_n_s16(sum, vldrbq_s16(first_digits[digit] + i), x[digit]);
    }
    vstrhq_s16(table + i, sum);
  }
  spread(table, 28u, x[3]);
  spread(table, 84u, x[4]);
}

/* While groups are added to them, eight rows' sums are two vectors in their place: the sums modulo 2^16, and those of
 * the numbers' 256ths, rounded down. */
static inline void add_groups(int32_t *sums, const uint8_t *codes, const uint16_t *tables, uint32_t count) {
  const int16_t *table = (const int16_t *)tables;
  int16x8_t low = vldrhq_s16((const int16_t *)sums), high = vldrhq_s16((const int16_t *)sums + SHORT_LANES);
  const uint8_t *const end = codes + count * ATOME_BLOCK;
#pragma GCC unroll 4
  for (; codes < end; codes += ATOME_BLOCK, table += ATOME_CODES) {
    const int16x8_t sum = vldrhq_gather_shifted_offset_s16(table, vldrbq_u16(codes));
    low = vaddq_s16(low, sum);
    high = vqdmlahq_n_s16(high, sum, 128);
  }
  vstrhq_s16((int16_t *)sums, low);
  vstrhq_s16((int16_t *)sums + SHORT_LANES, high);
}

/* Up to 255 groups' sums: the 256ths are less than 2^16 too small, and the rest is known modulo 2^16. */
static inline void finish_sums(int32_t *sums) {
  const int16x8_t low = vldrhq_s16((const int16_t *)sums), high = vldrhq_s16((const int16_t *)sums + SHORT_LANES);
  const uint16x8_t rest = vreinterpretq_u16_s16(vsubq_s16(low, vshlq_n_s16(high, 8)));
  int32x4x2_t whole;
  whole.val[0] = vaddq_s32(vshllbq_n_s16(high, 8), vreinterpretq_s32_u32(vmovlbq_u16(rest)));
  whole.val[1] = vaddq_s32(vshlltq_n_s16(high, 8), vreinterpretq_s32_u32(vmovltq_u16(rest)));
  vst2q_s32(sums, whole);
}

#endif
