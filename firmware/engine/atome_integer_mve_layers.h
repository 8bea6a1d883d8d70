/* The loops of atome_integer_layers.c for a core with M-profile vectors (Cortex-M55 and later); atome_integer_loops.h
 * has the same ones in portable C. Integers only, so every number is the same. A predicate keeps a loop's last vector from
 * touching a byte beyond its buffers. */
#ifndef ATOME_INTEGER_MVE_LAYERS_H
#define ATOME_INTEGER_MVE_LAYERS_H

#include "atome_integer_layers.h"

#include <arm_mve.h>

enum { LANES = 4, SHORT_LANES = 8 };

static inline int32x4_t clamped(int32x4_t values, uint32_t bits) {
  const int32_t limit = (int32_t)1 << (bits - 1u);
  return vmaxq_s32(vminq_s32(values, vdupq_n_s32(limit - 1)), vdupq_n_s32(-limit));
}

/* Clamps the stream to 16 bits; returns the sum and adds the squares. */
static inline int32_t clamp_stream(int16_t *y, const int32_t *x, uint32_t width, uint32_t shift, uint64_t *squares) {
  int32_t sum = 0;
  int64_t total = (int64_t)*squares;
  for (int32_t left = (int32_t)width; left > 0; left -= LANES, x += LANES, y += LANES) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t values = clamped(vshlq_r_s32(vldrwq_z_s32(x, lanes), -(int32_t)shift), 16u);
    sum = vaddvaq_s32(sum, values);
    total = vmlaldavaq_s32(total, values, values);
    vstrhq_p_s32(y, values, lanes);
  }
  *squares = (uint64_t)total;
  return sum;
}

static inline void scale_deviations(
    int16_t *y, uint32_t width, int32_t mean, int32_t inverse, const atome_norm *norm) {
  const int16_t *gain = norm->gain;
  const int32_t *bias = norm->bias;
  const int32_t shift = -(int32_t)norm->head->output_shift;
  for (int32_t left = (int32_t)width; left > 0; left -= LANES, y += LANES, gain += LANES, bias += LANES) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t values = vldrhq_z_s32(y, lanes), gains = vldrhq_z_s32(gain, lanes);
    const int32x4_t biases = vldrwq_z_s32(bias, lanes);
    const int32x4_t z = vshrq_n_s32(vmulq_n_s32(vsubq_n_s32(values, mean), inverse), 13);
    vstrhq_p_s32(y, clamped(vshlq_r_s32(vaddq_s32(vmulq_s32(z, gains), biases), shift), 13u), lanes);
  }
}

static inline void requantise(
    void *y, uint32_t bytes, const int32_t *sums, uint32_t count, const atome_requantisation *by, uint32_t bits) {
  int8_t *narrow = y;
  int16_t *wide = y;
  for (int32_t left = (int32_t)count; left > 0; left -= LANES, sums += LANES) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t products = vmulq_n_s32(vldrwq_z_s32(sums, lanes), (int32_t)by->multiplier);
    const int32x4_t values = clamped(vrshlq_n_s32(products, -(int32_t)by->shift), bits);
    if (bytes == 1u) {
      vstrbq_p_s32(narrow, values, lanes);
      narrow += LANES;
    } else {
      vstrhq_p_s32(wide, values, lanes);
      wide += LANES;
    }
  }
}

/* The loop of the dot products of a query and four keys; `load` reads eight numbers of a key. */
#define FOUR_PRODUCTS(type, load) \
  const type *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width; \
  for (uint32_t c = 0; c < width; c += SHORT_LANES) { \
    const mve_pred16_t lanes = vctp16q(width - c); \
    const int16x8_t q = vldrhq_z_s16(query + c, lanes); \
    s0 = vmladavaq_s16(s0, q, load(k0 + c, lanes)); \
    s1 = vmladavaq_s16(s1, q, load(k1 + c, lanes)); \
    s2 = vmladavaq_s16(s2, q, load(k2 + c, lanes)); \
    s3 = vmladavaq_s16(s3, q, load(k3 + c, lanes)); \
  }

static void dot_products(int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  if (bytes == 1u) {
    FOUR_PRODUCTS(int8_t, vldrbq_z_s16)
  } else {
    FOUR_PRODUCTS(int16_t, vldrhq_z_s16)
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

/* The loop of the weighted sum of four vectors; `load` reads four numbers of one. */
#define WEIGHTED(type, load) \
  const type *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3]; \
  for (uint32_t c = 0; c < width; c += LANES) { \
    const mve_pred16_t lanes = vctp32q(width - c); \
    int32x4_t sum = vmulq_n_s32(load(v0 + c, lanes), weights[0]); \
    sum = vmlaq_n_s32(sum, load(v1 + c, lanes), weights[1]); \
    sum = vmlaq_n_s32(sum, load(v2 + c, lanes), weights[2]); \
    sum = vmlaq_n_s32(sum, load(v3 + c, lanes), weights[3]); \
    vstrwq_p_s32(y + c, sum, lanes); \
  }

static inline void set_weighted(
    int32_t *y, const int32_t *weights, const void *const *vectors, uint32_t bytes, uint32_t width) {
  if (bytes == 1u) {
    WEIGHTED(int8_t, vldrbq_z_s32)
  } else {
    WEIGHTED(int16_t, vldrhq_z_s32)
  }
}

/* The sums of five taps. */
static inline void add_five_taps(
    int32_t *y, int32_t weight, const int8_t *kernel, const int16_t *const *inputs, uint32_t width) {
  const uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 1), 5);
  for (uint32_t c = 0; c < width; c += LANES, kernel += 5 * LANES) {
    const mve_pred16_t lanes = vctp32q(width - c);
    int32x4_t sum = vdupq_n_s32(0);
#pragma GCC unroll 5
    for (uint32_t tap = 0; tap < 5u; tap++) {
      const int32x4_t trits = vldrbq_gather_offset_z_s32(kernel + tap, places, lanes);
      sum = vaddq_s32(sum, vmulq_s32(trits, vldrhq_z_s32(inputs[tap] + c, lanes)));
    }
    vstrwq_p_s32(y + c, vmlaq_n_s32(vldrwq_z_s32(y + c, lanes), sum, weight), lanes);
  }
}

static inline void mix(
    int32_t *stream, const int32_t *sums, int16_t *state, const int16_t *n, const atome_layer *layer, int32_t route,
    uint32_t width) {
  const int16_t *numbers = layer->state;
  const int32_t shift = -(int32_t)layer->head->mix_shift;
  const uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 1), 3);
  for (uint32_t c = 0; c < width; c += LANES, numbers += 3 * LANES) {
    const mve_pred16_t lanes = vctp32q(width - c);
    const int32x4_t decay = vldrhq_gather_shifted_offset_z_s32(numbers, places, lanes);
    const int32x4_t gain = vldrhq_gather_shifted_offset_z_s32(numbers + 1, places, lanes);
    const int32x4_t output = vldrhq_gather_shifted_offset_z_s32(numbers + 2, places, lanes);
    const int32x4_t kept = vmulq_s32(decay, vldrhq_z_s32(state + c, lanes));
    const int32x4_t read = vmulq_s32(gain, vldrhq_z_s32(n + c, lanes));
    const int32x4_t next = clamped(vrshrq_n_s32(vaddq_s32(kept, read), 15), 16u);
    vstrhq_p_s32(state + c, next, lanes);
    const int32x4_t weight = vshrq_n_s32(vmulq_n_s32(output, route), 15);
    const int32x4_t sum = vaddq_s32(vldrwq_z_s32(sums + c, lanes), vmulq_s32(weight, next));
    const int32x4_t x = vaddq_s32(vldrwq_z_s32(stream + c, lanes), vrshlq_n_s32(sum, shift));
    vstrwq_p_s32(stream + c, clamped(x, 24u), lanes);
  }
}

#endif
