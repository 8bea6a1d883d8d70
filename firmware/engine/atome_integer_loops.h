/* The loops of atome_integer_layers.c in portable C; atome_integer_mve_layers.h has the same ones for vectors. */
#ifndef ATOME_INTEGER_LOOPS_H
#define ATOME_INTEGER_LOOPS_H

#include "atome_fixed.h"
#include "atome_integer_layers.h"

#if defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__) && __ARM_ARCH_ISA_THUMB == 1

/* y[width] = x / 2^shift, clamped to 16 bits; returns their sum and adds their squares. Assembly keeps the 64 bits of
 * those in registers. */
__attribute__((noinline)) static int32_t clamp_stream(
    int16_t *y, const int32_t *x, uint32_t width, uint32_t shift, uint64_t *squares) {
  uint32_t low = (uint32_t)*squares, high = (uint32_t)(*squares >> 32), zero = 0;
  register int32_t sum __asm__("r8") = 0;
  register const int32_t *end __asm__("r9") = x + width;
  __asm__ volatile(
      ".syntax unified\n1:\n\t ldmia %[x]!, {r6}\n\t asrs r6, %[shift]\n\t sxth r7, r6\n\t cmp r6, r7\n\t bne 3f\n"
      "2:\n\t strh r6, [%[y]]\n\t adds %[y], #2\n\t add %[sum], r6\n\t muls r6, r6\n\t"
      "adds %[low], r6\n\t adcs %[high], %[zero]\n\t cmp %[x], %[end]\n\t bne 1b\n\t b 4f\n"
      "3:\n\t asrs r6, #31\n\t movs r7, #1\n\t lsls r7, #15\n\t subs r7, #1\n\t eors r6, r7\n\t b 2b\n4:"
      : [x] "+l"(x), [y] "+l"(y), [low] "+l"(low), [high] "+l"(high), [sum] "+r"(sum)
      : [shift] "l"(shift), [zero] "l"(zero), [end] "r"(end)
      : "r6", "r7", "cc", "memory");
  *squares = (uint64_t)high << 32 | low;
  return sum;
}

#else

/* y[width] = x / 2^shift, clamped to 16 bits; returns their sum and adds their squares. */
static inline int32_t clamp_stream(
    int16_t *restrict y, const int32_t *restrict x, uint32_t width, uint32_t shift, uint64_t *squares) {
  int32_t sum = 0;
  uint64_t total = *squares;
  ATOME_EACH(c, width, {
    const int32_t value = atome_saturate_16(x[c] >> shift);
    y[c] = (int16_t)value;
    sum += value;
    total += ATOME_SQUARE(value);
  })
  *squares = total;
  return sum;
}

#endif

/* y[width] = deviations from the mean, by the inverse of the standard deviation, gain and bias, in 8 bits. */
static inline void scale_deviations(
    int8_t *restrict y, const int16_t *restrict x, uint32_t width, int32_t mean, int32_t inverse,
    const atome_norm *norm) {
  const int16_t *gain = norm->gain;
  const int32_t *bias = norm->bias;
  const uint32_t shift = norm->head->output_shift, offset = (uint32_t)-mean * (uint32_t)inverse;
  ATOME_EACH(c, width, {
    const int32_t z = (int32_t)((uint32_t)x[c] * (uint32_t)inverse + offset) >> 13;
    y[c] = (int8_t)atome_saturate_8((z * gain[c] + bias[c]) >> shift);
  })
}

/* The loop of a requantisation; `store` puts a number, `value`, where it belongs. */
#define REQUANTISE(store) \
  ATOME_EACH(i, count, { \
    const int32_t value = (sums[i] * multiplier + half) >> shift; \
    store; \
  })

static inline void requantise(
    void *restrict y, uint32_t bytes, const int32_t *restrict sums, uint32_t count, const atome_requantisation *by,
    uint32_t bits) {
  const int32_t multiplier = (int32_t)by->multiplier, half = (1 << by->shift) >> 1;
  const uint32_t shift = by->shift;
  int8_t *const narrow = y;
  int16_t *const wide = y;
#if defined(__OPTIMIZE_SIZE__)
  REQUANTISE(const int32_t limited = atome_clamp(value, bits);
             if (bytes == 1u) narrow[i] = (int8_t)limited; else wide[i] = (int16_t)limited)
#else
  if (bytes == 1u) {
    REQUANTISE(narrow[i] = (int8_t)atome_saturate_8(value))
#if defined(__ARM_FEATURE_SAT)
  } else if (bits == 12u) {
    REQUANTISE(wide[i] = (int16_t)atome_saturate_12(value))
  } else if (bits == 16u) {
    REQUANTISE(wide[i] = (int16_t)atome_saturate_16(value))
#endif
  } else {
    REQUANTISE(wide[i] = (int16_t)atome_clamp(value, bits))
  }
#endif
}

#if !defined(__OPTIMIZE_SIZE__)

/* Scores of four keys, one after the other in memory: the query is read once for all of them. */
#if defined(__thumb__) && defined(__OPTIMIZE__) && __ARM_ARCH_ISA_THUMB == 1

/* Backwards over the channels, %0 being the query's place less its start. A Cortex-M0 has low registers for five
 * pointers and an index, and can add to high ones; `to_key` and `to_query` turn the index into the key's and back. */
#define FOUR_SCORES(load, to_key, to_query) \
  __asm__ volatile( \
      ".syntax unified\n\t movs r6, #0\n\t mov r8, r6\n\t mov r9, r6\n\t mov r10, r6\n\t mov r11, r6\n" \
      "1:\n\t ldrsh r6, [%5, %0]\n\t" to_key \
      load " r7, [%1, %0]\n\t muls r7, r6\n\t add r8, r7\n\t" \
      load " r7, [%2, %0]\n\t muls r7, r6\n\t add r9, r7\n\t" \
      load " r7, [%3, %0]\n\t muls r7, r6\n\t add r10, r7\n\t" \
      load " r7, [%4, %0]\n\t muls r7, r6\n\t add r11, r7\n\t" to_query \
      "subs %0, #2\n\t bpl 1b\n\t" \
      "mov %1, r8\n\t mov %2, r9\n\t mov %3, r10\n\t mov %4, r11" \
      : "+l"(place), "+l"(k0), "+l"(k1), "+l"(k2), "+l"(k3) \
      : "l"(query) \
      : "r6", "r7", "r8", "r9", "r10", "r11", "cc", "memory")

__attribute__((noinline)) static void dot_products(
    int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  const uint32_t size = width * bytes;
  uint32_t place = 2u * width - 2u, k0 = (uint32_t)key, k1 = k0 + size, k2 = k1 + size, k3 = k2 + size;
  if (bytes == 1u) {
    FOUR_SCORES("ldrsb", "lsrs %0, %0, #1\n\t", "lsls %0, %0, #1\n\t");
  } else {
    FOUR_SCORES("ldrsh", "", "");
  }
  scores[0] = (int32_t)k0;
  scores[1] = (int32_t)k1;
  scores[2] = (int32_t)k2;
  scores[3] = (int32_t)k3;
}

#elif defined(__thumb__) && defined(__OPTIMIZE__)

/* One key's number, or two of 16 bits, times the query's. */
#define TIMES(load, step, multiply, key, sum) load " %[x], [%[" key "]], #" step "\n\t" multiply(sum)
#define ONE(sum) "mla %[" sum "], %[q], %[x], %[" sum "]\n\t"
#define TWO(sum) "smlad %[" sum "], %[q], %[x], %[" sum "]\n\t"
#define FOUR_TIMES_QUERY(load, step, multiply) \
  TIMES(load, step, multiply, "k0", "s0") TIMES(load, step, multiply, "k1", "s1") \
  TIMES(load, step, multiply, "k2", "s2") TIMES(load, step, multiply, "k3", "s3")
#define ONE_CHANNEL(load, step) "ldrsh %[q], [%[query]], #2\n\t" FOUR_TIMES_QUERY(load, step, ONE)
#define NARROW_PAIR ONE_CHANNEL("ldrsb", "1") ONE_CHANNEL("ldrsb", "1")
#if defined(__ARM_FEATURE_SIMD32)
#define WIDE_PAIR "ldr %[q], [%[query]], #4\n\t" FOUR_TIMES_QUERY("ldr", "4", TWO)
#else
#define WIDE_PAIR ONE_CHANNEL("ldrsh", "2") ONE_CHANNEL("ldrsh", "2")
#endif

/* Channels beyond a multiple of four come first. Assembly keeps all pointers and sums in registers. */
#define FOUR_SCORES(one, pair) \
  __asm__ volatile( \
      ".syntax unified\n\t ands %[rest], %[width], #3\n\t beq 2f\n" \
      "1:\n\t" one "subs %[rest], #1\n\t bne 1b\n" \
      "2:\n\t lsrs %[rest], %[width], #2\n\t beq 4f\n" \
      "3:\n\t" pair pair "subs %[rest], #1\n\t bne 3b\n4:" \
      : [query] "+r"(query), [k0] "+r"(k0), [k1] "+r"(k1), [k2] "+r"(k2), [k3] "+r"(k3), [s0] "+r"(s0), \
        [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [q] "=&r"(q), [x] "=&r"(x), [rest] "=&r"(rest) \
      : [width] "r"(width) \
      : "cc", "memory")

__attribute__((noinline)) static void dot_products(
    int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  const uint32_t size = width * bytes;
  uint32_t k0 = (uint32_t)key, k1 = k0 + size, k2 = k1 + size, k3 = k2 + size, rest;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, q, x;
  if (bytes == 1u) {
    FOUR_SCORES(ONE_CHANNEL("ldrsb", "1"), NARROW_PAIR);
  } else {
    FOUR_SCORES(ONE_CHANNEL("ldrsh", "2"), WIDE_PAIR);
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

#else

/* The loop of the dot products of a query and four keys. */
#define FOUR_SCORES(type) \
  const type *k0 = key, *k1 = k0 + width, *k2 = k1 + width, *k3 = k2 + width; \
  for (uint32_t c = 0; c < width; c++) { \
    s0 += query[c] * k0[c]; \
    s1 += query[c] * k1[c]; \
    s2 += query[c] * k2[c]; \
    s3 += query[c] * k3[c]; \
  }

static void dot_products(int32_t *scores, const int16_t *query, const void *key, uint32_t bytes, uint32_t width) {
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  if (bytes == 1u) {
    FOUR_SCORES(int8_t)
  } else {
    FOUR_SCORES(int16_t)
  }
  scores[0] = s0;
  scores[1] = s1;
  scores[2] = s2;
  scores[3] = s3;
}

#endif

/* Four vectors at once, so that y is written once; the weights of those that are not there are 0. */
static inline void set_weighted(
    int32_t *restrict y, const int32_t *weights, const void *const *vectors, uint32_t bytes, uint32_t width) {
  const int32_t w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3];
  if (bytes == 1u) {
    const int8_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    ATOME_EACH(c, width, { y[c] = w0 * v0[c] + w1 * v1[c] + w2 * v2[c] + w3 * v3[c]; })
  } else {
    const int16_t *v0 = vectors[0], *v1 = vectors[1], *v2 = vectors[2], *v3 = vectors[3];
    ATOME_EACH(c, width, { y[c] = w0 * v0[c] + w1 * v1[c] + w2 * v2[c] + w3 * v3[c]; })
  }
}

#if defined(__thumb__) && defined(__OPTIMIZE__) && __ARM_ARCH_ISA_THUMB >= 2

#define FIRST_TAP(n) "ldrsb %[k], [%[kernel]], #1\n\t ldrsb %[x], [%[" n "]], #1\n\t mul %[sum], %[k], %[x]\n\t"
#define TAP(n) "ldrsb %[k], [%[kernel]], #1\n\t ldrsb %[x], [%[" n "]], #1\n\t mla %[sum], %[k], %[x], %[sum]\n\t"
#define FIVE_TAPS \
  FIRST_TAP("n0") TAP("n1") TAP("n2") TAP("n3") TAP("n4") \
  "ldr %[k], [%[y]]\n\t mla %[k], %[sum], %[weight], %[k]\n\t str %[k], [%[y]], #4\n\t"

/* y[width] += weight * the sums of five taps, each of its own input. Assembly keeps all pointers in registers. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n0 = inputs[0], *n1 = inputs[1], *n2 = inputs[2], *n3 = inputs[3], *n4 = inputs[4];
  int32_t k, x, sum;
  __asm__ volatile(
      ".syntax unified\n\t lsrs %[k], %[width], #1\n\t bcc 1f\n\t" FIVE_TAPS "subs %[width], #1\n\t beq 2f\n"
      "1:\n\t" FIVE_TAPS FIVE_TAPS "subs %[width], #2\n\t bne 1b\n2:"
      : [y] "+r"(y), [kernel] "+r"(kernel), [n0] "+r"(n0), [n1] "+r"(n1), [n2] "+r"(n2), [n3] "+r"(n3), [n4] "+r"(n4),
        [width] "+r"(width), [k] "=&r"(k), [x] "=&r"(x), [sum] "=&r"(sum)
      : [weight] "r"(weight)
      : "cc", "memory");
}

#elif defined(__thumb__) && defined(__OPTIMIZE__)

/* A high register can only be moved to where it is needed. */
#define TAP_AT(trit, distance) \
  "mov %[x], " distance "\n\t ldrsb %[x], [%[n], %[x]]\n\t ldrb %[k], [%[kernel], #" trit "]\n\t" \
  "sxtb %[k], %[k]\n\t muls %[x], %[k]\n\t adds %[sum], %[x]\n\t"

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
      ".syntax unified\n1:\n\t movs %[x], #0\n\t ldrsb %[sum], [%[n], %[x]]\n\t ldrb %[k], [%[kernel]]\n\t"
      "sxtb %[k], %[k]\n\t muls %[sum], %[k]\n\t"
      TAP_AT("1", "r8") TAP_AT("2", "r9") TAP_AT("3", "r10") TAP_AT("4", "r11")
      "mov %[x], r12\n\t muls %[sum], %[x]\n\t ldr %[x], [%[y]]\n\t adds %[x], %[sum]\n\t stmia %[y]!, {%[x]}\n\t"
      "adds %[kernel], #5\n\t adds %[n], #1\n\t cmp %[n], lr\n\t bne 1b"
      : [y] "+l"(y), [kernel] "+l"(kernel), [n] "+l"(n), [k] "=&l"(k), [x] "=&l"(x), [sum] "=&l"(sum)
      : "r"(one), "r"(two), "r"(three), "r"(four), "r"(by), "r"(end)
      : "cc", "memory");
}

#else

/* y[width] += weight * the sums of five taps, each of its own input. */
static inline void add_five_taps(
    int32_t *restrict y, int32_t weight, const int8_t *restrict kernel, const int8_t *const *inputs, uint32_t width) {
  const int8_t *n0 = inputs[0], *n1 = inputs[1], *n2 = inputs[2], *n3 = inputs[3], *n4 = inputs[4];
  ATOME_EACH(c, width, {
    const int32_t sum =
        kernel[0] * n0[c] + kernel[1] * n1[c] + kernel[2] * n2[c] + kernel[3] * n3[c] + kernel[4] * n4[c];
    y[c] += weight * sum;
    kernel += 5;
  })
}

#endif

#endif

#if defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__) && __ARM_ARCH_ISA_THUMB >= 2

#if defined(__ARM_FEATURE_SIMD32)
/* Both products of a state in one instruction; n stands 16 bits higher, and 5 for its steps. */
#define STATE_SUM \
  "mov %[c], #16384\n\t ldrh %[a], [%[state]]\n\t ldrsb %[b], [%[n]], #1\n\t" \
  "orr %[a], %[a], %[b], lsl #21\n\t ldr %[b], [%[numbers]], #4\n\t smlad %[a], %[a], %[b], %[c]\n\t"
#else
#define STATE_SUM \
  "ldrsh %[a], [%[state]]\n\t ldrsh %[c], [%[numbers]], #2\n\t mul %[a], %[a], %[c]\n\t" \
  "ldrsb %[b], [%[n]], #1\n\t ldrsh %[c], [%[numbers]], #2\n\t mul %[b], %[b], %[c]\n\t" \
  "add %[a], %[a], %[b], lsl #5\n\t add %[a], %[a], #16384\n\t"
#endif
#define MIX_CHANNEL \
  STATE_SUM "ssat %[a], #16, %[a], asr #15\n\t strh %[a], [%[state]], #2\n\t" \
  "ldrsh %[b], [%[numbers]], #2\n\t mul %[b], %[b], %[route]\n\t asr %[b], %[b], #15\n\t" \
  "ldr %[c], [%[sums]], #4\n\t mla %[c], %[a], %[b], %[c]\n\t add %[c], %[half]\n\t asr %[c], %[shift]\n\t" \
  "ldr %[a], [%[stream]]\n\t add %[a], %[c]\n\t ssat %[a], #24, %[a]\n\t str %[a], [%[stream]], #4\n\t"

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^mix_shift to the stream. Assembly keeps
 * all pointers in registers. */
static inline void mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int8_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *numbers = layer->state;
  const uint32_t shift = layer->head->mix_shift;
  const int32_t half = (1 << shift) >> 1;
  int32_t a, b, c;
  __asm__ volatile(
      ".syntax unified\n\t lsrs %[a], %[width], #1\n\t bcc 1f\n\t" MIX_CHANNEL "subs %[width], #1\n\t beq 2f\n"
      "1:\n\t" MIX_CHANNEL MIX_CHANNEL "subs %[width], #2\n\t bne 1b\n2:"
      : [stream] "+r"(stream), [sums] "+r"(sums), [state] "+r"(state), [n] "+r"(n), [numbers] "+r"(numbers),
        [width] "+r"(width), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c)
      : [shift] "r"(shift), [half] "r"(half), [route] "r"(route)
      : "cc", "memory");
}

#elif defined(__thumb__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^mix_shift to the stream. What is out of
 * range is clamped aside, at 3 and 4. */
static inline void mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int8_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *numbers = layer->state;
  register int32_t by __asm__("r8") = route, half __asm__("r9") = (1 << layer->head->mix_shift) >> 1;
  register uint32_t shift __asm__("r10") = layer->head->mix_shift, rounding __asm__("r11") = 1u << 14;
  register const int8_t *end __asm__("r12") = n + width;
  int32_t a, b, c;
  __asm__ volatile(
      ".syntax unified\n1:\n\t movs %[a], #0\n\t ldrsh %[a], [%[numbers], %[a]]\n\t"
      "ldrh %[b], [%[state]]\n\t sxth %[b], %[b]\n\t muls %[a], %[b]\n\t"
      "movs %[b], #2\n\t ldrsh %[b], [%[numbers], %[b]]\n\t ldrb %[c], [%[n]]\n\t sxtb %[c], %[c]\n\t"
      "muls %[b], %[c]\n\t lsls %[b], #5\n\t adds %[a], %[b]\n\t add %[a], %[rounding]\n\t asrs %[a], #15\n\t"
      "sxth %[b], %[a]\n\t cmp %[a], %[b]\n\t bne 3f\n"
      "2:\n\t strh %[a], [%[state]]\n\t movs %[b], #4\n\t ldrsh %[b], [%[numbers], %[b]]\n\t mov %[c], %[by]\n\t"
      "muls %[b], %[c]\n\t asrs %[b], #15\n\t muls %[b], %[a]\n\t ldmia %[sums]!, {%[c]}\n\t adds %[b], %[c]\n\t"
      "add %[b], %[half]\n\t mov %[c], %[shift]\n\t asrs %[b], %[c]\n\t ldr %[c], [%[stream]]\n\t"
      "adds %[b], %[c]\n\t lsls %[c], %[b], #8\n\t asrs %[c], #8\n\t cmp %[b], %[c]\n\t bne 4f\n"
      "5:\n\t stmia %[stream]!, {%[b]}\n\t adds %[numbers], #6\n\t adds %[state], #2\n\t adds %[n], #1\n\t"
      "cmp %[n], %[end]\n\t bne 1b\n\t b 6f\n"
      "3:\n\t mov %[c], %[rounding]\n\t lsls %[c], #1\n\t subs %[c], #1\n\t asrs %[a], #31\n\t"
      "eors %[a], %[c]\n\t b 2b\n"
      "4:\n\t mov %[c], %[rounding]\n\t lsls %[c], #9\n\t subs %[c], #1\n\t asrs %[b], #31\n\t"
      "eors %[b], %[c]\n\t b 5b\n6:"
      : [stream] "+l"(stream), [sums] "+l"(sums), [state] "+l"(state), [n] "+l"(n), [numbers] "+l"(numbers),
        [a] "=&l"(a), [b] "=&l"(b), [c] "=&l"(c)
      : [by] "r"(by), [half] "r"(half), [shift] "r"(shift), [rounding] "r"(rounding), [end] "r"(end)
      : "cc", "memory");
}

#else

/* Advances the state by n, adds it by its gain and route to sums, and sums / 2^mix_shift to the stream. */
static inline void mix(
    int32_t *restrict stream, const int32_t *restrict sums, int16_t *restrict state, const int8_t *restrict n,
    const atome_layer *layer, int32_t route, uint32_t width) {
  const int16_t *restrict numbers = layer->state;
  const uint32_t shift = layer->head->mix_shift;
  const int32_t half = (1 << shift) >> 1;
  ATOME_EACH(c, width, {
    const int32_t sum = numbers[0] * state[c] + numbers[1] * (n[c] * ATOME_INPUT_STEPS);
    const int32_t next = atome_saturate_16(atome_rounded_shift(sum, 15u));
    state[c] = (int16_t)next;
    const int32_t weight = (route * numbers[2]) >> 15;
    stream[c] = atome_saturate_24(stream[c] + ((sums[c] + weight * next + half) >> shift));
    numbers += 3;
  })
}

#endif

#endif
