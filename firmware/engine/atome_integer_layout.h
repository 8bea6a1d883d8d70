/* Where the parts of an ATOMEQ01 image stand; specified in docs/formats/atome-integer.md. */
#ifndef ATOME_INTEGER_LAYOUT_H
#define ATOME_INTEGER_LAYOUT_H

#include "atome_integer.h"
#include "atome_integer_sampler.h"

#define ATOME_INTEGER_HEADER_BYTES 128u
#define ATOME_INTEGER_VERSION 2u

/* Columns are taken five at a time; a byte is the code of five trits, digits 0 to 2, in places worth 1, 3, 9, 28
 * and 84. */
#define ATOME_GROUP 5u
#define ATOME_CODES 252u
/* A normalised input of 1 in steps of the state's input gain. */
#define ATOME_INPUT_STEPS 32
/* Rows stand in blocks of this many, side by side. */
#define ATOME_BLOCK 8u

typedef struct atome_rate {
  uint32_t limit, pre_shift, multiplier, shift;
} atome_rate;

typedef struct atome_requantisation {
  uint32_t multiplier, shift;
} atome_requantisation;

typedef struct atome_norm_head {
  uint32_t input_shift, epsilon, output_shift;
} atome_norm_head;

/* A norm: its numbers, then gain and bias of each channel. */
typedef struct atome_norm {
  const atome_norm_head *head;
  const int16_t *gain;
  const int32_t *bias;
} atome_norm;

/* The numbers of a layer, as they stand in the image. */
typedef struct atome_layer_head {
  atome_norm_head norm;
  atome_requantisation projections[3]; /* query, key, value */
  atome_rate router_rate, score_rate;
  uint32_t local_gain, value_gain, value_shift, mix_shift;
} atome_layer_head;

typedef struct atome_layer {
  const atome_layer_head *head;
  atome_norm norm;
  const int16_t *state;      /* [d][3]: decay, input gain, output gain */
  const int8_t *kernel;      /* [d][K]: trits */
  const uint8_t *projection; /* query, key, value, router: a product */
} atome_layer;

typedef struct atome_integer_ends {
  const uint8_t *embedding; /* [256][groups] */
  int32_t magnitude;
  atome_norm norm;
  const uint8_t *unembedding;
} atome_integer_ends;

/* columns / 5, rounded up; a product by a number of 8 bits, since a Cortex-M0 divides slowly and has no longer
 * constants in its instructions. Exact for any width of a shape: 205 * 5 is 1 above 1024, which the -1 makes up for. */
static inline uint32_t atome_groups(uint32_t columns) { return ((columns + ATOME_GROUP - 1u) * 205u - 1u) >> 10; }

/* Rows with those that fill the last block. */
static inline uint32_t atome_whole_rows(uint32_t rows) { return (rows + ATOME_BLOCK - 1u) & ~(ATOME_BLOCK - 1u); }

static inline uint32_t atome_projection_rows(const atome_shape *shape) {
  return 2u * shape->head_width + shape->model_width + 3u;
}

/* How many bytes an image of its shape takes, without a vocabulary; says in the image where its layers stand. */
size_t atome_integer_size(atome_integer_image *image);
atome_layer atome_layer_at(const atome_integer_image *image, uint32_t layer);
atome_integer_ends atome_integer_ends_of(const atome_integer_image *image);
const atome_logit_rate *atome_logit_rate_of(const atome_integer_image *image);

#endif
