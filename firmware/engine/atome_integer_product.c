#include "atome_integer_product.h"

#include "atome_fixed.h"
#include "atome_integer_layers.h"

/* Added to every sum of a table, so that none is negative and four of them can be added as one 32-bit number. */
#define BIAS 128
/* The magnitudes of five numbers whose sums fit a table; of larger ones, parts of at most so much each do. */
enum { TABLE_LIMIT = 127, PART_LIMIT = 25 };

#if defined(__GNUC__)
typedef uint32_t __attribute__((__may_alias__)) quad;
#else
#error "this file adds four 8-bit numbers as one 32-bit number, and needs a compiler that can be told so"
#endif

/* The same number four times. */
#define FOUR_TIMES 0x01010101u

/* Words of the sums of three numbers. */
enum { FIRST_WORDS = 7 };

/* Whether the tuned parts for Arm's Thumb code are used: they are longer than portable C. */
#if defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define TUNED_FOR_THUMB 1
/* A function of its own has all registers. */
#define ALONE __attribute__((noinline))
#else
#define ALONE
#endif

#if defined(ATOME_VECTORS)
#include "atome_integer_mve_product.h"
#else

/* MARK: tables */

#if defined(TUNED_FOR_THUMB)

#define STORE_WORDS "stmia r0!, {r1-r7}\n\t"
#define THEN(step) \
  "add r1, " step "\n\t add r2, " step "\n\t add r3, " step "\n\t add r4, " step "\n\t add r5, " step "\n\t" \
  "add r6, " step "\n\t add r7, " step "\n\t" STORE_WORDS

/* The sums of five numbers by every code, a code's digit saying -1, 0 or 1: the 27 of three of them are seven words,
 * four sums each, which then go through the other two numbers' nine codes without leaving their registers. */
ALONE static void fill_table(uint8_t *table, const int8_t *x) {
  const uint32_t x0 = (uint32_t)x[0], x1 = (uint32_t)x[1], x2 = (uint32_t)x[2];
  const uint32_t x3 = (uint32_t)x[3], x4 = (uint32_t)x[4];
  const uint32_t least = (BIAS - x0 - x1 - x2 - x3 - x4) * FOUR_TIMES;
  /* The first number's digits, 0 to 2, in turn; then the second's and the third's. */
  const uint32_t a = least + x0 * 0x00020100u, b = least + x0 * 0x01000201u, c = least + x0 * 0x02010002u;
  const uint32_t third = x2 * FOUR_TIMES, thirds = third << 1;
  const uint32_t once = x3 * FOUR_TIMES, next = x4 * FOUR_TIMES - (once << 1);
  register uint8_t *place __asm__("r0") = table;
  register uint32_t w0 __asm__("r1") = a + (x1 << 24);
  register uint32_t w1 __asm__("r2") = b + x1 * 0x02020101u;
  register uint32_t w2 __asm__("r3") = c + (x1 << 1) + x2 * 0x01010100u;
  register uint32_t w3 __asm__("r4") = a + x1 * 0x02010101u + third;
  register uint32_t w4 __asm__("r5") = b + x1 * 0x00000202u + x2 * 0x02020101u;
  register uint32_t w5 __asm__("r6") = c + x1 * 0x01010100u + thirds;
  register uint32_t w6 __asm__("r7") = a + x1 * 0x00020202u + thirds;
  __asm__ volatile(
      ".syntax unified\n\t" STORE_WORDS THEN("%[once]") THEN("%[once]")
      THEN("%[next]") THEN("%[once]") THEN("%[once]") THEN("%[next]") THEN("%[once]") THEN("%[once]")
      : "+r"(place), "+r"(w0), "+r"(w1), "+r"(w2), "+r"(w3), "+r"(w4), "+r"(w5), "+r"(w6)
      : [once] "h"(once), [next] "h"(next)
      : "cc", "memory");
}

#else

/* From `count` words on, the same plus x, then plus 2x: the sums for the next trit's other two digits. */
static void spread(quad *words, uint32_t count, int32_t x) {
  const uint32_t step = (uint32_t)x * FOUR_TIMES;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t once = words[i] + step;
    words[count + i] = once;
    words[2u * count + i] = once + step;
  }
}

/* The sums of five numbers by every code: a code's digit says -1, 0 or 1. */
static void fill_table(uint8_t *table, const int8_t *x) {
  uint8_t *place = table;
  int32_t sum = BIAS - x[0] - x[1] - x[2] - x[3] - x[4];
  for (uint32_t third = 0; third < 3u; third++, sum += x[2] - 3 * x[1]) {
    for (uint32_t second = 0; second < 3u; second++, sum += x[1], place += 3) {
      place[0] = (uint8_t)sum;
      place[1] = (uint8_t)(sum + x[0]);
      place[2] = (uint8_t)(sum + 2 * x[0]);
    }
  }
  *place = table[0]; /* so that 28 of them are whole words, and any of them is a sum */
  spread((quad *)(void *)table, FIRST_WORDS, x[3]);
  spread((quad *)(void *)table, 3u * FIRST_WORDS, x[4]);
}

#endif

/* MARK: sums */

#if defined(TUNED_FOR_THUMB) && __ARM_ARCH_ISA_THUMB >= 2

/* One row of either block: their sums share a register, 16 bits each. */
#define ROWS(sum) \
  "ldrb %[t], [%[codes]], #1\n\t ldrb %[t], [%[table], %[t]]\n\t add " sum ", %[t]\n\t" \
  "ldrb %[t], [%[others]], #1\n\t ldrb %[t], [%[table], %[t]]\n\t add " sum ", " sum ", %[t], lsl #16\n\t"
#define GROUP \
  ROWS("r4") ROWS("r5") ROWS("r6") ROWS("r7") ROWS("r8") ROWS("r9") ROWS("r10") ROWS("r11") "add %[table], #252\n\t"

/* Two rows' sums of one block, to where `table` then points; the registers keep the other block's. */
#define STORE_TWO(first, second, at) \
  "sxth %[codes], " first "\n\t sxth %[others], " second "\n\t strd %[codes], %[others], [%[table], #" at "]\n\t" \
  "sub " first ", %[codes]\n\t asr " first ", #16\n\t sub " second ", %[others]\n\t asr " second ", #16\n\t"

/* The sums of so many groups in two blocks of eight rows. Assembly keeps all sixteen in registers, and takes a row in
 * three instructions; they begin with the biases' negative, 2^7 a group. Where the sums go waits on the stack, so that
 * the link register is free: some cores count loops in it. */
static inline void add_up_pair(
    int32_t *sums, const uint8_t *codes, const uint8_t *others, const uint8_t *table, uint32_t count) {
  register int32_t *place __asm__("r4") = sums;
  uint32_t t;
  __asm__ volatile(
      ".syntax unified\n\t push {r4}\n\t rsb %[t], %[count], #0\n\t lsl %[t], #7\n\t add %[t], %[t], %[t], lsl #16\n\t"
      "mov r4, %[t]\n\t mov r5, %[t]\n\t mov r6, %[t]\n\t mov r7, %[t]\n\t"
      "mov r8, %[t]\n\t mov r9, %[t]\n\t mov r10, %[t]\n\t mov r11, %[t]\n\t b 2f\n"
      "1:\n\t" GROUP GROUP GROUP GROUP
      "2:\n\t subs %[count], #4\n\t bpl 1b\n\t adds %[count], #4\n\t beq 4f\n"
      "3:\n\t" GROUP "subs %[count], #1\n\t bne 3b\n"
      "4:\n\t pop {%[table]}\n\t" STORE_TWO("r4", "r5", "0") STORE_TWO("r6", "r7", "8")
      STORE_TWO("r8", "r9", "16") STORE_TWO("r10", "r11", "24") "adds %[table], #32\n\t stmia %[table], {r4-r11}"
      : [t] "=&r"(t), [codes] "+r"(codes), [others] "+r"(others), [table] "+r"(table), [count] "+r"(count), "+r"(place)
      :
      : "r5", "r6", "r7", "r8", "r9", "r10", "r11", "cc", "memory");
}

/* Sets the sums of pairs of blocks, while there are two. */
ALONE static void set_pairs(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count) {
  for (; end - sums >= (int32_t)(2u * ATOME_BLOCK); sums += 2u * ATOME_BLOCK, codes += 2u * stride) {
    add_up_pair(sums, codes, codes + stride, tables, count);
  }
}

#define TWO_BLOCKS 1

#endif

#if defined(TUNED_FOR_THUMB) && __ARM_ARCH_ISA_THUMB == 1

#define UNROLLED "4"
#define ROW(sum, row) "ldrb %[t], [%[codes], #" row "]\n\t ldrb %[t], [%[table], %[t]]\n\t add " sum ", %[t]\n\t"
/* A high register can be added to and moved, nothing else. */
#define GROUP(a, b, c, d, e, f, g, h) \
  ROW("r4", a) ROW("r5", b) ROW("r6", c) ROW("r7", d) ROW("r8", e) ROW("r9", f) ROW("r10", g) ROW("r11", h) \
  "adds %[table], #252\n\t"

/* Adds so many groups' sums to eight rows. Assembly keeps all eight in registers, and takes a row in three
 * instructions. */
static inline void add_to_block(int32_t *sums, const uint8_t *codes, const uint8_t *table, uint32_t count) {
  __asm__ volatile(
      ".syntax unified\n\t mov r12, %[t]\n\t"
      "adds %[t], #16\n\t ldmia %[t]!, {r4-r7}\n\t mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t"
      "subs %[t], #32\n\t ldmia %[t]!, {r4-r7}\n\t b 2f\n"
      "1:\n\t" GROUP("0", "1", "2", "3", "4", "5", "6", "7") GROUP("8", "9", "10", "11", "12", "13", "14", "15")
      GROUP("16", "17", "18", "19", "20", "21", "22", "23") GROUP("24", "25", "26", "27", "28", "29", "30", "31")
      "adds %[codes], #8*" UNROLLED "\n"
      "2:\n\t subs %[count], #" UNROLLED "\n\t bpl 1b\n\t"
      "adds %[count], #" UNROLLED "\n\t beq 4f\n"
      "3:\n\t" GROUP("0", "1", "2", "3", "4", "5", "6", "7")
      "adds %[codes], #8\n\t subs %[count], #1\n\t bne 3b\n"
      "4:\n\t mov %[t], r12\n\t"
      "stmia %[t]!, {r4-r7}\n\t mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t stmia %[t]!, {r4-r7}"
      : [t] "+l"(sums), [codes] "+l"(codes), [table] "+l"(table), [count] "+l"(count)
      :
      : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
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

#if defined(__OPTIMIZE_SIZE__)
#define EACH_ROW(i, ...) for (uint32_t i = 0; i < ATOME_BLOCK; i++) __VA_ARGS__;
#else
#define EACH_ROW(i, ...) _Pragma("GCC unroll 8") for (uint32_t i = 0; i < ATOME_BLOCK; i++) __VA_ARGS__;
#endif

/* Adds so many groups' sums to all rows, or sets them; `stride` is from a block's codes to the next one's. */
ALONE static void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint8_t *tables, uint32_t count,
    int set) {
  const int32_t first = -BIAS * (int32_t)count;
  for (; sums < end; sums += ATOME_BLOCK, codes += stride) {
    EACH_ROW(i, sums[i] = set ? first : sums[i] + first)
    add_to_block(sums, codes, tables, count);
  }
}

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
  const uint8_t *codes = into->matrix + group * ATOME_BLOCK;
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
#if !defined(__OPTIMIZE_SIZE__)
#pragma GCC unroll 5
#endif
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
    int32_t *sums, const uint8_t *matrix, uint32_t rows, uint32_t columns, const int8_t *x, uint8_t *tables) {
  const uint32_t groups = atome_groups(columns);
  product into = {sums, sums + atome_whole_rows(rows), matrix, groups * ATOME_BLOCK, 0};
  for (uint32_t group = 0; group < groups; group += ATOME_TABLE_GROUPS) {
    const uint32_t rest = groups - group, count = rest < ATOME_TABLE_GROUPS ? rest : ATOME_TABLE_GROUPS;
    for (uint32_t i = 0; i < count; i++, x += ATOME_GROUP) {
      prepare(&into, group + i, tables + i * ATOME_CODES, x);
    }
    add_tables(&into, group, tables, count);
  }
}
