/* Sampling from integer logits of any image; docs/sampling.md. */
#ifndef ATOME_INTEGER_SAMPLER_H
#define ATOME_INTEGER_SAMPLER_H

#include "atome_sampler.h"

/* The sampler's octaves in a logit of 1: multiplier / 2^shift. */
typedef struct atome_logit_rate {
  uint32_t multiplier, shift;
} atome_logit_rate;

/* The next token, from 256 logits of 24 bits. */
uint8_t atome_sample_integers(atome_sampler *sampler, const atome_logit_rate *rate, const int32_t *logits);

#endif
