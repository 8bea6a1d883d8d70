static inline float NAME(sigmoid)(float x) { return 1.0f / (1.0f + NAME(exponential)(-x)); }

// Each gate's number, as often as it has channels.
static inline void NAME(spread_gates)(
    ptrdiff_t gates, ptrdiff_t channels, const float *restrict gate, float *restrict spread) {
  for (ptrdiff_t k = 0; k < gates; k++) {
    for (ptrdiff_t j = 0; j < channels; j++) spread[k * channels + j] = gate[k];
  }
}

// Rows of `gates` write gates, m values and m read gates, `stride` apart.
static void NAME(gated_scan_forward)(
    ptrdiff_t rows, ptrdiff_t gates, ptrdiff_t m, float *restrict projections, ptrdiff_t stride,
    const float *restrict bias, float *restrict spread, float *restrict state, float *restrict y) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    float *gate = projections + t * stride, *value = gate + gates, *read = value + m;
    float *now = state + t * m;
    for (ptrdiff_t k = 0; k < gates; k++) gate[k] = NAME(sigmoid)(gate[k] + bias[k]);
    NAME(spread_gates)(gates, m / gates, gate, spread);
    if (t == 0) {
      for (ptrdiff_t i = 0; i < m; i++) now[i] = spread[i] * value[i];
    } else {
      const float *before = now - m;
      for (ptrdiff_t i = 0; i < m; i++) now[i] = before[i] + spread[i] * (value[i] - before[i]);
    }
    for (ptrdiff_t i = 0; i < m; i++) read[i] = NAME(sigmoid)(read[i]);
    for (ptrdiff_t i = 0; i < m; i++) y[t * m + i] = read[i] * now[i];
  }
}

static void NAME(gated_scan_backward)(
    ptrdiff_t rows, ptrdiff_t gates, ptrdiff_t m, const float *restrict y_gradient, const float *restrict projections,
    ptrdiff_t stride, const float *restrict state, float *restrict spread, float *restrict carry,
    float *restrict projections_gradient, ptrdiff_t gradient_stride, float *restrict bias_gradient) {
  for (ptrdiff_t i = 0; i < m; i++) carry[i] = 0.0f;
  for (ptrdiff_t t = rows - 1; t >= 0; t--) {
    const float *gate = projections + t * stride, *value = gate + gates, *read = value + m;
    const float *gradient = y_gradient + t * m, *now = state + t * m, *before = now - m;
    float *gate_row = projections_gradient + t * gradient_stride, *value_row = gate_row + gates;
    float *read_row = value_row + m;
    NAME(spread_gates)(gates, m / gates, gate, spread);
    for (ptrdiff_t i = 0; i < m; i++) {
      const float z = spread[i];
      const float whole = gradient[i] * read[i] + carry[i];
      read_row[i] = gradient[i] * now[i] * read[i] * (1.0f - read[i]);
      value_row[i] = whole * z;
      carry[i] = whole * (1.0f - z);
      const float distance = t > 0 ? value[i] - before[i] : value[i];
      spread[i] = whole * distance * z * (1.0f - z);
    }
    for (ptrdiff_t k = 0; k < gates; k++) {
      float slope = 0.0f;
      for (ptrdiff_t j = 0; j < m / gates; j++) slope += spread[k * (m / gates) + j];
      gate_row[k] = slope;
      bias_gradient[k] += slope;
    }
  }
}
