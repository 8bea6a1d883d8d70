/* One model of any kind behind one interface: what the programs here know of the engines. Logits are 32-bit words:
 * a float's bits, or an integer. WITHOUT_FLOAT, WITHOUT_INTEGER and WITHOUT_COMPACT leave engines out of a program that
 * does not need them; one has to stay. */
#ifndef MODEL_H
#define MODEL_H

#include "atome_compact.h"
#include "atome_engine.h"
#include "atome_integer.h"
#include "atome_sampler.h"
#include "atome_vocabulary.h"

typedef enum model_kind { MODEL_FLOAT, MODEL_INTEGER, MODEL_COMPACT } model_kind;

typedef struct model {
  model_kind kind;
  union {
    atome_image real;
    atome_integer_image integer;
    atome_compact_image compact;
  } image;
  union {
    atome_engine real;
    atome_integer_engine integer;
    atome_compact_engine compact;
  } engine;
} model;

/* Checks an image; `shape` is for a float image without a trailer, or NULL. */
atome_status model_open(model *opened, const uint8_t *bytes, size_t size, const atome_shape *shape);
/* A context of 1 ... ATOME_CONTEXT_LIMIT; a compact student takes no more memory for a longer one. */
atome_status model_memory_size(const model *opened, uint32_t context, size_t *size);
atome_status model_init(model *opened, uint32_t context, void *memory, size_t memory_size);
void model_reset(model *initialised);
/* Reads one byte; returns the 256 logits of the byte that follows. */
const uint32_t *model_step(model *initialised, uint8_t byte);
/* The largest of the logits that a step returned; a tie goes to the smaller byte. */
uint8_t model_greedy(const model *initialised, const uint32_t *logits);
/* Whether one logit is larger than another. */
int model_is_larger(const model *initialised, uint32_t logit, uint32_t other);
/* What the opened image's tokens stand for. */
atome_status model_vocabulary(const model *opened, atome_vocabulary *vocabulary);
/* The next byte by the sampler's settings, which may be greedy. */
uint8_t model_sample(const model *initialised, atome_sampler *sampler, const uint32_t *logits);

#endif
