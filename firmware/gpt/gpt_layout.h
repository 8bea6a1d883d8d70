/* Where the parts of a GPTINT01 image stand; specified in docs/formats/gpt-integer.md. */
#ifndef GPT_LAYOUT_H
#define GPT_LAYOUT_H

#include "gpt_engine.h"

#define GPT_HEADER_BYTES 80u
#define GPT_VERSION 1u
#define GPT_TABLE_BYTES 256u
/* So that no weighted sum of values passes 2^30. */
#define GPT_CONTEXT_LIMIT 512u
#define GPT_EMBEDDING_SHIFT_LIMIT 24u

/* A sum becomes ((sum >> pre) * multiplier + half) >> shift, with a multiplier for each row. */
typedef struct gpt_shifts {
  uint8_t pre, shift;
} gpt_shifts;

typedef struct gpt_norm_head {
  uint8_t input_shift, output_shift, bias_shift, zero;
  uint32_t epsilon;
} gpt_norm_head;

typedef struct gpt_norm {
  const gpt_norm_head *head;
  const int8_t *gain, *bias;
} gpt_norm;

/* A matrix or table: its rows' multipliers, and codes of 4 or 8 bits. */
typedef struct gpt_matrix {
  uint32_t rows, columns, bits;
  const uint16_t *multipliers;
  const void *codes;
} gpt_matrix;

/* The numbers of a layer, as they stand in the image. */
typedef struct gpt_layer_head {
  gpt_norm_head attention_norm, feed_forward_norm;
  gpt_shifts query, key, value, output, feed_forward_input, feed_forward_output;
  uint32_t score_limit;
  uint16_t score_multiplier;
  uint8_t score_shift, mix_shift;
  uint16_t mix_gain, zero;
} gpt_layer_head;

typedef struct gpt_layer {
  const gpt_layer_head *head;
  gpt_norm attention_norm, feed_forward_norm;
  gpt_matrix projection; /* [3 d][d]: query, key, value */
  gpt_matrix output, feed_forward_input, feed_forward_output;
} gpt_layer;

typedef struct gpt_ends {
  gpt_matrix embedding, positions;
  gpt_matrix unembedding; /* the embedding where the model is tied */
  uint32_t embedding_shift;
  gpt_shifts logits;
  gpt_norm norm;
  const int8_t *gelu; /* [256], of -128 … 127 */
} gpt_ends;

/* Rounded up to whole fours, or eights. */
static inline uint32_t gpt_fours(uint32_t count) { return (count + 3u) & ~3u; }
static inline uint32_t gpt_eights(uint32_t count) { return (count + 7u) & ~7u; }

/* Of an image without a vocabulary. */
size_t gpt_size(const gpt_image *image);
gpt_layer gpt_layer_at(const gpt_image *image, uint32_t layer);
gpt_ends gpt_ends_of(const gpt_image *image);

#endif
