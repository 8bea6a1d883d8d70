/* The parts of a step; docs/formats/gpt-integer.md is normative. */
#ifndef GPT_LAYERS_H
#define GPT_LAYERS_H

#include "gpt_layout.h"

/* y[width], 8 bits: the norm of x; `room` has that many numbers. */
void gpt_norm_of(int8_t *y, const int32_t *x, const gpt_norm *norm, uint32_t width, int16_t *room);

/* sums = the matrix times x; `wide` has room for whole fours of columns. */
void gpt_product(int32_t *sums, const gpt_matrix *matrix, const int8_t *x, int16_t *wide);

/* y[count] = sums in another unit, by the multipliers of their rows, in 8 bits; `step` from one to the next. */
void gpt_narrow(
    int8_t *y, uint32_t step, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count);
/* The same in 32 bits, in place. */
void gpt_scale(int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count);
/* Added to the stream. */
void gpt_add_to_stream(
    int32_t *stream, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count);
/* The query: 12 bits, each head's numbers at their places and filled up with zeros. */
void gpt_set_query(
    int16_t *query, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, const gpt_shape *shape);

/* weights[count], at their places and filled up with zeros: 2^14 for the largest score, less by octaves for the others.
 * Returns their sum. */
uint32_t gpt_weights_of(int16_t *weights, const int32_t *scores, uint32_t count, const gpt_layer_head *head);

/* y[count] = weighted sums of values, divided by the sum of the weights, in 8 bits. */
void gpt_mix(int8_t *y, const int32_t *sums, uint32_t count, uint32_t weight_sum, const gpt_layer_head *head);

/* x[width] = token's and position's rows of the tables. */
void gpt_embed(int32_t *x, const gpt_ends *ends, uint32_t token, uint32_t position);

#endif
