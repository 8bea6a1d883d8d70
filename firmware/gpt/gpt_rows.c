#include "gpt_rows.h"

#include "atome_fixed.h"

#include <stddef.h>

#if defined(GPT_PAIRS)
#include <arm_acle.h>
#endif

#if ATOME_THUMB >= 2

/* clang-format off */
#if defined(GPT_PAIRS)
/* Four numbers of the row at `place` times two pairs of x, which are in r11 and r12: added to a sum. */
#define TIMES(sum, place) \
  "ldr lr, " place "\n\t" \
  "sxtb16 r1, lr\n\t"             /* the even ones */ \
  "sxtb16 lr, lr, ror #8\n\t"     /* the odd ones */ \
  "smlad " sum ", r1, r11, " sum "\n\t" \
  "smlad " sum ", lr, r12, " sum "\n\t"
/* The row that r2 points at comes last, and moves on. */
#define FOUR_COLUMNS \
  "ldrd r11, r12, [r4], #8\n\t" \
  TIMES("r8", "[r2, r3]") TIMES("r9", "[r2, r3, lsl #1]") TIMES("r10", "[r2, r6]") TIMES("r7", "[r2], #4")
#else
/* A number of the row at `place` times x, which is in r11: added to a sum. */
#define TIMES(sum, place) "ldrsb lr, " place "\n\t mla " sum ", lr, r11, " sum "\n\t"
#define COLUMN \
  "ldrsh r11, [r4], #2\n\t" \
  TIMES("r8", "[r2, r3]") TIMES("r9", "[r2, r3, lsl #1]") TIMES("r10", "[r2, r6]") TIMES("r7", "[r2], #1")
#define FOUR_COLUMNS COLUMN COLUMN COLUMN COLUMN
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* Four rows at a time, `stop` being the end of their sums. r0: sums. r2: row. r3: stride. r4: x. r5: where x ends.
 * r6: three strides. r7 to r10: the four sums. On the stack, from its top: stop; where x begins; what moves on to the
 * next four rows; then the caller's registers, and the arguments x and length. */
ATOME_NAKED static void set_fours(
    int32_t *sums, const int32_t *stop, const int8_t *row, uint32_t stride, const int16_t *x, uint32_t length) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "ldrd r4, r5, [sp, #36]\n\t"
      "add r6, r3, r3, lsl #1\n\t"
      "add r12, r6, r3\n\t"
      "sub r12, r12, r5\n\t"
      "add r5, r4, r5, lsl #1\n\t"
      "push {r1, r4, r12}\n"
      "1:\n\t"
      "mov r7, #0\n\t"
      "mov r8, #0\n\t"
      "mov r9, #0\n\t"
      "mov r10, #0\n\t"
      "ldr r4, [sp, #4]\n\t"
      "sub lr, r5, r4\n\t"
      "tst lr, #8\n\t"            /* of an odd number of fours, one ahead */
      "beq 2f\n\t"
      FOUR_COLUMNS
      "cmp r4, r5\n\t"
      "beq 3f\n"
      "2:\n\t"
      FOUR_COLUMNS
      FOUR_COLUMNS
      "cmp r4, r5\n\t"
      "bne 2b\n"
      "3:\n\t"
      "stmia r0!, {r7-r10}\n\t"
      "ldr lr, [sp, #8]\n\t"
      "add r2, r2, lr\n\t"
      "ldr lr, [sp]\n\t"
      "cmp r0, lr\n\t"
      "bne 1b\n\t"
      "add sp, #12\n\t"
      "pop {r4-r11, pc}");
}

#pragma GCC diagnostic pop
/* clang-format on */

#else

static void four_rows(int32_t *sums, const int8_t *rows, uint32_t stride, const int16_t *x, uint32_t length) {
  const int8_t *second = rows + stride, *third = second + stride, *fourth = third + stride;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (uint32_t i = 0; i < length; i++) {
    const int32_t factor = x[gpt_place(i)];
    s0 += rows[i] * factor;
    s1 += second[i] * factor;
    s2 += third[i] * factor;
    s3 += fourth[i] * factor;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

static void set_fours(
    int32_t *sums, const int32_t *stop, const int8_t *row, uint32_t stride, const int16_t *x, uint32_t length) {
  for (; sums < stop; sums += 4, row += (size_t)4u * stride) four_rows(sums, row, stride, x, length);
}

#endif

#if defined(GPT_PAIRS)

static int32_t one_row(const int8_t *row, const int16_t *x, uint32_t length) {
  const int16_t *end = x + length;
  int32_t sum = 0;
  for (; x != end; x += 4, row += 4) {
    int32_t four, even, odd, pair;
    __builtin_memcpy(&four, row, sizeof four);
    __builtin_memcpy(&even, x, sizeof even);
    __builtin_memcpy(&odd, x + 2, sizeof odd);
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(four));
    sum = __smlad(__sxtb16(four), even, sum);
    sum = __smlad(pair, odd, sum);
  }
  return sum;
}

#else

static int32_t one_row(const int8_t *row, const int16_t *x, uint32_t length) {
  int32_t sum = 0;
  ATOME_EACH(i, length, { sum += row[i] * x[i]; })
  return sum;
}

#endif

void gpt_rows_product(
    int32_t *sums, const int8_t *rows, uint32_t count, uint32_t stride, const int16_t *x, uint32_t length) {
  const uint32_t fours = count & ~3u;
  if (fours > 0u) set_fours(sums, sums + fours, rows, stride, x, length);
  rows += (size_t)fours * stride;
  for (uint32_t row = fours; row < count; row++, rows += stride) sums[row] = one_row(rows, x, length);
}

void gpt_widen(int16_t *wide, const int8_t *narrow, uint32_t count) {
  uint32_t i = 0;
  for (; count - i >= 4u; i += 4u) {
    wide[i + gpt_place(0)] = narrow[i];
    wide[i + gpt_place(1)] = narrow[i + 1u];
    wide[i + gpt_place(2)] = narrow[i + 2u];
    wide[i + gpt_place(3)] = narrow[i + 3u];
  }
  if (i == count) return;
  for (uint32_t rest = 0; rest < 4u; rest++) {
    wide[i + gpt_place(rest)] = (int16_t)(i + rest < count ? narrow[i + rest] : 0);
  }
}
