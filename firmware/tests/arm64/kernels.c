// Every training kernel of the baseline instruction set on seeded numbers: `kernels write FILE` leaves what they say,
// `kernels compare FILE` answers again and compares. An Arm processor under an emulator is so held to this machine:
// whole numbers, and floats that no sum goes through, are the same bits; others differ by a fused multiplication and
// addition, or by the order of a sum, and so by no more than a part in 100,000.
#include "kernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

static FILE *file;
static int compares;
static unsigned long differences, compared, inexact;
static uint32_t state = 1;

static float next(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(int32_t)(state >> 8) / 8388608.0f - 1.0f;
}

static void fill(float *x, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) x[i] = next();
}

static void record(const char *name, const float *values, ptrdiff_t count, int is_exact) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float expected = values[i];
    if (!compares) {
      if (fwrite(&expected, sizeof expected, 1, file) != 1) exit(74);
      continue;
    }
    if (fread(&expected, sizeof expected, 1, file) != 1) exit(74);
    compared++;
    if (memcmp(&expected, &values[i], sizeof expected) == 0) continue;
    inexact++;
    if (!is_exact && fabsf(values[i] - expected) <= 1e-5f * (1.0f + fabsf(expected))) continue;
    if (differences++ < 20) printf("%s[%ld]: %.9g, not %.9g\n", name, (long)i, (double)values[i], (double)expected);
  }
}

static void record_number(const char *name, double value) {
  const float number = (float)value;
  record(name, &number, 1, 0);
}

static float a[MOST], b[MOST], c[MOST], d[MOST], e[MOST], f[MOST], g[MOST], h[MOST], k[MOST], m[MOST];
static int32_t chosen[MOST];

#define FILL(x) fill(x, MOST)
#define ZERO(x) memset(x, 0, sizeof x)
#define SHOW(name, x, count) record(name, x, count, 0)
#define SAME(name, x, count) record(name, x, count, 1)

static void products(const struct alambic_kernels *kernels, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t inner) {
  FILL(a), FILL(b), FILL(c);
  kernels->matrix_product(rows, width, inner, a, inner, 1, b, width, c, width, 0);
  SHOW("matrix_product", c, rows * width);
  kernels->matrix_product(rows, width, inner, a, 1, rows, b, width, c, width, 1);
  SHOW("matrix_product, transposed", c, rows * width);
  kernels->transpose(rows, width, c, width, d, rows);
  SHOW("transpose", d, rows * width);
  FILL(a), FILL(b);
  kernels->transpose(rows, width, a, width, d, rows);
  SAME("transpose", d, rows * width);
  kernels->add(rows * width, a, b);
  SAME("add", b, rows * width);
}

static void norms(const struct alambic_kernels *kernels, ptrdiff_t width) {
  FILL(a), FILL(b), FILL(c);
  const float inverse = kernels->layer_norm_forward(width, a, b, c, d, e);
  record_number("layer_norm_forward", inverse);
  SHOW("layer_norm_forward", e, width);
  FILL(f), ZERO(g), ZERO(h), ZERO(k);
  kernels->layer_norm_backward(width, f, b, d, inverse, g, h, k);
  SHOW("layer_norm_backward, x", g, width), SHOW("layer_norm_backward, gamma", h, width);
  SHOW("layer_norm_backward, beta", k, width);
  const float inverse_size = kernels->rms_norm_forward(width, a, b, d, e);
  record_number("rms_norm_forward", inverse_size);
  SHOW("rms_norm_forward", e, width);
  ZERO(g), ZERO(h);
  kernels->rms_norm_backward(width, f, b, d, inverse_size, g, h);
  SHOW("rms_norm_backward, x", g, width), SHOW("rms_norm_backward, gain", h, width);
}

static void routes(const struct alambic_kernels *kernels, ptrdiff_t rows, ptrdiff_t width) {
  FILL(a), FILL(b);
  kernels->router_forward(rows, a, 3);
  SHOW("router_forward", a, 3 * rows);
  kernels->router_backward(rows, a, 3, b, 3);
  SHOW("router_backward", b, 3 * rows);
  FILL(b), FILL(c), FILL(d), FILL(e), FILL(f);
  kernels->mix_forward(width, a, b, c, d, e);
  SHOW("mix_forward", e, width);
  kernels->mix_backward(width, f, a, b, c, d, g, h, k, m);
  SHOW("mix_backward, weights", g, 3), SHOW("mix_backward, a", h, width), SHOW("mix_backward, b", k, width);
  SHOW("mix_backward, c", m, width);
}

static void times(const struct alambic_kernels *kernels, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t taps) {
  FILL(a), FILL(b), FILL(c);
  kernels->convolution_forward(rows, width, taps, a, b, d);
  SHOW("convolution_forward", d, rows * width);
  ZERO(e), ZERO(f);
  kernels->convolution_backward(rows, width, taps, c, a, b, e, f);
  SHOW("convolution_backward, x", e, rows * width), SHOW("convolution_backward, kernel", f, taps * width);
  FILL(e), FILL(f);
  for (ptrdiff_t i = 0; i < width; i++) b[i] *= 0.9f;
  kernels->scan_forward(rows, width, a, b, e, f, d, g);
  SHOW("scan_forward", g, rows * width);
  static float gradients[4][MOST];
  memset(gradients, 0, sizeof gradients);
  kernels->scan_backward(rows, width, c, a, d, b, e, f, h, gradients[0], gradients[1], gradients[2], gradients[3]);
  SHOW("scan_backward, x", gradients[0], rows * width);
  for (int i = 1; i < 4; i++) SHOW("scan_backward", gradients[i], width);
  const ptrdiff_t gates = 1, stride = gates + 2 * width;
  FILL(a), FILL(b), FILL(c), ZERO(f), ZERO(k);
  kernels->gated_scan_forward(rows, gates, width, a, stride, b, h, d, e);
  SHOW("gated_scan_forward", e, rows * width);
  kernels->gated_scan_backward(rows, gates, width, c, a, stride, d, h, m, f, stride, k);
  SHOW("gated_scan_backward", f, rows * stride), SHOW("gated_scan_backward, bias", k, gates);
}

static void attention(
    const struct alambic_kernels *kernels, ptrdiff_t rows, ptrdiff_t width, ptrdiff_t head, ptrdiff_t top) {
  const ptrdiff_t queries = (rows + 15) / 16 * 16;
  FILL(a), ZERO(b);
  kernels->top_keys(rows, queries, top, 0.4f, a, chosen, b);
  for (ptrdiff_t i = 0; i < top * queries; i++) {
    const float number = (float)chosen[i];
    SAME("top_keys", &number, 1);
  }
  SHOW("top_keys, probability", b, top * queries);
  FILL(c), FILL(d), FILL(e);
  kernels->attention_gather(rows, width, queries, top, chosen, b, c, width, f);
  SHOW("attention_gather", f, rows * width);
  const ptrdiff_t stride = width;
  FILL(f), ZERO(g), ZERO(h), ZERO(k);
  kernels->attention_backward(rows, width, head, queries, top, 0.4f, chosen, b, f, d, e, c, stride, g, h, k, stride);
  SHOW("attention_backward, query", g, rows * stride), SHOW("attention_backward, key", h, rows * stride);
  SHOW("attention_backward, value", k, rows * stride);
  const ptrdiff_t keys = rows < 40 ? rows : 40;
  FILL(a), FILL(b);
  kernels->causal_softmax(0, keys, 0.5f, a);
  SHOW("causal_softmax", a, keys * ALAMBIC_HEAD_BLOCK);
  kernels->causal_softmax_backward(keys, 0.5f, a, b);
  SHOW("causal_softmax_backward", b, keys * ALAMBIC_HEAD_BLOCK);
}

static void elementwise(const struct alambic_kernels *kernels, ptrdiff_t count) {
  FILL(a), FILL(b), FILL(c);
  for (ptrdiff_t i = 0; i < count; i++) a[i] *= 4.0f;
  kernels->gelu_forward(count, a, d);
  SHOW("gelu_forward", d, count);
  kernels->gelu_backward(count, a, b);
  SHOW("gelu_backward", b, count);
  kernels->squared_relu_forward(count, a, d);
  SAME("squared_relu_forward", d, count);
  kernels->squared_relu_backward(count, a, c);
  SAME("squared_relu_backward", c, count);
  FILL(b);
  record_number("cross_entropy", kernels->cross_entropy(count, b, count / 2, 0.25f));
  SHOW("cross_entropy", b, count);
}

static void rounding(const struct alambic_kernels *kernels, ptrdiff_t count) {
  FILL(a);
  record_number("absolute_sum", kernels->absolute_sum(count, a));
  kernels->round_to_trits(count, a, 0.6f, 0.7f, b);
  SAME("round_to_trits", b, count);
  kernels->round_to_noisy_trits(count, a, 0.6f, 0.7f, 0.5f, 77u, b);
  SHOW("round_to_noisy_trits", b, count);
  kernels->round_row(count, a, 127.0f, b);
  SAME("round_row", b, count);
  kernels->round_noisy_row(count, a, 7.0f, 0.5f, 78u, b);
  SHOW("round_noisy_row", b, count);
}

static void optimiser(const struct alambic_kernels *kernels, ptrdiff_t count) {
  FILL(a), FILL(b), FILL(c), FILL(d);
  record_number("sum_of_squares", kernels->sum_of_squares(count, a));
  record_number("sum_of_products", kernels->sum_of_products(count, a, b));
  kernels->add_lanes(count / 3, 3, a, count / 3, e);
  SAME("add_lanes", e, count / 3);
  for (ptrdiff_t i = 0; i < count; i++) d[i] = fabsf(d[i]);
  kernels->adam_w(count, a, 0.8f, 0.003f, 0.1f, 0.9f, 0.95f, 0.4f, 0.3f, 1e-8f, b, c, d);
  SHOW("adam_w", b, count), SHOW("adam_w, first", c, count), SHOW("adam_w, second", d, count);
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  compares = strcmp(arguments[1], "compare") == 0;
  file = fopen(arguments[2], compares ? "rb" : "wb");
  const struct alambic_kernels *kernels = alambic_kernels_for(ALAMBIC_BASELINE);
  if (file == NULL || kernels == NULL) return 74;
  static const ptrdiff_t widths[] = {1, 3, 4, 7, 8, 16, 17, 31, 33};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    const ptrdiff_t width = widths[i];
    products(kernels, width, 2 * width - 1, width + 2);
    products(kernels, 2 * width, width, 5);
    norms(kernels, width);
    routes(kernels, width, width);
    times(kernels, 11, width, 5);
    attention(kernels, 3 + width, width, (width + 1) / 2, 4);
    elementwise(kernels, 13 * width);
    rounding(kernels, 13 * width);
    optimiser(kernels, 12 * width);
  }
  if (compares && fgetc(file) != EOF) return 74;
  if (fclose(file) != 0) return 74;
  if (!compares) return 0;
  printf("%lu numbers compared, %lu of them differ in bits, %lu by too much\n", compared, inexact, differences);
  return differences == 0u ? 0 : 1;
}
