/* Products of a ternary matrix and 8-bit numbers, by tables of partial sums. */
#ifndef ATOME_INTEGER_PRODUCT_H
#define ATOME_INTEGER_PRODUCT_H

#include "atome_integer_layout.h"

/* sums[rows, in whole blocks] = matrix times x[groups of five]; `tables` is room for ATOME_TABLE_GROUPS groups, in
 * whole words. Matrix: [block of 8 rows][group][8], codes. */
void atome_integer_product(
    int32_t *sums, const uint8_t *matrix, uint32_t rows, uint32_t groups, const int8_t *x, uint8_t *tables);

#endif
