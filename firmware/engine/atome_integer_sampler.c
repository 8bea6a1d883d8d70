/* Sampling from integer logits; docs/sampling.md. */
#include "atome_integer_layout.h"

/* How far a logit is below the largest, in the sampler's unit: distance * multiplier / 2^shift, in two halves that 32
 * bits hold, since a distance has 24 bits. */
static uint32_t cost_of(uint32_t distance, const atome_logit_rate *rate) {
  if (distance == 0u) return 0u;
  const uint32_t high = (distance >> 8) * rate->multiplier, low = (distance & 0xFFu) * rate->multiplier;
  const uint32_t octaves = (high + (low >> 8)) >> (rate->shift - 8u);
  return octaves < ATOME_COST_LIMIT ? 1u + octaves : ATOME_COST_LIMIT;
}

uint8_t atome_integer_sample(atome_sampler *sampler, const atome_integer_image *image, const int32_t *logits) {
  const uint8_t best = atome_integer_greedy(logits);
  if (sampler->rate == 0u) return best;
  const atome_logit_rate *rate = atome_logit_rate_of(image);
  atome_sampler_begin(sampler);
  for (uint32_t byte = 0; byte < ATOME_VOCABULARY; byte++) {
    atome_sampler_put(sampler, (uint8_t)byte, cost_of((uint32_t)(logits[best] - logits[byte]), rate));
  }
  return atome_sampler_draw(sampler);
}
