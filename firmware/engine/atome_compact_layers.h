/* The operations of a compact block, each on one position. Arithmetic: docs/compact.md. */
#ifndef ATOME_COMPACT_LAYERS_H
#define ATOME_COMPACT_LAYERS_H

#include "atome_compact_layout.h"
#include "atome_fixed.h"

/* The shift before a row of so many columns is requantised. */
uint32_t atome_compact_pre_shift(uint32_t columns);

/* How the rows of a product are turned into another unit. */
typedef struct atome_row_scale {
  const uint8_t *multipliers; /* a row's own */
  const atome_compact_requantisation *by;
  uint32_t pre_shift;
} atome_row_scale;

/* y[width] = norm of x[width] in 8 bits; `root` is the width's. */
void atome_compact_normalise(
    int8_t *y, const int32_t *x, const atome_compact_norm *norm, uint32_t width, atome_scaled_root root);

/* Moves the state by the rows of write gates and value, and leaves in y[state_width] what read gates let through. */
void atome_compact_move(
    int8_t *y, int16_t *state, int32_t *sums, const atome_compact_block *block, const atome_compact_shape *shape,
    uint32_t pre_shift);

/* y[count] = half the square of what is above 0, of rows in 8 bits. */
void atome_compact_square(int8_t *y, const int32_t *sums, const atome_row_scale *scale, uint32_t count);

/* Adds rows to the stream. */
void atome_compact_add(int32_t *stream, const int32_t *sums, const atome_row_scale *scale, uint32_t count);

/* The logits, where their sums are. */
void atome_compact_logits(int32_t *logits, const uint8_t *multipliers, uint32_t shift, uint32_t count);

#endif
