/* The integer engine: its work memory, and one step through all blocks. */
#include "atome_integer_layers.h"
#include "atome_integer_product.h"

enum { ROUTES = 3, QUERY_BITS = 12, NARROW_KEY_BITS = 8, WIDE_KEY_BITS = 12 };

#define LOGIT_BYTES ((size_t)4u * ATOME_VOCABULARY)

/* MARK: memory */

/* Numbers of one input in a layer's ring of them. */
static uint32_t tap_stride(const atome_integer_image *image) { return image->groups * ATOME_GROUP; }

/* Where each part of the work memory begins, in bytes, in the order of the engine's pointers; then their end. */
enum { SUMS, STREAM, MATCHES, QUERY, TABLES, TAPS, STATE, KEYS, VALUES, END, PLACES };

static size_t whole_words(size_t bytes) { return (bytes + 3u) & ~(size_t)3u; }

static atome_status plan_memory(size_t *places, const atome_integer_image *image, uint32_t context) {
  const atome_shape *shape = &image->shape;
  const uint32_t d = shape->model_width, layers = shape->layer_count, h = shape->head_width;
  const uint32_t groups = atome_groups(d), tables = groups < ATOME_TABLE_GROUPS ? groups : ATOME_TABLE_GROUPS;
  const uint32_t remembered = context * layers * image->cache_bytes;
  if (context - 1u >= ATOME_CONTEXT_LIMIT || remembered > SIZE_MAX / 2u / (d + h)) return ATOME_BAD_CONTEXT;
  /* Sizes first. */
  places[SUMS] = (size_t)4u * atome_whole_rows(atome_projection_rows(shape));
  places[STREAM] = (size_t)4u * d;
  places[MATCHES] = (size_t)8u * shape->top_k;
  places[QUERY] = (size_t)2u * h;
  places[TABLES] = (size_t)tables * ATOME_CODES;
  places[TAPS] = (size_t)layers * shape->kernel_size * groups * ATOME_GROUP;
  places[STATE] = (size_t)2u * layers * d;
  places[KEYS] = (size_t)remembered * h;
  places[VALUES] = (size_t)remembered * d;
  size_t size = 0;
  for (uint32_t part = 0; part < END; part++) {
    const size_t start = size;
    size += whole_words(places[part]);
    /* Logits begin at the sums, and take the room of what is not needed then. */
    if (part == QUERY && size < LOGIT_BYTES) size = LOGIT_BYTES;
    places[part] = start;
  }
  places[END] = size;
  return ATOME_OK;
}

atome_status atome_integer_memory_size(const atome_integer_image *image, uint32_t context, size_t *size) {
  size_t places[PLACES];
  const atome_status status = plan_memory(places, image, context);
  if (status == ATOME_OK) *size = places[END];
  return status;
}

atome_status atome_integer_init(
    atome_integer_engine *engine, const atome_integer_image *image, uint32_t context, void *memory,
    size_t memory_size) {
  size_t places[PLACES];
  const atome_status status = plan_memory(places, image, context);
  if (status != ATOME_OK) return status;
  if (memory_size < places[END]) return ATOME_MEMORY_TOO_SMALL;
  if ((uintptr_t)memory % ATOME_MEMORY_ALIGNMENT != 0u) return ATOME_MEMORY_UNALIGNED;
  uint8_t *start = memory;
  engine->image = *image;
  engine->context = context;
  engine->sums = (void *)start;
  engine->stream = (void *)(start + places[STREAM]);
  engine->matches = (void *)(start + places[MATCHES]);
  engine->query = (void *)(start + places[QUERY]);
  engine->tables = start + places[TABLES];
  engine->taps = (void *)(start + places[TAPS]);
  engine->state = (void *)(start + places[STATE]);
  engine->keys = start + places[KEYS];
  engine->values = start + places[VALUES];
  atome_integer_reset(engine);
  return status;
}

void atome_integer_reset(atome_integer_engine *engine) {
  uint32_t left = engine->image.shape.layer_count * engine->image.shape.model_width;
  while (left > 0u) engine->state[--left] = 0;
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

/* The stream of a byte: E times its row of the embedding. Digits are found without a division. */
static void embed(int32_t *stream, const atome_integer_ends *ends, uint8_t byte, uint32_t width, uint32_t groups) {
  static const uint8_t places[ATOME_GROUP] = {1, 3, 9, 28, 84};
  const uint8_t *codes = ends->embedding + (size_t)byte * groups;
  for (uint32_t start = 0; start < width; start += ATOME_GROUP) {
    uint32_t code = *codes++;
    for (uint32_t i = ATOME_GROUP; i-- > 0u;) {
      int32_t value = -ends->magnitude;
      for (; code >= places[i]; code -= places[i]) value += ends->magnitude;
      if (start + i < width) stream[start + i] = value;
    }
  }
}

/* Remembers this position's key and value, and leaves in sums what the best of the window add to the stream. */
static void attend(atome_integer_engine *engine, uint32_t index, const atome_layer *layer, int32_t route) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, h = shape->head_width, bytes = engine->image.cache_bytes;
  const size_t first = (size_t)index * engine->context * bytes, newest = (size_t)engine->key_slot * bytes;
  uint8_t *keys = engine->keys + first * h, *values = engine->values + first * d;
  const int32_t *sums = engine->sums;
  atome_requantise(engine->query, sums, h, &layer->head->projections[0], QUERY_BITS);
  atome_requantise(
      keys + newest * h, sums + h, h, &layer->head->projections[1], bytes == 1u ? NARROW_KEY_BITS : WIDE_KEY_BITS);
  atome_requantise(values + (size_t)newest * d, sums + (size_t)2u * h, d, &layer->head->projections[2], 8u * bytes);
  atome_cache cache = {keys, h, bytes, engine->context, engine->key_slot, engine->keys_filled};
  int32_t *weights = engine->matches;
  const uint32_t count = atome_integer_matches(weights, shape->top_k, engine->query, &cache);
  atome_integer_softmax(weights, count, &layer->head->score_rate);
  for (uint32_t i = 0; i < count; i++) {
    weights[i] = (((weights[i] * route) >> 15) * (int32_t)layer->head->value_gain) >> layer->head->value_shift;
  }
  cache.vectors = values;
  cache.width = d;
  atome_integer_weighted_sum(engine->sums, weights, weights + shape->top_k, count, &cache);
}

static void run_block(atome_integer_engine *engine, uint32_t index) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, stride = tap_stride(&engine->image);
  const atome_layer layer = atome_layer_at(&engine->image, index);
  int8_t *ring = engine->taps + (size_t)index * shape->kernel_size * stride;
  int8_t *n = ring + (size_t)engine->tap_slot * stride;
  atome_integer_norm(n, engine->stream, &layer.norm, d, engine->sums);
  atome_integer_product(
      engine->sums, layer.projection, atome_projection_rows(shape), engine->image.groups, n, engine->tables);
  /* They stay behind the d sums that the pathways add to. */
  int32_t *routes = engine->sums + (2u * shape->head_width + d);
  atome_integer_softmax(routes, ROUTES, &layer.head->router_rate);
  attend(engine, index, &layer, routes[2]);
  const atome_cache inputs = {(const uint8_t *)ring, stride,           (uint32_t)sizeof *ring,
                              shape->kernel_size,    engine->tap_slot, engine->taps_filled};
  atome_integer_local(engine->sums, (routes[0] * (int32_t)layer.head->local_gain) >> 15, layer.kernel, &inputs, d);
  atome_integer_mix(engine->stream, engine->sums, engine->state + (size_t)index * d, n, &layer, routes[1], d);
}

const int32_t *atome_integer_step(atome_integer_engine *engine, uint8_t byte) {
  const atome_shape *shape = &engine->image.shape;
  const atome_integer_ends ends = atome_integer_ends_of(&engine->image);
  advance(&engine->key_slot, &engine->keys_filled, engine->context);
  advance(&engine->tap_slot, &engine->taps_filled, shape->kernel_size);
  embed(engine->stream, &ends, byte, shape->model_width, engine->image.groups);
  for (uint32_t layer = 0; layer < shape->layer_count; layer++) run_block(engine, layer);
  /* The oldest input of the first layer was read for the last time, so its place can hold the final norm. */
  const uint32_t oldest = engine->tap_slot + 1u == shape->kernel_size ? 0u : engine->tap_slot + 1u;
  int8_t *n = engine->taps + (size_t)oldest * tap_stride(&engine->image);
  atome_integer_norm(n, engine->stream, &ends.norm, shape->model_width, engine->sums);
  atome_integer_product(engine->sums, ends.unembedding, ATOME_VOCABULARY, engine->image.groups, n, engine->tables);
  return engine->sums;
}
