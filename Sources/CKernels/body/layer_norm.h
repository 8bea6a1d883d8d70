// Layer norm of one row. Sums may be reassociated here and below: the order is the compiler's, the same on every run.
static float NAME(layer_norm_forward)(
    ptrdiff_t d, const float *restrict x, const float *restrict gamma, const float *restrict beta,
    float *restrict normalised, float *restrict y) {
#pragma clang fp reassociate(on)
  float sum = 0.0f;
  for (ptrdiff_t c = 0; c < d; c++) sum += x[c];
  const float mean = sum / (float)d;
  float squares = 0.0f;
  for (ptrdiff_t c = 0; c < d; c++) {
    const float centred = x[c] - mean;
    squares += centred * centred;
  }
  const float inverse_deviation = 1.0f / __builtin_elementwise_sqrt(squares / (float)d + 1e-5f);
  for (ptrdiff_t c = 0; c < d; c++) {
    const float value = (x[c] - mean) * inverse_deviation;
    normalised[c] = value;
    y[c] = value * gamma[c] + beta[c];
  }
  return inverse_deviation;
}

static void NAME(layer_norm_backward)(
    ptrdiff_t d, const float *restrict y_gradient, const float *restrict gamma, const float *restrict normalised,
    float inverse_deviation, float *restrict x_gradient, float *restrict gamma_gradient,
    float *restrict beta_gradient) {
#pragma clang fp reassociate(on)
  float sum = 0.0f;
  float projection = 0.0f;
  for (ptrdiff_t c = 0; c < d; c++) {
    const float gradient = y_gradient[c] * gamma[c];
    sum += gradient;
    projection += gradient * normalised[c];
    gamma_gradient[c] += y_gradient[c] * normalised[c];
    beta_gradient[c] += y_gradient[c];
  }
  sum /= (float)d;
  projection /= (float)d;
  for (ptrdiff_t c = 0; c < d; c++) {
    x_gradient[c] += (y_gradient[c] * gamma[c] - sum - normalised[c] * projection) * inverse_deviation;
  }
}
