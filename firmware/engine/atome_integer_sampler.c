/* Choices from integer logits. */
#include "atome_integer_sampler.h"

#include "atome_integer_layout.h"

/* Logits that pass at once where none of them is larger. */
#if defined(__OPTIMIZE_SIZE__)
#define AT_ONCE ATOME_VOCABULARY
#define PASS(next, largest) 0
#else
#define AT_ONCE 4u
#define PASS(next, largest) \
  ((next)[0] <= (largest) && (next)[1] <= (largest) && (next)[2] <= (largest) && (next)[3] <= (largest))
#endif

uint8_t atome_integer_greedy(const int32_t *logits) {
  uint32_t best = 0;
  int32_t largest = logits[0];
  for (uint32_t first = 0; first < ATOME_VOCABULARY; first += AT_ONCE) {
    if (PASS(logits + first, largest)) continue;
    for (uint32_t i = first; i < first + AT_ONCE; i++) {
      if (logits[i] > largest) {
        best = i;
        largest = logits[i];
      }
    }
  }
  return (uint8_t)best;
}

uint8_t atome_sample_integers(atome_sampler *sampler, const atome_logit_rate *rate, const int32_t *logits) {
  const uint8_t best = atome_integer_greedy(logits);
  if (sampler->rate == 0u) return best;
  atome_sampler_begin(sampler);
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    atome_sampler_put(sampler, (uint8_t)token, atome_logit_cost((uint32_t)(logits[best] - logits[token]), rate));
  }
  return atome_sampler_draw(sampler);
}

uint8_t atome_integer_sample(atome_sampler *sampler, const atome_integer_image *image, const int32_t *logits) {
  return atome_sample_integers(sampler, atome_logit_rate_of(image), logits);
}
