// AdamW: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
static double NAME(sum_of_squares)(ptrdiff_t count, const float *restrict x) {
#pragma clang fp reassociate(on)
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

static double NAME(sum_of_products)(ptrdiff_t count, const float *restrict x, const float *restrict y) {
#pragma clang fp reassociate(on)
  double sum = 0.0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * (double)y[i];
  return sum;
}

static void NAME(add_lanes)(
    ptrdiff_t count, ptrdiff_t lane_count, const float *restrict lanes, ptrdiff_t stride, float *restrict sum) {
  for (ptrdiff_t i = 0; i < count; i++) sum[i] = lanes[i];
  for (ptrdiff_t lane = 1; lane < lane_count; lane++) {
    for (ptrdiff_t i = 0; i < count; i++) sum[i] += lanes[lane * stride + i];
  }
}

static void NAME(adam_w)(
    ptrdiff_t count, const float *restrict gradient, float gradient_scale, float learning_rate, float weight_decay,
    float beta1, float beta2, float correction1, float correction2, float epsilon, float *restrict parameter,
    float *restrict first_moment, float *restrict second_moment) {
  const float keep = 1.0f - learning_rate * weight_decay;
  const float rate = learning_rate / correction1;
  for (ptrdiff_t i = 0; i < count; i++) {
    const float g = gradient[i] * gradient_scale;
    const float m = beta1 * first_moment[i] + (1.0f - beta1) * g;
    const float v = beta2 * second_moment[i] + (1.0f - beta2) * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    parameter[i] = parameter[i] * keep - rate * m / (__builtin_elementwise_sqrt(v / correction2) + epsilon);
  }
}
