#include "atome_compact_layers.h"

/* The largest sum of a row of one column, multiplied: 7 * 128 * 255. */
#define COLUMN_LIMIT 228480u

uint32_t atome_compact_pre_shift(uint32_t columns) {
  uint32_t shift = 0;
  while ((COLUMN_LIMIT * columns) >> shift >= 1u << 15) shift++;
  return shift;
}

/* A scale as a loop uses it. */
typedef struct factors {
  int32_t multiplier, half;
  uint32_t pre_shift, shift;
} factors;

static inline factors factors_of(const atome_compact_requantisation *by, uint32_t pre_shift) {
  const factors result = {by->multiplier, atome_half(by->shift), pre_shift, by->shift};
  return result;
}

static inline int32_t requantised(int32_t sum, uint8_t multiplier, const factors *by) {
  return (((sum * (int32_t)multiplier) >> by->pre_shift) * by->multiplier + by->half) >> by->shift;
}

/* MARK: norm */

void atome_compact_normalise(
    int8_t *restrict y, const int32_t *restrict x, const atome_compact_norm *norm, uint32_t width,
    atome_scaled_root root) {
  const uint32_t input_shift = norm->head->input_shift, output_shift = norm->head->output_shift;
  const int8_t *restrict gain = norm->gain;
  const int32_t half = atome_half(output_shift);
  uint64_t squares = norm->head->epsilon;
  ATOME_EACH(c, width, {
    const int32_t value = atome_saturate_16(x[c] >> input_shift);
    squares += ATOME_SQUARE(value);
  })
  const int32_t inverse = atome_inverse_deviation(root, squares);
  ATOME_EACH(i, width, {
    const int32_t value = (atome_saturate_16(x[i] >> input_shift) * inverse) >> 13;
    y[i] = (int8_t)atome_saturate_8((value * gain[i] + half) >> output_shift);
  })
}

/* MARK: gated state */

/* 1 / (1 + 2^-octaves), in units of 2^-15. */
static inline int32_t gate_of(int32_t octaves) {
  const uint32_t distance = (uint32_t)(octaves < 0 ? -octaves : octaves);
  const int32_t part = (int32_t)((1u << 30) / (ATOME_ONE + atome_exp2_down(distance)));
  return octaves < 0 ? (int32_t)ATOME_ONE - part : part;
}

void atome_compact_move(
    int8_t *restrict y, int16_t *restrict state, const int32_t *restrict sums, const atome_compact_block *block,
    const atome_compact_shape *shape, uint32_t pre_shift) {
  const uint32_t g = shape->gate_count, m = shape->state_width, served = m / g;
  const factors write = factors_of(&block->head->write_gate, pre_shift);
  const factors value = factors_of(&block->head->value, pre_shift);
  const factors read = factors_of(&block->head->read_gate, pre_shift);
  const uint8_t *write_rows = block->projections.multipliers, *value_rows = write_rows + g, *read_rows = value_rows + m;
  const int32_t *values = sums + g, *reads = values + m;
  const int32_t bias_unit = 1 << block->head->bias_shift, half = atome_half(block->head->read_shift);
  uint32_t i = 0;
  for (uint32_t gate = 0; gate < g; gate++) {
    const int32_t z = gate_of(requantised(sums[gate], write_rows[gate], &write) + block->bias[gate] * bias_unit);
    for (const uint32_t end = i + served; i < end; i++) {
      const int32_t v = atome_saturate_15(requantised(values[i], value_rows[i], &value));
      const int32_t s = state[i] + (((v - state[i]) * z + (1 << 14)) >> 15);
      const int32_t r = gate_of(requantised(reads[i], read_rows[i], &read));
      state[i] = (int16_t)s;
      y[i] = (int8_t)atome_saturate_8((s * r + half) >> block->head->read_shift);
    }
  }
}

/* MARK: rows */

void atome_compact_square(
    int8_t *restrict y, const int32_t *restrict sums, const atome_row_scale *scale, uint32_t count) {
  const factors by = factors_of(scale->by, scale->pre_shift);
  const uint8_t *restrict multipliers = scale->multipliers;
  ATOME_EACH(i, count, {
    const uint32_t a = atome_saturate_to_byte(requantised(sums[i], multipliers[i], &by));
    y[i] = (int8_t)((a * a + 256u) >> 9);
  })
}

void atome_compact_add(
    int32_t *restrict stream, const int32_t *restrict sums, const atome_row_scale *scale, uint32_t count) {
  const factors by = factors_of(scale->by, scale->pre_shift);
  const uint8_t *restrict multipliers = scale->multipliers;
  ATOME_EACH(i, count, {
    stream[i] = atome_saturate_24(stream[i] + requantised(sums[i], multipliers[i], &by));
  })
}

void atome_compact_logits(
    int32_t *restrict logits, const uint8_t *restrict multipliers, uint32_t shift, uint32_t count) {
  ATOME_EACH(i, count, { logits[i] = (logits[i] * (int32_t)multipliers[i]) >> shift; })
}
