// max(x, 0) squared (So et al., "Primer", arXiv:2109.08668).
static void NAME(squared_relu_forward)(ptrdiff_t count, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float above = x[i] > 0.0f ? x[i] : 0.0f;
    y[i] = above * above;
  }
}

static void NAME(squared_relu_backward)(ptrdiff_t count, const float *restrict x, float *restrict gradient) {
  for (ptrdiff_t i = 0; i < count; i++) gradient[i] *= x[i] > 0.0f ? 2.0f * x[i] : 0.0f;
}
