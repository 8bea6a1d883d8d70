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
