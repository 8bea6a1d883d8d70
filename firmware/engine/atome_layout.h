/* Where the tensors of a body stand. A ternary tensor's address is that of its scale; its trits follow. */
#ifndef ATOME_LAYOUT_H
#define ATOME_LAYOUT_H

#include "atome_engine.h"
#include "atome_math.h"

#define ATOME_MAGIC_BYTES 7u
#define ATOME_SCALE_BYTES 4u

/* The tensors of a body in their order; those from the norm's gain to the router stand there once for each block. */
typedef enum atome_part {
  ATOME_EMBEDDING,   /* ternary 256 x d */
  ATOME_NORM_GAIN,   /* gamma, f32[d] */
  ATOME_NORM_BIAS,   /* beta, f32[d] */
  ATOME_KERNEL,      /* ternary d x K */
  ATOME_DECAY,       /* a, f32[d] */
  ATOME_INPUT_GAIN,  /* b, f32[d] */
  ATOME_OUTPUT_GAIN, /* c_out, f32[d] */
  ATOME_QUERY,       /* ternary h x d */
  ATOME_KEY,         /* ternary h x d */
  ATOME_VALUE,       /* ternary d x d */
  ATOME_ROUTER,      /* ternary 3 x d */
  ATOME_FINAL_GAIN,  /* f32[d] */
  ATOME_FINAL_BIAS,  /* f32[d] */
  ATOME_UNEMBEDDING, /* ternary 256 x d */
  ATOME_PARTS
} atome_part;

/* A part's address, for one block at a time. */
typedef struct atome_tensors {
  const uint8_t *at[ATOME_PARTS];
} atome_tensors;

/* How many trits a part has; 0 where it is d floats. */
uint32_t atome_trit_count(const atome_shape *shape, uint32_t part);

/* Byte count of a part: its scale and its trits, or its floats. */
uint32_t atome_part_size(const atome_image *image, uint32_t part);

/* Finds the parts from `first` up to `last`, which stand from `place` on; returns the place after them. */
const uint8_t *atome_locate(
    atome_tensors *tensors, const atome_image *image, const uint8_t *place, uint32_t first, uint32_t last);

/* Little-endian fields at any address. */
static inline uint32_t atome_read_u16(const uint8_t *bytes) { return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8; }

#if defined(__ARM_FEATURE_UNALIGNED)

/* One load where the core takes any address, so that a call would cost more. */
static inline uint32_t atome_read_u32(const uint8_t *bytes) {
  return atome_read_u16(bytes) | atome_read_u16(bytes + 2) << 16;
}

static inline float atome_read_float(const uint8_t *bytes) { return atome_float_of_bits(atome_read_u32(bytes)); }

#else

uint32_t atome_read_u32(const uint8_t *bytes);
float atome_read_float(const uint8_t *bytes);

#endif

#endif
