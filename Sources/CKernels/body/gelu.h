// The normal distribution at x: `cumulative` is Phi(x) = (1 + erf(x / sqrt 2)) / 2, `density` is phi(x). Both need
// e^(-x^2 / 2), so one exponential serves them. erf by Abramowitz and Stegun, "Handbook of Mathematical Functions",
// 7.1.26: off by at most 1.5e-7.
static inline void NAME(normal_distribution)(float x, float *cumulative, float *density) {
  const float z = __builtin_fabsf(x) * 0.70710678f;
  const float power = NAME(exponential)(-z * z);
  const float t = 1.0f / (1.0f + 0.3275911f * z);
  const float tail = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) *
                     t * power;
  *cumulative = x < 0.0f ? 0.5f * tail : 1.0f - 0.5f * tail;
  *density = 0.39894228f * power;
}

static void NAME(gelu_forward)(ptrdiff_t count, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float cumulative, density;
    NAME(normal_distribution)(x[i], &cumulative, &density);
    y[i] = x[i] * cumulative;
  }
}

static void NAME(gelu_backward)(ptrdiff_t count, const float *restrict x, float *restrict gradient) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float cumulative, density;
    NAME(normal_distribution)(x[i], &cumulative, &density);
    gradient[i] *= cumulative + x[i] * density;
  }
}
