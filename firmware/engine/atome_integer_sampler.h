/* Sampling from integer logits of any image; docs/sampling.md. */
#ifndef ATOME_INTEGER_SAMPLER_H
#define ATOME_INTEGER_SAMPLER_H

#include "atome_sampler.h"

/* The sampler's octaves in a logit of 1: multiplier / 2^shift. */
typedef struct atome_logit_rate {
  uint32_t multiplier, shift;
} atome_logit_rate;

/* How far a logit is below the largest, in the sampler's unit: distance * multiplier / 2^shift, in two halves that 32
 * bits hold, since a distance has 24 bits. */
static inline uint32_t atome_logit_cost(uint32_t distance, const atome_logit_rate *rate) {
  if (distance == 0u) return 0u;
  const uint32_t high = (distance >> 8) * rate->multiplier, low = (distance & 0xFFu) * rate->multiplier;
  const uint32_t octaves = (high + (low >> 8)) >> (rate->shift - 8u);
  return octaves < ATOME_COST_LIMIT ? 1u + octaves : ATOME_COST_LIMIT;
}

/* The next token, from 256 logits of 24 bits. */
uint8_t atome_sample_integers(atome_sampler *sampler, const atome_logit_rate *rate, const int32_t *logits);

#endif
