/* Seeded sampling: from 256 logits to the next byte, the same on every machine. Specified in docs/sampling.md; the
 * Swift twin is in Sources/Model/Sampling.
 *
 * Integers from the costs on, since a Cortex-M0 has no floating-point unit. An engine whose logits are no floats puts
 * its own costs (atome_sampler_begin, _put, _draw); atome_sample does so for float32. No heap, no globals: all state is
 * in the caller's struct. */
#ifndef ATOME_SAMPLER_H
#define ATOME_SAMPLER_H

#include "atome_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The least temperature but 0, in thousandths. */
#define ATOME_TEMPERATURE_FLOOR 10u
/* The largest temperature. */
#define ATOME_TEMPERATURE_LIMIT 100000u
/* The largest top_p: the whole weight. */
#define ATOME_TOP_P_LIMIT 1000u
/* The largest cost, which all above it become. */
#define ATOME_COST_LIMIT 4194303u

/* How bytes are drawn. */
typedef struct atome_sampling {
  uint32_t temperature; /* in thousandths, 10...100000; 0 for the greedy choice, which leaves the other fields alone */
  uint32_t top_k;       /* 1...256: how many of the most probable bytes may be drawn */
  uint32_t top_p;       /* in thousandths, 1...1000: which share of their weight the most probable must reach */
  uint64_t seed;        /* equal seeds and streams draw equal bytes */
} atome_sampling;

/* PCG32 (XSH-RR 64/32: O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random
 * Number Generation", 2014). */
typedef struct atome_random {
  uint64_t state;     /* changes with each number */
  uint64_t increment; /* odd; chooses one of 2^63 sequences */
} atome_random;

/* Begins the sequence that `stream` chooses. */
void atome_random_seed(atome_random *random, uint64_t seed, uint64_t stream);
/* The next 32 bits. */
uint32_t atome_random_next(atome_random *random);

/* Settings, generator, and room for one draw: 1072 bytes. Fields are private to the sampler. */
typedef struct atome_sampler {
  atome_random random;
  uint32_t top_k;
  uint32_t top_p;
  uint32_t rate; /* rate / 2^shift is 1 / temperature; 0 for the greedy choice */
  uint32_t shift;
  uint32_t total;     /* weight of all bytes */
  uint32_t count;     /* how many bytes have a weight */
  uint32_t sorted;    /* how many of them are in order */
  uint32_t keys[256]; /* cost and byte; a heap, then those in order, the first at the end */
} atome_sampler;

/* stream: independent sequences of one seed. ATOME_BAD_SAMPLING where a setting is outside its limits. */
atome_status atome_sampler_init(atome_sampler *sampler, const atome_sampling *sampling, uint64_t stream);

/* The next byte, from 256 float32 logits. */
uint8_t atome_sample(atome_sampler *sampler, const float *logits);

/* A draw in parts, where the temperature is not 0: begin, put each byte's cost once, draw. A cost is how many 1/2048
 * octaves (powers of two of the probability) the byte is below the most probable one at temperature 1, at most
 * ATOME_COST_LIMIT; 0 for the most probable, and only for it and its equals. */
void atome_sampler_begin(atome_sampler *sampler);
/* One byte and its cost. */
void atome_sampler_put(atome_sampler *sampler, uint8_t byte, uint32_t cost);
/* The byte that is drawn among those that were put. */
uint8_t atome_sampler_draw(atome_sampler *sampler);

#ifdef __cplusplus
}
#endif

#endif
