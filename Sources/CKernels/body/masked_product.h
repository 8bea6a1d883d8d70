// c = a b by register tiles, for AVX-512.

// How many steps of k are summed in registers before c is touched: their part of b, at most four registers wide, stays
// in the first cache while all rows of a pass by.
#define DEPTH 160

// Masked loads and stores let columns that do not fill a register do without a narrower one: `vectors` registers
// across, of which the last has the lanes of `last`. Loops over constants unroll, and `sums` lives in registers. Every
// element is summed in ascending order of p, whatever tile it falls into.
static inline __attribute__((always_inline)) void NAME(masked_tile)(
    const int rows, const int vectors, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  __m512 sums[12][TILE_VECTORS];
  _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {
    sums[i][j] = _mm512_setzero_ps();
  }
  for (ptrdiff_t p = 0; p < k; p++) {
    __m512 columns[TILE_VECTORS];
    _Pragma("unroll") for (int j = 0; j < vectors; j++) {
      const float *from = b + p * b_row + j * WIDTH;
      columns[j] = j + 1 < vectors ? _mm512_loadu_ps(from) : _mm512_maskz_loadu_ps(last, from);
    }
    _Pragma("unroll") for (int i = 0; i < rows; i++) {
      const __m512 factor = _mm512_set1_ps(a[i * a_row + p * a_column]);
      _Pragma("unroll") for (int j = 0; j < vectors; j++) sums[i][j] = _mm512_fmadd_ps(factor, columns[j], sums[i][j]);
    }
  }
  // All of c is read before any of it is written: a load waits for an earlier masked store that it overlaps, be it only
  // by lanes that are not stored, and rows of c that do not fill registers overlap so.
  if (accumulates) {
    _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {
      const float *from = c + i * c_row + j * WIDTH;
      const __m512 before = j + 1 < vectors ? _mm512_loadu_ps(from) : _mm512_maskz_loadu_ps(last, from);
      sums[i][j] = _mm512_add_ps(before, sums[i][j]);
    }
  }
  _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {
    float *to = c + i * c_row + j * WIDTH;
    if (j + 1 < vectors) {
      _mm512_storeu_ps(to, sums[i][j]);
    } else {
      _mm512_mask_storeu_ps(to, last, sums[i][j]);
    }
  }
}

// The rows of a tile as a constant.
#define ROWS(rows, vectors) \
  case rows: \
    NAME(masked_tile)(rows, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); \
    break;
#define ROWS_TO_6(vectors) \
  ROWS(1, vectors) ROWS(2, vectors) ROWS(3, vectors) ROWS(4, vectors) ROWS(5, vectors) ROWS(6, vectors)
#define ROWS_TO_8(vectors) ROWS_TO_6(vectors) ROWS(7, vectors) ROWS(8, vectors)
#define ROWS_TO_12(vectors) ROWS_TO_8(vectors) ROWS(9, vectors) ROWS(10, vectors) ROWS(11, vectors) ROWS(12, vectors)

// Few registers across leave room for more rows down, and additions that wait for each other are then hidden. Tiles are
// of about equal height for the same reason.
#define DEFINE_MASKED_PANEL(panel, vectors, height) \
  static void NAME(panel)( \
      ptrdiff_t m, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, \
      ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) { \
    for (ptrdiff_t tiles = (m + height - 1) / height; tiles > 0; tiles--) { \
      const ptrdiff_t rows = (m + tiles - 1) / tiles; \
      switch (rows) { ROWS_TO_##height(vectors) } \
      m -= rows, a += rows * a_row, c += rows * c_row; \
    } \
  }

DEFINE_MASKED_PANEL(masked_panel1, 1, 12)
DEFINE_MASKED_PANEL(masked_panel2, 2, 12)
DEFINE_MASKED_PANEL(masked_panel3, 3, 8)
DEFINE_MASKED_PANEL(masked_panel4, 4, 6)

// All columns, a panel of at most four registers after the other.
static void NAME(masked_panels)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  const __mmask16 whole = 0xffff, last = (__mmask16)(0xffff >> (15 - (n - 1) % WIDTH));
  // Of about equal width: 9 registers across are 3 + 3 + 3, since a narrow panel wastes loads.
  const ptrdiff_t vectors = (n + WIDTH - 1) / WIDTH, panels = (vectors + TILE_VECTORS - 1) / TILE_VECTORS;
  for (ptrdiff_t panel = 0; panel < panels; panel++) {
    const ptrdiff_t width = (panel + 1) * vectors / panels - panel * vectors / panels;
    const __mmask16 mask = panel + 1 < panels ? whole : last;
    switch (width) {
      case 1: NAME(masked_panel1)(m, mask, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;
      case 2: NAME(masked_panel2)(m, mask, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;
      case 3: NAME(masked_panel3)(m, mask, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;
      default: NAME(masked_panel4)(m, mask, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;
    }
    b += width * WIDTH, c += width * WIDTH;
  }
}

static void NAME(matrix_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  if (n == 0) return;
  // At least one, so that a product over nothing clears c.
  for (ptrdiff_t blocks = k > DEPTH ? (k + DEPTH - 1) / DEPTH : 1; blocks > 0; blocks--) {
    const ptrdiff_t depth = (k + blocks - 1) / blocks;
    NAME(masked_panels)(m, n, depth, a, a_row, a_column, b, b_row, c, c_row, accumulates);
    k -= depth, a += depth * a_column, b += depth * b_row;
    accumulates = 1;
  }
}

#undef DEFINE_MASKED_PANEL
#undef ROWS
#undef ROWS_TO_6
#undef ROWS_TO_8
#undef ROWS_TO_12
#undef DEPTH
