/* Loops of atome_integer_layers.c for a Cortex-M0 and its like, whose first Thumb code works in r0 to r7 and can only
 * move, compare and add to high registers. atome_integer_loops.h has the same ones in portable C. Functions of assembly
 * alone: a build may keep its frame in r7 as long as a function gives it back. */
#ifndef ATOME_INTEGER_THUMB1_H
#define ATOME_INTEGER_THUMB1_H

#include "atome_integer_layers.h"

/* clang-format off */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* y[width] = x / 2^shift, clamped to 16 bits; returns their sum and adds their squares. r0: y. r1: x. r2: 0. r3: shift.
 * r4, r5: squares, 64 bits. r12: sum. lr: where x ends. */
ATOME_NAKED static int32_t clamp_stream(
    int16_t *y, const int32_t *x, uint32_t width, uint32_t shift, uint64_t *squares) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "lsls r2, r2, #2\n\t"
      "adds r2, r1\n\t"
      "mov lr, r2\n\t"
      "movs r2, #0\n\t"
      "mov r12, r2\n\t"
      "ldr r6, [sp, #20]\n\t"     /* squares */
      "ldr r4, [r6]\n\t"
      "ldr r5, [r6, #4]\n"
      "1:\n\t"
      "ldmia r1!, {r6}\n\t"
      "asrs r6, r3\n\t"
      "sxth r7, r6\n\t"           /* the same, if it has 16 bits */
      "cmp r6, r7\n\t"
      "bne 3f\n"
      "2:\n\t"
      "strh r6, [r0]\n\t"
      "adds r0, #2\n\t"
      "add r12, r6\n\t"
      "muls r6, r6\n\t"
      "adds r4, r6\n\t"
      "adcs r5, r2\n\t"
      "cmp r1, lr\n\t"
      "bne 1b\n\t"
      "ldr r6, [sp, #20]\n\t"
      "str r4, [r6]\n\t"
      "str r5, [r6, #4]\n\t"
      "mov r0, r12\n\t"
      "pop {r4-r7, pc}\n"
      "3:\n\t"                    /* 32767, or all of its bits changed: -32768 */
      "asrs r6, #31\n\t"
      "movs r7, #1\n\t"
      "lsls r7, #15\n\t"
      "subs r7, #1\n\t"
      "eors r6, r7\n\t"
      "b 2b");
}

/* Four scores, backwards over the channels. r0: the query's place less its start. r1: the query. r2 to r5: keys. r8 to
 * r11: scores. `to_key` turns r0 into a key's place and `to_query` back, where a key's numbers have one byte. */
#define FOUR_SCORES(load, to_key, to_query) \
  "1:\n\t" \
  "ldrsh r6, [r1, r0]\n\t" to_key \
  load " r7, [r2, r0]\n\t muls r7, r6\n\t add r8, r7\n\t" \
  load " r7, [r3, r0]\n\t muls r7, r6\n\t add r9, r7\n\t" \
  load " r7, [r4, r0]\n\t muls r7, r6\n\t add r10, r7\n\t" \
  load " r7, [r5, r0]\n\t muls r7, r6\n\t add r11, r7\n\t" to_query \
  "subs r0, #2\n\t" \
  "bpl 1b\n\t"

/* Scores of four keys, one after the other in memory: the query is read once for all of them. */
ATOME_NAKED static void dot_products(
    int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t"
      "push {r4-r7}\n\t"          /* 36 bytes in all */
      "mov r12, r0\n\t"           /* r12: scores */
      "ldr r7, [sp, #36]\n\t"     /* width */
      "subs r0, r7, #1\n\t"
      "lsls r0, r0, #1\n\t"       /* the last channel's place in the query */
      "mov r6, r3\n\t"            /* bytes of a number */
      "muls r7, r3\n\t"           /* bytes of a key */
      "adds r3, r2, r7\n\t"
      "adds r4, r3, r7\n\t"
      "adds r5, r4, r7\n\t"
      "movs r7, #0\n\t"
      "mov r8, r7\n\t mov r9, r7\n\t mov r10, r7\n\t mov r11, r7\n\t"
      "cmp r6, #1\n\t"
      "bne 3f\n\t"
      FOUR_SCORES("ldrsb", "lsrs r0, r0, #1\n\t", "lsls r0, r0, #1\n\t")
      "b 4f\n"
      "3:\n\t"
      FOUR_SCORES("ldrsh", "", "")
      "4:\n\t"
      "mov r0, r12\n\t"
      "mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t"
      "stmia r0!, {r4-r7}\n\t"
      "pop {r4-r7}\n\t"
      "mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t"
      "pop {r4-r7, pc}");
}

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^shift to the stream. r0: stream. r1:
 * sums. r2: state. r3: n. r4: numbers, three of 16 bits a channel. r8: route. r9: a half. r10: shift. r11: 2^14, a
 * half of the state's. r12: where n ends. */
ATOME_NAKED static void mix_channels(
    int32_t *stream, const int32_t *sums, int16_t *state, const int8_t *n, const int16_t *numbers, uint32_t shift,
    int32_t route, uint32_t width) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "mov r4, r8\n\t mov r5, r9\n\t mov r6, r10\n\t mov r7, r11\n\t"
      "push {r4-r7}\n\t"            /* 36 bytes in all */
      "ldr r4, [sp, #40]\n\t"
      "mov r10, r4\n\t"
      "movs r5, #1\n\t"
      "lsls r5, r4\n\t"
      "lsrs r5, #1\n\t"             /* 2^shift / 2, and 0 where shift is 0 */
      "mov r9, r5\n\t"
      "movs r5, #1\n\t"
      "lsls r5, #14\n\t"
      "mov r11, r5\n\t"
      "ldr r5, [sp, #44]\n\t"
      "mov r8, r5\n\t"
      "ldr r5, [sp, #48]\n\t"
      "adds r5, r3\n\t"
      "mov r12, r5\n\t"
      "ldr r4, [sp, #36]\n"
      "1:\n\t"
      "movs r5, #0\n\t"
      "ldrsh r5, [r4, r5]\n\t"      /* decay */
      "ldrh r6, [r2]\n\t"
      "sxth r6, r6\n\t"             /* state */
      "muls r5, r6\n\t"
      "movs r6, #2\n\t"
      "ldrsh r6, [r4, r6]\n\t"      /* input gain */
      "ldrb r7, [r3]\n\t"
      "sxtb r7, r7\n\t"             /* n */
      "muls r6, r7\n\t"
      "lsls r6, #5\n\t"             /* its 32 steps */
      "adds r5, r6\n\t"
      "add r5, r11\n\t"
      "asrs r5, #15\n\t"
      "sxth r6, r5\n\t"
      "cmp r5, r6\n\t"
      "bne 3f\n"
      "2:\n\t"
      "strh r5, [r2]\n\t"           /* the next state */
      "movs r6, #4\n\t"
      "ldrsh r6, [r4, r6]\n\t"      /* output gain */
      "mov r7, r8\n\t"
      "muls r6, r7\n\t"
      "asrs r6, #15\n\t"            /* by the route */
      "muls r6, r5\n\t"
      "ldmia r1!, {r7}\n\t"
      "adds r6, r7\n\t"             /* with the sum of the other two */
      "add r6, r9\n\t"
      "mov r7, r10\n\t"
      "asrs r6, r7\n\t"
      "ldr r7, [r0]\n\t"
      "adds r6, r7\n\t"             /* the stream's number */
      "lsls r7, r6, #8\n\t"
      "asrs r7, #8\n\t"
      "cmp r6, r7\n\t"              /* has it 24 bits? */
      "bne 4f\n"
      "5:\n\t"
      "stmia r0!, {r6}\n\t"
      "adds r4, #6\n\t"
      "adds r2, #2\n\t"
      "adds r3, #1\n\t"
      "cmp r3, r12\n\t"
      "bne 1b\n\t"
      "pop {r4-r7}\n\t"
      "mov r8, r4\n\t mov r9, r5\n\t mov r10, r6\n\t mov r11, r7\n\t"
      "pop {r4-r7, pc}\n"
      "3:\n\t"                      /* 2^15 - 1, or all of its bits changed */
      "mov r7, r11\n\t"
      "lsls r7, #1\n\t"
      "subs r7, #1\n\t"
      "asrs r5, #31\n\t"
      "eors r5, r7\n\t"
      "b 2b\n"
      "4:\n\t"                      /* 2^23 - 1, or all of its bits changed */
      "mov r7, r11\n\t"
      "lsls r7, #9\n\t"
      "subs r7, #1\n\t"
      "asrs r6, #31\n\t"
      "eors r6, r7\n\t"
      "b 5b");
}

/* A tap: its trit times the input that is so far from the newest one's; a high register can only be moved. */
#define TAP_AT(trit, distance) \
  "mov %[x], " distance "\n\t" \
  "ldrsb %[x], [%[n], %[x]]\n\t" \
  "ldrb %[k], [%[kernel], #" trit "]\n\t" \
  "sxtb %[k], %[k]\n\t" \
  "muls %[x], %[k]\n\t" \
  "adds %[sum], %[x]\n\t"

/* y[width] += weight * the sums of five taps, each of its own input: one pointer and four distances from it. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n = inputs[0];
  int32_t k, x, sum;
  register uint32_t one __asm__("r8") = (uint32_t)(inputs[1] - n), two __asm__("r9") = (uint32_t)(inputs[2] - n);
  register uint32_t three __asm__("r10") = (uint32_t)(inputs[3] - n), four __asm__("r11") = (uint32_t)(inputs[4] - n);
  register int32_t by __asm__("r12") = weight;
  register const int8_t *end __asm__("lr") = n + width;
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n\t"
      "movs %[x], #0\n\t"
      "ldrsb %[sum], [%[n], %[x]]\n\t"    /* the newest input */
      "ldrb %[k], [%[kernel]]\n\t"
      "sxtb %[k], %[k]\n\t"
      "muls %[sum], %[k]\n\t"
      TAP_AT("1", "r8") TAP_AT("2", "r9") TAP_AT("3", "r10") TAP_AT("4", "r11")
      "mov %[x], r12\n\t"
      "muls %[sum], %[x]\n\t"             /* by the weight */
      "ldr %[x], [%[y]]\n\t"
      "adds %[x], %[sum]\n\t"
      "stmia %[y]!, {%[x]}\n\t"
      "adds %[kernel], #5\n\t"
      "adds %[n], #1\n\t"
      "cmp %[n], lr\n\t"
      "bne 1b"
      : [y] "+l"(y), [kernel] "+l"(kernel), [n] "+l"(n), [k] "=&l"(k), [x] "=&l"(x), [sum] "=&l"(sum)
      : "r"(one), "r"(two), "r"(three), "r"(four), "r"(by), "r"(end)
      : "cc", "memory");
}

#pragma GCC diagnostic pop
/* clang-format on */

#endif
