static void NAME(router_forward)(ptrdiff_t rows, float *restrict logits, ptrdiff_t stride) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    float *row = logits + t * stride;
    float maximum = row[0] > row[1] ? row[0] : row[1];
    maximum = row[2] > maximum ? row[2] : maximum;
    const float a = NAME(exponential)(row[0] - maximum);
    const float b = NAME(exponential)(row[1] - maximum);
    const float c = NAME(exponential)(row[2] - maximum);
    const float inverse = 1.0f / (a + b + c);
    row[0] = a * inverse;
    row[1] = b * inverse;
    row[2] = c * inverse;
  }
}

static void NAME(router_backward)(
    ptrdiff_t rows, const float *restrict weights, ptrdiff_t weights_stride, float *restrict gradient,
    ptrdiff_t gradient_stride) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    const float *weight = weights + t * weights_stride;
    float *row = gradient + t * gradient_stride;
    const float mean = weight[0] * row[0] + weight[1] * row[1] + weight[2] * row[2];
    for (int i = 0; i < 3; i++) row[i] = weight[i] * (row[i] - mean);
  }
}

static void NAME(mix_forward)(
    ptrdiff_t d, const float *restrict weights, const float *restrict a, const float *restrict b,
    const float *restrict c, float *restrict x) {
  for (ptrdiff_t i = 0; i < d; i++) x[i] += weights[0] * a[i] + weights[1] * b[i] + weights[2] * c[i];
}

static void NAME(mix_backward)(
    ptrdiff_t d, const float *restrict x_gradient, const float *restrict weights, const float *restrict a,
    const float *restrict b, const float *restrict c, float *restrict weights_gradient, float *restrict a_gradient,
    float *restrict b_gradient, float *restrict c_gradient) {
#pragma clang fp reassociate(on)
  float a_sum = 0.0f, b_sum = 0.0f, c_sum = 0.0f;
  for (ptrdiff_t i = 0; i < d; i++) {
    const float gradient = x_gradient[i];
    a_sum += gradient * a[i];
    b_sum += gradient * b[i];
    c_sum += gradient * c[i];
    a_gradient[i] = gradient * weights[0];
    b_gradient[i] = gradient * weights[1];
    c_gradient[i] = gradient * weights[2];
  }
  weights_gradient[0] = a_sum;
  weights_gradient[1] = b_sum;
  weights_gradient[2] = c_sum;
}
