#include "compact_oracle.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 80, MAP_BYTES = 32, ROWS_OFFSET = 26, PASSES_OFFSET = 78, HEAD_BYTES = 44, NORM_BYTES = 8 };

struct oracle {
  const uint8_t *bytes;
  compact_shape shape;
  int64_t *stream, *normal, *rows, *y, *state;
  uint32_t values_seen, value_seen[256];
};

/* MARK: numbers */

static int64_t number(const uint8_t *place, int count) {
  int64_t value = 0;
  for (int i = count; i-- > 0;) value = value * 256 + place[i];
  return value;
}

static int64_t signed_byte(const uint8_t *place) { return *place < 128 ? *place : (int64_t)*place - 256; }

static int64_t power_of_two(int64_t exponent) { return (int64_t)1 << exponent; }

/* Rounds down, whatever the sign. */
static int64_t shifted(int64_t value, int64_t shift) {
  const int64_t unit = power_of_two(shift);
  return value >= 0 ? value / unit : -((-value + unit - 1) / unit);
}

static int64_t clamped(int64_t value, int bits) {
  const int64_t limit = power_of_two(bits - 1);
  return value < -limit ? -limit : value > limit - 1 ? limit - 1 : value;
}

/* Everything but the sum of squares fits 32 bits. */
static int64_t narrow(int64_t value) {
  CHECK(value >= INT32_MIN && value <= INT32_MAX);
  return value;
}

static int64_t rounded(int64_t value, int64_t shift) { return shifted(narrow(value + power_of_two(shift) / 2), shift); }

/* MARK: functions of integer.md */

/* (root, exponent): even shifts until the value has 31 or 32 bits; bit by bit. */
static int64_t root_of(int64_t value, int64_t *exponent) {
  int64_t root = 0;
  *exponent = 0;
  for (; value >= power_of_two(32); value /= 4) *exponent += 1;
  for (; value < power_of_two(30); value *= 4) *exponent -= 1;
  while ((root + 1) * (root + 1) <= value) root++;
  return root;
}

static int64_t inverse_deviation(int64_t count, int64_t squares) {
  int64_t count_exponent, squares_exponent;
  const int64_t count_root = root_of(count, &count_exponent), squares_root = root_of(squares, &squares_exponent);
  const int64_t quotient = count_root * 32768 / squares_root, exponent = 10 + count_exponent - squares_exponent;
  return narrow(exponent >= 0 ? quotient * power_of_two(exponent) : quotient / power_of_two(-exponent));
}

int64_t oracle_power_down(int64_t octaves) {
  const int64_t whole = octaves / 2048, part = octaves % 2048;
  if (whole >= 16) return 0;
  int64_t t = 55967 - shifted(7245 * part, 11);
  t = 251182 - shifted(t * part, 11);
  t = 726746 - shifted(t * part, 11);
  const int64_t value = 1048576 - shifted(t * part, 11);
  return shifted(value + power_of_two(4 + whole), 5 + whole);
}

/* MARK: parts of the image */

static size_t words_size(uint32_t rows, uint32_t columns) { return (size_t)((rows + 7u) / 8u) * columns * 4u; }

static size_t padded(size_t size) { return (size + 3u) / 4u * 4u; }

static int64_t code(const uint8_t *matrix, uint32_t columns, uint32_t row, uint32_t column) {
  const int64_t word = number(matrix + ((size_t)(row / 8u) * columns + column) * 4u, 4);
  return (word >> 4u * (row % 8u) & 15) - 8;
}

/* sum * multiplier of each row. */
static void multiply(
    int64_t *rows, const uint8_t *matrix, const uint8_t *multipliers, uint32_t count, uint32_t columns,
    const int64_t *x) {
  for (uint32_t row = 0; row < count; row++) {
    int64_t sum = 0;
    for (uint32_t column = 0; column < columns; column++) sum += code(matrix, columns, row, column) * x[column];
    rows[row] = narrow(sum * multipliers[row]);
  }
}

static void requantise(int64_t *rows, uint32_t count, uint32_t columns, const uint8_t *by) {
  int64_t before = 0;
  while ((int64_t)228480 * columns / power_of_two(before) >= 32768) before++;
  for (uint32_t row = 0; row < count; row++) {
    rows[row] = rounded(narrow(shifted(rows[row], before) * number(by, 2)), by[2]);
  }
}

static void normalise(oracle *told, const uint8_t *head, const uint8_t *gain) {
  const uint32_t d = told->shape.d;
  int64_t squares = number(head, 4);
  for (uint32_t c = 0; c < d; c++) {
    told->normal[c] = clamped(shifted(told->stream[c], head[4]), 16);
    squares += told->normal[c] * told->normal[c];
  }
  const int64_t inverse = inverse_deviation(d, squares);
  for (uint32_t c = 0; c < d; c++) {
    const int64_t y = shifted(narrow(told->normal[c] * inverse), 13);
    told->normal[c] = clamped(rounded(narrow(y * signed_byte(gain + c)), head[5]), 8);
  }
}

static void add(oracle *told) {
  for (uint32_t c = 0; c < told->shape.d; c++) {
    told->stream[c] = clamped(narrow(told->stream[c] + told->rows[c]), 24);
  }
}

static void see(oracle *told, int64_t value) {
  uint32_t *seen = &told->value_seen[value + 128];
  told->values_seen += *seen == 0u;
  *seen = 1;
}

/* MARK: a step */

static int64_t gate(int64_t octaves) {
  const int64_t part = power_of_two(30) / (32768 + oracle_power_down(octaves < 0 ? -octaves : octaves));
  return octaves >= 0 ? part : 32768 - part;
}

static void move_state(oracle *told, int64_t *state, const uint8_t *head, const uint8_t *bias) {
  const uint32_t d = told->shape.d, m = told->shape.m, g = told->shape.g;
  int64_t *writes = told->rows, *values = writes + g, *reads = values + m;
  requantise(writes, g, d, head + 16);
  requantise(values, m, d, head + 20);
  requantise(reads, m, d, head + 24);
  for (uint32_t i = 0; i < m; i++) {
    const uint32_t j = i / (m / g);
    const int64_t z = gate(narrow(writes[j] + signed_byte(bias + j) * power_of_two(head[40])));
    state[i] += shifted(narrow((clamped(values[i], 15) - state[i]) * z + 16384), 15);
    CHECK(clamped(state[i], 15) == state[i]);
    told->y[i] = clamped(rounded(narrow(state[i] * gate(reads[i])), head[41]), 8);
    see(told, told->y[i]);
  }
}

static const uint8_t *run_block(oracle *told, uint32_t layer, const uint8_t *head) {
  const uint32_t d = told->shape.d, m = told->shape.m, g = told->shape.g, f = told->shape.f;
  const uint8_t *gain = head + HEAD_BYTES, *second_gain = gain + d, *bias = second_gain + d, *projections = bias + g;
  const uint8_t *out = projections + g + 2u * m, *hidden = out + d, *down = hidden + f;
  const uint8_t *matrix = head + HEAD_BYTES + padded((size_t)(down + d - gain));
  normalise(told, head, gain);
  multiply(told->rows, matrix, projections, g + 2u * m, d, told->normal);
  move_state(told, told->state + (size_t)layer * m, head, bias);
  matrix += words_size(g + 2u * m, d);
  multiply(told->rows, matrix, out, d, m, told->y);
  requantise(told->rows, d, m, head + 28);
  add(told);
  matrix += words_size(d, m);
  normalise(told, head + NORM_BYTES, second_gain);
  multiply(told->rows, matrix, hidden, f, d, told->normal);
  requantise(told->rows, f, d, head + 32);
  for (uint32_t i = 0; i < f; i++) {
    const int64_t a = told->rows[i] < 0 ? 0 : told->rows[i] > 255 ? 255 : told->rows[i];
    told->y[i] = (a * a + 256) / 512;
    see(told, told->y[i]);
  }
  matrix += words_size(f, d);
  multiply(told->rows, matrix, down, d, f, told->y);
  requantise(told->rows, d, f, head + 36);
  add(told);
  return matrix + words_size(d, f);
}

/* By token its row: those of the map in turn, all others the last. */
static void find_rows(const oracle *told, uint32_t count, uint32_t row_of[256]) {
  const uint8_t *map = told->bytes + HEADER_BYTES;
  uint32_t next = 0;
  for (uint32_t token = 0; token < 256u; token++) {
    const int own = count == 256u || (map[token / 8u] / power_of_two(token % 8u)) % 2 == 1;
    row_of[token] = own ? next++ : count - 1u;
  }
}

void oracle_step(oracle *told, uint8_t token, int64_t logits[256]) {
  const uint32_t d = told->shape.d, count = (uint32_t)number(told->bytes + ROWS_OFFSET, 2);
  const uint8_t *multipliers = told->bytes + HEADER_BYTES + (count < 256u ? MAP_BYTES : 0);
  const uint8_t *table = multipliers + padded(count);
  uint32_t row_of[256];
  int64_t rows[256];
  find_rows(told, count, row_of);
  for (uint32_t c = 0; c < d; c++) {
    const uint32_t row = row_of[token];
    told->stream[c] = code(table, d, row, c) * multipliers[row] * power_of_two(told->bytes[76]);
    CHECK(clamped(told->stream[c], 24) == told->stream[c]);
  }
  const uint8_t *place = NULL;
  for (uint32_t pass = 0; pass <= told->bytes[PASSES_OFFSET]; pass++) {
    place = table + words_size(count, d);
    for (uint32_t layer = 0; layer < told->shape.layers; layer++) {
      place = run_block(told, pass * told->shape.layers + layer, place);
    }
  }
  normalise(told, place, place + NORM_BYTES);
  multiply(rows, table, multipliers, count, d, told->normal);
  for (uint32_t i = 0; i < 256u; i++) {
    logits[i] = shifted(rows[row_of[i]], told->bytes[77]);
    CHECK(clamped(logits[i], 24) == logits[i]);
  }
}

/* MARK: life */

static int64_t *zeros(size_t count) {
  int64_t *numbers = calloc(count, sizeof *numbers);
  CHECK(numbers != NULL);
  return numbers;
}

oracle *oracle_begin(const compact_file *file) {
  const size_t d = file->shape.d, m = file->shape.m, f = file->shape.f;
  oracle *told = calloc(1, sizeof *told);
  CHECK(told != NULL);
  told->bytes = file->bytes;
  told->shape = file->shape;
  told->stream = zeros(d);
  told->normal = zeros(d);
  told->rows = zeros(file->shape.g + 2u * m + d + f);
  told->y = zeros(m + f);
  told->state = zeros((size_t)(1 + file->bytes[PASSES_OFFSET]) * file->shape.layers * m);
  return told;
}

void oracle_end(oracle *told) {
  free(told->stream);
  free(told->normal);
  free(told->rows);
  free(told->y);
  free(told->state);
  free(told);
}

uint32_t oracle_liveliness(const oracle *told) { return told->values_seen; }
