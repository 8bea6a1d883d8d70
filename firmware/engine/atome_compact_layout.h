/* Where the parts of an ATOMEQ02 image stand; specified in docs/formats/atome-compact.md. */
#ifndef ATOME_COMPACT_LAYOUT_H
#define ATOME_COMPACT_LAYOUT_H

#include "atome_compact.h"
#include "atome_integer_sampler.h"

#define ATOME_COMPACT_HEADER_BYTES 80u
#define ATOME_COMPACT_VERSION 1u

/* A bit a token. */
#define ATOME_COMPACT_MAP_BYTES 32u

typedef struct atome_compact_norm_head {
  uint32_t epsilon;
  uint8_t input_shift, output_shift;
  uint16_t zero;
} atome_compact_norm_head;

typedef struct atome_compact_norm {
  const atome_compact_norm_head *head;
  const int8_t *gain;
} atome_compact_norm;

typedef struct atome_compact_requantisation {
  uint16_t multiplier;
  uint8_t shift, zero;
} atome_compact_requantisation;

/* The numbers of a block, as they stand in the image. */
typedef struct atome_compact_block_head {
  atome_compact_norm_head state_norm, feed_norm;
  atome_compact_requantisation write_gate, value, read_gate, out, hidden, down;
  uint8_t bias_shift, read_shift;
  uint16_t zero;
} atome_compact_block_head;

/* A matrix: what its rows' sums are multiplied by, and its codes. */
typedef struct atome_compact_matrix {
  const uint8_t *multipliers;
  const uint32_t *codes;
} atome_compact_matrix;

typedef struct atome_compact_block {
  const atome_compact_block_head *head;
  atome_compact_norm state_norm, feed_norm;
  const int8_t *bias;               /* [g]: the write gates' */
  atome_compact_matrix projections; /* g + 2 m rows: write gates, value, read gates */
  atome_compact_matrix out, hidden, down;
  const uint8_t *numbers_end; /* where numbers of one byte end, and zeros fill the section */
} atome_compact_block;

typedef struct atome_compact_ends {
  atome_compact_matrix table;
  atome_compact_norm norm;
  uint32_t embedding_shift, logit_shift;
} atome_compact_ends;

/* Bytes up to a multiple of 4. */
static inline size_t atome_whole_words(size_t bytes) { return (bytes + 3u) & ~(size_t)3u; }

/* Rows of the matrix that reads the state's norm: write gates, value, read gates. */
static inline uint32_t atome_compact_projections(const atome_compact_shape *shape) {
  return shape->gate_count + 2u * shape->state_width;
}

/* The row of a token in the table. */
uint32_t atome_compact_row_of(const atome_compact_image *image, uint32_t token);

/* Whether the header says that a classifier's labels stand behind the vocabulary. */
int atome_compact_has_labels(const atome_compact_image *image);
/* Checks a section of labels. */
atome_status atome_labels_check(const uint8_t *section, size_t size);
/* Of the file without a vocabulary and labels. */
size_t atome_compact_size(const atome_compact_image *image);
atome_compact_block atome_compact_block_at(const atome_compact_image *image, uint32_t block);
atome_compact_ends atome_compact_ends_of(const atome_compact_image *image);
const atome_logit_rate *atome_compact_rate_of(const atome_compact_image *image);

#endif
