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
  return __builtin_logf(sum) - (target_logit - maximum);
}
