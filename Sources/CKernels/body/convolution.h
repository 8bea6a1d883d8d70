static void NAME(convolution_forward)(
    ptrdiff_t rows, ptrdiff_t d, ptrdiff_t taps, const float *restrict x, const float *restrict kernel,
    float *restrict y) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    float *row = y + t * d;
    const ptrdiff_t reach = t + 1 < taps ? t + 1 : taps;
    for (ptrdiff_t c = 0; c < d; c++) row[c] = kernel[c] * x[t * d + c];
    for (ptrdiff_t j = 1; j < reach; j++) {
      const float *past = x + (t - j) * d;
      for (ptrdiff_t c = 0; c < d; c++) row[c] += kernel[j * d + c] * past[c];
    }
  }
}

static void NAME(convolution_backward)(
    ptrdiff_t rows, ptrdiff_t d, ptrdiff_t taps, const float *restrict y_gradient, const float *restrict x,
    const float *restrict kernel, float *restrict x_gradient, float *restrict kernel_gradient) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    const float *row = y_gradient + t * d;
    const ptrdiff_t reach = t + 1 < taps ? t + 1 : taps;
    for (ptrdiff_t j = 0; j < reach; j++) {
      const float *past = x + (t - j) * d;
      float *past_gradient = x_gradient + (t - j) * d;
      for (ptrdiff_t c = 0; c < d; c++) {
        past_gradient[c] += kernel[j * d + c] * row[c];
        kernel_gradient[j * d + c] += past[c] * row[c];
      }
    }
  }
}
