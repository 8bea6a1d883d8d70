/* The tables and sums of atome_integer_product.c for a core with M-profile vectors (Cortex-M55 and later). Integers
 * only, so every sum is the portable one. */
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
  int16_t *once = table + count, *twice = once + count;
#pragma GCC unroll 5
  for (uint32_t i = 0; i < count / SHORT_LANES; i++) {
    const int16x8_t sums = vaddq_n_s16(vldrhq_s16(table), x);
    vstrhq_s16(once, sums);
    vstrhq_s16(twice, vaddq_n_s16(sums, x));
    table += SHORT_LANES;
    once += SHORT_LANES;
    twice += SHORT_LANES;
  }
  const mve_pred16_t half = vctp16q(SHORT_LANES / 2);
  const int16x8_t sums = vaddq_n_s16(vldrhq_z_s16(table, half), x);
  vstrhq_p_s16(once, sums, half);
  vstrhq_p_s16(twice, vaddq_n_s16(sums, x), half);
}

/* The sums of five numbers by every code, signed. */
static void fill_table(uint16_t *sums, const int16_t *x) {
  int16_t *table = (int16_t *)sums;
  const int16_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4];
#pragma GCC unroll 4
  for (uint32_t i = 0; i < 32u; i += SHORT_LANES) {
    int16x8_t sum = vdupq_n_s16((int16_t)(-x3 - x4));
    sum = vmlaq_n_s16(sum, vldrbq_s16(first_digits[0] + i), x0);
    sum = vmlaq_n_s16(sum, vldrbq_s16(first_digits[1] + i), x1);
    sum = vmlaq_n_s16(sum, vldrbq_s16(first_digits[2] + i), x2);
    vstrhq_s16(table + i, sum);
  }
  spread(table, 28u, x3);
  spread(table, 84u, x4);
}

/* While groups are added to them, eight rows' sums are two vectors in their place: the sums modulo 2^16, and those of
 * the numbers' 256ths, rounded down. */
typedef struct block_sums {
  int16x8_t low, high;
} block_sums;

static inline block_sums load_sums(const int32_t *sums) {
  const int16_t *place = (const int16_t *)sums;
  const block_sums block = {vldrhq_s16(place), vldrhq_s16(place + SHORT_LANES)};
  return block;
}

static inline void store_sums(int32_t *sums, block_sums block) {
  vstrhq_s16((int16_t *)sums, block.low);
  vstrhq_s16((int16_t *)sums + SHORT_LANES, block.high);
}

static inline block_sums plus(block_sums block, const int16_t *table, const uint8_t *codes) {
  const int16x8_t sum = vldrhq_gather_shifted_offset_s16(table, vldrbq_u16(codes));
  const block_sums result = {vaddq_s16(block.low, sum), vqdmlahq_n_s16(block.high, sum, 128)};
  return result;
}

/* Adds so many groups' sums to all rows, two blocks at a time; `stride` is from a block's codes to the next one's. */
static inline void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint16_t *tables, uint32_t count) {
  for (; end - sums >= (int32_t)(2u * ATOME_BLOCK); sums += 2u * ATOME_BLOCK, codes += 2u * stride) {
    block_sums first = load_sums(sums), second = load_sums(sums + ATOME_BLOCK);
    const uint8_t *ours = codes, *others = codes + stride;
    const int16_t *table = (const int16_t *)tables;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < count; i++) {
      first = plus(first, table, ours);
      second = plus(second, table, others);
      table += ATOME_CODES;
      ours += ATOME_BLOCK;
      others += ATOME_BLOCK;
    }
    store_sums(sums, first);
    store_sums(sums + ATOME_BLOCK, second);
  }
  if (sums == end) return;
  block_sums last = load_sums(sums);
  for (uint32_t i = 0; i < count; i++) {
    last = plus(last, (const int16_t *)tables + i * ATOME_CODES, codes + i * ATOME_BLOCK);
  }
  store_sums(sums, last);
}

/* Up to 255 groups' sums: the 256ths are less than 2^16 too small, and the rest is known modulo 2^16. */
static inline void finish_sums(int32_t *sums) {
  const block_sums block = load_sums(sums);
  const int16x8_t high = block.high;
  const uint16x8_t rest = vreinterpretq_u16_s16(vsubq_s16(block.low, vshlq_n_s16(high, 8)));
  int32x4x2_t whole;
  whole.val[0] = vaddq_s32(vshllbq_n_s16(high, 8), vreinterpretq_s32_u32(vmovlbq_u16(rest)));
  whole.val[1] = vaddq_s32(vshlltq_n_s16(high, 8), vreinterpretq_s32_u32(vmovltq_u16(rest)));
  vst2q_s32(sums, whole);
}

#endif
