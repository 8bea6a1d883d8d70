static void NAME(scan_forward)(
    ptrdiff_t rows, ptrdiff_t d, const float *restrict x, const float *restrict decay, const float *restrict input_gain,
    const float *restrict output_gain, float *restrict state, float *restrict y) {
  for (ptrdiff_t c = 0; c < d; c++) {
    state[c] = input_gain[c] * x[c];
    y[c] = output_gain[c] * state[c];
  }
  for (ptrdiff_t t = 1; t < rows; t++) {
    const float *before = state + (t - 1) * d;
    float *now = state + t * d;
    for (ptrdiff_t c = 0; c < d; c++) {
      now[c] = decay[c] * before[c] + input_gain[c] * x[t * d + c];
      y[t * d + c] = output_gain[c] * now[c];
    }
  }
}

static void NAME(scan_backward)(
    ptrdiff_t rows, ptrdiff_t d, const float *restrict y_gradient, const float *restrict x, const float *restrict state,
    const float *restrict decay, const float *restrict input_gain, const float *restrict output_gain,
    float *restrict carry, float *restrict x_gradient, float *restrict decay_gradient,
    float *restrict input_gain_gradient, float *restrict output_gain_gradient) {
  for (ptrdiff_t c = 0; c < d; c++) carry[c] = 0.0f;
  for (ptrdiff_t t = rows - 1; t >= 0; t--) {
    const ptrdiff_t at = t * d;
    if (t > 0) {
      for (ptrdiff_t c = 0; c < d; c++) {
        const float gradient = output_gain[c] * y_gradient[at + c] + carry[c];
        decay_gradient[c] += gradient * state[at - d + c];
        carry[c] = gradient;
      }
    } else {
      for (ptrdiff_t c = 0; c < d; c++) carry[c] = output_gain[c] * y_gradient[c] + carry[c];
    }
    for (ptrdiff_t c = 0; c < d; c++) {
      output_gain_gradient[c] += y_gradient[at + c] * state[at + c];
      input_gain_gradient[c] += carry[c] * x[at + c];
      x_gradient[at + c] += carry[c] * input_gain[c];
      carry[c] *= decay[c];
    }
  }
}
