/* A stateful engine for ATOMEQ02 images, compact students in integers alone: one token in, 256 integer logits out.
 *
 * Like atome_engine.h it owns no memory, never allocates, recurses or calls libm. All that a text leaves behind is a
 * state of fixed size, so there is no context: nothing grows with the text. Arithmetic: docs/compact.md; every logit is
 * the same number on every machine. The image must stand at a multiple of 4 and the machine must be little-endian. What
 * atome_engine.h says of memory, stack, interrupts and opening holds here, too. What the logits of a classifier mean is
 * in atome_labels.h. */
#ifndef ATOME_COMPACT_H
#define ATOME_COMPACT_H

#include "atome_engine.h"
#include "atome_sampler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The widest state, m. Limits beside ATOME_WIDTH_LIMIT and ATOME_LAYER_LIMIT; the least of each is 1. */
#define ATOME_STATE_LIMIT 1024u
/* The widest feed-forward part, f. */
#define ATOME_HIDDEN_LIMIT 4096u
/* The most passes, P. */
#define ATOME_PASS_LIMIT 16u

/* The dimensions of a compact student, up to these. */
typedef struct atome_compact_shape {
  uint32_t model_width;  /* d */
  uint32_t layer_count;  /* N: blocks */
  uint32_t state_width;  /* m */
  uint32_t gate_count;   /* g: write gates of a block, a divisor of m; each serves m / g neighbouring numbers */
  uint32_t hidden_width; /* f */
  uint32_t pass_count;   /* P: how often a step goes through all blocks, each time with states of its own */
} atome_compact_shape;

/* A checked image: a view of the caller's bytes. */
typedef struct atome_compact_image {
  const uint8_t *bytes;      /* the caller's, which must stay in place */
  atome_compact_shape shape; /* the dimensions that the file says, or that were given */
  uint32_t row_count;        /* of the table: tokens that training never met share the last row */
  const uint8_t *row_map;    /* [32]: bit t % 8 of byte t / 8 where token t has a row of its own; NULL where all have */
  const uint8_t *vocabulary; /* a checked section for atome_vocabulary_open; NULL where tokens are bytes */
  size_t vocabulary_size;    /* of that section, in bytes */
  uint32_t trained_context;  /* tokens of the texts that the student was trained with; 0 where the image does not say */
} atome_compact_image;

/* Whether bytes claim to be an ATOMEQ02 image. */
int atome_compact_claims(const uint8_t *bytes, size_t size);

/* Checks an image whole and describes it in `image`, which is untouched unless ATOME_OK is returned. */
atome_status atome_compact_open(atome_compact_image *image, const uint8_t *bytes, size_t size);

/* The engine and its parts of the work memory; fields are private to the engine. */
typedef struct atome_compact_engine {
  atome_compact_image image;
  uint32_t width_root; /* the square root of d, times 2^-width_exponent */
  int32_t width_exponent;
  uint8_t pre_shifts[3]; /* of rows of d, m and f columns */
  int32_t *sums;         /* [rows of a product, in blocks of 8]; at the end the logits, also where the next stands */
  int32_t *stream;       /* [d]: x, the residual stream */
  int8_t *inputs;        /* [largest of d, m and f]: what the next product reads */
  int8_t *normal;        /* [d]: the final norm, in the last bytes of the same */
  int16_t *state;        /* [pass][layer][m] */
} atome_compact_engine;

/* How many words of 4 bytes an engine of a shape needs, exactly: a constant where the dimensions are. */
#define ATOME_COMPACT_MEMORY_WORDS(d, N, m, g, f, P) \
  (ATOME_LARGER( \
       ((ATOME_LARGER(ATOME_LARGER((size_t)(g) + (size_t)2u * (m), (d)), (f)) + 7u) & ~(size_t)7u) + (d) + \
           (ATOME_LARGER(ATOME_LARGER((m), (d)), (f)) + 3u) / 4u, \
       (size_t)ATOME_VOCABULARY + ((d) + 3u) / 4u) + \
   ((size_t)(P) * (N) * (m) + 1u) / 2u)
/* A part of it. */
#define ATOME_LARGER(left, right) ((size_t)(left) > (size_t)(right) ? (size_t)(left) : (size_t)(right))

/* How many bytes of work memory an engine needs, exactly; the same number on every machine. */
atome_status atome_compact_memory_size(const atome_compact_image *image, size_t *size);

/* Prepares `engine` in `memory`, which must stay in place as long as the engine is used, and resets it. */
atome_status atome_compact_init(
    atome_compact_engine *engine, const atome_compact_image *image, void *memory, size_t memory_size);

/* Forgets everything that was read. */
void atome_compact_reset(atome_compact_engine *engine);

/* Reads one token; returns the 256 logits of the token that follows, valid until the next call. The largest is what
 * atome_integer_greedy says. */
const int32_t *atome_compact_step(atome_compact_engine *engine, uint8_t token);

/* Reads several tokens as one: their embeddings are added up, and one step is taken. For students that were trained so,
 * as those that listen for a word. */
const int32_t *atome_compact_step_together(atome_compact_engine *engine, const uint8_t *tokens, uint32_t count);

/* The next token by a sampler's settings, from 256 logits of the image. */
uint8_t atome_compact_sample(atome_sampler *sampler, const atome_compact_image *image, const int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif
