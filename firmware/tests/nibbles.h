/* The product of 4-bit matrices against plain loops, without a C library: for the host's tests and for a core. */
#ifndef NIBBLES_H
#define NIBBLES_H

#include <stdint.h>

/* The largest matrix of a case. */
enum { NIBBLE_CASE_ROWS = 72, NIBBLE_CASE_COLUMNS = 320 };

/* How a case's codes and numbers come about. */
typedef enum nibble_fill { NIBBLE_RANDOM, NIBBLE_SMALL, NIBBLE_LOWEST, NIBBLE_HIGHEST, NIBBLE_ZERO } nibble_fill;

typedef struct nibble_case {
  uint32_t rows, columns;
  int32_t sums[NIBBLE_CASE_ROWS + 1];
  uint32_t matrix[NIBBLE_CASE_ROWS / 8 * NIBBLE_CASE_COLUMNS];
  int8_t x[NIBBLE_CASE_COLUMNS];
} nibble_case;

void nibble_case_fill(nibble_case *filled, uint32_t rows, uint32_t columns, nibble_fill fill, uint32_t seed);

/* How many sums of how many cases differ from those of plain loops, or were written past a matrix's end: 0. */
uint32_t nibble_differences(nibble_case *room);

#endif
