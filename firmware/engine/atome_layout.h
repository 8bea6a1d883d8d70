/* Where the tensors of an ATOME01 body stand. A tensor's address is that of its scale; its trits follow. */
#ifndef ATOME_LAYOUT_H
#define ATOME_LAYOUT_H

#include "atome_engine.h"

#define ATOME_MAGIC_BYTES 7u
#define ATOME_SCALE_BYTES 4u

/* One block's tensors. */
typedef struct atome_block {
  const uint8_t *norm_gain;   /* gamma, f32[d] */
  const uint8_t *norm_bias;   /* beta, f32[d] */
  const uint8_t *kernel;      /* ternary d x K */
  const uint8_t *decay;       /* a, f32[d] */
  const uint8_t *input_gain;  /* b, f32[d] */
  const uint8_t *output_gain; /* c_out, f32[d] */
  const uint8_t *query;       /* ternary h x d */
  const uint8_t *key;         /* ternary h x d */
  const uint8_t *value;       /* ternary d x d */
  const uint8_t *router;      /* ternary 3 x d */
} atome_block;

/* The tensors outside the blocks. */
typedef struct atome_ends {
  const uint8_t *embedding;   /* ternary 256 x d */
  const uint8_t *norm_gain;   /* f32[d] */
  const uint8_t *norm_bias;   /* f32[d] */
  const uint8_t *unembedding; /* ternary 256 x d */
} atome_ends;

/* Byte count of a ternary tensor: its scale and its trits. */
size_t atome_ternary_size(size_t trit_count);

/* Byte count of one block, and of a whole body with its magic. The shape must be inside its limits, which keep both far
 * below 2^32. */
size_t atome_block_size(const atome_shape *shape);
size_t atome_body_size(const atome_shape *shape);

atome_block atome_block_at(const atome_image *image, uint32_t layer);
atome_ends atome_ends_of(const atome_image *image);

/* Little-endian fields at any address. */
uint32_t atome_read_u16(const uint8_t *bytes);
uint32_t atome_read_u32(const uint8_t *bytes);
float atome_read_float(const uint8_t *bytes);

#endif
