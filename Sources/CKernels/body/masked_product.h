// c = a b by register tiles, for AVX-512.
#define TILE_ROWS 6

// Masked loads and stores let columns that do not fill a register do without a narrower one: `vectors` registers
// across, of which the last has the lanes of `last`. Loops over constants unroll, and `sums` lives in registers. Every
// element is summed in ascending order of p, whatever tile it falls into.
static inline __attribute__((always_inline)) void NAME(masked_tile)(
    const int rows, const int vectors, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  __m512 sums[2 * TILE_ROWS][TILE_VECTORS];
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
  _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {
    const __mmask16 lanes = j + 1 < vectors ? 0xffff : last;
    float *to = c + i * c_row + j * WIDTH;
    if (accumulates) sums[i][j] = _mm512_add_ps(_mm512_maskz_loadu_ps(lanes, to), sums[i][j]);
    _mm512_mask_storeu_ps(to, lanes, sums[i][j]);
  }
}

// Few registers across leave room for more rows down, and additions that wait for each other are then hidden.
#define DEFINE_MASKED_PANEL(panel, vectors, height)                                                                   \
  static void NAME(panel)(ptrdiff_t m, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row,                  \
                          ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row,             \
                          int accumulates) {                                                                          \
    for (; m >= height; m -= height, a += height * a_row, c += height * c_row) {                                      \
      NAME(masked_tile)(height, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates);               \
    }                                                                                                                 \
    if (height > TILE_ROWS && m >= TILE_ROWS) {                                                                       \
      NAME(masked_tile)(TILE_ROWS, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates);            \
      m -= TILE_ROWS, a += TILE_ROWS * a_row, c += TILE_ROWS * c_row;                                                 \
    }                                                                                                                 \
    switch (m) {                                                                                                      \
    case 5: NAME(masked_tile)(5, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;       \
    case 4: NAME(masked_tile)(4, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;       \
    case 3: NAME(masked_tile)(3, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;       \
    case 2: NAME(masked_tile)(2, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;       \
    case 1: NAME(masked_tile)(1, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;       \
    default: break;                                                                                                   \
    }                                                                                                                 \
  }

DEFINE_MASKED_PANEL(masked_panel1, 1, (2 * TILE_ROWS))
DEFINE_MASKED_PANEL(masked_panel2, 2, (2 * TILE_ROWS))
DEFINE_MASKED_PANEL(masked_panel3, 3, TILE_ROWS)
DEFINE_MASKED_PANEL(masked_panel4, 4, TILE_ROWS)
#undef DEFINE_MASKED_PANEL

static void NAME(matrix_product)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row,
                                 ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row,
                                 int accumulates) {
  ptrdiff_t j = 0;
  const __mmask16 whole = 0xffff, last = (__mmask16)(0xffff >> (15 - (n - 1) % WIDTH));
  // Panels of about equal width: 9 registers across are 3 + 3 + 3, since a narrow panel wastes loads.
  const ptrdiff_t vectors = (n + WIDTH - 1) / WIDTH, panels = (vectors + TILE_VECTORS - 1) / TILE_VECTORS;
  for (ptrdiff_t panel = 0; panel < panels; panel++) {
    const ptrdiff_t width = (panel + 1) * vectors / panels - panel * vectors / panels;
    const __mmask16 mask = panel + 1 < panels ? whole : last;
    switch (width) {
    case 1: NAME(masked_panel1)(m, mask, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); break;
    case 2: NAME(masked_panel2)(m, mask, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); break;
    case 3: NAME(masked_panel3)(m, mask, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); break;
    default: NAME(masked_panel4)(m, mask, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); break;
    }
    j += width * WIDTH;
  }
}

#undef TILE_ROWS
