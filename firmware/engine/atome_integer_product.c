#include "atome_integer_product.h"

/* Added to every sum of a table, so that none is negative and two of them can be added as one 32-bit number. */
#define BIAS 20480

#if defined(__GNUC__)
typedef uint32_t __attribute__((__may_alias__)) pair;
#else
#error "this file adds two 16-bit numbers as one 32-bit number, and needs a compiler that can be told so"
#endif

/* From `count` words on, the same plus x, then plus 2x: the sums for the next trit's other two digits. */
static void spread(pair *words, uint32_t count, int32_t x) {
  const uint32_t step = (uint32_t)x * 0x10001u;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t once = words[i] + step;
    words[count + i] = once;
    words[2u * count + i] = once + step;
  }
}

/* The sums of five numbers by every code: a code's digit says -1, 0 or 1. */
static void fill_table(uint16_t *table, const int16_t *x) {
  int32_t sum = BIAS - x[0] - x[1] - x[2] - x[3] - x[4];
  uint16_t *place = table;
  for (uint32_t third = 0; third < 3u; third++, sum += x[2]) {
    int32_t first = sum;
    for (uint32_t second = 0; second < 3u; second++, first += x[1], place += 3) {
      place[0] = (uint16_t)first;
      place[1] = (uint16_t)(first + x[0]);
      place[2] = (uint16_t)(first + 2 * x[0]);
    }
  }
  *place = 0; /* so that 28 of them are whole words */
  spread((pair *)(void *)table, 14u, x[3]);
  spread((pair *)(void *)table, 42u, x[4]);
}

/* Adds so many groups' sums to eight rows. */
static void add_groups(int32_t *sums, const uint8_t *codes, const uint16_t *table, uint32_t count) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  int32_t s4 = sums[4], s5 = sums[5], s6 = sums[6], s7 = sums[7];
  do {
    s0 += table[codes[0]];
    s1 += table[codes[1]];
    s2 += table[codes[2]];
    s3 += table[codes[3]];
    s4 += table[codes[4]];
    s5 += table[codes[5]];
    s6 += table[codes[6]];
    s7 += table[codes[7]];
    codes += ATOME_BLOCK;
    table += ATOME_CODES;
  } while (--count > 0u);
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
  sums[4] = s4;
  sums[5] = s5;
  sums[6] = s6;
  sums[7] = s7;
}

void atome_integer_product(
    int32_t *sums, const uint8_t *matrix, uint32_t rows, uint32_t columns, const int16_t *x, uint16_t *tables) {
  const uint32_t groups = atome_groups(columns);
  const int32_t *const end = sums + atome_whole_rows(rows);
  for (int32_t *sum = sums; sum < end; sum++) *sum = -BIAS * (int32_t)groups;
  for (uint32_t group = 0; group < groups; group += ATOME_TABLE_GROUPS) {
    const uint32_t rest = groups - group, count = rest < ATOME_TABLE_GROUPS ? rest : ATOME_TABLE_GROUPS;
    for (uint32_t i = 0; i < count; i++) fill_table(tables + i * ATOME_CODES, x + (group + i) * ATOME_GROUP);
    const uint8_t *codes = matrix + group * ATOME_BLOCK;
    for (int32_t *block = sums; block < end; block += ATOME_BLOCK, codes += groups * ATOME_BLOCK) {
      add_groups(block, codes, tables, count);
    }
  }
}
