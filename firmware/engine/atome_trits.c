#include "atome_trits.h"

#if defined(__OPTIMIZE_SIZE__)

/* Codes of nine pairs of trits, by t0 + 3 t1 where t is a trit plus 1. */
static const uint8_t pair_codes[9] = {0xF, 0xC, 0xD, 0x3, 0x0, 0x1, 0x7, 0x4, 0x5};

/* Divisions by 9 as multiplications, exact below 256. The last trit's code is the lowest two bits of a digit less 1,
 * so that the bytes above 242, whose last digit is 3, yield the invalid code. */
uint32_t atome_codes_of_base3(uint32_t byte) {
  const uint32_t triple = byte * 57u >> 9, last = triple * 57u >> 9;
  return pair_codes[byte - 9u * triple] | (uint32_t)pair_codes[triple - 9u * last] << 4 | ((last - 1u) & 3u) << 8;
}

#else

/* clang-format off */
/* The codes of bytes that share their higher digits: the lowest, 0 to 2 for -1 to +1, changes from byte to byte. */
#define BYTES_3(higher) (higher) | 3u, (higher), (higher) | 1u
#define BYTES_9(higher) BYTES_3((higher) | 3u << 2), BYTES_3(higher), BYTES_3((higher) | 1u << 2)
#define BYTES_27(higher) BYTES_9((higher) | 3u << 4), BYTES_9(higher), BYTES_9((higher) | 1u << 4)
#define BYTES_81(higher) BYTES_27((higher) | 3u << 6), BYTES_27(higher), BYTES_27((higher) | 1u << 6)
/* Bytes above 242 have the invalid code. */
#define NO_TRITS 2u << 8

const uint16_t atome_base3_codes[256] = {
    BYTES_81(3u << 8), BYTES_81(0u),    BYTES_81(1u << 8), NO_TRITS, NO_TRITS, NO_TRITS, NO_TRITS, NO_TRITS,
    NO_TRITS,          NO_TRITS,        NO_TRITS,          NO_TRITS, NO_TRITS, NO_TRITS, NO_TRITS, NO_TRITS};
/* clang-format on */

#endif
