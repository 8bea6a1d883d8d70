#include "model.h"

#include <string.h>

/* Constants where one engine is left, so that no call of another remains. What is neither is float. */
#if defined(WITHOUT_COMPACT)
#define IS_COMPACT(model) ((void)(model), 0)
#elif defined(WITHOUT_FLOAT) && defined(WITHOUT_INTEGER)
#define IS_COMPACT(model) ((void)(model), 1)
#else
#define IS_COMPACT(model) ((model)->kind == MODEL_COMPACT)
#endif
#if defined(WITHOUT_INTEGER)
#define IS_INTEGER(model) ((void)(model), 0)
#elif defined(WITHOUT_FLOAT)
#define IS_INTEGER(model) ((void)(model), !IS_COMPACT(model))
#else
#define IS_INTEGER(model) ((model)->kind == MODEL_INTEGER)
#endif

/* Of an image that no engine claims, MODEL_FLOAT: its loader says what is wrong. */
static model_kind kind_of(const uint8_t *bytes, size_t size) {
  if (atome_compact_claims(bytes, size)) return MODEL_COMPACT;
  return atome_integer_claims(bytes, size) ? MODEL_INTEGER : MODEL_FLOAT;
}

atome_status model_open(model *opened, const uint8_t *bytes, size_t size, const atome_shape *shape) {
  opened->kind = kind_of(bytes, size);
  if (IS_COMPACT(opened)) return atome_compact_open(&opened->image.compact, bytes, size);
  return IS_INTEGER(opened) ? atome_integer_open(&opened->image.integer, bytes, size)
                            : atome_image_open(&opened->image.real, bytes, size, shape);
}

static int context_is_valid(uint32_t context) { return context >= 1u && context <= ATOME_CONTEXT_LIMIT; }

atome_status model_memory_size(const model *opened, uint32_t context, size_t *size) {
  if (IS_COMPACT(opened)) {
    return context_is_valid(context) ? atome_compact_memory_size(&opened->image.compact, size) : ATOME_BAD_CONTEXT;
  }
  return IS_INTEGER(opened) ? atome_integer_memory_size(&opened->image.integer, context, size)
                            : atome_engine_memory_size(&opened->image.real, context, size);
}

atome_status model_init(model *opened, uint32_t context, void *memory, size_t memory_size) {
  if (IS_COMPACT(opened)) {
    if (!context_is_valid(context)) return ATOME_BAD_CONTEXT;
    return atome_compact_init(&opened->engine.compact, &opened->image.compact, memory, memory_size);
  }
  return IS_INTEGER(opened)
             ? atome_integer_init(&opened->engine.integer, &opened->image.integer, context, memory, memory_size)
             : atome_engine_init(&opened->engine.real, &opened->image.real, context, memory, memory_size);
}

void model_reset(model *initialised) {
  if (IS_COMPACT(initialised)) {
    atome_compact_reset(&initialised->engine.compact);
  } else if (IS_INTEGER(initialised)) {
    atome_integer_reset(&initialised->engine.integer);
  } else {
    atome_engine_reset(&initialised->engine.real);
  }
}

/* A view of the same words: the callers compare and store bits, and hand them back to the engine's own function. */
const uint32_t *model_step(model *initialised, uint8_t byte) {
  if (IS_COMPACT(initialised)) return (const void *)atome_compact_step(&initialised->engine.compact, byte);
  return IS_INTEGER(initialised) ? (const void *)atome_integer_step(&initialised->engine.integer, byte)
                                 : (const void *)atome_engine_step(&initialised->engine.real, byte);
}

static int has_integer_logits(const model *initialised) { return IS_COMPACT(initialised) || IS_INTEGER(initialised); }

uint8_t model_greedy(const model *initialised, const uint32_t *logits) {
  const void *words = logits;
  return has_integer_logits(initialised) ? atome_integer_greedy(words) : atome_greedy(words);
}

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

int model_is_larger(const model *initialised, uint32_t logit, uint32_t other) {
  return has_integer_logits(initialised) ? (int32_t)logit > (int32_t)other : float_of(logit) > float_of(other);
}

atome_status model_vocabulary(const model *opened, atome_vocabulary *vocabulary) {
  if (IS_COMPACT(opened)) {
    const atome_compact_image *image = &opened->image.compact;
    return atome_vocabulary_open(vocabulary, image->vocabulary, image->vocabulary_size);
  }
  return IS_INTEGER(opened)
             ? atome_vocabulary_open(
                   vocabulary, opened->image.integer.vocabulary, opened->image.integer.vocabulary_size)
             : atome_vocabulary_open(vocabulary, opened->image.real.vocabulary, opened->image.real.vocabulary_size);
}

uint8_t model_sample(const model *initialised, atome_sampler *sampler, const uint32_t *logits) {
  const void *words = logits;
  if (IS_COMPACT(initialised)) return atome_compact_sample(sampler, &initialised->image.compact, words);
  return IS_INTEGER(initialised) ? atome_integer_sample(sampler, &initialised->image.integer, words)
                                 : atome_sample(sampler, words);
}
