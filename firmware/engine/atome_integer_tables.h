/* The tables of atome_integer_product.c: the sums of five numbers by every code. Written for Thumb, and in C. */
#ifndef ATOME_INTEGER_TABLES_H
#define ATOME_INTEGER_TABLES_H

#include "atome_target.h"

#if ATOME_FAST_THUMB

/* Four sums as one number; only gcc's extension says that it may lie where bytes do. */
typedef uint32_t __attribute__((__may_alias__)) quad;

/* The sums of three numbers by every code, a code's digit saying -1, 0 or 1, with what all five numbers' least sum
 * needs: 27 as seven words. */
typedef struct first_sums {
  quad words[FIRST_WORDS];
} first_sums;

static inline first_sums sums_of_three(const int8_t *x) {
  const uint32_t x0 = (uint32_t)x[0], x1 = (uint32_t)x[1], x2 = (uint32_t)x[2];
  const uint32_t least = (BIAS - x0 - x1 - x2 - (uint32_t)x[3] - (uint32_t)x[4]) * FOUR_TIMES;
  /* The first number's digits, 0 to 2, in turn; then the second's and the third's. */
  const uint32_t a = least + x0 * 0x00020100u, b = least + x0 * 0x01000201u, c = least + x0 * 0x02010002u;
  const uint32_t third = x2 * FOUR_TIMES, thirds = third << 1;
  const first_sums sums = {
      {a + (x1 << 24), b + x1 * 0x02020101u, c + (x1 << 1) + x2 * 0x01010100u, a + x1 * 0x02010101u + third,
       b + x1 * 0x00000202u + x2 * 0x02020101u, c + x1 * 0x01010100u + thirds, a + x1 * 0x00020202u + thirds}};
  return sums;
}

/* clang-format off */
/* 28 sums of table, and r0 at what follows them. */
#define STORE_WORDS(last) "stmia r0!, {r1-r6, " last "}\n\t"
/* Goes to the next code of the fourth and fifth number, whose sums differ from these by `step`; then stores. */
#define THEN(step, last) \
  "add r1, " step "\n\t add r2, " step "\n\t add r3, " step "\n\t add r4, " step "\n\t add r5, " step "\n\t" \
  "add r6, " step "\n\t add " last ", " step "\n\t" STORE_WORDS(last)

#if ATOME_FAST_THUMB >= 2

/* The sums of five numbers by every code: the seven words go through the other two numbers' nine codes without leaving
 * their registers, none of which is r7, since that holds the frame in many builds. */
ATOME_ALONE static void fill_table(uint8_t *table, const int8_t *x) {
  const first_sums sums = sums_of_three(x);
  const uint32_t step = (uint32_t)x[3] * FOUR_TIMES;
  register uint32_t once __asm__("r9") = step;
  register uint32_t next __asm__("r10") = (uint32_t)x[4] * FOUR_TIMES - (step << 1);
  register uint8_t *place __asm__("r0") = table;
  register uint32_t w0 __asm__("r1") = sums.words[0];
  register uint32_t w1 __asm__("r2") = sums.words[1];
  register uint32_t w2 __asm__("r3") = sums.words[2];
  register uint32_t w3 __asm__("r4") = sums.words[3];
  register uint32_t w4 __asm__("r5") = sums.words[4];
  register uint32_t w5 __asm__("r6") = sums.words[5];
  register uint32_t w6 __asm__("r8") = sums.words[6];
  __asm__ volatile(
      ".syntax unified\n\t"
      STORE_WORDS("r8") THEN("%[once]", "r8") THEN("%[once]", "r8") /* the fifth number's digit -1 */
      THEN("%[next]", "r8") THEN("%[once]", "r8") THEN("%[once]", "r8") /* the fifth's 0 */
      THEN("%[next]", "r8") THEN("%[once]", "r8") THEN("%[once]", "r8") /* the fifth's 1 */
      : "+r"(place), "+r"(w0), "+r"(w1), "+r"(w2), "+r"(w3), "+r"(w4), "+r"(w5), "+r"(w6)
      : [once] "r"(once), [next] "r"(next)
      : "cc", "memory");
}

#else

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* From the table's first 28 sums the others: they go through the other two numbers' nine codes in r1 to r7. r12: once.
 * lr: next. */
ATOME_NAKED static void fill_rest(uint8_t *table, uint32_t once, uint32_t next) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "mov r12, r1\n\t"
      "mov lr, r2\n\t"
      "ldmia r0!, {r1-r7}\n\t"
      THEN("r12", "r7") THEN("r12", "r7")                   /* the fifth number's digit -1; the fourth's 0 and 1 */
      THEN("lr", "r7") THEN("r12", "r7") THEN("r12", "r7")  /* the fifth's 0; the fourth's three */
      THEN("lr", "r7") THEN("r12", "r7") THEN("r12", "r7")  /* the fifth's 1 */
      "pop {r4-r7, pc}");
}

#pragma GCC diagnostic pop

/* clang-format on */
/* The sums of five numbers by every code. */
static void fill_table(uint8_t *table, const int8_t *x) {
  const first_sums sums = sums_of_three(x);
  quad *words = (quad *)(void *)table;
  const uint32_t once = (uint32_t)x[3] * FOUR_TIMES;
  ATOME_UNROLL(7)
  for (uint32_t i = 0; i < FIRST_WORDS; i++) words[i] = sums.words[i];
  fill_rest(table, once, (uint32_t)x[4] * FOUR_TIMES - (once << 1));
}

#endif

#else

#if ATOME_GNU

/* Four sums as one number; only gcc's extension says that it may lie where bytes do. */
typedef uint32_t __attribute__((__may_alias__)) quad;

/* From `count` words on, the same plus x, then plus 2x: the sums for the next trit's other two digits. */
static void spread(uint8_t *table, uint32_t count, int32_t x) {
  quad *words = (quad *)(void *)table;
  const uint32_t step = (uint32_t)x * FOUR_TIMES;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t once = words[i] + step;
    words[count + i] = once;
    words[2u * count + i] = once + step;
  }
}

#else

/* The same, a sum at a time. */
static void spread(uint8_t *table, uint32_t count, int32_t x) {
  const uint32_t bytes = 4u * count;
  for (uint32_t i = 0; i < bytes; i++) {
    table[bytes + i] = (uint8_t)(table[i] + x);
    table[2u * bytes + i] = (uint8_t)(table[i] + 2 * x);
  }
}

#endif

#if defined(__OPTIMIZE_SIZE__)

/* The sums of three numbers by every code, a number more each time; the least of them is there. */
static void fill_first(uint8_t *table, const int8_t *x) {
  for (uint32_t count = 1; count < 27u; count *= 3u, x++) {
    for (uint32_t i = 0; i < count; i++) {
      table[count + i] = (uint8_t)(table[i] + *x);
      table[2u * count + i] = (uint8_t)(table[i] + 2 * *x);
    }
  }
}

#else

/* The sums of three numbers by every code, from the least of them on. */
static void fill_first(uint8_t *table, const int8_t *x) {
  int32_t sum = table[0];
  for (uint32_t third = 0; third < 3u; third++, sum += x[2] - 3 * x[1]) {
    for (uint32_t second = 0; second < 3u; second++, sum += x[1], table += 3) {
      table[0] = (uint8_t)sum;
      table[1] = (uint8_t)(sum + x[0]);
      table[2] = (uint8_t)(sum + 2 * x[0]);
    }
  }
}

#endif

/* The sums of five numbers by every code: a code's digit says -1, 0 or 1. */
static void fill_table(uint8_t *table, const int8_t *x) {
  int32_t least = BIAS;
  for (uint32_t i = 0; i < ATOME_GROUP; i++) least -= x[i];
  table[0] = (uint8_t)least;
  fill_first(table, x);
  table[27] = table[0]; /* so that 28 of them are whole words, and any of them is a sum */
  spread(table, FIRST_WORDS, x[3]);
  spread(table, 3u * FIRST_WORDS, x[4]);
}

#endif

#endif
