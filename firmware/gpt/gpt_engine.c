/* The engine: its work memory, and one step through all blocks. */
#include "gpt_layers.h"
#include "gpt_rows.h"

/* MARK: memory */

/* A plan of the work memory: where the next part begins. */
typedef struct memory_plan {
  uint8_t *memory; /* NULL: only the size is wanted */
  size_t size;
} memory_plan;

/* Returns where a part begins, and moves past it, in whole words. */
static void *take(memory_plan *plan, size_t bytes) {
  uint8_t *start = plan->memory != NULL ? plan->memory + plan->size : NULL;
  plan->size += (bytes + 3u) & ~(size_t)3u;
  return start;
}

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

/* Numbers of a head in query and key. */
static uint32_t head_stride(const gpt_shape *shape) { return gpt_fours(shape->model_width / shape->head_count); }

/* Sums of the largest product, or a head's scores and what it answers. */
static uint32_t sum_count(const gpt_shape *shape) {
  const uint32_t rows = larger(gpt_eights(3u * shape->model_width), gpt_eights(shape->feed_forward_width));
  const uint32_t head = shape->context + shape->model_width / shape->head_count;
  return larger(larger(rows, head), ATOME_VOCABULARY);
}

/* Gives the engine's parts their places, and returns how many bytes they take. */
static size_t divide_memory(gpt_engine *engine, const gpt_image *image, uint8_t *memory) {
  const gpt_shape *shape = &image->shape;
  const uint32_t d = shape->model_width, context = shape->context, layers = shape->layer_count;
  const uint32_t width = gpt_fours(larger(d, shape->feed_forward_width));
  const size_t key = (size_t)shape->head_count * head_stride(shape);
  memory_plan plan = {memory, 0u};
  engine->sums = take(&plan, 4u * (size_t)sum_count(shape));
  engine->stream = take(&plan, 4u * (size_t)d);
  engine->narrow = take(&plan, width);
  engine->wide = take(&plan, 2u * (size_t)larger(width, gpt_fours(context)));
  engine->query = take(&plan, 2u * key);
  engine->tokens = take(&plan, context);
  engine->keys = take(&plan, (size_t)layers * context * key);
  engine->values = take(&plan, (size_t)layers * d * gpt_fours(context));
  return plan.size;
}

size_t gpt_memory_size(const gpt_image *image) {
  gpt_engine unused;
  return divide_memory(&unused, image, NULL);
}

atome_status gpt_init(gpt_engine *engine, const gpt_image *image, void *memory, size_t memory_size) {
  if (memory_size < gpt_memory_size(image)) return ATOME_MEMORY_TOO_SMALL;
  if ((uintptr_t)memory % ATOME_MEMORY_ALIGNMENT != 0u) return ATOME_MEMORY_UNALIGNED;
  engine->image = *image;
  (void)divide_memory(engine, image, memory);
  gpt_reset(engine);
  return ATOME_OK;
}

void gpt_reset(gpt_engine *engine) { engine->filled = 0; }

/* MARK: a step */

/* Remembers this position's key and value. */
static void remember(gpt_engine *engine, uint32_t index, const gpt_layer *layer, int8_t *keys, int8_t *values) {
  const gpt_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, width = d / shape->head_count, stride = head_stride(shape);
  const uint16_t *multipliers = layer->projection.multipliers + d;
  const int32_t *sums = engine->sums + d;
  int8_t *key = keys + (size_t)index * shape->head_count * stride;
  for (uint32_t head = 0; head < shape->head_count; head++, sums += width, multipliers += width, key += stride) {
    gpt_narrow(key, 1u, sums, multipliers, layer->head->key, width);
  }
  gpt_narrow(values + index, gpt_fours(shape->context), sums, multipliers, layer->head->value, d);
}

/* Leaves what all heads answer in `narrow`. */
static void attend(gpt_engine *engine, uint32_t index, const gpt_layer *layer) {
  const gpt_shape *shape = &engine->image.shape;
  const uint32_t d = shape->model_width, width = d / shape->head_count, stride = head_stride(shape);
  const uint32_t position = engine->filled, count = position + 1u, room = gpt_fours(shape->context);
  const uint32_t key_size = shape->head_count * stride;
  int8_t *keys = engine->keys + (size_t)index * shape->context * key_size;
  int8_t *values = engine->values + (size_t)index * d * room;
  gpt_set_query(engine->query, engine->sums, layer->projection.multipliers, layer->head->query, shape);
  remember(engine, position, layer, keys, values);
  int32_t *scores = engine->sums, *answer = engine->sums + count;
  for (uint32_t head = 0; head < shape->head_count; head++) {
    gpt_rows_product(
        scores, keys + (size_t)head * stride, count, key_size, engine->query + (size_t)head * stride, stride);
    const uint32_t sum = gpt_weights_of(engine->wide, scores, count, layer->head);
    gpt_rows_product(answer, values + (size_t)head * width * room, width, room, engine->wide, gpt_fours(count));
    gpt_mix(engine->narrow + (size_t)head * width, answer, width, sum, layer->head);
  }
}

static void feed_forward(gpt_engine *engine, const gpt_layer *layer, const int8_t *gelu) {
  const uint32_t f = engine->image.shape.feed_forward_width;
  int8_t *hidden = engine->narrow;
  gpt_product(engine->sums, &layer->feed_forward_input, engine->narrow, engine->wide);
  gpt_narrow(hidden, 1u, engine->sums, layer->feed_forward_input.multipliers, layer->head->feed_forward_input, f);
  for (uint32_t i = 0; i < f; i++) hidden[i] = gelu[hidden[i] + 128];
  gpt_product(engine->sums, &layer->feed_forward_output, hidden, engine->wide);
}

static void run_block(gpt_engine *engine, uint32_t index, const int8_t *gelu) {
  const uint32_t d = engine->image.shape.model_width;
  const gpt_layer layer = gpt_layer_at(&engine->image, index);
  int32_t *sums = engine->sums, *stream = engine->stream;
  gpt_norm_of(engine->narrow, stream, &layer.attention_norm, d, engine->wide);
  gpt_product(sums, &layer.projection, engine->narrow, engine->wide);
  attend(engine, index, &layer);
  gpt_product(sums, &layer.output, engine->narrow, engine->wide);
  gpt_add_to_stream(stream, sums, layer.output.multipliers, layer.head->output, d);
  gpt_norm_of(engine->narrow, stream, &layer.feed_forward_norm, d, engine->wide);
  feed_forward(engine, &layer, gelu);
  gpt_add_to_stream(stream, sums, layer.feed_forward_output.multipliers, layer.head->feed_forward_output, d);
}

/* Reads a token at the next position; the stream is what the last block leaves. */
static void advance(gpt_engine *engine, const gpt_ends *ends, uint8_t token) {
  engine->tokens[engine->filled] = token;
  gpt_embed(engine->stream, ends, token, engine->filled);
  for (uint32_t layer = 0; layer < engine->image.shape.layer_count; layer++) run_block(engine, layer, ends->gelu);
  engine->filled++;
}

/* A position's embedding belongs to its place in the window, so what is kept cannot move. */
static void begin_anew(gpt_engine *engine, const gpt_ends *ends) {
  const uint32_t context = engine->image.shape.context, kept = context / 2u;
  engine->filled = 0;
  for (uint32_t i = 0; i < kept; i++) advance(engine, ends, engine->tokens[context - kept + i]);
}

const int32_t *gpt_step(gpt_engine *engine, uint8_t token) {
  const uint32_t d = engine->image.shape.model_width;
  const gpt_ends ends = gpt_ends_of(&engine->image);
  if (engine->filled == engine->image.shape.context) begin_anew(engine, &ends);
  advance(engine, &ends, token);
  gpt_norm_of(engine->narrow, engine->stream, &ends.norm, d, engine->wide);
  gpt_product(engine->sums, &ends.unembedding, engine->narrow, engine->wide);
  gpt_scale(engine->sums, ends.unembedding.multipliers, ends.logits, ATOME_VOCABULARY);
  return engine->sums;
}
