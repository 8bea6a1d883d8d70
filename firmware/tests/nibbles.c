#include "nibbles.h"

#include "atome_nibbles.h"

#define UNTOUCHED 0x5A5A5A5A

static uint32_t next(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

void nibble_case_fill(nibble_case *filled, uint32_t rows, uint32_t columns, nibble_fill fill, uint32_t seed) {
  const uint32_t words = atome_nibble_words(rows, columns);
  uint32_t state = seed;
  filled->rows = rows;
  filled->columns = columns;
  for (uint32_t i = 0; i <= NIBBLE_CASE_ROWS; i++) filled->sums[i] = UNTOUCHED;
  for (uint32_t i = 0; i < words; i++) {
    const uint32_t random = next(&state) << 16 ^ next(&state);
    filled->matrix[i] = fill == NIBBLE_LOWEST ? 0u : fill == NIBBLE_HIGHEST ? 0xFFFFFFFFu : random;
  }
  for (uint32_t i = 0; i < columns; i++) {
    const int32_t random = (int32_t)(next(&state) & 0xFFu) - 128;
    switch (fill) {
      case NIBBLE_RANDOM: filled->x[i] = (int8_t)random; break;
      case NIBBLE_SMALL: filled->x[i] = (int8_t)(random / 8); break;
      case NIBBLE_LOWEST: filled->x[i] = -128; break;
      case NIBBLE_HIGHEST: filled->x[i] = i % 2u == 0u ? 127 : -128; break;
      case NIBBLE_ZERO: filled->x[i] = 0; break;
    }
  }
}

static int32_t plain_sum(const nibble_case *of, uint32_t row) {
  const uint32_t *words = atome_nibble_block(of->matrix, row, of->columns);
  int32_t sum = 0;
  for (uint32_t c = 0; c < of->columns; c++) sum += atome_nibble_code(words[c], row) * of->x[c];
  return sum;
}

static uint32_t differences_of(nibble_case *tried) {
  const uint32_t whole = (tried->rows + ATOME_NIBBLE_ROWS - 1u) / ATOME_NIBBLE_ROWS * ATOME_NIBBLE_ROWS;
  uint32_t count = 0;
  atome_nibble_product(tried->sums, tried->matrix, tried->rows, tried->columns, tried->x);
  for (uint32_t row = 0; row < whole; row++) count += tried->sums[row] != plain_sum(tried, row);
  return count + (tried->sums[whole] != UNTOUCHED);
}

uint32_t nibble_differences(nibble_case *room) {
  static const uint32_t rows[] = {1, 7, 8, 9, 24, 72};
  static const uint32_t columns[] = {1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 31, 32, 33, 48, 63, 64, 65, 130, 320};
  uint32_t count = 0, seed = 0;
  for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (uint32_t j = 0; j < sizeof columns / sizeof *columns; j++) {
      for (nibble_fill fill = NIBBLE_RANDOM; fill <= NIBBLE_ZERO; fill++) {
        nibble_case_fill(room, rows[i], columns[j], fill, seed++);
        count += differences_of(room);
      }
    }
  }
  return count;
}
