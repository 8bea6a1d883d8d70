// The k largest scores of each query, 16 queries side by side: every key is offered to a sorted list by insertion, and
// the list's comparisons are vector code across the queries.
#define QUERIES 16

static void NAME(top_keys)(ptrdiff_t rows, ptrdiff_t queries, ptrdiff_t top, const float *restrict scores,
                           int32_t *restrict chosen, float *restrict probability) {
  const float least = -3.0e38f;
  for (ptrdiff_t from = 0; from < queries; from += QUERIES) {
    for (ptrdiff_t slot = 0; slot < top; slot++) {
      for (int lane = 0; lane < QUERIES; lane++) {
        probability[slot * queries + from + lane] = least;
        chosen[slot * queries + from + lane] = 0;
      }
    }
    const ptrdiff_t key_count = from + QUERIES < rows ? from + QUERIES : rows;
    for (ptrdiff_t j = 0; j < key_count; j++) {
      float offered[QUERIES];
      int32_t offered_key[QUERIES];
      const float *row = scores + j * queries + from;
      for (int lane = 0; lane < QUERIES; lane++) {
        offered[lane] = from + lane < j ? least : row[lane];
        offered_key[lane] = (int32_t)j;
      }
      for (ptrdiff_t slot = 0; slot < top; slot++) {
        float *best = probability + slot * queries + from;
        int32_t *best_key = chosen + slot * queries + from;
        // Strictly larger: a tie stays with the earlier key.
        for (int lane = 0; lane < QUERIES; lane++) {
          const int wins = offered[lane] > best[lane];
          const float loser = wins ? best[lane] : offered[lane];
          const int32_t loser_key = wins ? best_key[lane] : offered_key[lane];
          best[lane] = wins ? offered[lane] : best[lane];
          best_key[lane] = wins ? offered_key[lane] : best_key[lane];
          offered[lane] = loser;
          offered_key[lane] = loser_key;
        }
      }
    }
    float sums[QUERIES] = {0};
    float largest[QUERIES];
    for (int lane = 0; lane < QUERIES; lane++) largest[lane] = probability[from + lane];
    for (ptrdiff_t slot = 0; slot < top; slot++) {
      float *value = probability + slot * queries + from;
      for (int lane = 0; lane < QUERIES; lane++) {
        const float power = NAME(exponential)(value[lane] - largest[lane]);
        value[lane] = value[lane] == least ? 0.0f : power;
        sums[lane] += value[lane];
      }
    }
    for (int lane = 0; lane < QUERIES; lane++) sums[lane] = sums[lane] > 0.0f ? 1.0f / sums[lane] : 0.0f;
    for (ptrdiff_t slot = 0; slot < top; slot++) {
      float *value = probability + slot * queries + from;
      for (int lane = 0; lane < QUERIES; lane++) value[lane] *= sums[lane];
    }
  }
}

#undef QUERIES

static void NAME(attention_gather)(ptrdiff_t rows, ptrdiff_t d, ptrdiff_t queries, ptrdiff_t top,
                                   const int32_t *restrict chosen, const float *restrict probability,
                                   const float *restrict value, ptrdiff_t value_stride, float *restrict y) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    const ptrdiff_t count = t + 1 < top ? t + 1 : top;
    float *to = y + t * d;
    for (ptrdiff_t c = 0; c < d; c++) to[c] = 0.0f;
    for (ptrdiff_t slot = 0; slot < count; slot++) {
      const float weight = probability[slot * queries + t];
      const float *from = value + chosen[slot * queries + t] * value_stride;
      for (ptrdiff_t c = 0; c < d; c++) to[c] += weight * from[c];
    }
  }
}

static inline float NAME(dot)(ptrdiff_t count, const float *restrict a, const float *restrict b) {
#pragma clang fp reassociate(on)
  float sum = 0.0f;
  for (ptrdiff_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

static inline void NAME(add_scaled)(ptrdiff_t count, float factor, const float *restrict x, float *restrict y) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] += factor * x[i];
}

static void NAME(attention_backward)(ptrdiff_t rows, ptrdiff_t d, ptrdiff_t h, ptrdiff_t queries, ptrdiff_t top,
                                     float scale, const int32_t *restrict chosen, const float *restrict probability,
                                     const float *restrict y_gradient, const float *restrict query,
                                     const float *restrict key, const float *restrict value, ptrdiff_t stride,
                                     float *restrict query_gradient, float *restrict key_gradient,
                                     float *restrict value_gradient, ptrdiff_t gradient_stride) {
  for (ptrdiff_t t = 0; t < rows; t++) {
    const ptrdiff_t count = t + 1 < top ? t + 1 : top;
    const float *gradient = y_gradient + t * d;
    float mean = 0.0f;
    for (ptrdiff_t slot = 0; slot < count; slot++) {
      const ptrdiff_t j = chosen[slot * queries + t];
      mean += probability[slot * queries + t] * NAME(dot)(d, gradient, value + j * stride);
    }
    for (ptrdiff_t slot = 0; slot < count; slot++) {
      const ptrdiff_t j = chosen[slot * queries + t];
      const float weight = probability[slot * queries + t];
      const float score_gradient = weight * (NAME(dot)(d, gradient, value + j * stride) - mean) * scale;
      NAME(add_scaled)(d, weight, gradient, value_gradient + j * gradient_stride);
      NAME(add_scaled)(h, score_gradient, key + j * stride, query_gradient + t * gradient_stride);
      NAME(add_scaled)(h, score_gradient, query + t * stride, key_gradient + j * gradient_stride);
    }
  }
}
