#include "atome_integer_layers.h"

#include "atome_fixed.h"

enum { NORM_BITS = 13, STREAM_BITS = 24, STATE_BITS = 16 };

/* MARK: layer norm */

/* A number's square root as root * 2^exponent, root in 2^15 ..< 2^16. */
typedef struct scaled_root {
  uint32_t root;
  int32_t exponent;
} scaled_root;

static scaled_root root_of(uint64_t value) {
  scaled_root result = {0, 0};
  while (value >= (uint64_t)1 << 32) {
    value >>= 2;
    result.exponent++;
  }
  uint32_t low = (uint32_t)value;
  while (low < 1u << 30) {
    low <<= 2;
    result.exponent--;
  }
  result.root = atome_integer_root(low);
  return result;
}

/* 2^25 * sqrt(count / squares). */
static int32_t inverse_deviation(uint64_t squares, uint32_t count) {
  const scaled_root numerator = root_of(count), denominator = root_of(squares);
  const uint32_t quotient = (numerator.root << 15) / denominator.root;
  const int32_t shift = 10 + numerator.exponent - denominator.exponent;
  return (int32_t)(shift >= 0 ? quotient << shift : quotient >> -shift);
}

static int32_t rounded_mean(int32_t sum, int32_t count) {
  return (sum >= 0 ? sum + count / 2 : sum - count / 2) / count;
}

void atome_integer_norm(
    int16_t *restrict y, const int32_t *restrict x, const atome_norm *norm, uint32_t width) {
  const uint32_t input_shift = norm->head->input_shift, output_shift = norm->head->output_shift;
  const int16_t *gain = norm->gain;
  const int32_t *bias = norm->bias;
  int32_t sum = 0;
  uint64_t squares = norm->head->epsilon;
  for (uint32_t c = 0; c < width; c++) {
    const int32_t value = atome_clamp(x[c] >> input_shift, 16u);
    y[c] = (int16_t)value;
    sum += value;
    squares += (uint32_t)(value * value);
  }
  const int32_t mean = rounded_mean(sum, (int32_t)width);
  /* The squares of the deviations from the mean, exactly. */
  squares += (uint64_t)((int64_t)mean * ((int32_t)width * mean - 2 * sum));
  const int32_t inverse = inverse_deviation(squares, width);
  const uint32_t offset = (uint32_t)-mean * (uint32_t)inverse;
  for (uint32_t c = 0; c < width; c++) {
    const int32_t z = (int32_t)((uint32_t)y[c] * (uint32_t)inverse + offset) >> 13;
    y[c] = (int16_t)atome_clamp((z * gain[c] + bias[c]) >> output_shift, NORM_BITS);
  }
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

/* With constants for bytes and bits wherever it is made part of its caller. */
static inline void requantise(
    void *restrict y, uint32_t bytes, const int32_t *restrict sums, uint32_t count, const atome_requantisation *by,
    uint32_t bits) {
  const int32_t multiplier = (int32_t)by->multiplier, half = (1 << by->shift) >> 1;
  const uint32_t shift = by->shift;
  for (uint32_t i = 0; i < count; i++) {
    const int32_t value = atome_clamp((sums[i] * multiplier + half) >> shift, bits);
    if (bytes == 1u) {
      ((int8_t *)y)[i] = (int8_t)value;
    } else {
      ((int16_t *)y)[i] = (int16_t)value;
    }
  }
}

void atome_requantise(
    void *y, uint32_t bytes, const int32_t *sums, uint32_t count, const atome_requantisation *by, uint32_t bits) {
#if !defined(__OPTIMIZE_SIZE__)
  if (bytes == 1u && bits == 8u) {
    requantise(y, 1u, sums, count, by, 8u);
    return;
  }
  if (bytes == 2u && bits == 12u) {
    requantise(y, 2u, sums, count, by, 12u);
    return;
  }
  if (bytes == 2u && bits == 16u) {
    requantise(y, 2u, sums, count, by, 16u);
    return;
  }
#endif
  requantise(y, bytes, sums, count, by, bits);
}

static const void *vector_in(const atome_cache *cache, uint32_t slot) {
  return cache->vectors + (size_t)slot * cache->width * cache->bytes;
}

#if !defined(__OPTIMIZE_SIZE__)

/* How many keys are compared at once, so that the query is read once for all of them. */
#define KEYS_AT_ONCE 4u

static void wide_products(int32_t *scores, const int16_t *query, const int16_t *key, uint32_t width) {
  const int16_t *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width, *const end = k1;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  while (k0 < end) {
    const int32_t q = *query++;
    s0 += q * *k0++;
    s1 += q * *k1++;
    s2 += q * *k2++;
    s3 += q * *k3++;
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

static void narrow_products(int32_t *scores, const int16_t *query, const int8_t *key, uint32_t width) {
  const int8_t *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width, *const end = k1;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  while (k0 < end) {
    const int32_t q = *query++;
    s0 += q * *k0++;
    s1 += q * *k1++;
    s2 += q * *k2++;
    s3 += q * *k3++;
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

static void dot_products(int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  if (bytes == 1u) {
    narrow_products(scores, query, key, width);
  } else {
    wide_products(scores, query, key, width);
  }
}

#else

#define KEYS_AT_ONCE 1u

#endif

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

uint32_t atome_integer_matches(
    int32_t *scores, uint32_t *slots, uint32_t limit, const int16_t *query, const atome_cache *keys) {
  uint32_t count = 0;
  int32_t compared[KEYS_AT_ONCE];
  /* From the oldest position: the one after the newest in a full ring, else the first. */
  uint32_t slot = keys->filled == keys->capacity ? keys->slot + 1u : 0u, ready = 0;
  for (uint32_t left = keys->filled; left > 0u; left--, slot++, ready--) {
    if (slot == keys->capacity) slot = 0u;
    if (ready == 0u) {
      const void *key = vector_in(keys, slot);
#if KEYS_AT_ONCE > 1u
      if (left >= KEYS_AT_ONCE && keys->capacity - slot >= KEYS_AT_ONCE) {
        ready = KEYS_AT_ONCE;
        dot_products(compared, query, key, keys->bytes, keys->width);
      } else
#endif
      {
        ready = 1u;
        compared[KEYS_AT_ONCE - 1u] = dot_product(query, key, keys->bytes, keys->width);
      }
    }
    const int32_t score = compared[KEYS_AT_ONCE - ready];
    uint32_t rank = count;
    while (rank > 0u && score > scores[rank - 1u]) rank--;
    if (rank == limit) continue;
    if (count < limit) count++;
    for (uint32_t i = count - 1u; i > rank; i--) {
      scores[i] = scores[i - 1u];
      slots[i] = slots[i - 1u];
    }
    scores[rank] = score;
    slots[rank] = slot;
  }
  return count;
}

#if !defined(__OPTIMIZE_SIZE__)

/* Four vectors at once, so that y is written once; the weights of those that are not there are 0. */
static void set_weighted(int32_t *restrict y, const int32_t *weights, const void *const *vectors, uint32_t bytes, uint32_t width) {
  const int32_t w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  const int32_t *const end = y + width;
  if (bytes == 1u) {
    const int8_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    do {
      *y++ = w0 * *v0++ + w1 * *v1++ + w2 * *v2++ + w3 * *v3++;
    } while (y < end);
  } else {
    const int16_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    do {
      *y++ = w0 * *v0++ + w1 * *v1++ + w2 * *v2++ + w3 * *v3++;
    } while (y < end);
  }
}

#endif

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
    int32_t *y, const int32_t *weights, const uint32_t *slots, uint32_t count, const atome_cache *values) {
  uint32_t i = 0;
#if !defined(__OPTIMIZE_SIZE__)
  int32_t first_weights[4];
  const void *vectors[4];
  for (; i < 4u; i++) {
    first_weights[i] = i < count ? weights[i] : 0;
    vectors[i] = vector_in(values, i < count ? slots[i] : slots[0]);
  }
  set_weighted(y, first_weights, vectors, values->bytes, values->width);
#else
  for (uint32_t c = 0; c < values->width; c++) y[c] = 0;
#endif
  for (; i < count; i++) {
    add_scaled(y, weights[i], vector_in(values, slots[i]), values->bytes, values->width);
  }
}

/* MARK: local and state */

#if !defined(__OPTIMIZE_SIZE__)

/* Five taps, all of them read before: each has a pointer of its own. */
static void local_of_five(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const atome_cache *inputs, uint32_t width) {
  const int16_t *n[5];
  for (uint32_t tap = 0; tap < 5u; tap++) {
    n[tap] = vector_in(inputs, inputs->slot >= tap ? inputs->slot - tap : inputs->slot + 5u - tap);
  }
  const int16_t *n0 = n[0], *n1 = n[1], *n2 = n[2], *n3 = n[3], *n4 = n[4];
  for (const int32_t *const end = y + width; y < end; kernel += 5) {
    const int32_t sum =
        kernel[0] * *n0++ + kernel[1] * *n1++ + kernel[2] * *n2++ + kernel[3] * *n3++ + kernel[4] * *n4++;
    *y++ += weight * sum;
  }
}

#endif

void atome_integer_local(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const atome_cache *inputs, uint32_t width) {
  const uint32_t taps = inputs->capacity;
#if !defined(__OPTIMIZE_SIZE__)
  if (taps == 5u && inputs->filled == 5u) {
    local_of_five(y, weight, kernel, inputs, width);
    return;
  }
#endif
  for (uint32_t c = 0; c < width; c++, kernel += taps) {
    int32_t sum = 0;
    uint32_t slot = inputs->slot;
    for (uint32_t tap = 0; tap < inputs->filled; tap++) {
      const int16_t *n = vector_in(inputs, slot);
      sum += kernel[tap] * n[c];
      slot = slot == 0u ? taps - 1u : slot - 1u;
    }
    y[c] += weight * sum;
  }
}

void atome_integer_mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int16_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *restrict numbers = layer->state;
  const uint32_t shift = layer->head->mix_shift;
  const int32_t half = (1 << shift) >> 1;
  for (const int32_t *const end = stream + width; stream < end; numbers += 3) {
    const int32_t sum = numbers[0] * *state + numbers[1] * *n++;
    const int32_t next = atome_clamp(atome_rounded_shift(sum, 15u), STATE_BITS);
    *state++ = (int16_t)next;
    const int32_t weight = (route * numbers[2]) >> 15;
    *stream = atome_clamp(*stream + ((*sums++ + weight * next + half) >> shift), STREAM_BITS);
    stream++;
  }
}
