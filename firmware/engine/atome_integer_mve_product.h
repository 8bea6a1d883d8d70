/* The tables and sums of atome_integer_product.c for a core with M-profile vectors (Cortex-M55 and later). Integers
 * only, so every sum is the portable one. */
#ifndef ATOME_INTEGER_MVE_PRODUCT_H
#define ATOME_INTEGER_MVE_PRODUCT_H

#include "atome_integer_layout.h"

#include <arm_mve.h>

/* Sums in a vector, and those of the 28 by three trits' codes that a second vector holds. */
enum { BYTE_LANES = 16, LAST_LANES = 12, THREE_TRITS = 28 };

/* Three digits, -1 to 1, by code; the last ones fill the vector. */
static const int8_t first_digits[3][32] = {
    {-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1},
    {-1, -1, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1, 0, 0, 0, 1, 1, 1},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}};

/* Sixteen sums of three numbers, from the code `from` on. */
static inline int8x16_t first_sums(uint32_t from, const int8_t *x, int8_t least) {
  int8x16_t sums = vdupq_n_s8(least);
  sums = vmlaq_n_s8(sums, vldrbq_s8(first_digits[0] + from), x[0]);
  sums = vmlaq_n_s8(sums, vldrbq_s8(first_digits[1] + from), x[1]);
  return vmlaq_n_s8(sums, vldrbq_s8(first_digits[2] + from), x[2]);
}

/* The sums of five numbers by every code, biased: the 27 of three of them go through the other two numbers' nine codes
 * in their registers. What a second vector writes too much is written over by the next sums. */
static void fill_table(uint8_t *table, const int8_t *x) {
  int8_t *place = (int8_t *)table;
  const int8_t least = (int8_t)(uint8_t)(BIAS - x[3] - x[4]), once = x[3], next = (int8_t)(uint8_t)(x[4] - 2 * x[3]);
  int8x16_t low = first_sums(0u, x, least), high = first_sums(BYTE_LANES, x, least);
#pragma GCC unroll 8
  for (uint32_t digits = 1; digits < 9u; digits++, place += THREE_TRITS) {
    const int8_t step = digits % 3u == 0u ? next : once;
    vstrbq_s8(place, low);
    vstrbq_s8(place + BYTE_LANES, high);
    low = vaddq_n_s8(low, step);
    high = vaddq_n_s8(high, step);
  }
  vstrbq_s8(place, low);
  vstrbq_p_s8(place + BYTE_LANES, high, vctp8q(LAST_LANES));
}

static inline uint16x8_t plus(uint16x8_t sums, const uint8_t *table, const uint8_t *codes) {
  return vaddq_u16(sums, vldrbq_gather_offset_u16(table, vldrbq_u16(codes)));
}

/* Eight rows' sums, which are set or added to. */
static inline void store_block(int32_t *sums, uint16x8_t block, int32_t first, int set) {
  int32x4x2_t whole;
  whole.val[0] = vaddq_n_s32(vreinterpretq_s32_u32(vmovlbq_u16(block)), first);
  whole.val[1] = vaddq_n_s32(vreinterpretq_s32_u32(vmovltq_u16(block)), first);
  if (!set) {
    const int32x4x2_t before = vld2q_s32(sums);
    whole.val[0] = vaddq_s32(whole.val[0], before.val[0]);
    whole.val[1] = vaddq_s32(whole.val[1], before.val[1]);
  }
  vst2q_s32(sums, whole);
}

/* Adds so many groups' sums to all rows, or sets them, two blocks at a time; `stride` is from a block's codes to the
 * next one's. Up to 255 groups' sums are less than 2^16. */
static inline void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count,
    int set) {
  const int32_t bias = -BIAS * (int32_t)count;
  for (; end - sums >= (int32_t)(2u * ATOME_BLOCK); sums += 2u * ATOME_BLOCK, codes += 2u * stride) {
    uint16x8_t first = vdupq_n_u16(0), second = first;
    const uint8_t *ours = codes, *others = codes + stride, *table = tables;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < count; i++) {
      first = plus(first, table, ours);
      second = plus(second, table, others);
      table += ATOME_CODES;
      ours += ATOME_BLOCK;
      others += ATOME_BLOCK;
    }
    store_block(sums, first, bias, set);
    store_block(sums + ATOME_BLOCK, second, bias, set);
  }
  if (sums == end) return;
  uint16x8_t last = vdupq_n_u16(0);
  for (uint32_t i = 0; i < count; i++) last = plus(last, tables + i * ATOME_CODES, codes + i * ATOME_BLOCK);
  store_block(sums, last, bias, set);
}

#endif
