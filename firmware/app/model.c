#include "model.h"

#include <string.h>

/* A constant where there is one engine only, so that no call of the other remains. */
#if defined(WITHOUT_FLOAT)
#define IS_INTEGER(model) ((void)(model), 1)
#elif defined(WITHOUT_INTEGER)
#define IS_INTEGER(model) ((void)(model), 0)
#else
#define IS_INTEGER(model) ((model)->is_integer)
#endif

atome_status model_open(model *opened, const uint8_t *bytes, size_t size, const atome_shape *shape) {
  opened->is_integer = atome_integer_claims(bytes, size);
  return IS_INTEGER(opened)
      ? atome_integer_open(&opened->image.integer, bytes, size)
      : atome_image_open(&opened->image.real, bytes, size, shape);
}

atome_status model_memory_size(const model *opened, uint32_t context, size_t *size) {
  return IS_INTEGER(opened)
      ? atome_integer_memory_size(&opened->image.integer, context, size)
      : atome_engine_memory_size(&opened->image.real, context, size);
}

atome_status model_init(model *opened, uint32_t context, void *memory, size_t memory_size) {
  return IS_INTEGER(opened)
      ? atome_integer_init(&opened->engine.integer, &opened->image.integer, context, memory, memory_size)
      : atome_engine_init(&opened->engine.real, &opened->image.real, context, memory, memory_size);
}

void model_reset(model *initialised) {
  if (IS_INTEGER(initialised)) {
    atome_integer_reset(&initialised->engine.integer);
  } else {
    atome_engine_reset(&initialised->engine.real);
  }
}

/* A view of the same words: the callers compare and store bits, and hand them back to the engine's own function. */
const uint32_t *model_step(model *initialised, uint8_t byte) {
  return IS_INTEGER(initialised)
      ? (const void *)atome_integer_step(&initialised->engine.integer, byte)
      : (const void *)atome_engine_step(&initialised->engine.real, byte);
}

uint8_t model_greedy(const model *initialised, const uint32_t *logits) {
  const void *words = logits;
  return IS_INTEGER(initialised) ? atome_integer_greedy(words) : atome_greedy(words);
}

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

int model_is_larger(const model *initialised, uint32_t logit, uint32_t other) {
  return IS_INTEGER(initialised) ? (int32_t)logit > (int32_t)other : float_of(logit) > float_of(other);
}

atome_status model_vocabulary(const model *opened, atome_vocabulary *vocabulary) {
  return IS_INTEGER(opened)
      ? atome_vocabulary_open(vocabulary, opened->image.integer.vocabulary, opened->image.integer.vocabulary_size)
      : atome_vocabulary_open(vocabulary, opened->image.real.vocabulary, opened->image.real.vocabulary_size);
}

uint8_t model_sample(const model *initialised, atome_sampler *sampler, const uint32_t *logits) {
  const void *words = logits;
  return IS_INTEGER(initialised) ? atome_integer_sample(sampler, &initialised->image.integer, words)
                                 : atome_sample(sampler, words);
}
