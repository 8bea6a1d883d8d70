/* Products of matrices whose weights have 4 bits, with numbers of 8 bits: exact sums of 32 bits.
 *
 * Rows stand in blocks of eight, missing rows being code 0; in a block the columns follow one another, a word each. A
 * weight is a code from -8 to 7; bits 4k and up of a word hold the code of the block's row k, plus 8. */
#ifndef ATOME_NIBBLES_H
#define ATOME_NIBBLES_H

#include <stdint.h>

/* Rows of a block. */
#define ATOME_NIBBLE_ROWS 8u

/* How many words a matrix has. */
static inline uint32_t atome_nibble_words(uint32_t rows, uint32_t columns) {
  return ((rows + ATOME_NIBBLE_ROWS - 1u) / ATOME_NIBBLE_ROWS) * columns;
}

/* The words of the block that holds a row. */
static inline const uint32_t *atome_nibble_block(const uint32_t *matrix, uint32_t row, uint32_t columns) {
  return matrix + (row / ATOME_NIBBLE_ROWS) * columns;
}

/* The code of a row in one of its block's words. */
static inline int32_t atome_nibble_code(uint32_t word, uint32_t row) {
  return (int32_t)((word >> 4u * (row % ATOME_NIBBLE_ROWS)) & 15u) - 8;
}

/* sums[row] = the sum over columns of code * x, for all rows, those that fill the last block included. At most 65,536
 * columns. */
void atome_nibble_product(int32_t *sums, const uint32_t *matrix, uint32_t rows, uint32_t columns, const int8_t *x);

#endif
