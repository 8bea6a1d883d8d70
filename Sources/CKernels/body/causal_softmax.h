// Rows of scores, one a query, worked on in whole registers of 16; loops are not interleaved, since rows are short.
static void NAME(causal_softmax)(ptrdiff_t seen, ptrdiff_t padded, float scale, float *restrict scores) {
#pragma clang fp reassociate(on)
  const ptrdiff_t whole = (seen + 15) / 16 * 16;
  float lanes[16];
  for (int lane = 0; lane < 16; lane++) lanes[lane] = lane < seen ? scores[lane] : scores[0];
  for (ptrdiff_t i = 16; i < whole; i += 16) {
    for (int lane = 0; lane < 16; lane++) {
      const float score = i + lane < seen ? scores[i + lane] : scores[0];
      lanes[lane] = score > lanes[lane] ? score : lanes[lane];
    }
  }
  _Pragma("unroll") for (int width = 8; width > 0; width /= 2) {
    _Pragma("unroll") for (int lane = 0; lane < width; lane++) {
      lanes[lane] = lanes[lane] > lanes[lane + width] ? lanes[lane] : lanes[lane + width];
    }
  }
  const float maximum = lanes[0];

  float sum = 0.0f;
#pragma clang loop interleave(disable)
  for (ptrdiff_t i = 0; i < whole; i++) {
    const float power = NAME(exponential)((scores[i] - maximum) * scale);
    scores[i] = i < seen ? power : 0.0f;
    sum += scores[i];
  }
  const float inverse = 1.0f / sum;
#pragma clang loop interleave(disable)
  for (ptrdiff_t i = 0; i < whole; i++) scores[i] *= inverse;
  for (ptrdiff_t i = whole; i < padded; i++) scores[i] = 0.0f;
}

// Probabilities of keys that the query does not see are 0, and so are their gradients.
static void NAME(causal_softmax_backward)(ptrdiff_t seen, ptrdiff_t padded, float scale,
                                          const float *restrict probability, float *restrict gradient) {
#pragma clang fp reassociate(on)
  const ptrdiff_t whole = (seen + 15) / 16 * 16;
  float mean = 0.0f;
#pragma clang loop interleave(disable)
  for (ptrdiff_t i = 0; i < whole; i++) mean += probability[i] * gradient[i];
#pragma clang loop interleave(disable)
  for (ptrdiff_t i = 0; i < whole; i++) gradient[i] = scale * probability[i] * (gradient[i] - mean);
  for (ptrdiff_t i = whole; i < padded; i++) gradient[i] = 0.0f;
}
