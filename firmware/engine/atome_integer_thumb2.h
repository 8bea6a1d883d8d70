/* Loops of atome_integer_layers.c for a Cortex-M3 and later; atome_integer_loops.h has the same ones in portable C.
 * Two of them are functions of assembly alone, since they need a register that some builds keep their frame in. */
#ifndef ATOME_INTEGER_THUMB2_H
#define ATOME_INTEGER_THUMB2_H

#include "atome_integer_layers.h"

/* clang-format off */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* One key's number, or two of 16 bits, times the query's, which are in r11: added to the key's score. */
#define TIMES(load, step, multiply, key, sum) load " r12, [" key "], #" step "\n\t" multiply(sum)
#define ONE(sum) "mla " sum ", r11, r12, " sum "\n\t"
#define TWO(sum) "smlad " sum ", r11, r12, " sum "\n\t"
#define FOUR_TIMES_QUERY(load, step, multiply) \
  TIMES(load, step, multiply, "r2", "r7") TIMES(load, step, multiply, "r4", "r8") \
  TIMES(load, step, multiply, "r5", "r9") TIMES(load, step, multiply, "r6", "r10")
#define ONE_CHANNEL(load, step) "ldrsh r11, [r1], #2\n\t" FOUR_TIMES_QUERY(load, step, ONE)
#define NARROW_PAIR ONE_CHANNEL("ldrsb", "1") ONE_CHANNEL("ldrsb", "1")
#if ATOME_PAIRS && ATOME_UNALIGNED
/* Keys of an odd width do not all begin with a word. */
#define WIDE_PAIR "ldr r11, [r1], #4\n\t" FOUR_TIMES_QUERY("ldr", "4", TWO)
#else
#define WIDE_PAIR ONE_CHANNEL("ldrsh", "2") ONE_CHANNEL("ldrsh", "2")
#endif

/* Channels beyond a multiple of four, which r3 counts, come first; then fours, which lr counts. */
#define FOUR_SCORES(one, pair) \
  "cmp r3, #0\n\t" \
  "beq 2f\n" \
  "1:\n\t" one \
  "subs r3, #1\n\t" \
  "bne 1b\n" \
  "2:\n\t" \
  "cmp lr, #0\n\t" \
  "beq 5f\n" \
  "3:\n\t" pair pair \
  "subs lr, #1\n\t" \
  "bne 3b\n\t"

/* Scores of four keys, one after the other in memory: the query is read once for all of them. r0: scores. r1: query.
 * r2, r4, r5, r6: keys. r7 to r10: their scores. */
ATOME_NAKED static void dot_products(
    int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "ldr r12, [sp, #36]\n\t"      /* width */
      "mul lr, r12, r3\n\t"         /* bytes of a key */
      "add r4, r2, lr\n\t"
      "add r5, r4, lr\n\t"
      "add r6, r5, lr\n\t"
      "mov r7, #0\n\t"
      "mov r8, r7\n\t"
      "mov r9, r7\n\t"
      "mov r10, r7\n\t"
      "cmp r3, #1\n\t"
      "and r3, r12, #3\n\t"
      "lsr lr, r12, #2\n\t"
      "bne 4f\n\t"
      FOUR_SCORES(ONE_CHANNEL("ldrsb", "1"), NARROW_PAIR)
      "b 5f\n"
      "4:\n\t"
      FOUR_SCORES(ONE_CHANNEL("ldrsh", "2"), WIDE_PAIR)
      "5:\n\t"
      "stmia r0, {r7-r10}\n\t"
      "pop {r4-r11, pc}");
}

#if ATOME_PAIRS && ATOME_UNALIGNED
/* Both products of a state in one instruction; n stands 16 bits higher, and 5 for its steps. A channel's three numbers
 * have six bytes, so every other one's do not begin with a word. */
#define STATE_SUM \
  "mov r8, #16384\n\t"              /* a half */ \
  "ldrh r6, [r2]\n\t"               /* state */ \
  "ldrsb r7, [r3], #1\n\t"          /* n */ \
  "orr r6, r6, r7, lsl #21\n\t" \
  "ldr r7, [r4], #4\n\t"            /* decay, input gain */ \
  "smlad r6, r6, r7, r8\n\t"
#else
#define STATE_SUM \
  "ldrsh r6, [r2]\n\t"              /* state */ \
  "ldrsh r8, [r4], #2\n\t"          /* decay */ \
  "mul r6, r6, r8\n\t" \
  "ldrsb r7, [r3], #1\n\t"          /* n */ \
  "ldrsh r8, [r4], #2\n\t"          /* input gain */ \
  "mul r7, r7, r8\n\t" \
  "add r6, r6, r7, lsl #5\n\t"      /* in 32 steps */ \
  "add r6, r6, #16384\n\t"          /* a half */
#endif
#define MIX_CHANNEL \
  STATE_SUM \
  "ssat r6, #16, r6, asr #15\n\t" \
  "strh r6, [r2], #2\n\t"           /* the next state */ \
  "ldrsh r7, [r4], #2\n\t"          /* output gain */ \
  "mul r7, r7, r11\n\t" \
  "asr r7, r7, #15\n\t"             /* by the route */ \
  "ldr r8, [r1], #4\n\t" \
  "mla r8, r6, r7, r8\n\t"          /* with the sum of the other two */ \
  "add r8, r10\n\t" \
  "asr r8, r9\n\t" \
  "ldr r6, [r0]\n\t" \
  "add r6, r8\n\t"                  /* the stream's number */ \
  "ssat r6, #24, r6\n\t" \
  "str r6, [r0], #4\n\t"

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^shift to the stream. r0: stream. r1:
 * sums. r2: state. r3: n. r4: numbers, three of 16 bits a channel. r5: width. r9: shift. r10: a half. r11: route. */
ATOME_NAKED static void mix_channels(
    int32_t *stream, const int32_t *sums, int16_t *state, const int8_t *n, const int16_t *numbers, uint32_t shift,
    int32_t route, uint32_t width) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11}\n\t"
      "ldrd r4, r9, [sp, #32]\n\t"  /* numbers, shift */
      "ldrd r11, r5, [sp, #40]\n\t" /* route, width */
      "mov r10, #1\n\t"
      "lsl r10, r9\n\t"
      "lsr r10, #1\n\t"             /* 2^shift / 2, and 0 where shift is 0 */
      "lsrs r6, r5, #1\n\t"
      "bcc 1f\n\t"
      MIX_CHANNEL                   /* of an odd width, one ahead */
      "subs r5, #1\n\t"
      "beq 2f\n"
      "1:\n\t"
      MIX_CHANNEL
      MIX_CHANNEL
      "subs r5, #2\n\t"
      "bne 1b\n"
      "2:\n\t"
      "pop {r4-r11}\n\t"
      "bx lr");
}

/* A tap: its trit times its input. */
#define FIRST_TAP(n) "ldrsb %[k], [%[kernel]], #1\n\t ldrsb %[x], [%[" n "]], #1\n\t mul %[sum], %[k], %[x]\n\t"
#define TAP(n) "ldrsb %[k], [%[kernel]], #1\n\t ldrsb %[x], [%[" n "]], #1\n\t mla %[sum], %[k], %[x], %[sum]\n\t"
#define FIVE_TAPS \
  FIRST_TAP("n0") TAP("n1") TAP("n2") TAP("n3") TAP("n4") \
  "ldr %[k], [%[y]]\n\t" \
  "mla %[k], %[sum], %[weight], %[k]\n\t" \
  "str %[k], [%[y]], #4\n\t"

/* y[width] += weight * the sums of five taps, each of its own input. Assembly keeps all pointers in registers. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n0 = inputs[0], *n1 = inputs[1], *n2 = inputs[2], *n3 = inputs[3], *n4 = inputs[4];
  int32_t k, x, sum;
  __asm__ volatile(
      ".syntax unified\n\t"
      "lsrs %[k], %[width], #1\n\t"
      "bcc 1f\n\t"
      FIVE_TAPS                     /* of an odd width, one ahead */
      "subs %[width], #1\n\t"
      "beq 2f\n"
      "1:\n\t"
      FIVE_TAPS
      FIVE_TAPS
      "subs %[width], #2\n\t"
      "bne 1b\n"
      "2:"
      : [y] "+r"(y), [kernel] "+r"(kernel), [n0] "+r"(n0), [n1] "+r"(n1), [n2] "+r"(n2), [n3] "+r"(n3), [n4] "+r"(n4),
        [width] "+r"(width), [k] "=&r"(k), [x] "=&r"(x), [sum] "=&r"(sum)
      : [weight] "r"(weight)
      : "cc", "memory");
}

#pragma GCC diagnostic pop
/* clang-format on */

#endif
