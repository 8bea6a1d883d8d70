// c = a b by register tiles: 6 rows by TILE_VECTORS registers stay in registers while k runs. Columns beyond the last
// whole register go by narrower vectors and at last by single floats.
typedef float NAME(vector) __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef float NAME(vector8) __attribute__((vector_size(32), aligned(4), may_alias));
typedef float NAME(vector4) __attribute__((vector_size(16), aligned(4), may_alias));

#define TILE_ROWS 6

// `rows` and `vectors` are constants wherever this is inlined, so the loops over them unroll and `sums` lives in
// registers.
#define DEFINE_TILE(tile, type) \
  static inline __attribute__((always_inline)) void NAME(tile)( \
      const int rows, const int vectors, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, \
      const float *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) { \
    const ptrdiff_t width = sizeof(type) / sizeof(float); \
    type sums[TILE_ROWS][TILE_VECTORS]; \
    _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) { \
      sums[i][j] = (type){0}; \
    } \
    for (ptrdiff_t p = 0; p < k; p++) { \
      type columns[TILE_VECTORS]; \
      _Pragma("unroll") for (int j = 0; j < vectors; j++) columns[j] = *(const type *)(b + p * b_row + j * width); \
      _Pragma("unroll") for (int i = 0; i < rows; i++) { \
        const float factor = a[i * a_row + p * a_column]; \
        _Pragma("unroll") for (int j = 0; j < vectors; j++) sums[i][j] += factor * columns[j]; \
      } \
    } \
    _Pragma("unroll") for (int i = 0; i < rows; i++) _Pragma("unroll") for (int j = 0; j < vectors; j++) { \
      type *to = (type *)(c + i * c_row + j * width); \
      *to = accumulates ? *to + sums[i][j] : sums[i][j]; \
    } \
  }

DEFINE_TILE(tile, NAME(vector))
DEFINE_TILE(tile8, NAME(vector8))
DEFINE_TILE(tile4, NAME(vector4))
DEFINE_TILE(tile1, float)

// All rows of the columns that one tile spans.
#define DEFINE_PANEL(panel, tile, vectors) \
  static void NAME(panel)( \
      ptrdiff_t m, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row, \
      float *c, ptrdiff_t c_row, int accumulates) { \
    ptrdiff_t i = 0; \
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) { \
      NAME(tile)(TILE_ROWS, vectors, k, a + i * a_row, a_row, a_column, b, b_row, c + i * c_row, c_row, accumulates); \
    } \
    a += i * a_row; \
    c += i * c_row; \
    switch (m - i) { \
      case 5: NAME(tile)(5, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break; \
      case 4: NAME(tile)(4, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break; \
      case 3: NAME(tile)(3, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break; \
      case 2: NAME(tile)(2, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break; \
      case 1: NAME(tile)(1, vectors, k, a, a_row, a_column, b, b_row, c, c_row, accumulates); break; \
      default: break; \
    } \
  }

DEFINE_PANEL(panel_whole, tile, TILE_VECTORS)
DEFINE_PANEL(panel_half, tile, TILE_VECTORS / 2)
DEFINE_PANEL(panel_one, tile, 1)
DEFINE_PANEL(panel8, tile8, 1)
DEFINE_PANEL(panel4, tile4, 1)
DEFINE_PANEL(panel1, tile1, 1)

#define COLUMNS_BY(panel, width) \
  for (; j + (width) <= n; j += (width)) NAME(panel)(m, k, a, a_row, a_column, b + j, b_row, c + j, c_row, accumulates)

static void NAME(matrix_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
    ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates) {
  ptrdiff_t j = 0;
  COLUMNS_BY(panel_whole, TILE_VECTORS * WIDTH);
  COLUMNS_BY(panel_half, TILE_VECTORS / 2 * WIDTH);
  COLUMNS_BY(panel_one, WIDTH);
  COLUMNS_BY(panel8, 8);
  COLUMNS_BY(panel4, 4);
  COLUMNS_BY(panel1, 1);
}

#undef COLUMNS_BY
#undef DEFINE_PANEL
#undef DEFINE_TILE
#undef TILE_ROWS
