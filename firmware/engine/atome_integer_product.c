#include "atome_integer_product.h"

#include "atome_fixed.h"
#include "atome_integer_layers.h"

/* Added to every sum of a table, so that none is negative and two of them can be added as one 32-bit number. */
#define BIAS 20480

#if defined(__GNUC__)
typedef uint32_t __attribute__((__may_alias__)) pair;
#else
#error "this file adds two 16-bit numbers as one 32-bit number, and needs a compiler that can be told so"
#endif

/* Words of a table's first 27 sums, and of those for three digits more. */
enum { FIRST_WORDS = 14, SECOND_WORDS = 3 * FIRST_WORDS };

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
/* What the vectors' sums start from: two zeros in place of a number. */
#define FIRST_SUM(groups) 0
#else
#define FIRST_SUM(groups) (-BIAS * (int32_t)(groups))

/* MARK: tables */

#if defined(TUNED_FOR_THUMB)

#if __ARM_ARCH_ISA_THUMB >= 2
#define SPREAD_WORDS 7u
#define WORDS "{r3-r9}"
#define ADD_STEP \
  "add r3, %3\n\t add r4, %3\n\t add r5, %3\n\t add r6, %3\n\t add r7, %3\n\t add r8, %3\n\t add r9, %3\n\t"
#else
#define SPREAD_WORDS 4u
#define WORDS "{r3-r6}"
#define ADD_STEP "add r3, %3\n\t add r4, %3\n\t add r5, %3\n\t add r6, %3\n\t"
#endif

#define SPREAD(words, add_step) \
  "ldmia %0!, " words "\n\t" add_step "stmia %1!, " words "\n\t" add_step "stmia %2!, " words

/* From `count` words on, the same plus x, then plus 2x: the sums for the next trit's other two digits. Several words
 * are moved at once; of 14 and 42 words, fours leave two. */
static inline void spread(pair *words, uint32_t count, int32_t x) {
  pair *from = words, *once = words + count, *twice = once + count;
  const uint32_t step = (uint32_t)x * 0x10001u;
  const pair *const end = from + (count - count % SPREAD_WORDS);
  do {
    __asm__ volatile(SPREAD(WORDS, ADD_STEP)
        : "+l"(from), "+l"(once), "+l"(twice)
        : "r"(step)
        : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "cc", "memory");
  } while (from < end);
  if (count % SPREAD_WORDS != 0u) {
    __asm__ volatile(SPREAD("{r3-r4}", "add r3, %3\n\t add r4, %3\n\t")
        : "+l"(from), "+l"(once), "+l"(twice)
        : "r"(step)
        : "r3", "r4", "cc", "memory");
  }
}

#else

/* From `count` words on, the same plus x, then plus 2x: the sums for the next trit's other two digits. */
static void spread(pair *words, uint32_t count, int32_t x) {
  const uint32_t step = (uint32_t)x * 0x10001u;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t once = words[i] + step;
    words[count + i] = once;
    words[2u * count + i] = once + step;
  }
}

#endif

#if defined(TUNED_FOR_THUMB)

/* The sums of three numbers by the 27 codes of three trits, from that of -1, -1, -1: nine of two numbers in registers,
 * in pairs that start at an even and at an odd code. */
static inline void fill_first(pair *words, uint32_t e0, uint32_t x0, uint32_t x1, uint32_t x2) {
  const uint32_t e1 = e0 + x0, e2 = e1 + x0, e3 = e0 + x1, e4 = e3 + x0, e5 = e4 + x0, e6 = e3 + x1, e7 = e6 + x0;
  const uint32_t e8 = e7 + x0, step = x2 * 0x10001u, steps = step << 1;
  const uint32_t e01 = e0 + (e1 << 16), e23 = e2 + (e3 << 16), e45 = e4 + (e5 << 16), e67 = e6 + (e7 << 16);
  words[0] = e01;
  words[1] = e23;
  words[2] = e45;
  words[3] = e67;
  words[9] = e01 + steps;
  words[10] = e23 + steps;
  words[11] = e45 + steps;
  words[12] = e67 + steps;
  words[4] = e8 + ((e0 + x2) << 16);
  words[5] = e1 + (e2 << 16) + step;
  words[6] = e3 + (e4 << 16) + step;
  words[7] = e5 + (e6 << 16) + step;
  words[8] = e7 + (e8 << 16) + step;
  words[13] = e8 + (x2 << 1);
}

#else

static inline void fill_first(pair *words, uint32_t sum, uint32_t x0, uint32_t x1, uint32_t x2) {
  uint16_t *place = (uint16_t *)(void *)words;
  for (uint32_t third = 0; third < 3u; third++, sum += x2 - 3u * x1) {
    for (uint32_t second = 0; second < 3u; second++, sum += x1, place += 3) {
      place[0] = (uint16_t)sum;
      place[1] = (uint16_t)(sum + x0);
      place[2] = (uint16_t)(sum + 2u * x0);
    }
  }
  *place = 0; /* so that 28 of them are whole words */
}

#endif

/* The sums of five numbers by every code: a code's digit says -1, 0 or 1. */
ALONE static void fill_table(uint16_t *table, const int16_t *x) {
  const int32_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4];
  pair *words = (pair *)(void *)table;
  fill_first(words, (uint32_t)(BIAS - x0 - x1 - x2 - x3 - x4), (uint32_t)x0, (uint32_t)x1, (uint32_t)x2);
  spread(words, FIRST_WORDS, x3);
  spread(words, SECOND_WORDS, x4);
}

/* MARK: sums */

#if defined(TUNED_FOR_THUMB)

#if __ARM_ARCH_ISA_THUMB >= 2
#define UNROLLED "4"
#define ROW(sum, row) \
  "ldrb %[t], [%[codes], #" row "]\n\t ldrh %[t], [%[table], %[t], lsl #1]\n\t add " sum ", %[t]\n\t"
#define FOURTH_GROUP(a, b, c, d, e, f, g, h) GROUP(a, b, c, d, e, f, g, h)
#define LOAD_SUMS "ldmia %[t], {r4-r11}\n\t"
#define STORE_SUMS "stmia %[t], {r4-r11}"
#else
/* A high register can be added to and moved, nothing else; and a branch reaches back less far. */
#define UNROLLED "3"
#define ROW(sum, row) \
  "ldrb %[t], [%[codes], #" row "]\n\t lsls %[t], #1\n\t ldrh %[t], [%[table], %[t]]\n\t add " sum ", %[t]\n\t"
#define FOURTH_GROUP(a, b, c, d, e, f, g, h)
#define LOAD_SUMS \
  "adds %[t], #16\n\t ldmia %[t]!, {r4-r7}\n\t mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t" \
  "subs %[t], #32\n\t ldmia %[t]!, {r4-r7}\n\t"
#define STORE_SUMS \
  "stmia %[t]!, {r4-r7}\n\t mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t stmia %[t]!, {r4-r7}"
#endif

#define GROUP(a, b, c, d, e, f, g, h) \
  ROW("r4", a) ROW("r5", b) ROW("r6", c) ROW("r7", d) ROW("r8", e) ROW("r9", f) ROW("r10", g) ROW("r11", h) \
  "add %[table], lr\n\t"

/* Adds so many groups' sums to eight rows. Assembly keeps all eight in registers on every core, and takes a row in
 * three instructions (four on a Cortex-M0). */
static inline void add_to_block(int32_t *sums, const uint8_t *codes, const uint16_t *table, uint32_t count) {
  __asm__ volatile(
      ".syntax unified\n\t mov r12, %[t]\n\t" LOAD_SUMS
      "movs %[t], #252\n\t add %[t], %[t]\n\t mov lr, %[t]\n\t" /* a table's bytes */
      "b 2f\n"
      "1:\n\t" GROUP("0", "1", "2", "3", "4", "5", "6", "7") GROUP("8", "9", "10", "11", "12", "13", "14", "15")
      GROUP("16", "17", "18", "19", "20", "21", "22", "23") FOURTH_GROUP("24", "25", "26", "27", "28", "29", "30", "31")
      "adds %[codes], #8*" UNROLLED "\n"
      "2:\n\t subs %[count], #" UNROLLED "\n\t bpl 1b\n\t"
      "adds %[count], #" UNROLLED "\n\t beq 4f\n"
      "3:\n\t" GROUP("0", "1", "2", "3", "4", "5", "6", "7")
      "adds %[codes], #8\n\t subs %[count], #1\n\t bne 3b\n"
      "4:\n\t mov %[t], r12\n\t" STORE_SUMS
      : [t] "+l"(sums), [codes] "+l"(codes), [table] "+l"(table), [count] "+l"(count)
      :
      : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
}

#else

/* Adds so many groups' sums to eight rows. */
static void add_to_block(int32_t *sums, const uint8_t *codes, const uint16_t *table, uint32_t count) {
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

/* Adds so many groups' sums to all rows; `stride` is from a block's codes to the next one's. */
ALONE static void add_groups(
    int32_t *sums, const int32_t *end, const uint8_t *codes, uint32_t stride, const uint16_t *tables, uint32_t count) {
  for (; sums < end; sums += ATOME_BLOCK, codes += stride) add_to_block(sums, codes, tables, count);
}

static inline void finish_sums(int32_t *sums) { (void)sums; }

#endif

void atome_integer_product(
    int32_t *sums, const uint8_t *matrix, uint32_t rows, uint32_t columns, const int16_t *x, uint16_t *tables) {
  const uint32_t groups = atome_groups(columns);
  const int32_t *const end = sums + atome_whole_rows(rows);
  const int32_t first = FIRST_SUM(groups);
  ATOME_EACH(row, atome_whole_rows(rows), { sums[row] = first; })
  for (uint32_t group = 0; group < groups; group += ATOME_TABLE_GROUPS) {
    const uint32_t rest = groups - group, count = rest < ATOME_TABLE_GROUPS ? rest : ATOME_TABLE_GROUPS;
    for (uint32_t i = 0; i < count; i++) fill_table(tables + i * ATOME_CODES, x + (group + i) * ATOME_GROUP);
    add_groups(sums, end, matrix + group * ATOME_BLOCK, groups * ATOME_BLOCK, tables, count);
  }
  for (int32_t *block = sums; block < end; block += ATOME_BLOCK) finish_sums(block);
}
