#include "atome_integer_product.h"

#include "atome_fixed.h"
#include "atome_integer_layers.h"
#include "atome_target.h"

/* Added to every sum of a table, so that none is negative and four of them can be added as one 32-bit number. */
#define BIAS 128
/* The magnitudes of five numbers whose sums fit a table; of larger ones, parts of at most so much each do. */
enum { TABLE_LIMIT = 127, PART_LIMIT = 25 };

/* The same number four times. */
#define FOUR_TIMES 0x01010101u

/* Words of the sums of three numbers. */
enum { FIRST_WORDS = 7 };

#if ATOME_VECTORS
#include "atome_integer_mve_product.h"
#else

#include "atome_integer_tables.h"

/* MARK: sums */

#if ATOME_FAST_THUMB >= 2

/* clang-format off */
/* One row of either block: their sums share a register, 16 bits each. */
#define ROWS(sum) \
  "ldrb r0, [r1], #1\n\t"             /* the first block's code */ \
  "ldrb r0, [r3, r0]\n\t"             /* its sum of five numbers */ \
  "add " sum ", r0\n\t" \
  "ldrb r0, [r2], #1\n\t"             /* the second block's */ \
  "ldrb r0, [r3, r0]\n\t" \
  "add " sum ", " sum ", r0, lsl #16\n\t"
/* Eight rows of either block, and on to the next group's table. */
#define GROUP \
  ROWS("r4") ROWS("r5") ROWS("r6") ROWS("r7") ROWS("r8") ROWS("r9") ROWS("r10") ROWS("r11") "add r3, #252\n\t"

/* Two rows' sums of the first block, to their place; the registers keep the second block's. */
#define STORE_TWO(first, second, at) \
  "sxth r0, " first "\n\t"            /* the low half, with its sign */ \
  "sxth r1, " second "\n\t" \
  "strd r0, r1, [r12, #" at "]\n\t" \
  "sub " first ", r0\n\t"             /* what a negative low half borrowed */ \
  "asr " first ", #16\n\t"            /* the high half */ \
  "sub " second ", r1\n\t" \
  "asr " second ", #16\n\t"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* Sets the sums of so many groups in pairs of blocks of eight rows, while there are two. All sixteen sums of a pair
 * stay in r4 to r11, and a row takes three instructions; they begin with the biases' negative, 2^7 a group. r1, r2:
 * codes of either block. r3: the group's table. r12: where the sums go. lr: groups left. On the stack, from its top:
 * end, codes, stride; then the caller's registers, and the arguments tables and count. */
ATOME_NAKED static void set_pairs(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "push {r1-r3}\n\t"
      "mov r12, r0\n"
      "5:\n\t"                        /* a pair */
      "ldrd r0, r1, [sp]\n\t"         /* end, codes */
      "sub r0, r0, r12\n\t"
      "cmp r0, #64\n\t"               /* are sixteen sums to be set? */
      "blo 6f\n\t"
      "ldr r0, [sp, #8]\n\t"          /* stride */
      "add r2, r1, r0\n\t"
      "add r0, r2, r0\n\t"
      "str r0, [sp, #4]\n\t"          /* the next pair's codes */
      "ldrd r3, lr, [sp, #48]\n\t"    /* tables, count */
      "rsb r4, lr, #0\n\t"            /* -groups */
      "lsl r4, #7\n\t"                /* times the bias, 128 */
      "add r4, r4, r4, lsl #16\n\t"   /* for both blocks */
      "mov r5, r4\n\t mov r6, r4\n\t mov r7, r4\n\t mov r8, r4\n\t mov r9, r4\n\t mov r10, r4\n\t mov r11, r4\n\t"
      "b 2f\n"
      "1:\n\t"
      ".rept 4\n\t"                   /* four groups a turn */
      GROUP
      ".endr\n"
      "2:\n\t"
      "subs lr, #4\n\t"
      "bpl 1b\n\t"
      "adds lr, #4\n\t"               /* up to three are left */
      "beq 4f\n"
      "3:\n\t"
      GROUP
      "subs lr, #1\n\t"
      "bne 3b\n"
      "4:\n\t"
      STORE_TWO("r4", "r5", "0") STORE_TWO("r6", "r7", "8") STORE_TWO("r8", "r9", "16") STORE_TWO("r10", "r11", "24")
      "add r12, #32\n\t"              /* the second block's sums follow */
      "stmia r12!, {r4-r11}\n\t"
      "b 5b\n"
      "6:\n\t"
      "add sp, #12\n\t"
      "pop {r4-r11, pc}");
}

#pragma GCC diagnostic pop

/* clang-format on */
#define TWO_BLOCKS 1

#endif

#if ATOME_FAST_THUMB == 1

/* clang-format off */
/* One row: the sum of its code is added. */
#define ROW(sum, row) \
  "ldrb r0, [r1, #" row "]\n\t"   /* its code */ \
  "ldrb r0, [r2, r0]\n\t"         /* the table's sum */ \
  "add " sum ", r0\n\t"           /* a high register can be added to and moved, nothing else */
/* A group's eight rows, whose codes are so many bytes from r1; then on to the next group's table. */
#define GROUP(a, b, c, d, e, f, g, h) \
  ROW("r4", a) ROW("r5", b) ROW("r6", c) ROW("r7", d) ROW("r8", e) ROW("r9", f) ROW("r10", g) ROW("r11", h) \
  "adds r2, #252\n\t"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* Adds so many groups' sums to all rows, or sets them; `stride` is from a block's codes to the next one's. All eight
 * sums of a block stay in r4 to r11. On the stack, from its top: end, what sums begin with, set; then the caller's
 * registers; then tables, count and set as arguments, so 48 and 52 bytes away. */
ATOME_NAKED static void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count,
    int set) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t"
      "push {r4-r7}\n\t"        /* 36 bytes so far */
      "mov r12, r0\n\t"         /* r12: where the sums of the block are */
      "ldr r0, [sp, #40]\n\t"   /* count */
      "lsls r4, r0, #3\n\t"     /* of the block's codes so many are read */
      "subs r3, r4\n\t"
      "mov lr, r3\n\t"          /* lr: from there to the next block's */
      "lsls r4, r0, #7\n\t"
      "rsbs r4, r4, #0\n\t"     /* the negative of the biases, 128 a group */
      "ldr r5, [sp, #44]\n\t"   /* set */
      "push {r1, r4, r5}\n\t"
      "movs r1, r2\n"           /* r1: codes */
      "5:\n\t"
      "ldr r2, [sp, #48]\n\t"   /* r2: the first group's table */
      "ldr r3, [sp, #4]\n\t"
      "ldr r0, [sp, #8]\n\t"
      "cmp r0, #0\n\t"
      "beq 6f\n\t"
      "mov r4, r3\n\t mov r5, r3\n\t mov r6, r3\n\t mov r7, r3\n\t"
      "mov r8, r3\n\t mov r9, r3\n\t mov r10, r3\n\t mov r11, r3\n\t"
      "b 7f\n"
      "6:\n\t"                  /* sums that are there already: the last four first, which go to high registers */
      "mov r0, r12\n\t"
      "adds r0, #16\n\t"
      "ldmia r0!, {r4-r7}\n\t"
      "adds r4, r3\n\t adds r5, r3\n\t adds r6, r3\n\t adds r7, r3\n\t"
      "mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t"
      "subs r0, #32\n\t"
      "ldmia r0!, {r4-r7}\n\t"
      "adds r4, r3\n\t adds r5, r3\n\t adds r6, r3\n\t adds r7, r3\n"
      "7:\n\t"
      "ldr r3, [sp, #52]\n\t"   /* r3: groups left */
      "b 2f\n"
      "1:\n\t"                  /* four groups a turn */
      GROUP("0", "1", "2", "3", "4", "5", "6", "7")
      GROUP("8", "9", "10", "11", "12", "13", "14", "15")
      GROUP("16", "17", "18", "19", "20", "21", "22", "23")
      GROUP("24", "25", "26", "27", "28", "29", "30", "31")
      "adds r1, #32\n"
      "2:\n\t"
      "subs r3, #4\n\t"
      "bpl 1b\n\t"
      "adds r3, #4\n\t"         /* up to three are left */
      "beq 4f\n"
      "3:\n\t"
      GROUP("0", "1", "2", "3", "4", "5", "6", "7")
      "adds r1, #8\n\t"
      "subs r3, #1\n\t"
      "bne 3b\n"
      "4:\n\t"
      "mov r0, r12\n\t"
      "stmia r0!, {r4-r7}\n\t"
      "mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t"
      "stmia r0!, {r4-r7}\n\t"
      "mov r12, r0\n\t"
      "add r1, lr\n\t"
      "ldr r4, [sp]\n\t"
      "cmp r0, r4\n\t"
      "bhs 8f\n\t"
      "b 5b\n"                  /* too far for a branch with a condition */
      "8:\n\t"
      "add sp, #12\n\t"
      "pop {r4-r7}\n\t"
      "mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t"
      "pop {r4-r7, pc}");
}

#pragma GCC diagnostic pop

/* clang-format on */
#else

#if defined(__thumb__) && __ARM_ARCH_ISA_THUMB == 1

/* Adds so many groups' sums to eight rows, to four at a time: so many stay in the registers of a Cortex-M0. */
static void add_to_block(int32_t *sums, const uint8_t *codes, const uint8_t *table, uint32_t count) {
  for (const int32_t *end = sums + ATOME_BLOCK; sums < end; sums += 4, codes += 4) {
    int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
    const uint8_t *code = codes, *row = table;
    uint32_t left = count;
    do {
      s0 += row[code[0]];
      s1 += row[code[1]];
      s2 += row[code[2]];
      s3 += row[code[3]];
      code += ATOME_BLOCK;
      row += ATOME_CODES;
    } while (--left > 0u);
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
  }
}

#else

/* Adds so many groups' sums to eight rows. */
static void add_to_block(int32_t *sums, const uint8_t *codes, const uint8_t *table, uint32_t count) {
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

#endif

/* Adds so many groups' sums to all rows, or sets them; `stride` is from a block's codes to the next one's. */
ATOME_ALONE static void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count,
    int set) {
  const int32_t first = -BIAS * (int32_t)count;
  for (; sums < end; sums += ATOME_BLOCK, codes += stride) {
    ATOME_UNROLL(8)
    for (uint32_t i = 0; i < ATOME_BLOCK; i++) sums[i] = set ? first : sums[i] + first;
    add_to_block(sums, codes, tables, count);
  }
}

#endif

#endif

/* MARK: products */

/* A product under way. */
typedef struct product {
  int32_t *sums;
  const int32_t *end;
  const uint8_t *matrix;
  uint32_t stride;
  int begun; /* whether sums hold something */
} product;

static inline void add_tables(product *into, uint32_t group, const uint8_t *tables, uint32_t count) {
  int32_t *sums = into->sums;
  const uint8_t *codes = into->matrix + (size_t)group * ATOME_BLOCK;
#if defined(TWO_BLOCKS)
  if (!into->begun) {
    const uint32_t pairs = (uint32_t)(into->end - sums) / (2u * ATOME_BLOCK);
    set_pairs(sums, into->end, codes, into->stride, tables, count);
    sums += pairs * (2u * ATOME_BLOCK);
    codes += pairs * 2u * into->stride;
  }
#endif
  add_groups(sums, into->end, codes, into->stride, tables, count, !into->begun);
  into->begun = 1;
}

/* The magnitudes of five numbers, added up; of a negative one, the magnitude less 1. */
static uint32_t magnitudes_of(const int8_t *x) {
  uint32_t sum = 0;
  ATOME_UNROLL(5)
  for (uint32_t i = 0; i < ATOME_GROUP; i++) sum += (uint32_t)(x[i] ^ (x[i] >> 31));
  return sum;
}

/* Fills a group's table. Where its sums would pass 8 bits, parts of the numbers are added at once, until the rest
 * fits: that is rare, since the exporter chooses the unit so. */
static inline void prepare(product *into, uint32_t group, uint8_t *table, const int8_t *x) {
  int8_t rest[ATOME_GROUP], part[ATOME_GROUP];
  while (magnitudes_of(x) > TABLE_LIMIT - ATOME_GROUP) {
    for (uint32_t i = 0; i < ATOME_GROUP; i++) {
      const int32_t low = x[i] > PART_LIMIT ? PART_LIMIT : x[i];
      part[i] = (int8_t)(low < -PART_LIMIT ? -PART_LIMIT : low);
      rest[i] = (int8_t)(x[i] - part[i]);
    }
    x = rest;
    fill_table(table, part);
    add_tables(into, group, table, 1u);
  }
  fill_table(table, x);
}

void atome_integer_product(
    int32_t *sums, const uint8_t *matrix, uint32_t rows, uint32_t groups, const int8_t *x, uint8_t *tables) {
  product into = {sums, sums + atome_whole_rows(rows), matrix, groups * ATOME_BLOCK, 0};
  for (uint32_t group = 0; group < groups; group += ATOME_TABLE_GROUPS) {
    const uint32_t rest = groups - group, count = rest < ATOME_TABLE_GROUPS ? rest : ATOME_TABLE_GROUPS;
    for (uint32_t i = 0; i < count; i++, x += ATOME_GROUP) {
      prepare(&into, group + i, tables + (size_t)i * ATOME_CODES, x);
    }
    add_tables(&into, group, tables, count);
  }
}
