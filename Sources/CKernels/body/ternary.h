// No reassociation here: the scale must equal the exporter's, bit for bit.
static double NAME(absolute_sum)(ptrdiff_t count, const float *restrict x) {
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)__builtin_fabsf(x[i]);
  return sum;
}

// Round to nearest, ties to even, then clamp: the value is +-1 exactly where |x / alpha| > 1/2.
static void NAME(round_to_trits)(
    ptrdiff_t count, const float *restrict x, float alpha, float scale, float *restrict rounded) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float ratio = x[i] / alpha;
    rounded[i] = (ratio > 0.5f ? scale : 0.0f) - (ratio < -0.5f ? scale : 0.0f);
  }
}

// The finaliser of MurmurHash3 (Appleby, 2011): every bit of the input moves about half of the output's.
static inline uint32_t NAME(mixed)(uint32_t h) {
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return h ^ h >> 16;
}

// Noise uniform in +-width / 2, from a hash of the element's number. Statements of their own, so that no
// multiplication is fused with an addition.
static inline float NAME(noise)(uint32_t key, ptrdiff_t index, float width) {
  const uint32_t hash = NAME(mixed)(key + (uint32_t)index * 0x9e3779b9u);
  const float unit = (float)(int32_t)(hash >> 8) * 0x1p-24f - 0.5f;
  const float noise = unit * width;
  return noise;
}

// The same with noise on the ratio.
static void NAME(round_to_noisy_trits)(
    ptrdiff_t count, const float *restrict x, float alpha, float scale, float width, uint32_t key,
    float *restrict rounded) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const float noise = NAME(noise)(key, i, width);
    const float ratio = x[i] / alpha;
    const float noisy = ratio + noise;
    rounded[i] = (noisy > 0.5f ? scale : 0.0f) - (noisy < -0.5f ? scale : 0.0f);
  }
}
