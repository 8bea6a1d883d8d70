/* The loops of atome_integer_layers.c for a core with M-profile vectors (Cortex-M55 and later); atome_integer_loops.h
 * has the same ones in portable C. Integers only, so every number is the same. A predicate keeps a loop's last vector
 * from touching a byte beyond its buffers. */
#ifndef ATOME_INTEGER_MVE_LAYERS_H
#define ATOME_INTEGER_MVE_LAYERS_H

#include "atome_integer_layers.h"

#include <arm_mve.h>

enum { LANES = 4, SHORT_LANES = 8 };

/* The predicate of a whole vector; where it is a constant, the plain load or store is compiled. */
#define ALL_LANES ((mve_pred16_t)0xFFFFu)

/* Runs the statement for each vector of four numbers: the first is number c, and `lanes` says how many there are. */
#define EACH_VECTOR(c, width, ...) \
  uint32_t c = 0; \
  for (; (width)-c >= LANES; c += LANES) { \
    const mve_pred16_t lanes = ALL_LANES; \
    __VA_ARGS__ \
  } \
  if (c < (width)) { \
    const mve_pred16_t lanes = vctp32q((width)-c); \
    __VA_ARGS__ \
  }

static inline int32x4_t load_words(const int32_t *place, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrwq_s32(place) : vldrwq_z_s32(place, lanes);
}

static inline int32x4_t load_shorts(const int16_t *place, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrhq_s32(place) : vldrhq_z_s32(place, lanes);
}

static inline int32x4_t load_bytes(const int8_t *place, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrbq_s32(place) : vldrbq_z_s32(place, lanes);
}

static inline void store_words(int32_t *place, int32x4_t values, mve_pred16_t lanes) {
  if (lanes == ALL_LANES) {
    vstrwq_s32(place, values);
  } else {
    vstrwq_p_s32(place, values, lanes);
  }
}

static inline void store_shorts(int16_t *place, int32x4_t values, mve_pred16_t lanes) {
  if (lanes == ALL_LANES) {
    vstrhq_s32(place, values);
  } else {
    vstrhq_p_s32(place, values, lanes);
  }
}

static inline void store_bytes(int8_t *place, int32x4_t values, mve_pred16_t lanes) {
  if (lanes == ALL_LANES) {
    vstrbq_s32(place, values);
  } else {
    vstrbq_p_s32(place, values, lanes);
  }
}

static inline int32x4_t clamped(int32x4_t values, uint32_t bits) {
  const int32_t limit = (int32_t)1 << (bits - 1u);
  return vmaxq_s32(vminq_s32(values, vdupq_n_s32(limit - 1)), vdupq_n_s32(-limit));
}

static inline int32_t clamp_stream(int16_t *y, const int32_t *x, uint32_t width, uint32_t shift, uint64_t *squares) {
  int32_t sum = 0;
  int64_t total = (int64_t)*squares;
  EACH_VECTOR(c, width, {
    const int32x4_t values = clamped(vshlq_r_s32(load_words(x + c, lanes), -(int32_t)shift), 16u);
    sum = vaddvaq_s32(sum, values);
    total = vmlaldavaq_s32(total, values, values);
    store_shorts(y + c, values, lanes);
  })
  *squares = (uint64_t)total;
  return sum;
}

static inline void scale_deviations(
    int8_t *y, const int16_t *x, uint32_t width, int32_t mean, int32_t inverse, const atome_norm *norm) {
  const int16_t *gain = norm->gain;
  const int32_t *bias = norm->bias;
  const int32_t shift = -(int32_t)norm->head->output_shift;
  EACH_VECTOR(c, width, {
    const int32x4_t deviations = vsubq_n_s32(load_shorts(x + c, lanes), mean);
    const int32x4_t z = vshrq_n_s32(vmulq_n_s32(deviations, inverse), 13);
    const int32x4_t sums = vaddq_s32(vmulq_s32(z, load_shorts(gain + c, lanes)), load_words(bias + c, lanes));
    store_bytes(y + c, clamped(vshlq_r_s32(sums, shift), 8u), lanes);
  })
}

static inline void requantise(
    void *y, const int32_t *sums, uint32_t count, const atome_requantisation *by, uint32_t bits) {
  const int32_t multiplier = (int32_t)by->multiplier, shift = -(int32_t)by->shift;
  int8_t *const narrow = y;
  int16_t *const wide = y;
  if (bits == 8u) {
    EACH_VECTOR(c, count, {
      const int32x4_t products = vmulq_n_s32(load_words(sums + c, lanes), multiplier);
      store_bytes(narrow + c, clamped(vrshlq_n_s32(products, shift), 8u), lanes);
    })
  } else {
    EACH_VECTOR(c, count, {
      const int32x4_t products = vmulq_n_s32(load_words(sums + c, lanes), multiplier);
      store_shorts(wide + c, clamped(vrshlq_n_s32(products, shift), bits), lanes);
    })
  }
}

static inline int16x8_t eight_of_shorts(const int16_t *place, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrhq_s16(place) : vldrhq_z_s16(place, lanes);
}

static inline int16x8_t eight_of_bytes(const int8_t *place, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrbq_s16(place) : vldrbq_z_s16(place, lanes);
}

/* Adds eight products for each of four keys, whose numbers `load` reads. */
#define ADD_PRODUCTS(load) \
  const int16x8_t q = eight_of_shorts(query + c, lanes); \
  s0 = vmladavaq_s16(s0, q, load(k0 + c, lanes)); \
  s1 = vmladavaq_s16(s1, q, load(k1 + c, lanes)); \
  s2 = vmladavaq_s16(s2, q, load(k2 + c, lanes)); \
  s3 = vmladavaq_s16(s3, q, load(k3 + c, lanes));

/* The loop of the dot products of a query and four keys. */
#define FOUR_PRODUCTS(type, load) \
  const type *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width; \
  uint32_t c = 0; \
  for (; width - c >= SHORT_LANES; c += SHORT_LANES) { \
    const mve_pred16_t lanes = ALL_LANES; \
    ADD_PRODUCTS(load) \
  } \
  if (c < width) { \
    const mve_pred16_t lanes = vctp16q(width - c); \
    ADD_PRODUCTS(load) \
  }

static void dot_products(int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  if (bytes == 1u) {
    FOUR_PRODUCTS(int8_t, eight_of_bytes)
  } else {
    FOUR_PRODUCTS(int16_t, eight_of_shorts)
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

/* The loop of the weighted sum of four vectors; `load` reads four numbers of one. */
#define WEIGHTED(type, load) \
  const type *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3]; \
  EACH_VECTOR(c, width, { \
    int32x4_t sum = vmulq_n_s32(load(v0 + c, lanes), weights[0]); \
    sum = vmlaq_n_s32(sum, load(v1 + c, lanes), weights[1]); \
    sum = vmlaq_n_s32(sum, load(v2 + c, lanes), weights[2]); \
    sum = vmlaq_n_s32(sum, load(v3 + c, lanes), weights[3]); \
    store_words(y + c, sum, lanes); \
  })

static inline void set_weighted(
    int32_t *restrict y, const int32_t *restrict weights, const void *const *vectors, uint32_t bytes, uint32_t width) {
  if (bytes == 1u) {
    WEIGHTED(int8_t, load_bytes)
  } else {
    WEIGHTED(int16_t, load_shorts)
  }
}

/* The trits of one tap of four channels, five bytes apart. */
static inline int32x4_t taps_of(const int8_t *kernel, uint32x4_t places, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrbq_gather_offset_s32(kernel, places)
                            : vldrbq_gather_offset_z_s32(kernel, places, lanes);
}

/* The sums of five taps. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n0 = inputs[0], *n1 = inputs[1], *n2 = inputs[2], *n3 = inputs[3], *n4 = inputs[4];
  const uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 1), 5);
  EACH_VECTOR(c, width, {
    int32x4_t sum = vmulq_s32(taps_of(kernel, places, lanes), load_bytes(n0 + c, lanes));
    sum = vaddq_s32(sum, vmulq_s32(taps_of(kernel + 1, places, lanes), load_bytes(n1 + c, lanes)));
    sum = vaddq_s32(sum, vmulq_s32(taps_of(kernel + 2, places, lanes), load_bytes(n2 + c, lanes)));
    sum = vaddq_s32(sum, vmulq_s32(taps_of(kernel + 3, places, lanes), load_bytes(n3 + c, lanes)));
    sum = vaddq_s32(sum, vmulq_s32(taps_of(kernel + 4, places, lanes), load_bytes(n4 + c, lanes)));
    store_words(y + c, vmlaq_n_s32(load_words(y + c, lanes), sum, weight), lanes);
    kernel += 5 * LANES;
  })
}

/* One of the three numbers of four channels' states. */
static inline int32x4_t numbers_of(const int16_t *numbers, uint32x4_t places, mve_pred16_t lanes) {
  return lanes == ALL_LANES ? vldrhq_gather_shifted_offset_s32(numbers, places)
                            : vldrhq_gather_shifted_offset_z_s32(numbers, places, lanes);
}

static inline void mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int8_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *numbers = layer->state;
  const int32_t shift = -(int32_t)layer->head->mix_shift;
  const uint32x4_t places = vmulq_n_u32(vidupq_n_u32(0, 1), 3);
  EACH_VECTOR(c, width, {
    const int32x4_t kept = vmulq_s32(numbers_of(numbers, places, lanes), load_shorts(state + c, lanes));
    const int32x4_t steps = vmulq_n_s32(load_bytes(n + c, lanes), ATOME_INPUT_STEPS);
    const int32x4_t read = vmulq_s32(numbers_of(numbers + 1, places, lanes), steps);
    const int32x4_t next = clamped(vrshrq_n_s32(vaddq_s32(kept, read), 15), 16u);
    store_shorts(state + c, next, lanes);
    const int32x4_t weight = vshrq_n_s32(vmulq_n_s32(numbers_of(numbers + 2, places, lanes), route), 15);
    const int32x4_t sum = vaddq_s32(load_words(sums + c, lanes), vmulq_s32(weight, next));
    const int32x4_t x = vaddq_s32(load_words(stream + c, lanes), vrshlq_n_s32(sum, shift));
    store_words(stream + c, clamped(x, 24u), lanes);
    numbers += 3 * LANES;
  })
}

#endif
