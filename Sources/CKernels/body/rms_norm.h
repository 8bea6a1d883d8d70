// RMSNorm of one row (Zhang and Sennrich, arXiv:1910.07467): no mean is taken off.
static float NAME(rms_norm_forward)(
    ptrdiff_t d, const float *restrict x, const float *restrict gain, float *restrict normalised, float *restrict y) {
#pragma clang fp reassociate(on)
  float squares = 0.0f;
  for (ptrdiff_t c = 0; c < d; c++) squares += x[c] * x[c];
  const float inverse_size = 1.0f / __builtin_elementwise_sqrt(squares / (float)d + 1e-5f);
  for (ptrdiff_t c = 0; c < d; c++) {
    const float value = x[c] * inverse_size;
    normalised[c] = value;
    y[c] = value * gain[c];
  }
  return inverse_size;
}

static void NAME(rms_norm_backward)(
    ptrdiff_t d, const float *restrict y_gradient, const float *restrict gain, const float *restrict normalised,
    float inverse_size, float *restrict x_gradient, float *restrict gain_gradient) {
#pragma clang fp reassociate(on)
  float projection = 0.0f;
  for (ptrdiff_t c = 0; c < d; c++) {
    projection += y_gradient[c] * gain[c] * normalised[c];
    gain_gradient[c] += y_gradient[c] * normalised[c];
  }
  projection /= (float)d;
  for (ptrdiff_t c = 0; c < d; c++) {
    x_gradient[c] += (y_gradient[c] * gain[c] - normalised[c] * projection) * inverse_size;
  }
}
