/* A plain GPT in integers: the rival that our students are compared with, as good as we can make it.
 *
 * One token in, 256 integer logits out; weights of 4 or 8 bits, activations and cache of 8. Like the other engines it
 * owns no memory, never allocates and never calls libm; every logit is the same number on every machine. Images and
 * arithmetic: docs/formats/gpt-integer.md. The image must stand at a multiple of 4 and the machine must be
 * little-endian. */
#ifndef GPT_ENGINE_H
#define GPT_ENGINE_H

#include "atome_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* d, N, H, f, and T: positions that have an embedding. */
typedef struct gpt_shape {
  uint32_t model_width, layer_count, head_count, feed_forward_width, context;
} gpt_shape;

/* A checked image: a view of the caller's bytes. */
typedef struct gpt_image {
  const uint8_t *bytes;
  gpt_shape shape;
  uint32_t weight_bits;      /* 4 or 8 */
  uint32_t is_tied;          /* whether logits come from the embedding's rows */
  const uint8_t *vocabulary; /* a checked section for atome_vocabulary_open; NULL where tokens are bytes */
  size_t vocabulary_size;
} gpt_image;

/* Checks an image whole and describes it in `image`, which is untouched unless ATOME_OK is returned. */
atome_status gpt_open(gpt_image *image, const uint8_t *bytes, size_t size);

/* The engine's place in a text and its parts of the work memory; fields are private to the engine. */
typedef struct gpt_engine {
  gpt_image image;
  uint32_t filled; /* positions that were read since the window began */
  int32_t *sums;   /* of a product; scores and weighted sums of a head; at the end the logits */
  int32_t *stream; /* [d]: x, the residual stream */
  int8_t *narrow;  /* [d or f]: what the next product reads */
  int16_t *wide;   /* the same in 16 bits, in the order of gpt_rows.h; or a head's weights; or a norm's room */
  int16_t *query;  /* [H][d / H, whole fours] */
  uint8_t *tokens; /* [T]: what was read, to begin a window with */
  int8_t *keys;    /* [layer][T][H][d / H, whole fours] */
  int8_t *values;  /* [layer][d][T, whole fours] */
} gpt_engine;

/* How many bytes of work memory an engine needs, exactly; the same number on every machine. */
size_t gpt_memory_size(const gpt_image *image);

/* Prepares `engine` in `memory`, which must stay in place as long as the engine is used, and resets it. */
atome_status gpt_init(gpt_engine *engine, const gpt_image *image, void *memory, size_t memory_size);

/* Forgets everything that was read. */
void gpt_reset(gpt_engine *engine);

/* Reads one token; returns the 256 logits of the one that follows, valid until the next call. A window that is full
 * begins anew with the younger half of its tokens, which are read again. */
const int32_t *gpt_step(gpt_engine *engine, uint8_t token);

#ifdef __cplusplus
}
#endif

#endif
