// Blocks of 16 x 16 stay in registers, each in four rounds that exchange neighbours at distance 1, 2, 4 and 8.
typedef float NAME(row16) __attribute__((vector_size(64), aligned(4), may_alias));

// The first or last halves of groups of `distance` lanes of two rows, interleaved.
#define LANE(i, distance, half) \
  ((((i) / (2 * distance)) * 2 + half) * distance + (i) % distance + ((i) / distance % 2) * 16)
#define INTERLEAVED(a, b, distance, half) \
  __builtin_shufflevector( \
      a, b, LANE(0, distance, half), LANE(1, distance, half), LANE(2, distance, half), LANE(3, distance, half), \
      LANE(4, distance, half), LANE(5, distance, half), LANE(6, distance, half), LANE(7, distance, half), \
      LANE(8, distance, half), LANE(9, distance, half), LANE(10, distance, half), LANE(11, distance, half), \
      LANE(12, distance, half), LANE(13, distance, half), LANE(14, distance, half), LANE(15, distance, half))
#define ROUND(distance) \
  _Pragma("unroll") for (int i = 0; i < 16; i++) { \
    if (i & distance) continue; \
    const NAME(row16) a = rows[i], b = rows[i + distance]; \
    rows[i] = INTERLEAVED(a, b, distance, 0); \
    rows[i + distance] = INTERLEAVED(a, b, distance, 1); \
  }

// 16 x 16 elements, or with AVX-512 up to as many: the missing ones of a smaller block are read as 0 and not written.
static inline __attribute__((always_inline)) void NAME(transpose_block)(
    int row_count, int column_count, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row) {
  NAME(row16) rows[16];
#if WIDTH == 16
  const __mmask16 wide = (__mmask16)(0xffff >> (16 - column_count)), tall = (__mmask16)(0xffff >> (16 - row_count));
  _Pragma("unroll") for (int i = 0; i < 16; i++) {
    rows[i] = (NAME(row16)){0};
    if (i < row_count) rows[i] = (NAME(row16))_mm512_maskz_loadu_ps(wide, x + i * x_row);
  }
#else
  (void)row_count, (void)column_count;
  _Pragma("unroll") for (int i = 0; i < 16; i++) rows[i] = *(const NAME(row16) *)(x + i * x_row);
#endif
  ROUND(1)
  ROUND(2)
  ROUND(4)
  ROUND(8)
#if WIDTH == 16
  _Pragma("unroll") for (int j = 0; j < 16; j++) {
    if (j < column_count) _mm512_mask_storeu_ps(y + j * y_row, tall, (__m512)rows[j]);
  }
#else
  _Pragma("unroll") for (int j = 0; j < 16; j++) * (NAME(row16) *)(y + j * y_row) = rows[j];
#endif
}

static void NAME(transpose)(
    ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t x_row, float *restrict y, ptrdiff_t y_row) {
  for (ptrdiff_t from = 0; from < rows; from += 16) {
    const int tall = from + 16 < rows ? 16 : (int)(rows - from);
    for (ptrdiff_t j = 0; j < columns; j += 16) {
      const int wide = j + 16 < columns ? 16 : (int)(columns - j);
      const float *corner = x + from * x_row + j;
      float *to = y + j * y_row + from;
#if WIDTH == 16
      NAME(transpose_block)(tall, wide, corner, x_row, to, y_row);
#else
      if (tall == 16 && wide == 16) {
        NAME(transpose_block)(16, 16, corner, x_row, to, y_row);
      } else {
        for (int c = 0; c < wide; c++) {
          for (int r = 0; r < tall; r++) to[c * y_row + r] = corner[r * x_row + c];
        }
      }
#endif
    }
  }
}

#undef ROUND
#undef INTERLEAVED
#undef LANE

static void NAME(add)(ptrdiff_t count, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i];
}
