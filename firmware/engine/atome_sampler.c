/* Seeded sampling: costs, their order, and the draw. */
#include "atome_sampler.h"

#include "atome_fixed.h"
#include "atome_math.h"

/* 2048 * log2(e), the octaves of a logit of 1. */
#define OCTAVES_PER_NAT 2954.6394f
#define MINUS_INFINITY_BITS 0xFF800000u

/* MARK: the generator */

uint32_t atome_random_next(atome_random *random) {
  const uint64_t state = random->state;
  random->state = state * UINT64_C(6364136223846793005) + random->increment;
  const uint32_t mixed = (uint32_t)(((state >> 18) ^ state) >> 27);
  const uint32_t turn = (uint32_t)(state >> 59);
  return mixed >> turn | mixed << ((32u - turn) & 31u);
}

void atome_random_seed(atome_random *random, uint64_t seed, uint64_t stream) {
  random->state = 0u;
  random->increment = stream << 1 | 1u;
  (void)atome_random_next(random);
  random->state += seed;
  (void)atome_random_next(random);
}

/* MARK: settings */

static int inside(uint32_t value, uint32_t floor, uint32_t limit) { return value >= floor && value <= limit; }

static int is_allowed(const atome_sampling *sampling) {
  return inside(sampling->temperature, ATOME_TEMPERATURE_FLOOR, ATOME_TEMPERATURE_LIMIT) &&
         inside(sampling->top_k, 1u, ATOME_VOCABULARY) && inside(sampling->top_p, 1u, ATOME_TOP_P_LIMIT);
}

/* 1000 / temperature as a fraction of 16 bits, so that costs are scaled without a division. */
static void set_rate(atome_sampler *sampler, uint32_t temperature) {
  sampler->rate = (1000u << 22) / temperature;
  sampler->shift = 22u;
  while (sampler->rate > 0xFFFFu) {
    sampler->rate >>= 1;
    sampler->shift--;
  }
}

atome_status atome_sampler_init(atome_sampler *sampler, const atome_sampling *sampling, uint64_t stream) {
  sampler->rate = 0u;
  if (sampling->temperature == 0u) return ATOME_OK;
  if (!is_allowed(sampling)) return ATOME_BAD_SAMPLING;
  sampler->top_k = sampling->top_k;
  sampler->top_p = sampling->top_p;
  set_rate(sampler, sampling->temperature);
  atome_random_seed(&sampler->random, sampling->seed, stream);
  return ATOME_OK;
}

/* MARK: the order */

/* cost * rate / 2^shift, in two halves that 32 bits hold. */
static uint32_t weight_of(const atome_sampler *sampler, uint32_t cost) {
  const uint32_t high = (cost >> 8) * sampler->rate, low = (cost & 0xFFu) * sampler->rate;
  return atome_exp2_down((high + (low >> 8)) >> (sampler->shift - 8u));
}

/* Restores the heap, whose smallest key stands first, below one place. */
static void sift_down(uint32_t *keys, uint32_t place, uint32_t count) {
  const uint32_t key = keys[place];
  for (;;) {
    uint32_t child = 2u * place + 1u;
    if (child >= count) break;
    if (child + 1u < count && keys[child + 1u] < keys[child]) child++;
    if (key <= keys[child]) break;
    keys[place] = keys[child];
    place = child;
  }
  keys[place] = key;
}

/* The key of a rank, 0 for the most probable byte; sorts only as far as is asked. */
static uint32_t key_at(atome_sampler *sampler, uint32_t rank) {
  while (sampler->sorted <= rank) {
    const uint32_t last = sampler->count - ++sampler->sorted;
    const uint32_t smallest = sampler->keys[0];
    sampler->keys[0] = sampler->keys[last];
    sampler->keys[last] = smallest;
    sift_down(sampler->keys, 0u, last);
  }
  return sampler->keys[sampler->count - 1u - rank];
}

static uint32_t weight_at(atome_sampler *sampler, uint32_t rank) {
  return weight_of(sampler, key_at(sampler, rank) >> 8);
}

/* MARK: a draw */

void atome_sampler_begin(atome_sampler *sampler) {
  sampler->total = 0u;
  sampler->count = 0u;
  sampler->sorted = 0u;
}

/* What has no weight is never drawn, and is left out. */
void atome_sampler_put(atome_sampler *sampler, uint8_t byte, uint32_t cost) {
  const uint32_t weight = weight_of(sampler, cost);
  if (weight == 0u) return;
  sampler->total += weight;
  sampler->keys[sampler->count++] = cost << 8 | byte;
}

/* The weight of the first top_k. */
static uint32_t weight_of_best(atome_sampler *sampler) {
  uint32_t weight = 0;
  for (uint32_t rank = 0; rank < sampler->top_k; rank++) weight += weight_at(sampler, rank);
  return weight;
}

/* The weight of the shortest beginning that reaches top_p thousandths of `total`. */
static uint32_t weight_of_share(atome_sampler *sampler, uint32_t total) {
  const uint32_t needed = total / 1000u * sampler->top_p + (total % 1000u * sampler->top_p + 999u) / 1000u;
  uint32_t weight = 0;
  for (uint32_t rank = 0; weight < needed; rank++) weight += weight_at(sampler, rank);
  return weight;
}

uint8_t atome_sampler_draw(atome_sampler *sampler) {
  const uint32_t bits = atome_random_next(&sampler->random);
  if (sampler->count == 0u) return 0u;
  for (uint32_t place = sampler->count / 2u; place-- > 0u;) sift_down(sampler->keys, place, sampler->count);
  uint32_t total = sampler->total;
  if (sampler->top_k < sampler->count) total = weight_of_best(sampler);
  if (sampler->top_p < ATOME_TOP_P_LIMIT) total = weight_of_share(sampler, total);
  uint32_t place = (uint32_t)((uint64_t)bits * total >> 32);
  uint32_t rank = 0;
  for (;;) {
    const uint32_t weight = weight_at(sampler, rank);
    if (place < weight) return (uint8_t)key_at(sampler, rank);
    place -= weight;
    rank++;
  }
}

/* MARK: float32 logits */

/* Minus infinity where none is a number. */
static float largest_of(const float *logits) {
  float largest = atome_float_of_bits(MINUS_INFINITY_BITS);
  for (uint32_t byte = 0; byte < ATOME_VOCABULARY; byte++) {
    if (logits[byte] > largest) largest = logits[byte];
  }
  return largest;
}

/* Comparisons with NaN are false, so it gets the largest cost. */
static uint32_t cost_of(float logit, float largest) {
  if (logit == largest) return 0u;
  const float octaves = (largest - logit) * OCTAVES_PER_NAT;
  return octaves < (float)ATOME_COST_LIMIT ? 1u + (uint32_t)octaves : ATOME_COST_LIMIT;
}

uint8_t atome_sample(atome_sampler *sampler, const float *logits) {
  if (sampler->rate == 0u) return atome_greedy(logits);
  const float largest = largest_of(logits);
  atome_sampler_begin(sampler);
  for (uint32_t byte = 0; byte < ATOME_VOCABULARY; byte++) {
    atome_sampler_put(sampler, (uint8_t)byte, cost_of(logits[byte], largest));
  }
  return atome_sampler_draw(sampler);
}
