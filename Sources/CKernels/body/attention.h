// The k largest scores of each query, 16 queries side by side: every key is offered to a sorted list by insertion, and
// the list's comparisons are vector code across the queries.
#define QUERIES 16
#define LEAST (-3.0e38f)

typedef float NAME(scores16) __attribute__((vector_size(QUERIES * 4), aligned(4), may_alias));
typedef int32_t NAME(keys16) __attribute__((vector_size(QUERIES * 4), aligned(4), may_alias));

// a where the mask's lane is all ones, b where it is zero.
#define SELECT(mask, a, b) (((mask) & (a)) | (~(mask) & (b)))

// One block of queries with a list of `length` keys, a constant, so that a short list lives in registers. The first
// `top` <= length go to probability (still as scores) and chosen. Written in explicit vectors: from plain loops clang
// makes masked stores that stall every load after them.
#define DEFINE_TOP_KEYS(function, length) \
  static void NAME(function)( \
      ptrdiff_t key_count, ptrdiff_t from, ptrdiff_t queries, ptrdiff_t top, const float *restrict scores, \
      int32_t *restrict chosen, float *restrict probability) { \
    NAME(keys16) query, best[length], best_key[length]; \
    const NAME(keys16) least = (NAME(keys16))((NAME(scores16)){0} + LEAST); \
    for (int lane = 0; lane < QUERIES; lane++) query[lane] = (int32_t)from + lane; \
    _Pragma("unroll") for (int slot = 0; slot < length; slot++) { \
      best[slot] = least; \
      best_key[slot] = (NAME(keys16)){0}; \
    } \
    for (ptrdiff_t j = 0; j < key_count; j++) { \
      NAME(keys16) offered_key = (NAME(keys16)){0} + (int32_t)j; \
      NAME(keys16) offered = *(const NAME(keys16) *)(scores + j * queries + from); \
      offered = SELECT(query < offered_key, least, offered); \
      /* Strictly larger: a tie stays with the earlier key. */ \
      _Pragma("unroll") for (int slot = 0; slot < length; slot++) { \
        const NAME(keys16) held = best[slot], held_key = best_key[slot]; \
        const NAME(keys16) wins = (NAME(scores16))offered > (NAME(scores16))held; \
        best[slot] = SELECT(wins, offered, held); \
        best_key[slot] = SELECT(wins, offered_key, held_key); \
        offered = SELECT(wins, held, offered); \
        offered_key = SELECT(wins, held_key, offered_key); \
      } \
    } \
    for (ptrdiff_t slot = 0; slot < top; slot++) { \
      *(NAME(keys16) *)(probability + slot * queries + from) = best[slot]; \
      *(NAME(keys16) *)(chosen + slot * queries + from) = best_key[slot]; \
    } \
  }

DEFINE_TOP_KEYS(top_keys_4, 4)
DEFINE_TOP_KEYS(top_keys_8, 8)
DEFINE_TOP_KEYS(top_keys_64, ALAMBIC_TOP_LIMIT)

// The softmax of one block's kept scores, in place.
static void NAME(softmax_of_kept)(
    ptrdiff_t from, ptrdiff_t queries, ptrdiff_t top, float scale, float *restrict probability) {
  float largest[QUERIES];
  float sums[QUERIES] = {0};
  for (int lane = 0; lane < QUERIES; lane++) largest[lane] = probability[from + lane];
  for (ptrdiff_t slot = 0; slot < top; slot++) {
    float *weight = probability + slot * queries + from;
    for (int lane = 0; lane < QUERIES; lane++) {
      const float power = NAME(exponential)((weight[lane] - largest[lane]) * scale);
      weight[lane] = weight[lane] == LEAST ? 0.0f : power;
      sums[lane] += weight[lane];
    }
  }
  for (int lane = 0; lane < QUERIES; lane++) sums[lane] = sums[lane] > 0.0f ? 1.0f / sums[lane] : 0.0f;
  for (ptrdiff_t slot = 0; slot < top; slot++) {
    float *weight = probability + slot * queries + from;
    for (int lane = 0; lane < QUERIES; lane++) weight[lane] *= sums[lane];
  }
}

static void NAME(top_keys)(
    ptrdiff_t rows, ptrdiff_t queries, ptrdiff_t top, float scale, const float *restrict scores,
    int32_t *restrict chosen, float *restrict probability) {
  for (ptrdiff_t from = 0; from < queries; from += QUERIES) {
    const ptrdiff_t key_count = from + QUERIES < rows ? from + QUERIES : rows;
    if (top <= 4) {
      NAME(top_keys_4)(key_count, from, queries, top, scores, chosen, probability);
    } else if (top <= 8) {
      NAME(top_keys_8)(key_count, from, queries, top, scores, chosen, probability);
    } else {
      NAME(top_keys_64)(key_count, from, queries, top, scores, chosen, probability);
    }
    NAME(softmax_of_kept)(from, queries, top, scale, probability);
  }
}

#undef DEFINE_TOP_KEYS
#undef SELECT
#undef LEAST
#undef QUERIES

static void NAME(attention_gather)(
    ptrdiff_t rows, ptrdiff_t d, ptrdiff_t queries, ptrdiff_t top, const int32_t *restrict chosen,
    const float *restrict probability, const float *restrict value, ptrdiff_t value_stride, float *restrict y) {
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

static void NAME(attention_backward)(
    ptrdiff_t rows, ptrdiff_t d, ptrdiff_t h, ptrdiff_t queries, ptrdiff_t top, float scale,
    const int32_t *restrict chosen, const float *restrict probability, const float *restrict y_gradient,
    const float *restrict query, const float *restrict key, const float *restrict value, ptrdiff_t stride,
    float *restrict query_gradient, float *restrict key_gradient, float *restrict value_gradient,
    ptrdiff_t gradient_stride) {
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
