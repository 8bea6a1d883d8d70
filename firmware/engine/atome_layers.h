/* The operations of a block, each on one position. Arithmetic: docs/numerics.md. Vectors are float32; tensors are
 * addresses in the image, at any alignment. */
#ifndef ATOME_LAYERS_H
#define ATOME_LAYERS_H

#include <stddef.h>
#include <stdint.h>

/* y[d] = layer norm of x[d], with the affine gain f32[d] and, after it, the bias f32[d]. */
void atome_layer_norm(float *y, const float *x, const uint8_t *affine, uint32_t width);

/* y[rows] = tensor (rows x columns, `a_byte` trits a byte) times x[columns], which moves by `step` from row to row.
 * The floats before x, as many as a byte has trits, must be the caller's as well; they are not read. */
void atome_ternary_product(
    float *y, const uint8_t *tensor, uint32_t a_byte, uint32_t rows, uint32_t columns, const float *x, uint32_t step);

/* x[width] = row `row` of a ternary tensor. */
void atome_ternary_row(float *x, const uint8_t *tensor, uint32_t a_byte, uint32_t row, uint32_t width);

/* Softmax in place, count >= 1. */
void atome_softmax(float *scores, uint32_t count);

/* A ring of `capacity` vectors: `slot` holds the newest, and `filled` of them hold something. */
typedef struct atome_ring {
  const float *vectors;
  uint32_t width;
  uint32_t capacity;
  uint32_t slot;
  uint32_t filled;
} atome_ring;

/* The `limit` past positions whose keys match `query` best: fills scores in descending order (a tie: earlier position
 * first) and their slots, and returns how many there are. Scores are dot products times `scale`. */
uint32_t atome_best_matches(
    float *scores, uint32_t *slots, uint32_t limit, const float *query, const atome_ring *keys, float scale);

/* y[width] = sum over i of weights[i] * the vector in slots[i]. */
void atome_weighted_sum(
    float *y, const float *weights, const uint32_t *slots, uint32_t count, const atome_ring *values);

#endif
