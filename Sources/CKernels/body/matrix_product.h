// c = a b by register tiles: 6 rows by TILE_VECTORS registers stay in registers while k runs. Columns beyond the last
// whole tile go by masked registers where the instruction set has them, otherwise by narrower vectors and at last by
// single floats.
typedef float NAME(vector) __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef float NAME(vector8) __attribute__((vector_size(32), aligned(4), may_alias));
typedef float NAME(vector4) __attribute__((vector_size(16), aligned(4), may_alias));

#define TILE_ROWS 6

// `rows` and `vectors` are constants wherever this is inlined, so the loops over them unroll and `sums` lives in
// registers.
#define DEFINE_TILE(tile, type)                                                                                       \
  static inline __attribute__((always_inline)) void NAME(tile)(                                                       \
      const int rows, const int vectors, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,            \
      const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {                                  \
    const ptrdiff_t width = sizeof(type) / sizeof(float);                                                             \
    type sums[TILE_ROWS][TILE_VECTORS];                                                                               \
    _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {            \
      sums[i][j] = (type){0};                                                                                         \
    }                                                                                                                 \
    for (ptrdiff_t p = 0; p < k; p++) {                                                                               \
      type columns[TILE_VECTORS];                                                                                     \
      _Pragma("unroll") for (int j = 0; j < vectors; j++) columns[j] = *(const type *)(b + p * b_row + j * width);    \
      _Pragma("unroll") for (int i = 0; i < rows; i++) {                                                              \
        const float factor = a[i * a_row + p * a_column];                                                             \
        _Pragma("unroll") for (int j = 0; j < vectors; j++) sums[i][j] += factor * columns[j];                        \
      }                                                                                                               \
    }                                                                                                                 \
    _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) {            \
      type *to = (type *)(c + i * c_row + j * width);                                                                 \
      *to = accumulates ? *to + sums[i][j] : sums[i][j];                                                              \
    }                                                                                                                 \
  }

DEFINE_TILE(tile, NAME(vector))
DEFINE_TILE(tile8, NAME(vector8))
DEFINE_TILE(tile4, NAME(vector4))
DEFINE_TILE(tile1, float)

// All rows of the columns that one tile spans.
#define DEFINE_PANEL(panel, tile, vectors)                                                                            \
  static void NAME(panel)(ptrdiff_t m, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,              \
                          const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {              \
    ptrdiff_t i = 0;                                                                                                  \
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {                                                                      \
      NAME(tile)(TILE_ROWS, vectors, k, a + i * a_row, a_row, a_column, b, b_row, c + i * c_row, c_row, accumulates); \
    }                                                                                                                 \
    a += i * a_row;                                                                                                   \
    c += i * c_row;                                                                                                   \
    switch (m - i) {                                                                                                  \
    case 5: NAME(tile)(5, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;                    \
    case 4: NAME(tile)(4, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;                    \
    case 3: NAME(tile)(3, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;                    \
    case 2: NAME(tile)(2, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;                    \
    case 1: NAME(tile)(1, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break;                    \
    default: break;                                                                                                   \
    }                                                                                                                 \
  }

DEFINE_PANEL(panel_whole, tile, TILE_VECTORS)
#if WIDTH != 16
DEFINE_PANEL(panel_half, tile, TILE_VECTORS / 2)
DEFINE_PANEL(panel_one, tile, 1)
DEFINE_PANEL(panel8, tile8, 1)
DEFINE_PANEL(panel4, tile4, 1)
DEFINE_PANEL(panel1, tile1, 1)
#endif

#if WIDTH == 16

// AVX-512 masks loads and stores, so columns that do not fill a register need no narrower one: `vectors` registers, of
// which the last has the lanes of `last`. Every element is summed in the same order as above.
static inline __attribute__((always_inline)) void NAME(masked_tile)(
    const int rows, const int vectors, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  __m512 sums[TILE_ROWS][TILE_VECTORS];
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

#define DEFINE_MASKED_PANEL(panel, vectors)                                                                           \
  static void NAME(panel)(ptrdiff_t m, __mmask16 last, ptrdiff_t k, const float *a, ptrdiff_t a_row,                  \
                          ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row,             \
                          int accumulates) {                                                                          \
    for (; m >= TILE_ROWS; m -= TILE_ROWS, a += TILE_ROWS * a_row, c += TILE_ROWS * c_row) {                          \
      NAME(masked_tile)(TILE_ROWS, vectors, last, k, a, a_row, a_column, b, b_row, c, c_row, accumulates);            \
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

DEFINE_MASKED_PANEL(masked_panel1, 1)
DEFINE_MASKED_PANEL(masked_panel2, 2)
DEFINE_MASKED_PANEL(masked_panel3, 3)
DEFINE_MASKED_PANEL(masked_panel4, 4)
#undef DEFINE_MASKED_PANEL

#endif

#define COLUMNS_BY(panel, width)                                                                                      \
  for (; j + (width) <= n; j += (width)) NAME(panel)(m, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates)

static void NAME(matrix_product)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row,
                                 ptrdiff_t a_column, const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row,
                                 int accumulates) {
  ptrdiff_t j = 0;
  COLUMNS_BY(panel_whole, TILE_VECTORS * WIDTH);
#if WIDTH == 16
  if (j == n) return;
  const __mmask16 last = (__mmask16)(0xffff >> (15 - (n - j - 1) % WIDTH));
  switch ((n - j + WIDTH - 1) / WIDTH) {
  case 1: NAME(masked_panel1)(m, last, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); return;
  case 2: NAME(masked_panel2)(m, last, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); return;
  case 3: NAME(masked_panel3)(m, last, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); return;
  default: NAME(masked_panel4)(m, last, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates); return;
  }
#else
  COLUMNS_BY(panel_half, TILE_VECTORS / 2 * WIDTH);
  COLUMNS_BY(panel_one, WIDTH);
  COLUMNS_BY(panel8, 8);
  COLUMNS_BY(panel4, 4);
  COLUMNS_BY(panel1, 1);
#endif
}

static void NAME(transpose)(ptrdiff_t rows, ptrdiff_t columns, const float *restrict x, ptrdiff_t x_row,
                            float *restrict y, ptrdiff_t y_row) {
  // Blocks of 16 rows: their cache lines of y are filled before they leave the first cache.
  for (ptrdiff_t from = 0; from < rows; from += 16) {
    const ptrdiff_t to = from + 16 < rows ? from + 16 : rows;
    for (ptrdiff_t j = 0; j < columns; j++) {
      for (ptrdiff_t i = from; i < to; i++) y[j * y_row + i] = x[i * x_row + j];
    }
  }
}

static void NAME(add)(ptrdiff_t count, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += x[i];
}

#undef COLUMNS_BY
#undef DEFINE_PANEL
#undef DEFINE_TILE
#undef TILE_ROWS
