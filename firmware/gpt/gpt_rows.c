#include "gpt_rows.h"

#include "atome_fixed.h"

#if defined(GPT_PAIRS)
#include <arm_acle.h>
#endif

#if defined(__thumb__) && defined(__OPTIMIZE__) && __ARM_ARCH_ISA_THUMB >= 2

/* Of the row that is so many strides from the first one. The first comes last, and moves on. */
#define SECOND "[%[row], %[stride]]"
#define THIRD "[%[row], %[stride], lsl #1]"
#define FOURTH "[%[row], %[thrice]]"

#if defined(GPT_PAIRS)
/* Four numbers of a row times two pairs of x. */
#define TIMES(sum, place) \
  "ldr %[w], " place "\n\t sxtb16 %[t], %[w]\n\t sxtb16 %[w], %[w], ror #8\n\t" \
  "smlad %[" sum "], %[t], %[even], %[" sum "]\n\t smlad %[" sum "], %[w], %[odd], %[" sum "]\n\t"
#define FOUR_COLUMNS \
  "ldrd %[even], %[odd], [%[x]], #8\n\t" \
  TIMES("s1", SECOND) TIMES("s2", THIRD) TIMES("s3", FOURTH) TIMES("s0", "[%[row]], #4")
#else
#define TIMES(sum, place) "ldrsb %[w], " place "\n\t mla %[" sum "], %[w], %[even], %[" sum "]\n\t"
#define COLUMN \
  "ldrsh %[even], [%[x]], #2\n\t" \
  TIMES("s1", SECOND) TIMES("s2", THIRD) TIMES("s3", FOURTH) TIMES("s0", "[%[row]], #1")
#define FOUR_COLUMNS COLUMN COLUMN COLUMN COLUMN
#endif

/* Four rows at a time, `stop` being the end of their sums. Assembly keeps all sums in registers; where x begins, what
 * moves on to the next four rows, and `stop` wait on the stack. */
__attribute__((noinline)) static void set_fours(
    int32_t *sums, const int32_t *stop, const int8_t *row, uint32_t stride, const int16_t *x, uint32_t length) {
  const int16_t *end = x + length;
  const uint32_t thrice = 3u * stride, next = thrice + stride - length;
  int32_t s0, s1, s2, s3, even = (int32_t)(uintptr_t)stop, odd, w = (int32_t)next, t;
  __asm__ volatile(
      ".syntax unified\n\t push {%[even]}\n\t push {%[w]}\n\t push {%[x]}\n"
      "1:\n\t mov %[s0], #0\n\t mov %[s1], #0\n\t mov %[s2], #0\n\t mov %[s3], #0\n\t ldr %[x], [sp]\n\t"
      "sub %[w], %[end], %[x]\n\t tst %[w], #8\n\t beq 2f\n\t" FOUR_COLUMNS "cmp %[x], %[end]\n\t beq 3f\n"
      "2:\n\t" FOUR_COLUMNS FOUR_COLUMNS "cmp %[x], %[end]\n\t bne 2b\n"
      "3:\n\t strd %[s0], %[s1], [%[sums]], #8\n\t strd %[s2], %[s3], [%[sums]], #8\n\t ldr %[w], [sp, #4]\n\t"
      "ldr %[even], [sp, #8]\n\t add %[row], %[row], %[w]\n\t cmp %[sums], %[even]\n\t bne 1b\n\t add sp, #12"
      : [sums] "+r"(sums), [row] "+r"(row), [x] "+r"(x), [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2),
        [s3] "=&r"(s3), [even] "+r"(even), [odd] "=&r"(odd), [w] "+r"(w), [t] "=&r"(t)
      : [stride] "r"(stride), [thrice] "r"(thrice), [end] "r"(end)
      : "cc", "memory");
}

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
  for (; sums < stop; sums += 4, row += 4u * stride) four_rows(sums, row, stride, x, length);
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
  rows += fours * stride;
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
  for (uint32_t rest = 0; rest < 4u; rest++) wide[i + gpt_place(rest)] = i + rest < count ? narrow[i + rest] : 0;
}
