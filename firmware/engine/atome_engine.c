/* The engine: its work memory, and one step through all blocks. */
#include "atome_engine.h"

#include "atome_layers.h"
#include "atome_layout.h"
#include "atome_math.h"

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF /* gcc ignores it and gets -ffp-contract=off from the build */
#endif

enum { ROUTES = 3 };

/* MARK: memory */

/* How many 4-byte words the parts of the work memory need; 64 bits wide, since the largest shape and context together
 * pass 2^32. */
static uint64_t word_count(const atome_shape *shape, uint32_t context) {
  const uint64_t d = shape->model_width;
  const uint64_t per_layer =
      2u * d + shape->kernel_size * d + context * ((uint64_t)shape->head_width + d);
  return shape->layer_count * per_layer + 4u * d + shape->head_width + 2u * (uint64_t)shape->top_k + ATOME_VOCABULARY;
}

atome_status atome_engine_memory_size(const atome_image *image, uint32_t context, size_t *size) {
  if (context == 0u || context > ATOME_CONTEXT_LIMIT) return ATOME_BAD_CONTEXT;
  const uint64_t bytes = 4u * word_count(&image->shape, context);
  if (bytes > SIZE_MAX) return ATOME_BAD_CONTEXT;
  *size = (size_t)bytes;
  return ATOME_OK;
}

/* Returns the current place and moves it past `count` floats. */
static float *take(float **place, size_t count) {
  float *start = *place;
  *place += count;
  return start;
}

static void divide_memory(atome_engine *engine, float *place) {
  const atome_shape *shape = &engine->image.shape;
  const size_t layers = shape->layer_count, d = shape->model_width, h = shape->head_width;
  engine->state = take(&place, layers * d);
  engine->decay = take(&place, layers * d);
  engine->taps = take(&place, layers * shape->kernel_size * d);
  engine->keys = take(&place, layers * engine->context * h);
  engine->values = take(&place, layers * engine->context * d);
  engine->stream = take(&place, d);
  engine->normal = take(&place, d);
  engine->mixed = take(&place, d);
  engine->attended = take(&place, d);
  engine->query = take(&place, h);
  engine->top_scores = take(&place, shape->top_k);
  engine->logits = take(&place, ATOME_VOCABULARY);
  engine->top_slots = (uint32_t *)(void *)place;
}

static void compute_decays(atome_engine *engine) {
  const size_t d = engine->image.shape.model_width;
  for (uint32_t layer = 0; layer < engine->image.shape.layer_count; layer++) {
    const atome_block block = atome_block_at(&engine->image, layer);
    for (size_t c = 0; c < d; c++) engine->decay[layer * d + c] = atome_tanhf(atome_read_float(block.decay + 4u * c));
  }
}

atome_status atome_engine_init(
    atome_engine *engine, const atome_image *image, uint32_t context, void *memory, size_t memory_size) {
  size_t needed = 0;
  const atome_status status = atome_engine_memory_size(image, context, &needed);
  if (status != ATOME_OK) return status;
  if (memory_size < needed) return ATOME_MEMORY_TOO_SMALL;
  if ((uintptr_t)memory % ATOME_MEMORY_ALIGNMENT != 0u) return ATOME_MEMORY_UNALIGNED;
  engine->image = *image;
  engine->context = context;
  engine->score_scale = 1.0f / atome_sqrtf((float)image->shape.head_width);
  divide_memory(engine, memory);
  compute_decays(engine);
  atome_engine_reset(engine);
  return ATOME_OK;
}

void atome_engine_reset(atome_engine *engine) {
  const size_t count = (size_t)engine->image.shape.layer_count * engine->image.shape.model_width;
  for (size_t i = 0; i < count; i++) engine->state[i] = 0.0f;
  engine->keys_filled = 0;
  engine->taps_filled = 0;
  /* The slots before the first: advancing wraps them to 0. */
  engine->key_slot = engine->context - 1u;
  engine->tap_slot = engine->image.shape.kernel_size - 1u;
}

/* MARK: a step */

static void advance(uint32_t *slot, uint32_t *filled, uint32_t capacity) {
  *slot = *slot + 1u == capacity ? 0u : *slot + 1u;
  if (*filled < capacity) *filled += 1u;
}

/* mixed = r0 * local + r1 * state, channel by channel. */
static void mix_local_and_state(atome_engine *engine, uint32_t layer, const atome_block *block, const float *routes) {
  const uint32_t d = engine->image.shape.model_width, taps = engine->image.shape.kernel_size;
  float *inputs = engine->taps + (size_t)layer * taps * d;
  float *newest = inputs + (size_t)engine->tap_slot * d;
  for (uint32_t c = 0; c < d; c++) newest[c] = engine->normal[c];
  const atome_ring ring = {inputs, d, taps, engine->tap_slot, engine->taps_filled};
  float *state = engine->state + (size_t)layer * d;
  const float *decay = engine->decay + (size_t)layer * d;
  for (uint32_t c = 0; c < d; c++) {
    const float input = atome_read_float(block->input_gain + 4u * c) * engine->normal[c];
    state[c] = decay[c] * state[c] + input;
    const float output = atome_read_float(block->output_gain + 4u * c) * state[c];
    engine->mixed[c] = routes[0] * atome_local(block->kernel, &ring, c) + routes[1] * output;
  }
}

/* Remembers this position's key and value, and attends to the best of the window. */
static void attend(atome_engine *engine, uint32_t layer, const atome_block *block) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, h = shape->head_width, slot = engine->key_slot;
  float *keys = engine->keys + (size_t)layer * engine->context * h;
  float *values = engine->values + (size_t)layer * engine->context * d;
  atome_ternary_product(engine->query, block->query, h, d, engine->normal);
  atome_ternary_product(keys + (size_t)slot * h, block->key, h, d, engine->normal);
  atome_ternary_product(values + (size_t)slot * d, block->value, d, d, engine->normal);
  const atome_ring key_ring = {keys, h, engine->context, slot, engine->keys_filled};
  const atome_ring value_ring = {values, d, engine->context, slot, engine->keys_filled};
  const uint32_t count = atome_best_matches(
      engine->top_scores, engine->top_slots, shape->top_k, engine->query, &key_ring, engine->score_scale);
  atome_softmax(engine->top_scores, count);
  atome_weighted_sum(engine->attended, engine->top_scores, engine->top_slots, count, &value_ring);
}

static void run_block(atome_engine *engine, uint32_t layer) {
  const uint32_t d = engine->image.shape.model_width;
  const atome_block block = atome_block_at(&engine->image, layer);
  float routes[ROUTES];
  atome_layer_norm(engine->normal, engine->stream, block.norm_gain, block.norm_bias, d);
  atome_ternary_product(routes, block.router, ROUTES, d, engine->normal);
  atome_softmax(routes, ROUTES);
  mix_local_and_state(engine, layer, &block, routes);
  attend(engine, layer, &block);
  for (uint32_t c = 0; c < d; c++) {
    engine->stream[c] = engine->stream[c] + (engine->mixed[c] + routes[2] * engine->attended[c]);
  }
}

const float *atome_engine_step(atome_engine *engine, uint8_t byte) {
  const atome_shape *shape = &engine->image.shape;
  const atome_ends ends = atome_ends_of(&engine->image);
  advance(&engine->key_slot, &engine->keys_filled, engine->context);
  advance(&engine->tap_slot, &engine->taps_filled, shape->kernel_size);
  atome_ternary_row(engine->stream, ends.embedding, byte, shape->model_width);
  for (uint32_t layer = 0; layer < shape->layer_count; layer++) run_block(engine, layer);
  atome_layer_norm(engine->normal, engine->stream, ends.norm_gain, ends.norm_bias, shape->model_width);
  atome_ternary_product(engine->logits, ends.unembedding, ATOME_VOCABULARY, shape->model_width, engine->normal);
  return engine->logits;
}

uint8_t atome_greedy(const float *logits) {
  uint32_t best = 0;
  for (uint32_t byte = 1; byte < ATOME_VOCABULARY; byte++) {
    if (logits[byte] > logits[best]) best = byte;
  }
  return (uint8_t)best;
}
