#include "gpt_layers.h"

#include "atome_fixed.h"
#include "atome_nibbles.h"
#include "gpt_rows.h"

/* MARK: norm */

static int32_t rounded_mean(int32_t sum, int32_t count) {
  return (sum >= 0 ? sum + count / 2 : sum - count / 2) / count;
}

void gpt_norm_of(int8_t *y, const int32_t *x, const gpt_norm *norm, uint32_t width, int16_t *room) {
  const gpt_norm_head head = *norm->head;
  const uint32_t input_shift = head.input_shift, output_shift = head.output_shift;
  uint64_t squares = head.epsilon;
  int32_t sum = 0;
  ATOME_EACH(c, width, {
    const int32_t value = atome_saturate_16(x[c] >> input_shift);
    room[c] = (int16_t)value;
    sum += value;
    squares += (uint64_t)((int64_t)value * value);
  })
  const int32_t mean = rounded_mean(sum, (int32_t)width);
  squares += (uint64_t)((int64_t)mean * ((int32_t)width * mean - 2 * sum));
  const uint32_t inverse = (uint32_t)atome_inverse_deviation(atome_root_of(width), squares);
  const uint32_t offset = (uint32_t)-mean * inverse;
  const int8_t *gain = norm->gain, *bias = norm->bias;
  const int32_t half = (1 << output_shift) >> 1, step = 1 << head.bias_shift;
  ATOME_EACH(i, width, {
    const int32_t z = (int32_t)((uint32_t)room[i] * inverse + offset) >> 13;
    y[i] = (int8_t)atome_saturate_8((z * gain[i] + bias[i] * step + half) >> output_shift);
  })
}

/* MARK: products and units */

void gpt_product(int32_t *sums, const gpt_matrix *matrix, const int8_t *x, int16_t *wide) {
  if (matrix->bits == 4u) {
    atome_nibble_product(sums, matrix->codes, matrix->rows, matrix->columns, x);
  } else {
    const uint32_t stride = gpt_fours(matrix->columns);
    gpt_widen(wide, x, matrix->columns);
    gpt_rows_product(sums, matrix->codes, matrix->rows, stride, wide, stride);
  }
}

/* A sum in its row's other unit. */
#define SCALED(i) (((sums[i] >> pre) * (int32_t)multipliers[i] + half) >> shift)
#define SHIFTS \
  const uint32_t pre = shifts.pre, shift = shifts.shift; \
  const int32_t half = (1 << shift) >> 1

void gpt_narrow(
    int8_t *y, uint32_t step, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count) {
  SHIFTS;
  ATOME_EACH(i, count, {
    *y = (int8_t)atome_saturate_8(SCALED(i));
    y += step;
  })
}

void gpt_scale(int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count) {
  SHIFTS;
  ATOME_EACH(i, count, { sums[i] = SCALED(i); })
}

void gpt_add_to_stream(
    int32_t *stream, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, uint32_t count) {
  SHIFTS;
  ATOME_EACH(i, count, { stream[i] = atome_saturate_24(stream[i] + SCALED(i)); })
}

void gpt_set_query(
    int16_t *query, const int32_t *sums, const uint16_t *multipliers, gpt_shifts shifts, const gpt_shape *shape) {
  SHIFTS;
  const uint32_t width = shape->model_width / shape->head_count;
  for (uint32_t head = 0; head < shape->head_count; head++) {
    uint32_t c = 0;
    for (; c < width; c++, sums++, multipliers++) query[gpt_place(c)] = (int16_t)atome_saturate_12(SCALED(0));
    for (; c % 4u != 0u; c++) query[gpt_place(c)] = 0;
    query += c;
  }
}

/* MARK: attention */

/* round(2^14 * 2^(-i / 64)) */
static const uint16_t powers[64] = {
    16384, 16208, 16033, 15860, 15689, 15520, 15353, 15188, 15024, 14862, 14702, 14544, 14387, 14232, 14079, 13927,
    13777, 13629, 13482, 13337, 13193, 13051, 12910, 12771, 12634, 12498, 12363, 12230, 12098, 11968, 11839, 11711,
    11585, 11460, 11337, 11215, 11094, 10975, 10856, 10739, 10624, 10509, 10396, 10284, 10173, 10064, 9955,  9848,
    9742,  9637,  9533,  9431,  9329,  9228,  9129,  9031,  8933,  8837,  8742,  8648,  8555,  8463,  8371,  8281,
};

/* The weight of a score that is so far below the largest one. */
static inline uint32_t weight_of(uint32_t distance, uint32_t limit, uint32_t multiplier, uint32_t shift) {
  const uint32_t octaves = ((distance < limit ? distance : limit) * multiplier) >> shift;
  return (uint32_t)powers[octaves & 63u] >> (octaves >> 6);
}

uint32_t gpt_weights_of(int16_t *weights, const int32_t *scores, uint32_t count, const gpt_layer_head *head) {
  const uint32_t limit = head->score_limit, multiplier = head->score_multiplier, shift = head->score_shift;
  int32_t largest = scores[0];
  ATOME_EACH(i, count, { largest = scores[i] > largest ? scores[i] : largest; })
  uint32_t sum = 0;
/* The weight of the score `k` further on, added to the sum. */
#define WEIGHT(k) \
  { \
    const uint32_t weight = weight_of((uint32_t)largest - (uint32_t)scores[k], limit, multiplier, shift); \
    weights[gpt_place(k)] = (int16_t)weight; \
    sum += weight; \
  }
  for (; count >= 4u; count -= 4u, scores += 4, weights += 4) {
    WEIGHT(0)
    WEIGHT(1)
    WEIGHT(2)
    WEIGHT(3)
  }
  for (uint32_t k = 0; count > 0u && k < 4u; k++) {
    if (k < count) WEIGHT(k) else weights[gpt_place(k)] = 0;
  }
  return sum;
}

void gpt_mix(int8_t *y, const int32_t *sums, uint32_t count, uint32_t weight_sum, const gpt_layer_head *head) {
  /* The sum of weights in 2^14 ..< 2^15. */
  const uint32_t excess = 17u - atome_leading_zeros(weight_sum), shift = head->mix_shift;
  const int32_t factor = (int32_t)(((uint32_t)head->mix_gain << 14) / (weight_sum >> excess));
  const int32_t half = (1 << shift) >> 1;
  for (uint32_t i = 0; i < count; i++) {
    y[i] = (int8_t)atome_saturate_8(((sums[i] >> (excess + 6u)) * factor + half) >> shift);
  }
}

/* MARK: embedding */

/* Code by code, those of a matrix of 4 bits being a word apart. */
static int32_t code_at(const gpt_matrix *matrix, uint32_t row, uint32_t column) {
  if (matrix->bits == 4u) {
    return atome_nibble_code(atome_nibble_block(matrix->codes, row, matrix->columns)[column], row);
  }
  return ((const int8_t *)matrix->codes)[(size_t)row * gpt_fours(matrix->columns) + column];
}

void gpt_embed(int32_t *x, const gpt_ends *ends, uint32_t token, uint32_t position) {
  const gpt_matrix *embedding = &ends->embedding, *positions = &ends->positions;
  const uint32_t shift = ends->embedding_shift;
  const int32_t half = (1 << shift) >> 1;
  const int32_t by_token = embedding->multipliers[token], by_position = positions->multipliers[position];
  for (uint32_t c = 0; c < embedding->columns; c++) {
    const int32_t of_token = (code_at(embedding, token, c) * by_token + half) >> shift;
    x[c] = atome_saturate_24(of_token + code_at(positions, position, c) * by_position);
  }
}
