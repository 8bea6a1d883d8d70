#include "atome_nibbles.h"

#include "atome_fixed.h"

#if ATOME_PAIRS
#include <arm_acle.h>
#endif

/* Two rows share a 32-bit sum, 16 bits each: `(word >> 4k) & PAIR` is the rows k and k + 4, and one multiplication
 * serves both. All sums are modulo 2^32, and only what comes out in the end has to fit its 16 bits:
 *   - Codes stand 8 too high. A sum begins at -8 times the sum of x in either half, so it ends as that of the codes.
 *   - The first pair needs no mask. The sum U of whole words times x is T0 + 16 T1 + 256 T2 + 4096 T3, T being the
 *     pairs' sums; the other three are known, so T0 is. U begins at what makes T0 begin as the others do. */
#define PAIR 0x000F000Fu

/* What the magnitudes of x may add up to, so that no sum of codes from -8 to 7 passes 16 bits. */
enum { MAGNITUDE_LIMIT = 32767 / 8 };

/* What the sums of a row begin at, for numbers that add up to `sum`. */
static uint32_t start_of(int32_t sum) { return (uint32_t)sum * (0u - 8u * 0x00010001u); }

/* Whether the magnitudes of all numbers stay below the limit, as they mostly do; their sum is left in `total`. */
static int fits_at_once(const int8_t *x, uint32_t columns, int32_t *total) {
  uint32_t magnitude = 0;
  int32_t sum = 0;
#if ATOME_PAIRS && ATOME_UNALIGNED
  /* Four at once, as distances from -128 and from 0. */
  uint32_t above = 0, rest = columns;
  ATOME_UNROLL(4)
  for (; rest >= 4u; rest -= 4u, x += 4) {
    uint32_t four;
    __builtin_memcpy(&four, x, sizeof four); /* a load, where memcpy is a call */
    four ^= 0x80808080u;
    above = __usada8(four, 0u, above);
    magnitude = __usada8(four, 0x80808080u, magnitude);
  }
  sum = (int32_t)above - (int32_t)(128u * (columns - rest));
  for (; rest > 0u; rest--, x++) {
    sum += *x;
    magnitude += (uint32_t)(*x < 0 ? -*x : *x);
  }
#else
  /* Of a negative number the magnitude less 1, so that each column counts for 1 more. */
  ATOME_EACH(c, columns, {
    const int32_t value = *x++;
    sum += value;
    magnitude += (uint32_t)(value ^ (value >> 31));
  })
  magnitude += columns;
#endif
  *total = sum;
  return magnitude <= MAGNITUDE_LIMIT;
}

/* The first columns whose magnitudes stay below the limit: 31 or more, or all. */
typedef struct span {
  uint32_t count;
  int32_t sum; /* of x */
} span;

static span longest_span(const int8_t *x, uint32_t columns) {
  span found = {0, 0};
  uint32_t magnitude = 0;
  for (; found.count < columns; found.count++) {
    const int32_t value = x[found.count];
    magnitude += (uint32_t)(value < 0 ? -value : value);
    if (magnitude > MAGNITUDE_LIMIT) break;
    found.sum += value;
  }
  return found;
}

#if ATOME_THUMB >= 2

/* clang-format off */
/* A column of eight rows: r4 to r7 are the sums U, T1, T2, T3, and r11 the mask PAIR. */
#define COLUMN(word) \
  "ldrsb r12, [r9], #1\n\t"              /* x */ \
  "mla r4, " word ", r12, r4\n\t" \
  "and lr, r11, " word ", lsr #4\n\t"    /* rows 1 and 5 */ \
  "mla r5, lr, r12, r5\n\t" \
  "and lr, r11, " word ", lsr #8\n\t"    /* rows 2 and 6 */ \
  "mla r6, lr, r12, r6\n\t" \
  "and lr, r11, " word ", lsr #12\n\t"   /* rows 3 and 7 */ \
  "mla r7, lr, r12, r7\n\t"
#define FOUR_COLUMNS \
  "ldmia r8!, {r0-r3}\n\t" \
  ".irp word, r0, r1, r2, r3\n\t" /* for each of them */ \
  COLUMN("\\word") \
  ".endr\n\t"
/* PART: from the sum of two rows the first one's, to `low`; the register keeps the second one's. Where a core adds half
 * a word in one instruction, sums begin so high that the first row's borrows nothing from the second one's. */
#if ATOME_PAIRS
#define ADD_BORROWED "movw r1, #0x8001\n\t add r5, r1\n\t"
#define BEGIN_PARTS "mvn r12, #0x8000\n\t"
#define PART(pair, low) "uxtah " low ", r12, " pair "\n\t asr " pair ", #16\n\t"
#else
#define ADD_BORROWED
#define BEGIN_PARTS
#define PART(pair, low) "sxth " low ", " pair "\n\t sub " pair ", " pair ", " low "\n\t asr " pair ", #16\n\t"
#endif

/* Leaves in a register the place in the code of a label. */
#define PLACE(if_equal, register, label) "adr" if_equal ".w " register ", " label "\n\t"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* gcc sees no use of what assembly reads */

/* The sums of blocks whose words follow one another, from `sums` up to `end`. It has all 14 registers, so that a column
 * of eight rows takes eight instructions and its share of a load. What a block begins with waits on the stack and is
 * loaded at once, the program counter included: columns beyond a multiple of four come first, and then the loop over 16
 * is entered where what is left is a multiple of 16. On the stack, from its top: r4 to r7 and r9 as a block begins;
 * where it begins; where it goes on after the first columns; where the sums go; `end`; then the caller's registers, and
 * the arguments count and start. r8: words. r9: x. r10: where x ends. */
ATOME_NAKED static void set_blocks(
    int32_t *sums, const int32_t *end, const uint32_t *words, const int8_t *x, uint32_t count, uint32_t start) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "mov r11, r0\n\t"
      "mov r12, r1\n\t"
      "mov r8, r2\n\t"
      "mov r9, r3\n\t"
      "ldrd r10, r5, [sp, #36]\n\t"   /* count, start */
      "add r10, r9\n\t"
      ADD_BORROWED
      "movw r4, #0x1111\n\t"
      "mul r4, r4, r5\n\t"            /* what makes T0 begin as the others do */
      "mov r6, r5\n\t"
      "mov r7, r5\n\t"
      "sub r1, r10, r9\n\t"           /* columns */
      "and r2, r1, #12\n\t"           /* how the loop over 16 is entered: at 16, 12, 8 or 4 columns before its end */
      PLACE("", "r3", "16f")
      "cmp r2, #4\n\t it eq\n\t" PLACE("eq", "r3", "4f")
      "cmp r2, #8\n\t it eq\n\t" PLACE("eq", "r3", "8f")
      "cmp r2, #12\n\t it eq\n\t" PLACE("eq", "r3", "12f")
      "cmp r1, #4\n\t it lo\n\t" PLACE("lo", "r3", "2f")
      "orr r3, #1\n\t"                /* a place in Thumb code is odd */
      "mov lr, r3\n\t"
      "lsls r1, #30\n\t"              /* not a multiple of four */
      "itt ne\n\t" PLACE("ne", "lr", "1f") "orrne lr, #1\n\t"
      "push {r3, r11, r12}\n\t"
      "push {r4-r7, r9, lr}\n\t"
      "mov r11, #0x000F000F\n"
      "5:\n\t"                        /* a block */
      "ldmia sp, {r4-r7, r9, pc}\n"
      "1:\n\t"
      "sub r1, r10, r9\n\t"
      "and r1, #3\n"
      "3:\n\t"                        /* one to three columns */
      "ldr r0, [r8], #4\n\t"
      COLUMN("r0")
      "subs r1, #1\n\t"
      "bne 3b\n\t"
      "ldr pc, [sp, #24]\n"
      "16:\n\t" FOUR_COLUMNS
      "\n12:\n\t" FOUR_COLUMNS
      "\n8:\n\t" FOUR_COLUMNS
      "\n4:\n\t" FOUR_COLUMNS
      "cmp r9, r10\n\t"
      "bne 16b\n"
      "2:\n\t"
      "sub r4, r4, r5, lsl #4\n\t"    /* T0 is U less the other three */
      "sub r4, r4, r6, lsl #8\n\t"
      "sub r4, r4, r7, lsl #12\n\t"
      BEGIN_PARTS
      PART("r4", "r0") PART("r5", "r1") PART("r6", "r2") PART("r7", "r3")
      "ldrd r12, lr, [sp, #28]\n\t"   /* where the sums go, and end */
      "stmia r12!, {r0-r7}\n\t"
      "str r12, [sp, #28]\n\t"
      "cmp r12, lr\n\t"
      "bne 5b\n\t"
      "add sp, #36\n\t"
      "pop {r4-r11, pc}");
}

#pragma GCC diagnostic pop
/* clang-format on */

#else

#if ATOME_THUMB == 1

/* clang-format off */
/* Two rows, so many bits up in the word of r0: their pair times x, which is r2, to a sum. r3 is the mask. */
#define PAIR_AT(shift, sum) \
  "lsrs r1, r0, #" shift "\n\t" \
  "ands r1, r3\n\t" \
  "muls r1, r2\n\t" \
  "add " sum ", r1\n\t"
#define COLUMN \
  "ldmia r4!, {r0}\n\t"       /* a word */ \
  "ldrsb r2, [r5, r6]\n\t"    /* x */ \
  PAIR_AT("4", "r9") PAIR_AT("8", "r10") PAIR_AT("12", "r11") \
  "muls r0, r2\n\t" \
  "add r8, r0\n\t" \
  "adds r6, #1\n\t"

/* U, T1, T2, T3 of eight rows. A Cortex-M0 multiplies in low registers and adds to high ones, which hold the sums. */
__attribute__((noinline)) static void add_pairs(
    uint32_t *sums, const uint32_t *words, const int8_t *x, uint32_t count) {
  register uint32_t whole __asm__("r8") = sums[0], one __asm__("r9") = sums[1];
  register uint32_t two __asm__("r10") = sums[2], three __asm__("r11") = sums[3];
  register const uint32_t *from __asm__("r4") = words;
  register const int8_t *end __asm__("r5") = x + count;
  register uint32_t place __asm__("r6") = 0u - count;
  __asm__ volatile(
      ".syntax unified\n\t"
      "movs r3, #15\n\t"
      "lsls r0, r3, #16\n\t"
      "orrs r3, r0\n\t"             /* the mask PAIR */
      "lsrs r0, r6, #1\n\t"
      "bcc 1f\n\t"
      COLUMN                        /* of an odd count, one ahead */
      "cmp r6, #0\n\t"
      "beq 2f\n"
      "1:\n\t"
      COLUMN
      COLUMN
      "bne 1b\n"
      "2:"
      : "+r"(whole), "+r"(one), "+r"(two), "+r"(three), "+l"(from), "+l"(end), "+l"(place)
      :
      : "r0", "r1", "r2", "r3", "cc", "memory");
  /* clang-format on */
  sums[0] = whole;
  sums[1] = one;
  sums[2] = two;
  sums[3] = three;
}

#else

/* U, T1, T2, T3 of eight rows. */
static void add_pairs(uint32_t *sums, const uint32_t *words, const int8_t *x, uint32_t count) {
  for (uint32_t c = 0; c < count; c++) {
    const uint32_t word = words[c], factor = (uint32_t)x[c];
    sums[0] += word * factor;
    sums[1] += ((word >> 4) & PAIR) * factor;
    sums[2] += ((word >> 8) & PAIR) * factor;
    sums[3] += ((word >> 12) & PAIR) * factor;
  }
}

#endif

/* The sums of blocks whose words follow one another, from `sums` up to `end`. */
static void set_blocks(
    int32_t *sums, const int32_t *end, const uint32_t *words, const int8_t *x, uint32_t count, uint32_t start) {
  for (; sums < end; sums += ATOME_NIBBLE_ROWS, words += count) {
    uint32_t pairs[4] = {start * 0x1111u, start, start, start};
    add_pairs(pairs, words, x, count);
    pairs[0] -= (pairs[1] << 4) + (pairs[2] << 8) + (pairs[3] << 12);
    for (uint32_t k = 0; k < 4u; k++) {
      const int32_t low = (int16_t)(pairs[k] & 0xFFFFu);
      sums[k] = low;
      sums[k + 4u] = (int32_t)(pairs[k] - (uint32_t)low) >> 16;
    }
  }
}

#endif

/* Where the numbers are so large that columns are taken in parts: rare, and slower. */
static void add_parts(int32_t *sums, const int32_t *end, const uint32_t *matrix, uint32_t columns, const int8_t *x) {
  for (int32_t *sum = sums; sum < end; sum++) *sum = 0;
  for (uint32_t first = 0; first < columns;) {
    const span part = longest_span(x + first, columns - first);
    const uint32_t *words = matrix + first;
    for (int32_t *block = sums; block < end; block += ATOME_NIBBLE_ROWS, words += columns) {
      int32_t added[ATOME_NIBBLE_ROWS];
      set_blocks(added, added + ATOME_NIBBLE_ROWS, words, x + first, part.count, start_of(part.sum));
      for (uint32_t k = 0; k < ATOME_NIBBLE_ROWS; k++) block[k] += added[k];
    }
    first += part.count;
  }
}

void atome_nibble_product(int32_t *sums, const uint32_t *matrix, uint32_t rows, uint32_t columns, const int8_t *x) {
  const int32_t *end = sums + ((rows + ATOME_NIBBLE_ROWS - 1u) & ~(ATOME_NIBBLE_ROWS - 1u));
  int32_t sum;
  if (fits_at_once(x, columns, &sum)) {
    set_blocks(sums, end, matrix, x, columns, start_of(sum));
  } else {
    add_parts(sums, end, matrix, columns, x);
  }
}
