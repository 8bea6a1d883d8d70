// Rows of scores, one a query, worked on in whole registers of 16: the keys that a query does not see, up to the end of
// its last register, take part with a power of e^-87, which no sum of at least 1 notices, and become 0 at the end.
static void NAME(causal_softmax)(ptrdiff_t seen, ptrdiff_t padded, float scale, float *restrict scores) {
#pragma clang fp reassociate(on)
  const ptrdiff_t whole = (seen + 15) / 16 * 16;
  for (ptrdiff_t i = seen; i < whole; i++) scores[i] = -1e30f;
  float lanes[16];
  for (int lane = 0; lane < 16; lane++) lanes[lane] = scores[lane];
  for (ptrdiff_t i = 16; i < whole; i += 16) {
    for (int lane = 0; lane < 16; lane++) lanes[lane] = scores[i + lane] > lanes[lane] ? scores[i + lane] : lanes[lane];
  }
  float maximum = lanes[0];
  for (int lane = 1; lane < 16; lane++) maximum = lanes[lane] > maximum ? lanes[lane] : maximum;

  for (int lane = 0; lane < 16; lane++) lanes[lane] = 0.0f;
  for (ptrdiff_t i = 0; i < whole; i += 16) {
    for (int lane = 0; lane < 16; lane++) {
      const float power = NAME(exponential)((scores[i + lane] - maximum) * scale);
      scores[i + lane] = power;
      lanes[lane] += power;
    }
  }
  float sum = 0.0f;
  for (int lane = 0; lane < 16; lane++) sum += lanes[lane];
  const float inverse = 1.0f / sum;
  for (ptrdiff_t i = 0; i < whole; i++) scores[i] *= inverse;
  for (ptrdiff_t i = seen; i < padded; i++) scores[i] = 0.0f;
}

// Probabilities of keys that the query does not see are 0, and so are their gradients.
static void NAME(causal_softmax_backward)(ptrdiff_t seen, ptrdiff_t padded, float scale,
                                          const float *restrict probability, float *restrict gradient) {
#pragma clang fp reassociate(on)
  const ptrdiff_t whole = (seen + 15) / 16 * 16;
  float lanes[16];
  for (int lane = 0; lane < 16; lane++) lanes[lane] = 0.0f;
  for (ptrdiff_t i = 0; i < whole; i += 16) {
    for (int lane = 0; lane < 16; lane++) lanes[lane] += probability[i + lane] * gradient[i + lane];
  }
  float mean = 0.0f;
  for (int lane = 0; lane < 16; lane++) mean += lanes[lane];
  for (ptrdiff_t i = 0; i < whole; i += 16) {
    for (int lane = 0; lane < 16; lane++) {
      gradient[i + lane] = scale * probability[i + lane] * (gradient[i + lane] - mean);
    }
  }
  for (ptrdiff_t i = whole; i < padded; i++) gradient[i] = 0.0f;
}
