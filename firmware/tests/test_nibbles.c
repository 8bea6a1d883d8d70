/* Products of 4-bit matrices. */
#include "atome_nibbles.h"
#include "nibbles.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static void known_answer(void) {
  /* Row 0 is (1, -8), row 3 is (7, 0), row 7 is (-1, 2), all others 0. */
  const uint32_t matrix[] = {0x7888F889u, 0xA8888880u};
  const int8_t x[] = {3, -5};
  int32_t sums[8];
  atome_nibble_product(sums, matrix, 8u, 2u, x);
  const int32_t expected[] = {43, 0, 0, 21, 0, 0, 0, -13};
  for (size_t i = 0; i < 8u; i++) CHECK(sums[i] == expected[i]);
  CHECK(atome_nibble_code(matrix[1], 0u) == -8 && atome_nibble_code(matrix[0], 3u) == 7);
  CHECK(atome_nibble_words(9u, 5u) == 10u);
}

/* In memory of the exact size, so that the sanitizer sees a column read past the end. */
static void exact_memory(void) {
  const uint32_t rows = 16u, columns = 37u;
  uint32_t *matrix = malloc(atome_nibble_words(rows, columns) * sizeof *matrix);
  int8_t *x = malloc(columns);
  int32_t *sums = malloc(rows * sizeof *sums);
  CHECK(matrix != NULL && x != NULL && sums != NULL);
  memset(matrix, 0x99, atome_nibble_words(rows, columns) * sizeof *matrix);
  memset(x, 100, columns);
  atome_nibble_product(sums, matrix, rows, columns, x);
  for (uint32_t row = 0; row < rows; row++) CHECK(sums[row] == 3700);
  free(matrix);
  free(x);
  free(sums);
}

void test_nibbles(void) {
  static nibble_case room;
  known_answer();
  exact_memory();
  CHECK(nibble_differences(&room) == 0u);
}
