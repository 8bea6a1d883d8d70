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
  const uint32_t divisor = ((ATOME_ONE << 5) + 16u + atome_fine_power_down(distance)) >> 5;
  const int32_t part = (int32_t)atome_reciprocal(divisor);
  return octaves < 0 ? (int32_t)ATOME_ONE - part : part;
}

/* Leaves in each row the write gate that it is. */
static void open_write_gates(
    int32_t *restrict rows, const atome_compact_block *block, uint32_t count, uint32_t pre_shift) {
  const factors by = factors_of(&block->head->write_gate, pre_shift);
  const uint8_t *restrict multipliers = block->projections.multipliers;
  const int8_t *restrict bias = block->bias;
  const int32_t unit = 1 << block->head->bias_shift;
  for (uint32_t i = 0; i < count; i++) {
    rows[i] = gate_of(requantised(rows[i], multipliers[i], &by) + bias[i] * unit);
  }
}

static void open_read_gates(
    int32_t *restrict rows, const uint8_t *restrict multipliers, const atome_compact_requantisation *scale,
    uint32_t count, uint32_t pre_shift) {
  const factors by = factors_of(scale, pre_shift);
  for (uint32_t i = 0; i < count; i++) rows[i] = gate_of(requantised(rows[i], multipliers[i], &by));
}

void atome_compact_move(
    int8_t *restrict y, int16_t *restrict state, int32_t *restrict sums, const atome_compact_block *block,
    const atome_compact_shape *shape, uint32_t pre_shift) {
  const atome_compact_block_head *head = block->head;
  const uint32_t g = shape->gate_count, m = shape->state_width, served = m / g;
  const uint8_t *multipliers = block->projections.multipliers + g;
  const int32_t *values = sums + g;
  int32_t *reads = sums + g + m;
  open_write_gates(sums, block, g, pre_shift);
  open_read_gates(reads, multipliers + m, &head->read_gate, m, pre_shift);
  const factors by = factors_of(&head->value, pre_shift);
  for (uint32_t gate = 0, i = 0; gate < g; gate++) {
    const int32_t z = sums[gate];
    for (const uint32_t end = i + served; i < end; i++) {
      const int32_t v = atome_saturate_15(requantised(values[i], multipliers[i], &by));
      state[i] = (int16_t)(state[i] + (((v - state[i]) * z + (1 << 14)) >> 15));
    }
  }
  const uint32_t read_shift = head->read_shift;
  const int32_t half = atome_half(read_shift);
  ATOME_EACH(i, m, { y[i] = (int8_t)atome_saturate_8((state[i] * reads[i] + half) >> read_shift); })
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
  ATOME_EACH(i, count, { stream[i] = atome_saturate_24(stream[i] + requantised(sums[i], multipliers[i], &by)); })
}

void atome_compact_logits(
    int32_t *restrict logits, const uint8_t *restrict multipliers, uint32_t shift, uint32_t count) {
  ATOME_EACH(i, count, { logits[i] = (logits[i] * (int32_t)multipliers[i]) >> shift; })
}
