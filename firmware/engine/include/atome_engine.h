/* A stateful float32 engine for ATOME01 and ATOME02 images: one byte in, 256 logits out.
 *
 * The memory is for d, N, h, k, K and a context: a constant. The model lies in flash, at any address.
 *
 * Example, which the tests compile:
 *
 *   static uint32_t memory[ATOME_MEMORY_WORDS(64, 4, 16, 4, 5, 32)];
 *
 *   int talk(const uint8_t *model, size_t size, uint8_t byte) {
 *     atome_image image;
 *     atome_engine engine;
 *     if (atome_image_open(&image, model, size, NULL) != ATOME_OK) return -1;
 *     if (atome_engine_init(&engine, &image, 32, memory, sizeof memory) != ATOME_OK) return -1;
 *     for (int i = 0; i < 80 && byte != 0; i++) byte = atome_greedy(atome_engine_step(&engine, byte));
 *     return byte;
 *   }
 *
 * Memory: the engine owns none, never allocates or recurses, and calls no libm. The caller keeps image, engine and work
 * memory in place. Work memory stands at a multiple of ATOME_MEMORY_ALIGNMENT and is used as floats and integers of up
 * to 32 bits at once: give an array of uint32_t, as above, memory of malloc, or a region of the linker's. A compiler
 * that looks across files (-flto) may not see such an array used as words elsewhere; nobody but the engine touches it.
 * The image is read byte by byte.
 *
 * Stack: at most 900 bytes for opening, initialising and a step of any engine on Arm's cores and on RISC-V of 32 bits,
 * and 1,100 on RISC-V of 64, at -O2 and -Os, as `make -C firmware count` measures it by painting; firmware/costs.json
 * has what each engine takes. A build without optimisation takes more.
 *
 * Threads and interrupts: no globals. Every engine may be in use at the same time as any other, on the same image, too;
 * one engine's functions may not interrupt each other. A step takes milliseconds to seconds, so it belongs into the
 * main loop or a task of low priority, which any interrupt may interrupt, and not into a handler.
 *
 * Cost of opening: the image is read once whole, its CRC-32 a bit at a time: 53 instructions a byte on a Cortex-M3 and
 * 98 on a Cortex-M0 for integer images, so 0.02 s for 20 KB at 50 MHz (`make -C firmware count` prints it as
 * `open`). Initialising again, or resetting, reads no checksum and takes less time than a step.
 *
 * Arithmetic: docs/numerics.md; every logit has the same 32 bits on every machine. A build must not be told to change
 * floats (-ffast-math, -ffp-contract=fast). Non-goals: classifiers (ATOMECL01). SHA-256 digests are the host's concern;
 * CRCs are checked here. Define ATOME_PORTABLE for standard C alone (atome_target.h). */
#ifndef ATOME_ENGINE_H
#define ATOME_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of these headers: a program that was written for 1.0 compiles with every 1.x. */
#define ATOME_VERSION_MAJOR 1
/* Rises with each addition. */
#define ATOME_VERSION_MINOR 0
/* Rises with each correction. */
#define ATOME_VERSION_PATCH 0

/* V: the vocabulary is the 256 bytes. */
#define ATOME_VOCABULARY 256u
/* Byte count of the trailer after the last tensor. */
#define ATOME_TRAILER_BYTES 104u
/* Work memory must stand at a multiple of this; its size is one as well. */
#define ATOME_MEMORY_ALIGNMENT 4u
/* The longest attention window. */
#define ATOME_CONTEXT_LIMIT 65536u
/* The widest stream, d. The largest dimensions of a shape stand in its order; the least of each is 1. */
#define ATOME_WIDTH_LIMIT 1024u
/* The most blocks, N. */
#define ATOME_LAYER_LIMIT 64u
/* The widest head, h. */
#define ATOME_HEAD_LIMIT 256u
/* The most matches that attention keeps, k. */
#define ATOME_TOP_LIMIT 64u
/* The longest convolution, K. */
#define ATOME_KERNEL_LIMIT 32u

/* What a call came to. */
typedef enum atome_status {
  ATOME_OK = 0,           /* done */
  ATOME_TRUNCATED,        /* fewer bytes than the shape needs */
  ATOME_BAD_MAGIC,        /* starts with neither ATOME01 nor ATOME02 */
  ATOME_NO_TRAILER,       /* no shape was given, and no trailer tells it */
  ATOME_BAD_TRAILER,      /* bytes after the body that are no valid trailer */
  ATOME_BAD_CHECKSUM,     /* the body differs from the CRC-32 in the trailer */
  ATOME_BAD_SHAPE,        /* a dimension is outside its limits */
  ATOME_SHAPE_MISMATCH,   /* the given shape contradicts the trailer */
  ATOME_BAD_TRIT,         /* the code 10, a byte above 242, or padding not zero though a trailer stands */
  ATOME_NOT_FINITE,       /* a scale or a float parameter is infinite or not a number */
  ATOME_BAD_CONTEXT,      /* the context is 0, above ATOME_CONTEXT_LIMIT or beyond the address space */
  ATOME_MEMORY_TOO_SMALL, /* less work memory than atome_engine_memory_size asks for */
  ATOME_MEMORY_UNALIGNED, /* work memory off ATOME_MEMORY_ALIGNMENT */
  ATOME_IMAGE_UNALIGNED,  /* an integer image off a multiple of 4 */
  ATOME_BAD_NUMBER,       /* a number of an integer image is outside its limits */
  ATOME_BAD_SAMPLING,     /* a setting of the sampler is outside its limits */
  ATOME_BAD_VOCABULARY,   /* the vocabulary section is damaged or contradicts itself */
  ATOME_BAD_CODE,         /* a 4-bit matrix holds a nibble of 0 */
  ATOME_BAD_FILL          /* what fills a section or a block of rows is not what it must be */
} atome_status;

/* One sentence, lower case, without a full stop; never NULL. */
const char *atome_status_message(atome_status status);

/* The dimensions of a model, up to the limits above. */
typedef struct atome_shape {
  uint32_t model_width; /* d */
  uint32_t layer_count; /* N */
  uint32_t head_width;  /* h */
  uint32_t top_k;       /* k */
  uint32_t kernel_size; /* K */
} atome_shape;

/* A checked image: a view of the caller's bytes. */
typedef struct atome_image {
  const uint8_t *bytes;      /* the caller's, which must stay in place */
  size_t body_size;          /* magic and tensors; vocabulary and trailer not counted */
  atome_shape shape;         /* the dimensions that the file says, or that were given */
  uint32_t trits_per_byte;   /* 4 in ATOME01, 5 in ATOME02 */
  const uint8_t *vocabulary; /* a checked section for atome_vocabulary_open; NULL where tokens are bytes */
  size_t vocabulary_size;    /* of that section, in bytes */
  uint32_t trained_context;  /* positions that the model learned to attend to; 0 where the image does not say */
} atome_image;

/* Checks an image whole and describes it in `image`, which is untouched unless ATOME_OK is returned.
 * With `shape` NULL the trailer must be there. With a shape, a body that ends the file needs none. */
atome_status atome_image_open(atome_image *image, const uint8_t *bytes, size_t size, const atome_shape *shape);

/* The engine's place in a text and its parts of the work memory; fields are private to the engine. */
typedef struct atome_engine {
  atome_image image;
  uint32_t context;
  uint32_t key_slot;    /* where this position's key and value go in their rings of `context` */
  uint32_t keys_filled; /* how many positions attention sees, this one included */
  float score_scale;    /* 1 / sqrt(head_width) */
  float *state;         /* [layer][d] */
  float *decay;         /* [layer][d]: tanh(a) */
  float *taps;          /* [layer][d][kernel_size]: a channel's last inputs, the newest first */
  float *keys;          /* [layer][context][h] */
  float *values;        /* [layer][context][d] */
  float *stream;        /* [d]: x, the residual stream */
  float *normal;        /* [d]: its layer norm */
  float *mixed;         /* [d]: r0 * local + r1 * state, then + r2 * sparse */
  float *attended;      /* [d] */
  float *query;         /* [h] */
  float *top_scores;    /* [top_k], descending; then their probabilities */
  uint32_t *top_slots;  /* [top_k] */
  float *logits;        /* [256] */
} atome_engine;

/* How many words of 4 bytes an engine of a shape needs at a context of T, exactly: a constant where these are. */
#define ATOME_MEMORY_WORDS(d, N, h, k, K, T) \
  ((size_t)(N) * ((size_t)(2u + (K) + (T)) * (d) + (size_t)(T) * (h)) + (size_t)4u * (d) + (h) + (size_t)2u * (k) + \
   ATOME_VOCABULARY)

/* How many bytes of work memory an engine needs, exactly; the same number on every machine. */
atome_status atome_engine_memory_size(const atome_image *image, uint32_t context, size_t *size);

/* Prepares `engine` in `memory`, which must stay in place as long as the engine is used, and resets it.
 * context: T, how many positions attention sees, the current one included. */
atome_status atome_engine_init(
    atome_engine *engine, const atome_image *image, uint32_t context, void *memory, size_t memory_size);

/* Forgets everything that was read. */
void atome_engine_reset(atome_engine *engine);

/* Reads one byte; returns the 256 logits of the byte that follows, valid until the next call. Any number of bytes may
 * be read: once the window is full, the oldest position makes room. */
const float *atome_engine_step(atome_engine *engine, uint8_t byte);

/* The largest of 256 logits; a tie goes to the smaller byte. */
uint8_t atome_greedy(const float *logits);

#ifdef __cplusplus
}
#endif

#endif
