/* The operations of a block, each on one position. Arithmetic: docs/numerics.md. Vectors are float32; tensors are
 * addresses in the image, at any alignment. */
#ifndef ATOME_LAYERS_H
#define ATOME_LAYERS_H

#include <stddef.h>
#include <stdint.h>

/* y[d] = layer norm of x[d], with the affine gain and bias. */
void atome_layer_norm(float *y, const float *x, const uint8_t *gain, const uint8_t *bias, uint32_t width);

/* y[rows] = tensor (rows x columns) times x[columns]. */
void atome_ternary_product(float *y, const uint8_t *tensor, uint32_t rows, uint32_t columns, const float *x);

/* x[width] = row `row` of a ternary tensor. */
void atome_ternary_row(float *x, const uint8_t *tensor, uint32_t row, uint32_t width);

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

/* Channel `channel` of the depthwise convolution over a ring of the last inputs; its capacity is the kernel's size. */
float atome_local(const uint8_t *kernel, const atome_ring *inputs, uint32_t channel);

/* The `limit` past positions whose keys match `query` best: fills scores in descending order (a tie: earlier position
 * first) and their slots, and returns how many there are. Scores are dot products times `scale`. */
uint32_t atome_best_matches(
    float *scores, uint32_t *slots, uint32_t limit, const float *query, const atome_ring *keys, float scale);

/* y[width] = sum over i of weights[i] * the vector in slots[i]. */
void atome_weighted_sum(
    float *y, const float *weights, const uint32_t *slots, uint32_t count, const atome_ring *values);

#endif
