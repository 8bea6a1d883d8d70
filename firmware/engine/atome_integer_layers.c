#include "atome_integer_layers.h"

#include "atome_fixed.h"
#include "atome_target.h"

#if ATOME_VECTORS
#include "atome_integer_mve_layers.h"
#else
#if ATOME_FAST_THUMB == 1
#include "atome_integer_thumb1.h"
#elif ATOME_FAST_THUMB >= 2
#include "atome_integer_thumb2.h"
#endif
#include "atome_integer_loops.h"
#endif

/* MARK: layer norm */

static int32_t rounded_mean(int32_t sum, int32_t count) {
  return (sum >= 0 ? sum + count / 2 : sum - count / 2) / count;
}

void atome_integer_norm(int8_t *y, const int32_t *x, const atome_norm *norm, uint32_t width, void *room) {
  uint64_t squares = norm->head->epsilon;
  const int32_t sum = clamp_stream(room, x, width, norm->head->input_shift, &squares);
  const int32_t mean = rounded_mean(sum, (int32_t)width);
  /* The squares of the deviations from the mean, exactly. */
  squares += (uint64_t)((int64_t)mean * ((int32_t)width * mean - 2 * sum));
  scale_deviations(y, room, width, mean, atome_inverse_deviation(atome_root_of(width), squares), norm);
  for (uint32_t c = width; c % ATOME_GROUP != 0u; c++) y[c] = 0;
}

/* MARK: softmax */

uint32_t atome_octaves(const atome_rate *rate, uint32_t distance) {
  const uint32_t near = distance < rate->limit ? distance : rate->limit;
  return ((near >> rate->pre_shift) * rate->multiplier) >> rate->shift;
}

void atome_integer_softmax(int32_t *values, uint32_t count, const atome_rate *rate) {
  int32_t largest = values[0];
  for (uint32_t i = 1; i < count; i++) {
    if (values[i] > largest) largest = values[i];
  }
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t weight = atome_exp2_down(atome_octaves(rate, (uint32_t)largest - (uint32_t)values[i]));
    values[i] = (int32_t)weight;
    sum += weight;
  }
  for (uint32_t i = 0; i < count; i++) values[i] = (int32_t)(((uint32_t)values[i] * ATOME_ONE) / sum);
}

/* MARK: attention */

void atome_requantise(void *y, const int32_t *sums, uint32_t count, const atome_requantisation *by, uint32_t bits) {
  requantise(y, sums, count, by, bits);
}

#if !defined(__OPTIMIZE_SIZE__)
static const void *vector_in(const atome_cache *cache, uint32_t slot) {
  return cache->vectors + (size_t)slot * cache->width * cache->bytes;
}
#endif

/* The best matches so far: `limit` scores in descending order, then their slots. Those that are still missing score
 * less than any key can. */
typedef struct best_matches {
  int32_t *scores, *worst;
  uint32_t limit;
} best_matches;

/* Puts a score that is above the worst in its place. */
static void keep_match(const best_matches *best, int32_t score, uint32_t slot) {
  const uint32_t limit = best->limit;
  int32_t *place = best->worst;
  for (; place > best->scores && score > place[-1]; place--) {
    place[0] = place[-1];
    place[limit] = place[limit - 1u];
  }
  place[0] = score;
  place[limit] = (int32_t)slot;
}

/* How many keys dot_products compares. */
#define KEYS_AT_ONCE 4u

static int32_t dot_product(const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  int32_t sum = 0;
  if (bytes == 1u) {
    const int8_t *narrow = key;
    for (uint32_t c = 0; c < width; c++) sum += query[c] * narrow[c];
  } else {
    const int16_t *wide = key;
    for (uint32_t c = 0; c < width; c++) sum += query[c] * wide[c];
  }
  return sum;
}

/* Compares the keys in the slots `from` ..< `to`, which are in the order of their positions. */
static void match_slots(
    const best_matches *best, const int16_t *query, const atome_cache *keys, uint32_t from, uint32_t to) {
  const uint32_t width = keys->width, bytes = keys->bytes, size = width * bytes;
  const uint8_t *key = keys->vectors + (size_t)from * size;
#if !defined(__OPTIMIZE_SIZE__)
  for (; to - from >= KEYS_AT_ONCE; from += KEYS_AT_ONCE, key += (size_t)KEYS_AT_ONCE * size) {
    int32_t scores[KEYS_AT_ONCE];
    dot_products(scores, query, key, bytes, width);
    for (uint32_t i = 0; i < KEYS_AT_ONCE; i++) {
      if (scores[i] > *best->worst) keep_match(best, scores[i], from + i);
    }
  }
#endif
  for (; from < to; from++, key += size) {
    const int32_t score = dot_product(query, key, bytes, width);
    if (score > *best->worst) keep_match(best, score, from);
  }
}

uint32_t atome_integer_matches(int32_t *matches, uint32_t limit, const int16_t *query, const atome_cache *keys) {
  const best_matches best = {matches, matches + limit - 1u, limit};
  for (uint32_t i = 0; i < limit; i++) matches[i] = INT32_MIN;
  /* From the oldest position: the one after the newest in a full ring. */
  if (keys->filled == keys->capacity) match_slots(&best, query, keys, keys->slot + 1u, keys->capacity);
  match_slots(&best, query, keys, 0u, keys->slot + 1u);
  return keys->filled < limit ? keys->filled : limit;
}

#if defined(__OPTIMIZE_SIZE__)

void atome_integer_weighted_sum(
    int32_t *y, const int32_t *weights, const int32_t *slots, uint32_t count, const atome_cache *values) {
  const uint32_t width = values->width, bytes = values->bytes;
  for (uint32_t c = 0; c < width; c++) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
      const uint8_t *value = values->vectors + ((size_t)slots[i] * width + c) * bytes;
      sum += weights[i] * (bytes == 1u ? *(const int8_t *)value : *(const int16_t *)(const void *)value);
    }
    y[c] = sum;
  }
}

#else

static void add_scaled(int32_t *y, int32_t weight, const void *values, uint32_t bytes, uint32_t width) {
  if (bytes == 1u) {
    const int8_t *narrow = values;
    for (uint32_t c = 0; c < width; c++) y[c] += weight * narrow[c];
  } else {
    const int16_t *wide = values;
    for (uint32_t c = 0; c < width; c++) y[c] += weight * wide[c];
  }
}

void atome_integer_weighted_sum(
    int32_t *y, const int32_t *weights, const int32_t *slots, uint32_t count, const atome_cache *values) {
  uint32_t i = 0;
  int32_t first_weights[4];
  const void *vectors[4];
  for (; i < 4u; i++) {
    first_weights[i] = i < count ? weights[i] : 0;
    vectors[i] = vector_in(values, (uint32_t)slots[i < count ? i : 0u]);
  }
  set_weighted(y, first_weights, vectors, values->bytes, values->width);
  for (; i < count; i++) {
    add_scaled(y, weights[i], vector_in(values, (uint32_t)slots[i]), values->bytes, values->width);
  }
}

#endif

/* MARK: local and state */

#if !defined(__OPTIMIZE_SIZE__)

static void local_of_five(int32_t *y, int32_t weight, const int8_t *kernel, const atome_cache *inputs, uint32_t width) {
  const int8_t *n[5];
  for (uint32_t tap = 0; tap < 5u; tap++) {
    n[tap] = vector_in(inputs, inputs->slot >= tap ? inputs->slot - tap : inputs->slot + 5u - tap);
  }
  add_five_taps(y, weight, kernel, n, width);
}

#endif

void atome_integer_local(int32_t *y, int32_t weight, const int8_t *kernel, const atome_cache *inputs, uint32_t width) {
  const uint32_t taps = inputs->capacity;
#if !defined(__OPTIMIZE_SIZE__)
  if (taps == 5u && inputs->filled == 5u) {
    local_of_five(y, weight, kernel, inputs, width);
    return;
  }
#endif
  const int8_t *n = (const int8_t *)inputs->vectors;
  const uint32_t filled = inputs->filled, stride = inputs->width;
  for (uint32_t c = 0; c < width; c++, kernel += taps, n++) {
    int32_t sum = 0;
    uint32_t slot = inputs->slot;
    for (uint32_t tap = 0; tap < filled; tap++, slot--) {
      sum += kernel[tap] * n[(size_t)slot * stride];
      if (slot == 0u) slot = taps;
    }
    y[c] += weight * sum;
  }
}

void atome_integer_mix(
    int32_t *stream, const int32_t *sums, int16_t *state, const int8_t *n, const atome_layer *layer, int32_t route,
    uint32_t width) {
  mix(stream, sums, state, n, layer, route, width);
}
