/* The loops of atome_integer_layers.c in portable C. A core's own are in atome_integer_mve_layers.h for vectors, and
 * some in atome_integer_thumb1.h and atome_integer_thumb2.h. */
#ifndef ATOME_INTEGER_LOOPS_H
#define ATOME_INTEGER_LOOPS_H

#include "atome_fixed.h"
#include "atome_integer_layers.h"

#if ATOME_FAST_THUMB != 1

/* y[width] = x / 2^shift, clamped to 16 bits; returns their sum and adds their squares. */
static inline int32_t clamp_stream(
    int16_t *restrict y, const int32_t *restrict x, uint32_t width, uint32_t shift, uint64_t *squares) {
  int32_t sum = 0;
  uint64_t total = *squares;
  ATOME_EACH(c, width, {
    const int32_t value = atome_saturate_16(x[c] >> shift);
    y[c] = (int16_t)value;
    sum += value;
    total += ATOME_SQUARE(value);
  })
  *squares = total;
  return sum;
}

#endif

/* y[width] = deviations from the mean, by the inverse of the standard deviation, gain and bias, in 8 bits. */
static inline void scale_deviations(
    int8_t *restrict y, const int16_t *restrict x, uint32_t width, int32_t mean, int32_t inverse,
    const atome_norm *norm) {
  const int16_t *gain = norm->gain;
  const int32_t *bias = norm->bias;
  const uint32_t shift = norm->head->output_shift, offset = (uint32_t)-mean * (uint32_t)inverse;
  ATOME_EACH(c, width, {
    const int32_t z = (int32_t)((uint32_t)x[c] * (uint32_t)inverse + offset) >> 13;
    y[c] = (int8_t)atome_saturate_8((z * gain[c] + bias[c]) >> shift);
  })
}

/* The loop of a requantisation; `store` puts a number, `value`, where it belongs. */
#define REQUANTISE(store) \
  ATOME_EACH(i, count, { \
    const int32_t value = (sums[i] * multiplier + half) >> shift; \
    store; \
  })

static inline void requantise(
    void *restrict y, const int32_t *restrict sums, uint32_t count, const atome_requantisation *by, uint32_t bits) {
  const int32_t multiplier = (int32_t)by->multiplier, half = (1 << by->shift) >> 1;
  const uint32_t shift = by->shift;
  int8_t *const narrow = y;
  int16_t *const wide = y;
#if defined(__OPTIMIZE_SIZE__)
  REQUANTISE(const int32_t limited = atome_clamp(value, bits); if (bits == 8u) narrow[i] = (int8_t)limited;
             else wide[i] = (int16_t)limited)
#else
  if (bits == 8u) {
    REQUANTISE(narrow[i] = (int8_t)atome_saturate_8(value))
#if ATOME_SATURATES
  } else if (bits == 12u) {
    REQUANTISE(wide[i] = (int16_t)atome_saturate_12(value))
  } else if (bits == 16u) {
    REQUANTISE(wide[i] = (int16_t)atome_saturate_16(value))
#endif
  } else {
    REQUANTISE(wide[i] = (int16_t)atome_clamp(value, bits))
  }
#endif
}

#if !defined(__OPTIMIZE_SIZE__)

#if !ATOME_FAST_THUMB

/* The loop of the dot products of a query and four keys. */
#define FOUR_SCORES(type) \
  const type *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width; \
  for (uint32_t c = 0; c < width; c++) { \
    s0 += query[c] * k0[c]; \
    s1 += query[c] * k1[c]; \
    s2 += query[c] * k2[c]; \
    s3 += query[c] * k3[c]; \
  }

/* Scores of four keys, one after the other in memory: the query is read once for all of them. */
static void dot_products(int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  if (bytes == 1u) {
    FOUR_SCORES(int8_t)
  } else {
    FOUR_SCORES(int16_t)
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

#endif

/* Four vectors at once, so that y is written once; the weights of those that are not there are 0. */
static inline void set_weighted(
    int32_t *restrict y, const int32_t *weights, const void *const *vectors, uint32_t bytes, uint32_t width) {
  const int32_t w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  if (bytes == 1u) {
    const int8_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    ATOME_EACH(c, width, { y[c] = w0 * v0[c] + w1 * v1[c] + w2 * v2[c] + w3 * v3[c]; })
  } else {
    const int16_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    ATOME_EACH(c, width, { y[c] = w0 * v0[c] + w1 * v1[c] + w2 * v2[c] + w3 * v3[c]; })
  }
}

#if !ATOME_FAST_THUMB

/* y[width] += weight * the sums of five taps, each of its own input. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n0 = inputs[0], *n1 = inputs[1], *n2 = inputs[2], *n3 = inputs[3], *n4 = inputs[4];
  ATOME_EACH(c, width, {
    const int32_t sum = kernel[0] * n0[c] + kernel[1] * n1[c] + kernel[2] * n2[c] + kernel[3] * n3[c] +
                        kernel[4] * n4[c];
    y[c] += weight * sum;
    kernel += 5;
  })
}

#endif

#endif

#if ATOME_FAST_THUMB

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^mix_shift to the stream. */
static inline void mix(
    int32_t *stream, const int32_t *sums, int16_t *state, const int8_t *n, const atome_layer *layer, int32_t route,
    uint32_t width) {
  mix_channels(stream, sums, state, n, layer->state, layer->head->mix_shift, route, width);
}

#else

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^mix_shift to the stream. */
static inline void mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int8_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *restrict numbers = layer->state;
  const uint32_t shift = layer->head->mix_shift;
  const int32_t half = (1 << shift) >> 1;
  ATOME_EACH(c, width, {
    const int32_t sum = numbers[0] * state[c] + numbers[1] * (n[c] * ATOME_INPUT_STEPS);
    const int32_t next = atome_saturate_16(atome_rounded_shift(sum, 15u));
    state[c] = (int16_t)next;
    const int32_t weight = (route * numbers[2]) >> 15;
    stream[c] = atome_saturate_24(stream[c] + ((sums[c] + weight * next + half) >> shift));
    numbers += 3;
  })
}

#endif

#endif
