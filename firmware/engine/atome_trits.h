/* Reading and adding trits by their codes of two bits, the first trit lowest: 00 is 0, 01 is 1, 11 is -1. */
#ifndef ATOME_TRITS_H
#define ATOME_TRITS_H

#include <stdint.h>

/* The five codes of a byte of ATOME02: computed where flash is dear, else from a table of 512 bytes. */
#if defined(__OPTIMIZE_SIZE__)
uint32_t atome_codes_of_base3(uint32_t byte);
#else
extern const uint16_t atome_base3_codes[256];
static inline uint32_t atome_codes_of_base3(uint32_t byte) { return atome_base3_codes[byte]; }
#endif

/* The codes of a byte that holds `a_byte` trits: ATOME01's byte is its own four codes. */
static inline uint32_t atome_codes(uint32_t byte, uint32_t a_byte) {
  return a_byte == 4u ? byte : atome_codes_of_base3(byte);
}

/* Not zero where one of five codes is the invalid 10: a high bit without its low one. */
static inline uint32_t atome_invalid_codes(uint32_t codes) { return (codes >> 1) & ~codes & 0x155u; }

/* sum + x, sum - x or sum, by a code. */
static inline float atome_add_trit(float sum, uint32_t code, const float *x) {
  if ((code & 1u) == 0u) return sum;
  return (code & 2u) == 0u ? sum + *x : sum - *x;
}

/* ATOME_ADD_QUAD(sum, codes, x) adds by the lowest four codes: sum += +-x[0], then +-x[1] and so on. A macro, since gcc
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

/* clang-format off */
#define ATOME_PAIR(a, b, sum, x) \
  case (a) | (b) << 2: ATOME_ADD_##a(sum, (x)[0]) ATOME_ADD_##b(sum, (x)[1]) break;

#define ATOME_ADD_PAIR(sum, codes, x) \
  switch ((codes) & 15u) { \
    ATOME_PAIR(0, 0, sum, x) ATOME_PAIR(0, 1, sum, x) ATOME_PAIR(0, 3, sum, x) \
    ATOME_PAIR(1, 0, sum, x) ATOME_PAIR(1, 1, sum, x) ATOME_PAIR(1, 3, sum, x) \
    ATOME_PAIR(3, 0, sum, x) ATOME_PAIR(3, 1, sum, x) ATOME_PAIR(3, 3, sum, x) \
    default: ATOME_NO_SUCH_CODE; \
  }

#define ATOME_ADD_QUAD(sum, codes, x) \
  ATOME_ADD_PAIR(sum, codes, x) \
  ATOME_ADD_PAIR(sum, (codes) >> 4, (x) + 2)

/* clang-format on */
#else

/* clang-format off */
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

#define ATOME_ADD_QUAD(sum, codes, x) \
  switch ((codes) & 255u) { \
    ATOME_QUADS_OF_1(0, sum, x) ATOME_QUADS_OF_1(1, sum, x) ATOME_QUADS_OF_1(3, sum, x) \
    default: break; \
  }
/* clang-format on */

#endif

#endif
