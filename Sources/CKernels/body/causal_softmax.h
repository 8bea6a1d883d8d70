// The softmax of one block of queries, side by side: every register holds scores of one key, so that no sum runs across
// a register.

// A score that no other is less than: e to its distance from any other is 0.
#define UNSEEN (-3.0e38f)
#define AT(base, key) (*(NAME(lanes) *)((base) + (key)*ALAMBIC_HEAD_BLOCK))

// The register of queries from `first` on.
static inline __attribute__((always_inline)) void NAME(causal_softmax_of_lanes)(
    ptrdiff_t first, ptrdiff_t keys, float scale, float *column) {
  NAME(places) query;
  for (int lane = 0; lane < WIDTH; lane++) query[lane] = (int32_t)first + lane;
  const ptrdiff_t end = first + WIDTH < keys ? first + WIDTH : keys;
  NAME(lanes) maximum = UNSEEN;
  for (ptrdiff_t j = 0; j < end; j++) {
    const NAME(lanes) score = query < (int32_t)j ? (NAME(lanes))UNSEEN : AT(column, j);
    maximum = score > maximum ? score : maximum;
  }
  NAME(lanes) sum = 0.0f;
  for (ptrdiff_t j = 0; j < end; j++) {
    const NAME(lanes) power = NAME(exponential_of_lanes)((AT(column, j) - maximum) * scale);
    AT(column, j) = query < (int32_t)j ? (NAME(lanes))0.0f : power;
    sum += AT(column, j);
  }
  const NAME(lanes) inverse = 1.0f / sum;
  for (ptrdiff_t j = 0; j < end; j++) AT(column, j) *= inverse;
  for (ptrdiff_t j = end; j < keys; j++) AT(column, j) = (NAME(lanes))0.0f;
}

static void NAME(causal_softmax)(ptrdiff_t first, ptrdiff_t keys, float scale, float *scores) {
  for (int part = 0; part < ALAMBIC_HEAD_BLOCK; part += WIDTH) {
    NAME(causal_softmax_of_lanes)(first + part, keys, scale, scores + part);
  }
}

// Probabilities of keys that a query does not see are 0, and so are their gradients.
static void NAME(causal_softmax_backward)(ptrdiff_t keys, float scale, float *probability, float *gradient) {
  for (int part = 0; part < ALAMBIC_HEAD_BLOCK; part += WIDTH, probability += WIDTH, gradient += WIDTH) {
    NAME(lanes) mean = 0.0f;
    for (ptrdiff_t j = 0; j < keys; j++) mean += AT(probability, j) * AT(gradient, j);
    for (ptrdiff_t j = 0; j < keys; j++) {
      AT(gradient, j) = scale * AT(probability, j) * (AT(gradient, j) - mean);
    }
  }
}

#undef AT
#undef UNSEEN
