#include "atome_layers.h"

#include "atome_layout.h"
#include "atome_math.h"
#include "atome_trits.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* gcc ignores it and gets -ffp-contract=off from the build */
#endif

void atome_layer_norm(float *y, const float *x, const uint8_t *gain, const uint8_t *bias, uint32_t width) {
  float sum = 0.0f;
  for (uint32_t c = 0; c < width; c++) sum += x[c];
  const float mean = sum / (float)width;
  float squares = 0.0f;
  for (uint32_t c = 0; c < width; c++) {
    y[c] = x[c] - mean;
    squares += y[c] * y[c];
  }
  const float inverse = 1.0f / atome_sqrtf(squares / (float)width + 1e-5f);
  for (uint32_t c = 0; c < width; c++) {
    y[c] = y[c] * inverse * atome_read_float(gain + 4u * c) + atome_read_float(bias + 4u * c);
  }
}

/* The sum of +-x[column] over `columns` trits that start at trit `first`; ascending, zeros skipped, no multiplication.
 * A row may start and end inside a byte; between, four trits a byte. */
static float signed_sum(const uint8_t *trits, size_t first, uint32_t columns, const float *x) {
  float sum = 0.0f;
  for (; columns > 0u && first % 4u != 0u; first++, columns--) {
    sum = atome_add_trit(sum, atome_codes_from(trits, first), x++);
  }
  trits += first / 4u;
  for (uint32_t count = columns / 4u; count > 0u; count--, x += 4) {
    const uint32_t codes = *trits++;
    ATOME_ADD_BYTE(sum, codes, x)
  }
  for (uint32_t trit = 0; trit < columns % 4u; trit++) {
    sum = atome_add_trit(sum, atome_codes_from(trits, trit), x++);
  }
  return sum;
}

void atome_ternary_product(float *y, const uint8_t *tensor, uint32_t rows, uint32_t columns, const float *x) {
  const float scale = atome_read_float(tensor);
  for (uint32_t row = 0; row < rows; row++) {
    y[row] = scale * signed_sum(tensor + ATOME_SCALE_BYTES, (size_t)row * columns, columns, x);
  }
}

void atome_ternary_row(float *x, const uint8_t *tensor, uint32_t row, uint32_t width) {
  const float scale = atome_read_float(tensor);
  for (uint32_t c = 0; c < width; c++) {
    const uint32_t code = atome_codes_from(tensor + ATOME_SCALE_BYTES, (size_t)row * width + c) & 3u;
    x[c] = code == 0u ? 0.0f : code == 1u ? scale : -scale;
  }
}

void atome_softmax(float *scores, uint32_t count) {
  float maximum = scores[0];
  for (uint32_t i = 1; i < count; i++) {
    if (scores[i] > maximum) maximum = scores[i];
  }
  float sum = 0.0f;
  for (uint32_t i = 0; i < count; i++) {
    scores[i] = atome_expf(scores[i] - maximum);
    sum += scores[i];
  }
  const float divisor = sum + 1e-10f;
  for (uint32_t i = 0; i < count; i++) scores[i] = scores[i] / divisor;
}

static const float *vector_in(const atome_ring *ring, uint32_t slot) {
  return ring->vectors + (size_t)slot * ring->width;
}

float atome_local(const uint8_t *kernel, const atome_ring *inputs, uint32_t channel) {
  const size_t first = (size_t)channel * inputs->capacity;
  uint32_t slot = inputs->slot;
  float sum = 0.0f;
  for (uint32_t tap = 0; tap < inputs->filled; tap++) {
    const uint32_t codes = atome_codes_from(kernel + ATOME_SCALE_BYTES, first + tap);
    sum = atome_add_trit(sum, codes, vector_in(inputs, slot) + channel);
    slot = slot == 0u ? inputs->capacity - 1u : slot - 1u;
  }
  return atome_read_float(kernel) * sum;
}

static float dot_product(const float *left, const float *right, uint32_t width) {
  float sum = 0.0f;
  for (uint32_t c = 0; c < width; c++) sum += left[c] * right[c];
  return sum;
}

uint32_t atome_best_matches(
    float *scores, uint32_t *slots, uint32_t limit, const float *query, const atome_ring *keys, float scale) {
  uint32_t count = 0;
  /* From the oldest position: the one after the newest in a full ring, else the first. */
  uint32_t slot = keys->filled == keys->capacity ? (keys->slot + 1u) % keys->capacity : 0u;
  for (uint32_t seen = 0; seen < keys->filled; seen++) {
    const float score = dot_product(query, vector_in(keys, slot), keys->width) * scale;
    uint32_t rank = count;
    while (rank > 0u && score > scores[rank - 1u]) rank--;
    if (rank < limit) {
      if (count < limit) count++;
      for (uint32_t i = count - 1u; i > rank; i--) {
        scores[i] = scores[i - 1u];
        slots[i] = slots[i - 1u];
      }
      scores[rank] = score;
      slots[rank] = slot;
    }
    slot = slot + 1u == keys->capacity ? 0u : slot + 1u;
  }
  return count;
}

void atome_weighted_sum(
    float *y, const float *weights, const uint32_t *slots, uint32_t count, const atome_ring *values) {
  for (uint32_t c = 0; c < values->width; c++) {
    float sum = 0.0f;
    for (uint32_t i = 0; i < count; i++) sum += weights[i] * vector_in(values, slots[i])[c];
    y[c] = sum;
  }
}
