#include "atome_layers.h"

#include "atome_layout.h"
#include "atome_math.h"
#include "atome_trits.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* gcc ignores it and gets -ffp-contract=off from the build */
#endif

void atome_layer_norm(float *y, const float *x, const uint8_t *affine, uint32_t width) {
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
    const uint8_t *gain = affine + (size_t)4u * c;
    y[c] = y[c] * inverse * atome_read_float(gain) + atome_read_float(gain + (size_t)4u * width);
  }
}

/* Functions of which each format has a copy of its own, unless flash is dear. */
#if defined(__GNUC__) && !defined(__OPTIMIZE_SIZE__)
#define ATOME_COPIED static inline __attribute__((always_inline))
#else
#define ATOME_COPIED static inline
#endif

/* Where flash is dear, the bytes of ATOME02 have no code of their own and are added trit by trit. */
#if defined(__OPTIMIZE_SIZE__)
#define ATOME_WHOLE_BYTE(a_byte) 4u
#else
#define ATOME_WHOLE_BYTE(a_byte) (a_byte)
#endif

/* A trit's place: a byte, and how many of its trits stand before. */
typedef struct trit_place {
  const uint8_t *trits;
  uint32_t skipped;
} trit_place;

/* Adds x[0] to x[count - 1] by their codes. */
static float add_codes(float sum, uint32_t codes, const float *x, uint32_t count) {
  for (; count > 0u; count--, codes >>= 2) sum = atome_add_trit(sum, codes, x++);
  return sum;
}

/* The sum of +-x[column]: ascending, zeros skipped, no multiplication. A row may start and end inside a byte, whose
 * codes are then added one by one; between, whole bytes. Moves `place` to the next row. */
ATOME_COPIED float signed_sum(trit_place *place, uint32_t a_byte, uint32_t columns, const float *x) {
  const uint32_t whole = ATOME_WHOLE_BYTE(a_byte);
  float sum = 0.0f;
  while (columns > 0u) {
    if (place->skipped == 0u && a_byte == whole) {
      const uint8_t *trits = place->trits;
      for (; columns >= whole; columns -= whole, x += whole) {
        const uint32_t codes = atome_codes(*trits++, whole);
        ATOME_ADD_QUAD(sum, codes, x)
        if (whole == 5u) sum = atome_add_trit(sum, codes >> 8, x + 4);
      }
      place->trits = trits;
      if (columns == 0u) break;
    }
    const uint32_t here = a_byte - place->skipped, count = columns < here ? columns : here;
    sum = add_codes(sum, atome_codes(*place->trits, a_byte) >> (2u * place->skipped), x, count);
    x += count;
    columns -= count;
    place->skipped += count;
    if (place->skipped == a_byte) {
      place->skipped = 0;
      place->trits++;
    }
  }
  return sum;
}

ATOME_COPIED void multiply(
    float *y, const uint8_t *tensor, uint32_t a_byte, uint32_t rows, uint32_t columns, const float *x, uint32_t step) {
  const float scale = atome_read_float(tensor);
  trit_place place = {tensor + ATOME_SCALE_BYTES, 0};
  for (; rows > 0u; rows--, x += step) *y++ = scale * signed_sum(&place, a_byte, columns, x);
}

void atome_ternary_product(
    float *y, const uint8_t *tensor, uint32_t a_byte, uint32_t rows, uint32_t columns, const float *x, uint32_t step) {
#if defined(__OPTIMIZE_SIZE__)
  multiply(y, tensor, a_byte, rows, columns, x, step);
#else
  if (a_byte == 4u) {
    multiply(y, tensor, 4, rows, columns, x, step);
  } else {
    multiply(y, tensor, 5, rows, columns, x, step);
  }
#endif
}

void atome_ternary_row(float *x, const uint8_t *tensor, uint32_t a_byte, uint32_t row, uint32_t width) {
  const float scale = atome_read_float(tensor);
  uint32_t trit = row * width;
  for (const float *end = x + width; x != end; trit++) {
    const uint32_t codes = atome_codes(tensor[ATOME_SCALE_BYTES + trit / a_byte], a_byte);
    const uint32_t code = codes >> (2u * (trit % a_byte)) & 3u;
    *x++ = code == 0u ? 0.0f : code == 1u ? scale : -scale;
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
