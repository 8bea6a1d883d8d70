/* Rows of numbers of 8 bits times numbers of 16 bits: matrices, scores of keys, weighted sums of values. */
#ifndef GPT_ROWS_H
#define GPT_ROWS_H

#include "atome_target.h"

#include <stdint.h>

/* Where the number of an index stands in a vector that rows are multiplied with. A core that multiplies pairs takes the
 * even and the odd bytes of a word, so of four numbers the middle two change places. */
#if ATOME_PAIRS && ATOME_UNALIGNED
#define GPT_PAIRS 1
static inline uint32_t gpt_place(uint32_t index) { return (index & ~3u) | (index & 1u) << 1 | (index >> 1 & 1u); }
#else
static inline uint32_t gpt_place(uint32_t index) { return index; }
#endif

/* sums[row] = the sum over `length`, a multiple of 4, of numbers in rows that are `stride` apart times those of x,
 * which stand at their places. */
void gpt_rows_product(
    int32_t *sums, const int8_t *rows, uint32_t count, uint32_t stride, const int16_t *x, uint32_t length);

/* The same numbers in 16 bits, at their places; filled up with zeros to whole fours. */
void gpt_widen(int16_t *wide, const int8_t *narrow, uint32_t count);

#endif
