/* A stateful all-integer engine for ATOMEQ01 images: one byte in, 256 integer logits out.
 *
 * Like atome_engine.h it owns no memory, never allocates, recurses or calls libm; it uses no floating point at all.
 * Arithmetic: docs/integer.md; every logit is the same number on every machine. The image must stand at a multiple of
 * 4, since it is read in words in place, and the machine must be little-endian. What atome_engine.h says of memory,
 * stack, interrupts and opening holds here, too.
 *
 * The memory is for d, N, h, k, K, a context, and the bytes of a remembered number.
 *
 * Example, which the tests compile:
 *
 *   static uint32_t memory[ATOME_INTEGER_MEMORY_WORDS(64, 4, 16, 4, 5, 32, 1)];
 *
 *   int talk(const uint8_t *model, size_t size, uint8_t byte) {
 *     atome_integer_image image;
 *     atome_integer_engine engine;
 *     if (atome_integer_open(&image, model, size) != ATOME_OK) return -1;
 *     if (atome_integer_init(&engine, &image, 32, memory, sizeof memory) != ATOME_OK) return -1;
 *     for (int i = 0; i < 80 && byte != 0; i++) byte = atome_integer_greedy(atome_integer_step(&engine, byte));
 *     return byte;
 *   } */
#ifndef ATOME_INTEGER_H
#define ATOME_INTEGER_H

#include "atome_engine.h"
#include "atome_sampler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many groups of five columns have their tables in RAM at once, 252 bytes each: more is faster, up to 52. */
#if !defined(ATOME_TABLE_GROUPS)
#define ATOME_TABLE_GROUPS 52u
#endif

/* A checked image: a view of the caller's bytes. */
typedef struct atome_integer_image {
  const uint8_t *bytes;      /* the caller's, which must stay in place */
  atome_shape shape;         /* the dimensions that the file says, or that were given */
  uint32_t cache_bytes;      /* of a remembered key or value: 1 or 2 */
  const uint8_t *vocabulary; /* a checked section for atome_vocabulary_open; NULL where tokens are bytes */
  size_t vocabulary_size;    /* of that section, in bytes */
  uint32_t trained_context;  /* positions that the model learned to attend to; 0 where the image does not say */
  uint32_t groups;           /* private to the engine: of five columns */
  size_t layer_bytes;        /* private to the engine: from a layer to the next */
} atome_integer_image;

/* Whether bytes claim to be an ATOMEQ01 image. */
int atome_integer_claims(const uint8_t *bytes, size_t size);

/* Checks an image whole and describes it in `image`, which is untouched unless ATOME_OK is returned. */
atome_status atome_integer_open(atome_integer_image *image, const uint8_t *bytes, size_t size);

/* The engine's place in a text and its parts of the work memory; fields are private to the engine. */
typedef struct atome_integer_engine {
  atome_integer_image image;
  uint32_t context;
  uint32_t key_slot;    /* where this position's key and value go in their rings of `context` */
  uint32_t keys_filled; /* how many positions attention sees, this one included */
  uint32_t tap_slot;    /* the same for the convolution's ring of kernel_size */
  uint32_t taps_filled;
  int32_t *sums;    /* [rows of a projection, in blocks of 8]; at the end the logits, also where the next stand */
  int32_t *stream;  /* [d]: x, the residual stream */
  int32_t *matches; /* [2][top_k]: scores, descending, then their weights; slots */
  int16_t *query;   /* [h] */
  uint8_t *tables;  /* [ATOME_TABLE_GROUPS][252] */
  int8_t *taps;     /* [layer][kernel_size][d, in groups of 5]: normalised inputs */
  int16_t *state;   /* [layer][d] */
  uint8_t *keys;    /* [layer][context][h] of cache_bytes each */
  uint8_t *values;  /* [layer][context][d] */
} atome_integer_engine;

/* How many words of 4 bytes an engine of a shape needs at a context of T, exactly: a constant where these are.
 * cache_bytes: of a remembered number, as the image says; 2 suffices for either. */
#define ATOME_INTEGER_MEMORY_WORDS(d, N, h, k, K, T, cache_bytes) \
  (ATOME_AT_LEAST_LOGITS((((size_t)2u * (h) + (d) + 10u) & ~(size_t)7u) + (d) + (size_t)2u * (k) + ((h) + 1u) / 2u) + \
   ATOME_TABLES_OF(((d) + 4u) / 5u) * 63u + ((size_t)(N) * (K) * (((d) + 4u) / 5u) * 5u + 3u) / 4u + \
   ((size_t)(N) * (d) + 1u) / 2u + ((size_t)(T) * (N) * (cache_bytes) * (h) + 3u) / 4u + \
   ((size_t)(T) * (N) * (cache_bytes) * (d) + 3u) / 4u)
/* A part of it: the logits take the room of what is not needed then. */
#define ATOME_AT_LEAST_LOGITS(words) ((words) < ATOME_VOCABULARY ? (size_t)ATOME_VOCABULARY : (size_t)(words))
/* A part of it: so many groups of five have tables at once. */
#define ATOME_TABLES_OF(groups) ((groups) < ATOME_TABLE_GROUPS ? (size_t)(groups) : (size_t)ATOME_TABLE_GROUPS)

/* How many bytes of work memory an engine needs, exactly; the same number on every machine. */
atome_status atome_integer_memory_size(const atome_integer_image *image, uint32_t context, size_t *size);

/* Prepares `engine` in `memory`, which must stay in place as long as the engine is used, and resets it.
 * context: T, how many positions attention sees, the current one included. */
atome_status atome_integer_init(
    atome_integer_engine *engine, const atome_integer_image *image, uint32_t context, void *memory, size_t memory_size);

/* Forgets everything that was read. */
void atome_integer_reset(atome_integer_engine *engine);

/* Reads one byte; returns the 256 logits of the byte that follows, valid until the next call. */
const int32_t *atome_integer_step(atome_integer_engine *engine, uint8_t byte);

/* The largest of 256 logits; a tie goes to the smaller byte. */
uint8_t atome_integer_greedy(const int32_t *logits);

/* The next byte by a sampler's settings, from 256 logits of the image. */
uint8_t atome_integer_sample(atome_sampler *sampler, const atome_integer_image *image, const int32_t *logits);

#ifdef __cplusplus
}
#endif

#endif
