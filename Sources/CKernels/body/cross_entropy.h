// ln x of a normal positive number: x = m 2^e with m from sqrt(1/2) to sqrt(2), then Cephes' polynomial for ln m
// (Moshier, logf.c), and ln 2 in two parts. The system's logf takes a quarter of a row's time, and its last bits depend
// on the system.
static inline float NAME(logarithm)(float x) {
  union {
    float value;
    uint32_t bits;
  } number = {.value = x};
  // The exponent counts from sqrt(1/2), whose bits are 0x3f3504f3.
  const int32_t exponent = (int32_t)(number.bits - 0x3f3504f3u) >> 23;
  number.bits -= (uint32_t)exponent << 23;
  const float e = (float)exponent, z = number.value - 1.0f;
  float p = 7.0376836292e-2f;
  p = p * z - 1.1514610310e-1f;
  p = p * z + 1.1676998740e-1f;
  p = p * z - 1.2420140846e-1f;
  p = p * z + 1.4249322787e-1f;
  p = p * z - 1.6668057665e-1f;
  p = p * z + 2.0000714765e-1f;
  p = p * z - 2.4999993993e-1f;
  p = p * z + 3.3333331174e-1f;
  return (p * z * (z * z) - 2.12194440e-4f * e - 0.5f * (z * z)) + z + 0.693359375f * e;
}

static float NAME(cross_entropy)(ptrdiff_t count, float *restrict logits, ptrdiff_t target, float scale) {
#pragma clang fp reassociate(on)
  float lanes[16];
  for (int lane = 0; lane < 16; lane++) lanes[lane] = logits[0];
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int lane = 0; lane < 16; lane++) lanes[lane] = logits[i + lane] > lanes[lane] ? logits[i + lane] : lanes[lane];
  }
  float maximum = lanes[0];
  for (int lane = 1; lane < 16; lane++) maximum = lanes[lane] > maximum ? lanes[lane] : maximum;
  for (; i < count; i++) maximum = logits[i] > maximum ? logits[i] : maximum;

  const float target_logit = logits[target];
  float sum = 0.0f;
  for (i = 0; i < count; i++) {
    const float power = NAME(exponential)(logits[i] - maximum);
    logits[i] = power;
    sum += power;
  }
  const float factor = scale / sum;
  for (i = 0; i < count; i++) logits[i] *= factor;
  logits[target] -= scale;
  return NAME(logarithm)(sum) - (target_logit - maximum);
}
