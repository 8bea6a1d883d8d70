// The largest |x|. Without its sign a float32's bits order as its value does, and a largest integer, unlike a largest
// float, is found with vectors in any order. A NaN is above all numbers: it reaches the scale, and so the loss.
static float NAME(largest_magnitude)(ptrdiff_t count, const float *restrict x) {
  int32_t largest = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    int32_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    bits &= 0x7fffffff;
    largest = bits > largest ? bits : largest;
  }
  float magnitude;
  memcpy(&magnitude, &largest, sizeof magnitude);
  return magnitude;
}

// Round to nearest, ties to even: above 2^23 a float32 has no fraction left. For |x| < 2^22, on every instruction set
// without a call.
static inline float NAME(nearest)(float x) {
  const float shifted = x + 0x1.8p23f;
  return shifted - 0x1.8p23f;
}

static inline float NAME(clamped)(float x, float levels) {
  const float below = x > levels ? levels : x;
  return below < -levels ? -levels : below;
}

static void NAME(round_row)(ptrdiff_t count, const float *restrict x, float levels, float *restrict rounded) {
  const float scale = NAME(largest_magnitude)(count, x) / levels;
  if (scale == 0.0f) {
    memset(rounded, 0, (size_t)count * sizeof *rounded);
    return;
  }
  for (ptrdiff_t i = 0; i < count; i++) {
    const float ratio = x[i] / scale;
    rounded[i] = scale * NAME(clamped)(NAME(nearest)(ratio), levels);
  }
}

// The same with noise on the ratio, as trits have it.
static void NAME(round_noisy_row)(
    ptrdiff_t count, const float *restrict x, float levels, float width, uint32_t key, float *restrict rounded) {
  const float scale = NAME(largest_magnitude)(count, x) / levels;
  if (scale == 0.0f) {
    memset(rounded, 0, (size_t)count * sizeof *rounded);
    return;
  }
  for (ptrdiff_t i = 0; i < count; i++) {
    const float noise = NAME(noise)(key, i, width);
    const float ratio = x[i] / scale;
    const float noisy = ratio + noise;
    rounded[i] = scale * NAME(clamped)(NAME(nearest)(noisy), levels);
  }
}
