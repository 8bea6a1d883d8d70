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
  const uint32_t d = shape->model_width;
  const uint32_t per_layer = (2u + shape->kernel_size + context) * d + context * shape->head_width;
  const uint32_t rest = 4u * d + shape->head_width + 2u * shape->top_k + ATOME_VOCABULARY;
  return (uint64_t)shape->layer_count * per_layer + rest;
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

/* The place after the magic and the embedding, which is found. */
static const uint8_t *locate_embedding(const atome_image *image, atome_tensors *tensors) {
  return atome_locate(tensors, image, image->bytes + ATOME_MAGIC_BYTES, ATOME_EMBEDDING, ATOME_EMBEDDING);
}

static const uint8_t *locate_block(const atome_image *image, atome_tensors *tensors, const uint8_t *place) {
  return atome_locate(tensors, image, place, ATOME_NORM_GAIN, ATOME_ROUTER);
}

static void compute_decays(atome_engine *engine) {
  const uint32_t d = engine->image.shape.model_width;
  atome_tensors tensors;
  const uint8_t *place = locate_embedding(&engine->image, &tensors);
  float *decay = engine->decay;
  for (uint32_t layer = 0; layer < engine->image.shape.layer_count; layer++) {
    place = locate_block(&engine->image, &tensors, place);
    for (uint32_t c = 0; c < d; c++) *decay++ = atome_tanhf(atome_read_float(tensors.at[ATOME_DECAY] + (size_t)4u * c));
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
  /* States and taps become 0; the decays between them stay. */
  const size_t words = (size_t)engine->image.shape.layer_count * engine->image.shape.model_width;
  for (size_t i = 0; i < words; i++) engine->state[i] = 0.0f;
  for (float *tap = engine->taps; tap != engine->keys; tap++) *tap = 0.0f;
  engine->keys_filled = 0;
  engine->key_slot = engine->context - 1u; /* the slot before the first: advancing wraps it to 0 */
}

/* MARK: a step */

/* y[rows] = a tensor of the image times the layer norm of the stream. */
static void multiply(const atome_engine *engine, float *y, const uint8_t *tensor, uint32_t rows) {
  const uint32_t d = engine->image.shape.model_width;
  atome_ternary_product(y, tensor, engine->image.trits_per_byte, rows, d, engine->normal, 0);
}

/* mixed = r0 * local + r1 * state, channel by channel. */
static void mix_local_and_state(
    atome_engine *engine, uint32_t layer, const atome_tensors *tensors, const float *routes) {
  const uint32_t d = engine->image.shape.model_width, kernel_size = engine->image.shape.kernel_size;
  float *taps = engine->taps + (size_t)layer * d * kernel_size;
  /* All move by one place; what that moves into the next channel's newest place is overwritten. */
  for (uint32_t i = d * kernel_size - 1u; i > 0u; i--) taps[i] = taps[i - 1u];
  for (uint32_t c = 0; c < d; c++) taps[(size_t)c * kernel_size] = engine->normal[c];
  atome_ternary_product(
      engine->mixed, tensors->at[ATOME_KERNEL], engine->image.trits_per_byte, d, kernel_size, taps, kernel_size);
  float *state = engine->state + (size_t)layer * d;
  const float *decay = engine->decay + (size_t)layer * d;
  for (uint32_t c = 0; c < d; c++) {
    const float input = atome_read_float(tensors->at[ATOME_INPUT_GAIN] + (size_t)4u * c) * engine->normal[c];
    state[c] = decay[c] * state[c] + input;
    const float output = atome_read_float(tensors->at[ATOME_OUTPUT_GAIN] + (size_t)4u * c) * state[c];
    engine->mixed[c] = routes[0] * engine->mixed[c] + routes[1] * output;
  }
}

/* Remembers this position's key and value, and attends to the best of the window. */
static void attend(atome_engine *engine, uint32_t layer, const atome_tensors *tensors) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, h = shape->head_width, slot = engine->key_slot;
  float *keys = engine->keys + (size_t)layer * engine->context * h;
  float *values = engine->values + (size_t)layer * engine->context * d;
  multiply(engine, engine->query, tensors->at[ATOME_QUERY], h);
  multiply(engine, keys + (size_t)slot * h, tensors->at[ATOME_KEY], h);
  multiply(engine, values + (size_t)slot * d, tensors->at[ATOME_VALUE], d);
  const atome_ring key_ring = {keys, h, engine->context, slot, engine->keys_filled};
  const atome_ring value_ring = {values, d, engine->context, slot, engine->keys_filled};
  const uint32_t count = atome_best_matches(
      engine->top_scores, engine->top_slots, shape->top_k, engine->query, &key_ring, engine->score_scale);
  atome_softmax(engine->top_scores, count);
  atome_weighted_sum(engine->attended, engine->top_scores, engine->top_slots, count, &value_ring);
}

static void run_block(atome_engine *engine, uint32_t layer, const atome_tensors *tensors) {
  const uint32_t d = engine->image.shape.model_width;
  float routes[ROUTES];
  atome_layer_norm(engine->normal, engine->stream, tensors->at[ATOME_NORM_GAIN], d);
  multiply(engine, routes, tensors->at[ATOME_ROUTER], ROUTES);
  atome_softmax(routes, ROUTES);
  mix_local_and_state(engine, layer, tensors, routes);
  attend(engine, layer, tensors);
  for (uint32_t c = 0; c < d; c++) {
    engine->stream[c] = engine->stream[c] + (engine->mixed[c] + routes[2] * engine->attended[c]);
  }
}

const float *atome_engine_step(atome_engine *engine, uint8_t byte) {
  const atome_image *image = &engine->image;
  const uint32_t d = image->shape.model_width;
  atome_tensors tensors;
  const uint8_t *place = locate_embedding(image, &tensors);
  engine->key_slot = engine->key_slot + 1u == engine->context ? 0u : engine->key_slot + 1u;
  if (engine->keys_filled < engine->context) engine->keys_filled++;
  atome_ternary_row(engine->stream, tensors.at[ATOME_EMBEDDING], image->trits_per_byte, byte, d);
  for (uint32_t layer = 0; layer < image->shape.layer_count; layer++) {
    place = locate_block(image, &tensors, place);
    run_block(engine, layer, &tensors);
  }
  (void)atome_locate(&tensors, image, place, ATOME_FINAL_GAIN, ATOME_UNEMBEDDING);
  atome_layer_norm(engine->normal, engine->stream, tensors.at[ATOME_FINAL_GAIN], d);
  multiply(engine, engine->logits, tensors.at[ATOME_UNEMBEDDING], ATOME_VOCABULARY);
  return engine->logits;
}

uint8_t atome_greedy(const float *logits) {
  uint32_t best = 0;
  for (uint32_t byte = 1; byte < ATOME_VOCABULARY; byte++) {
    if (logits[byte] > logits[best]) best = byte;
  }
  return (uint8_t)best;
}
