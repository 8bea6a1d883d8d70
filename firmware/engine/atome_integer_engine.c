/* The integer engine: its work memory, and one step through all blocks. */
#include "atome_integer_layers.h"
#include "atome_integer_product.h"

enum { ROUTES = 3, QUERY_BITS = 12, NARROW_KEY_BITS = 8, WIDE_KEY_BITS = 12 };

#define LOGIT_BYTES ((uint64_t)4u * ATOME_VOCABULARY)

/* MARK: memory */

/* Numbers of one input in a layer's ring of them. */
static uint32_t tap_stride(const atome_shape *shape) { return atome_groups(shape->model_width) * ATOME_GROUP; }

static uint32_t table_groups(const atome_shape *shape) {
  const uint32_t groups = atome_groups(shape->model_width);
  return groups < ATOME_TABLE_GROUPS ? groups : ATOME_TABLE_GROUPS;
}

/* A plan of the work memory: where the next part begins. 64 bits wide, since the largest shape and context together
 * pass 2^32. */
typedef struct memory_plan {
  uint8_t *memory; /* NULL: only the size is wanted */
  uint64_t size;
} memory_plan;

/* Returns where a part begins, and moves past it, in whole words. */
static void *take(memory_plan *plan, uint64_t bytes) {
  uint8_t *start = plan->memory != NULL ? plan->memory + (size_t)plan->size : NULL;
  plan->size += (bytes + 3u) & ~(uint64_t)3u;
  return start;
}

/* Gives the engine's parts their places, and returns how many bytes they take. */
static uint64_t divide_memory(
    atome_integer_engine *engine, const atome_integer_image *image, uint32_t context, uint8_t *memory) {
  const atome_shape *shape = &image->shape;
  const uint32_t d = shape->model_width, layers = shape->layer_count, h = shape->head_width;
  const uint32_t remembered = layers * image->cache_bytes;
  memory_plan plan = {memory, 0u};
  engine->sums = take(&plan, (uint64_t)4u * atome_whole_rows(atome_projection_rows(shape)));
  engine->stream = take(&plan, (uint64_t)4u * d);
  engine->matches = take(&plan, (uint64_t)8u * shape->top_k);
  engine->query = take(&plan, (uint64_t)2u * h);
  /* Logits begin at the sums, and take the room of what is not needed then. */
  if (plan.size < LOGIT_BYTES) plan.size = LOGIT_BYTES;
  engine->tables = take(&plan, (uint64_t)table_groups(shape) * ATOME_CODES);
  engine->taps = take(&plan, (uint64_t)layers * shape->kernel_size * tap_stride(shape));
  engine->state = take(&plan, (uint64_t)2u * layers * d);
  engine->keys = take(&plan, (uint64_t)context * remembered * h);
  engine->values = take(&plan, (uint64_t)context * remembered * d);
  return plan.size;
}

atome_status atome_integer_memory_size(const atome_integer_image *image, uint32_t context, size_t *size) {
  atome_integer_engine unused;
  if (context == 0u || context > ATOME_CONTEXT_LIMIT) return ATOME_BAD_CONTEXT;
  const uint64_t bytes = divide_memory(&unused, image, context, NULL);
  if (bytes > SIZE_MAX) return ATOME_BAD_CONTEXT;
  *size = (size_t)bytes;
  return ATOME_OK;
}

atome_status atome_integer_init(
    atome_integer_engine *engine, const atome_integer_image *image, uint32_t context, void *memory,
    size_t memory_size) {
  size_t needed = 0;
  const atome_status status = atome_integer_memory_size(image, context, &needed);
  if (status != ATOME_OK) return status;
  if (memory_size < needed) return ATOME_MEMORY_TOO_SMALL;
  if ((uintptr_t)memory % ATOME_MEMORY_ALIGNMENT != 0u) return ATOME_MEMORY_UNALIGNED;
  engine->image = *image;
  engine->context = context;
  (void)divide_memory(engine, image, context, memory);
  atome_integer_reset(engine);
  return ATOME_OK;
}

void atome_integer_reset(atome_integer_engine *engine) {
  const size_t count = (size_t)engine->image.shape.layer_count * engine->image.shape.model_width;
  for (size_t i = 0; i < count; i++) engine->state[i] = 0;
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
static void embed(int32_t *stream, const atome_integer_ends *ends, uint8_t byte, uint32_t width) {
  static const uint8_t places[ATOME_GROUP] = {1, 3, 9, 28, 84};
  const uint32_t groups = atome_groups(width);
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

static atome_cache cache_of(const atome_integer_engine *engine, const uint8_t *vectors, uint32_t width) {
  const atome_cache cache = {
      vectors, width, engine->image.cache_bytes, engine->context, engine->key_slot, engine->keys_filled};
  return cache;
}

/* Remembers this position's key and value, and leaves in sums what the best of the window add to the stream. */
static void attend(atome_integer_engine *engine, uint32_t index, const atome_layer *layer, int32_t route) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, h = shape->head_width, bytes = engine->image.cache_bytes;
  const size_t first = (size_t)index * engine->context * bytes, newest = (size_t)engine->key_slot * bytes;
  uint8_t *keys = engine->keys + first * h, *values = engine->values + first * d;
  const int32_t *sums = engine->sums;
  atome_requantise(engine->query, 2u, sums, h, &layer->head->query, QUERY_BITS);
  atome_requantise(
      keys + newest * h, bytes, sums + h, h, &layer->head->key, bytes == 1u ? NARROW_KEY_BITS : WIDE_KEY_BITS);
  atome_requantise(values + (size_t)newest * d, bytes, sums + (size_t)2u * h, d, &layer->head->value, 8u * bytes);
  const atome_cache key_cache = cache_of(engine, keys, h), value_cache = cache_of(engine, values, d);
  int32_t *weights = engine->matches;
  const uint32_t count = atome_integer_matches(weights, shape->top_k, engine->query, &key_cache);
  atome_integer_softmax(weights, count, &layer->head->score_rate);
  for (uint32_t i = 0; i < count; i++) {
    weights[i] = (((weights[i] * route) >> 15) * (int32_t)layer->head->value_gain) >> layer->head->value_shift;
  }
  atome_integer_weighted_sum(engine->sums, weights, weights + shape->top_k, count, &value_cache);
}

static void run_block(atome_integer_engine *engine, uint32_t index) {
  const atome_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, stride = tap_stride(shape);
  const atome_layer layer = atome_layer_at(&engine->image, index);
  int8_t *ring = engine->taps + (size_t)index * shape->kernel_size * stride;
  int8_t *n = ring + (size_t)engine->tap_slot * stride;
  int32_t routes[ROUTES];
  atome_integer_norm(n, engine->stream, &layer.norm, d, engine->sums);
  atome_integer_product(engine->sums, layer.projection, atome_projection_rows(shape), d, n, engine->tables);
  for (uint32_t i = 0; i < ROUTES; i++) routes[i] = engine->sums[2u * shape->head_width + d + i];
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
  embed(engine->stream, &ends, byte, shape->model_width);
  for (uint32_t layer = 0; layer < shape->layer_count; layer++) run_block(engine, layer);
  /* The oldest input of the first layer was read for the last time, so its place can hold the final norm. */
  const uint32_t oldest = engine->tap_slot + 1u == shape->kernel_size ? 0u : engine->tap_slot + 1u;
  int8_t *n = engine->taps + (size_t)oldest * tap_stride(shape);
  atome_integer_norm(n, engine->stream, &ends.norm, shape->model_width, engine->sums);
  atome_integer_product(engine->sums, ends.unembedding, ATOME_VOCABULARY, shape->model_width, n, engine->tables);
  return engine->sums;
}
