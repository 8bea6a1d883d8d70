// e^x without a branch, so that loops over it become vector code; the exponents beyond binary32's normal range
// saturate. x = n ln 2 + r with |r| <= ln 2 / 2 (ln 2 in two parts: Cody and Waite, "Software Manual for the Elementary
// Functions", 1980), then Cephes' polynomial for e^r (Moshier, expf.c) and n into the exponent's bits.
static inline float NAME(exponential)(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float scaled = x * 1.44269504088896341f;
  const int32_t n = (int32_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
  const float whole = (float)n;
  const float r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  union {
    int32_t bits;
    float value;
  } power = {.bits = (n + 127) << 23};
  return p * power.value;
}
