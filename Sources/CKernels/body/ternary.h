// No reassociation here: the scale must equal the exporter's, bit for bit.
static double NAME(absolute_sum)(ptrdiff_t count, const float *restrict x) {
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)__builtin_fabsf(x[i]);
  return sum;
}

// Round to nearest, ties to even, then clamp: the value is +-1 exactly where |x / alpha| > 1/2.
static void NAME(round_to_trits)(ptrdiff_t count, const float *restrict x, float alpha, float scale,
                                 float *restrict rounded) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float ratio = x[i] / alpha;
    rounded[i] = (ratio > 0.5f ? scale : 0.0f) - (ratio < -0.5f ? scale : 0.0f);
  }
}
