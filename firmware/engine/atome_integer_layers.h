/* The operations of an integer block, each on one position. Arithmetic: docs/integer.md. */
#ifndef ATOME_INTEGER_LAYERS_H
#define ATOME_INTEGER_LAYERS_H

#include "atome_integer_layout.h"

/* y[d, in whole groups] = layer norm of x[d] in 8 bits, then zeros; `room` is for d numbers of 16 bits. */
void atome_integer_norm(int8_t *y, const int32_t *x, const atome_norm *norm, uint32_t width, void *room);

/* `distance` from the largest of some numbers, in 1/2048 octaves. */
uint32_t atome_octaves(const atome_rate *rate, uint32_t distance);

/* Probabilities in units of 1/32768, in place; count >= 1. */
void atome_integer_softmax(int32_t *values, uint32_t count, const atome_rate *rate);

/* y[count] = sums, multiplied, shifted and clamped to `bits`; each of y has a byte for 8 bits, two for more. */
void atome_requantise(void *y, const int32_t *sums, uint32_t count, const atome_requantisation *by, uint32_t bits);

/* A ring of remembered vectors: `slot` holds the newest, and `filled` of them hold something. */
typedef struct atome_cache {
  const uint8_t *vectors;
  uint32_t width;
  uint32_t bytes; /* of each number: 1 or 2 */
  uint32_t capacity;
  uint32_t slot;
  uint32_t filled;
} atome_cache;

/* The `limit` past positions whose keys match `query` best: fills matches[2][limit] with their scores in descending
 * order (a tie: earlier position first) and their slots, and returns how many there are. */
uint32_t atome_integer_matches(int32_t *matches, uint32_t limit, const int16_t *query, const atome_cache *keys);

/* y[width] = sum over i of weights[i] * the vector in slots[i]. */
void atome_integer_weighted_sum(
    int32_t *y, const int32_t *weights, const int32_t *slots, uint32_t count, const atome_cache *values);

/* y[d] += weight * the convolution's sums over a ring of the last inputs, `stride` apart. */
void atome_integer_local(int32_t *y, int32_t weight, const int8_t *kernel, const atome_cache *inputs, uint32_t width);

/* Advances the state by n and adds it, weighted by its route, to sums; then adds sums to the stream. */
void atome_integer_mix(
    int32_t *stream, const int32_t *sums, int16_t *state, const int8_t *n, const atome_layer *layer, int32_t route,
    uint32_t width);

#endif
