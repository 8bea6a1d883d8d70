// The inner loops of training, one table of function pointers an instruction set.
//
// Every array is row-major float32 and may be unaligned; a `stride` is the distance in elements between the starts of
// two rows. No function keeps a pointer, allocates or checks its arguments: Sources/Kernels wraps each one with checks
// and gives it a naive twin in Swift, which is its specification.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum alambic_instruction_set {
  ALAMBIC_BASELINE = 0, // SSE2 on x86-64, NEON on arm64
  ALAMBIC_AVX2 = 1,     // AVX2 with FMA
  ALAMBIC_AVX512 = 2,   // AVX-512 F, VL, BW and DQ
};

/// The most keys that a query may keep.
#define ALAMBIC_TOP_LIMIT 64

/// How many queries of a dense head are worked on together.
#define ALAMBIC_HEAD_BLOCK 32

struct alambic_kernels {
  /// c (m x n) = a (m x k) b (k x n), or += when `accumulates`; a's element (i, p) is at a[i * a_row + p * a_column].
  void (*matrix_product)(
      ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b,
      ptrdiff_t b_row, float *c, ptrdiff_t c_row, int accumulates);

  /// y (columns x rows) = the transpose of x (rows x columns).
  void (*transpose)(ptrdiff_t rows, ptrdiff_t columns, const float *x, ptrdiff_t x_row, float *y, ptrdiff_t y_row);
  /// y += x.
  void (*add)(ptrdiff_t count, const float *x, float *y);

  /// One row: normalised = (x - mean) / sqrt(variance + epsilon), y = normalised * gamma + beta.
  /// Returns 1 / sqrt(variance + epsilon).
  float (*layer_norm_forward)(
      ptrdiff_t d, const float *x, const float *gamma, const float *beta, float *normalised, float *y);
  /// One row; adds to all three gradients.
  void (*layer_norm_backward)(
      ptrdiff_t d, const float *y_gradient, const float *gamma, const float *normalised, float inverse_deviation,
      float *x_gradient, float *gamma_gradient, float *beta_gradient);

  /// One row: normalised = x / sqrt(mean of squares + epsilon), y = normalised * gain.
  /// Returns 1 / sqrt(mean of squares + epsilon).
  float (*rms_norm_forward)(ptrdiff_t d, const float *x, const float *gain, float *normalised, float *y);
  /// One row; adds to both gradients.
  void (*rms_norm_backward)(
      ptrdiff_t d, const float *y_gradient, const float *gain, const float *normalised, float inverse_size,
      float *x_gradient, float *gain_gradient);

  /// In place: `rows` times the softmax of three numbers.
  void (*router_forward)(ptrdiff_t rows, float *logits, ptrdiff_t stride);
  /// In place: from the gradient of the three weights to that of their logits.
  void (*router_backward)(
      ptrdiff_t rows, const float *weights, ptrdiff_t weights_stride, float *gradient, ptrdiff_t gradient_stride);

  /// One row: x += weights[0] * a + weights[1] * b + weights[2] * c.
  void (*mix_forward)(ptrdiff_t d, const float *weights, const float *a, const float *b, const float *c, float *x);
  /// One row; overwrites the gradients of the weights and of a, b and c.
  void (*mix_backward)(
      ptrdiff_t d, const float *x_gradient, const float *weights, const float *a, const float *b, const float *c,
      float *weights_gradient, float *a_gradient, float *b_gradient, float *c_gradient);

  /// y_t = sum over j < taps, j <= t, of kernel[j] * x_(t-j), channel by channel; kernel is (taps x d).
  void (*convolution_forward)(
      ptrdiff_t rows, ptrdiff_t d, ptrdiff_t taps, const float *x, const float *kernel, float *y);
  /// Adds to both gradients.
  void (*convolution_backward)(
      ptrdiff_t rows, ptrdiff_t d, ptrdiff_t taps, const float *y_gradient, const float *x, const float *kernel,
      float *x_gradient, float *kernel_gradient);

  /// state_t = decay * state_(t-1) + input_gain * x_t, y_t = output_gain * state_t, channel by channel.
  void (*scan_forward)(
      ptrdiff_t rows, ptrdiff_t d, const float *x, const float *decay, const float *input_gain,
      const float *output_gain, float *state, float *y);
  /// Adds to all gradients; `carry` is d elements of scratch.
  void (*scan_backward)(
      ptrdiff_t rows, ptrdiff_t d, const float *y_gradient, const float *x, const float *state, const float *decay,
      const float *input_gain, const float *output_gain, float *carry, float *x_gradient, float *decay_gradient,
      float *input_gain_gradient, float *output_gain_gradient);

  /// `projections` has rows of write gates, m values and m read gates. In place, gates become z = sigmoid(gate + bias)
  /// and r = sigmoid(read gate); state_t = state_(t-1) + z (value_t - state_(t-1)), from 0 on, a write gate serving m /
  /// `gates` neighbours; y = r state. `spread` is m elements of scratch.
  void (*gated_scan_forward)(
      ptrdiff_t rows, ptrdiff_t gates, ptrdiff_t m, float *projections, ptrdiff_t stride, const float *bias,
      float *spread, float *state, float *y);
  /// `projections` is what the forward pass left. Overwrites its gradient, adds to the bias's; `carry` is m elements of
  /// scratch, too.
  void (*gated_scan_backward)(
      ptrdiff_t rows, ptrdiff_t gates, ptrdiff_t m, const float *y_gradient, const float *projections, ptrdiff_t stride,
      const float *state, float *spread, float *carry, float *projections_gradient, ptrdiff_t gradient_stride,
      float *bias_gradient);

  /// From scores (rows keys x padded queries, one row a key, row stride `queries`, a multiple of 16) the `top` largest
  /// of each query t among keys <= t, in descending order, a tie to the earlier key: chosen[slot * queries + t], and
  /// the softmax over scale times their scores in probability[slot * queries + t]. At most ALAMBIC_TOP_LIMIT are kept.
  /// Slots that query t cannot fill get key 0 and probability 0.
  void (*top_keys)(
      ptrdiff_t rows, ptrdiff_t queries, ptrdiff_t top, float scale, const float *scores, int32_t *chosen,
      float *probability);
  /// y_t = sum over slots of probability * value[chosen].
  void (*attention_gather)(
      ptrdiff_t rows, ptrdiff_t d, ptrdiff_t queries, ptrdiff_t top, const int32_t *chosen, const float *probability,
      const float *value, ptrdiff_t value_stride, float *y);
  /// Adds to the gradients of query, key and value.
  void (*attention_backward)(
      ptrdiff_t rows, ptrdiff_t d, ptrdiff_t h, ptrdiff_t queries, ptrdiff_t top, float scale, const int32_t *chosen,
      const float *probability, const float *y_gradient, const float *query, const float *key, const float *value,
      ptrdiff_t stride, float *query_gradient, float *key_gradient, float *value_gradient, ptrdiff_t gradient_stride);

  /// In place, the scores of one block of queries, `first` and those after it: (keys x ALAMBIC_HEAD_BLOCK), one row a
  /// key from 0 on. Each column becomes the softmax of scale times its scores over the keys that its query sees, those
  /// not after it; the other keys' become 0.
  void (*causal_softmax)(ptrdiff_t first, ptrdiff_t keys, float scale, float *scores);
  /// In place: from the gradient of the probabilities to that of the scores.
  void (*causal_softmax_backward)(ptrdiff_t keys, float scale, float *probability, float *gradient);

  /// y = x Phi(x), Phi being the normal distribution.
  void (*gelu_forward)(ptrdiff_t count, const float *x, float *y);
  /// In place: from the gradient of y to that of x.
  void (*gelu_backward)(ptrdiff_t count, const float *x, float *gradient);

  /// y = max(x, 0)^2.
  void (*squared_relu_forward)(ptrdiff_t count, const float *x, float *y);
  /// In place: from the gradient of y to that of x.
  void (*squared_relu_backward)(ptrdiff_t count, const float *x, float *gradient);

  /// In place, one row: logits become scale * (softmax - one hot). Returns the cross-entropy in nats.
  float (*cross_entropy)(ptrdiff_t count, float *logits, ptrdiff_t target, float scale);

  /// The sum of |x| in ascending order with a binary64 accumulator.
  double (*absolute_sum)(ptrdiff_t count, const float *x);
  /// rounded = scale * clamp(round(x / alpha), -1, 1).
  void (*round_to_trits)(ptrdiff_t count, const float *x, float alpha, float scale, float *rounded);
  void (*round_to_noisy_trits)(
      ptrdiff_t count, const float *x, float alpha, float scale, float width, uint32_t key, float *rounded);
  /// One row: rounded = scale * clamp(round(x / scale), -levels, levels), where scale = max |x| / levels; zeros where
  /// that is 0. `levels` is a whole number of at most 127.
  void (*round_row)(ptrdiff_t count, const float *x, float levels, float *rounded);
  void (*round_noisy_row)(ptrdiff_t count, const float *x, float levels, float width, uint32_t key, float *rounded);

  double (*sum_of_squares)(ptrdiff_t count, const float *x);
  double (*sum_of_products)(ptrdiff_t count, const float *x, const float *y);
  /// sum = the sum of `lane_count` rows, in this order.
  void (*add_lanes)(ptrdiff_t count, ptrdiff_t lane_count, const float *lanes, ptrdiff_t stride, float *sum);
  /// One step of AdamW with decoupled weight decay; `gradient_scale` is the clipping factor.
  void (*adam_w)(
      ptrdiff_t count, const float *gradient, float gradient_scale, float learning_rate, float weight_decay,
      float beta1, float beta2, float correction1, float correction2, float epsilon, float *parameter,
      float *first_moment, float *second_moment);

  /// Does as many multiplications and additions as the processor can, for a benchmark. `sink` holds a factor, a term,
  /// and room for a result. Returns how many floating-point operations were done.
  double (*arithmetic_peak)(ptrdiff_t rounds, float *sink);
};

/// The table of an instruction set; NULL where this processor lacks it.
const struct alambic_kernels *alambic_kernels_for(enum alambic_instruction_set set);

/// Tells the processor that this thread is waiting in a loop.
void alambic_spin_pause(void);
