/* Reading and adding trits. Two bits each, the lowest first: 00 is 0, 01 is 1, 11 is -1. */
#ifndef ATOME_TRITS_H
#define ATOME_TRITS_H

#include <stddef.h>
#include <stdint.h>

/* A byte's two-bit codes from trit `trit` on, in the low bits. */
static inline uint32_t atome_codes_from(const uint8_t *trits, size_t trit) {
  return (uint32_t)trits[trit / 4u] >> (2u * (trit % 4u));
}

/* sum + x, sum - x or sum, by the lowest two bits of `codes`. */
static inline float atome_add_trit(float sum, uint32_t codes, const float *x) {
  if ((codes & 1u) == 0u) return sum;
  return (codes & 2u) == 0u ? sum + *x : sum - *x;
}

/* ATOME_ADD_BYTE(sum, codes, x) adds the four trits of a byte: sum += +-x[0], then +-x[1] and so on. A macro, since gcc
 * would call a function rather than repeat it. One jump by all four codes, or two jumps by two where the build asks for
 * little flash. The image's check refused the code 10. */
#define ATOME_ADD_0(sum, x)
#define ATOME_ADD_1(sum, x) sum += x;
#define ATOME_ADD_3(sum, x) sum -= x;

#if defined(__OPTIMIZE_SIZE__)

/* Telling gcc that 10 does not come saves it a test; with the larger jump below the test is the cheaper code. */
#if defined(__GNUC__)
#define ATOME_NO_SUCH_CODE __builtin_unreachable()
#else
#define ATOME_NO_SUCH_CODE break
#endif

#define ATOME_PAIR(a, b, sum, x) \
  case (a) | (b) << 2: ATOME_ADD_##a(sum, (x)[0]) ATOME_ADD_##b(sum, (x)[1]) break;

#define ATOME_ADD_PAIR(sum, codes, x) \
  switch (codes) { \
    ATOME_PAIR(0, 0, sum, x) ATOME_PAIR(0, 1, sum, x) ATOME_PAIR(0, 3, sum, x) \
    ATOME_PAIR(1, 0, sum, x) ATOME_PAIR(1, 1, sum, x) ATOME_PAIR(1, 3, sum, x) \
    ATOME_PAIR(3, 0, sum, x) ATOME_PAIR(3, 1, sum, x) ATOME_PAIR(3, 3, sum, x) \
    default: ATOME_NO_SUCH_CODE; \
  }

#define ATOME_ADD_BYTE(sum, codes, x) \
  ATOME_ADD_PAIR(sum, (codes) & 15u, x) \
  ATOME_ADD_PAIR(sum, (codes) >> 4, (x) + 2)

#else

#define ATOME_QUAD(a, b, c, d, sum, x) \
  case (a) | (b) << 2 | (c) << 4 | (d) << 6: \
    ATOME_ADD_##a(sum, (x)[0]) ATOME_ADD_##b(sum, (x)[1]) \
    ATOME_ADD_##c(sum, (x)[2]) ATOME_ADD_##d(sum, (x)[3]) break;

/* All quads that begin with some codes. */
#define ATOME_QUADS_OF_3(a, b, c, sum, x) \
  ATOME_QUAD(a, b, c, 0, sum, x) ATOME_QUAD(a, b, c, 1, sum, x) ATOME_QUAD(a, b, c, 3, sum, x)
#define ATOME_QUADS_OF_2(a, b, sum, x) \
  ATOME_QUADS_OF_3(a, b, 0, sum, x) ATOME_QUADS_OF_3(a, b, 1, sum, x) ATOME_QUADS_OF_3(a, b, 3, sum, x)
#define ATOME_QUADS_OF_1(a, sum, x) \
  ATOME_QUADS_OF_2(a, 0, sum, x) ATOME_QUADS_OF_2(a, 1, sum, x) ATOME_QUADS_OF_2(a, 3, sum, x)

#define ATOME_ADD_BYTE(sum, codes, x) \
  switch (codes) { \
    ATOME_QUADS_OF_1(0, sum, x) ATOME_QUADS_OF_1(1, sum, x) ATOME_QUADS_OF_1(3, sum, x) \
    default: break; \
  }

#endif

#endif
