#include "atome_compact_layout.h"

#include "atome_nibbles.h"

enum { LOGIT_RATE = 68, EMBEDDING_SHIFT = 76, LOGIT_SHIFT = 77 };

/* In bytes. */
static size_t matrix_size(uint32_t rows, uint32_t columns) { return 4u * (size_t)atome_nibble_words(rows, columns); }

/* Gains, bias and multipliers of a block: numbers of one byte. */
static size_t number_count(const atome_compact_shape *shape) {
  return 4u * shape->model_width + 2u * shape->gate_count + 2u * shape->state_width + shape->hidden_width;
}

static size_t block_size(const atome_compact_shape *shape) {
  const uint32_t d = shape->model_width, m = shape->state_width, f = shape->hidden_width;
  return sizeof(atome_compact_block_head) + atome_whole_words(number_count(shape)) +
         matrix_size(atome_compact_projections(shape), d) + matrix_size(d, m) + matrix_size(f, d) + matrix_size(d, f);
}

/* Multipliers and codes begin behind the header and, where there is one, the map of rows. */
static size_t table_start(const atome_compact_image *image) {
  return ATOME_COMPACT_HEADER_BYTES + (image->row_count < ATOME_VOCABULARY ? ATOME_COMPACT_MAP_BYTES : 0u);
}

static size_t blocks_start(const atome_compact_image *image) {
  const uint32_t rows = image->row_count;
  return table_start(image) + atome_whole_words(rows) + matrix_size(rows, image->shape.model_width);
}

size_t atome_compact_size(const atome_compact_image *image) {
  const atome_compact_shape *shape = &image->shape;
  return blocks_start(image) + shape->layer_count * block_size(shape) + sizeof(atome_compact_norm_head) +
         atome_whole_words(shape->model_width) + 4u;
}

static uint32_t bit_count(uint32_t bits) {
  uint32_t count = 0;
  for (; bits != 0u; bits &= bits - 1u) count++;
  return count;
}

/* Own rows ascend with their tokens. */
uint32_t atome_compact_row_of(const atome_compact_image *image, uint32_t token) {
  const uint8_t *map = image->row_map;
  if (map == NULL) return token;
  const uint32_t bits = map[token / 8u], place = token % 8u;
  if ((bits >> place & 1u) == 0u) return image->row_count - 1u;
  uint32_t row = bit_count(bits & ((1u << place) - 1u));
  for (uint32_t byte = 0; byte < token / 8u; byte++) row += bit_count(map[byte]);
  return row;
}

/* Returns the current place and moves it past `size` bytes. */
static const void *take(const uint8_t **place, size_t size) {
  const uint8_t *start = *place;
  *place += size;
  return start;
}

atome_compact_block atome_compact_block_at(const atome_compact_image *image, uint32_t block) {
  const uint32_t d = image->shape.model_width, m = image->shape.state_width, f = image->shape.hidden_width;
  const uint32_t projections = atome_compact_projections(&image->shape);
  const uint8_t *place = image->bytes + blocks_start(image) + block * block_size(&image->shape);
  atome_compact_block result;
  result.head = take(&place, sizeof(atome_compact_block_head));
  const uint8_t *numbers = place;
  result.state_norm.head = &result.head->state_norm;
  result.state_norm.gain = take(&place, d);
  result.feed_norm.head = &result.head->feed_norm;
  result.feed_norm.gain = take(&place, d);
  result.bias = take(&place, image->shape.gate_count);
  result.projections.multipliers = take(&place, projections);
  result.out.multipliers = take(&place, d);
  result.hidden.multipliers = take(&place, f);
  result.down.multipliers = take(&place, d);
  result.numbers_end = place;
  place = numbers + atome_whole_words((size_t)(place - numbers));
  result.projections.codes = take(&place, matrix_size(projections, d));
  result.out.codes = take(&place, matrix_size(d, m));
  result.hidden.codes = take(&place, matrix_size(f, d));
  result.down.codes = take(&place, matrix_size(d, f));
  return result;
}

atome_compact_ends atome_compact_ends_of(const atome_compact_image *image) {
  const uint8_t *place = image->bytes + table_start(image);
  atome_compact_ends ends;
  ends.table.multipliers = take(&place, atome_whole_words(image->row_count));
  ends.table.codes = (const void *)place;
  place = image->bytes + blocks_start(image) + image->shape.layer_count * block_size(&image->shape);
  ends.norm.head = take(&place, sizeof(atome_compact_norm_head));
  ends.norm.gain = (const void *)place;
  ends.embedding_shift = image->bytes[EMBEDDING_SHIFT];
  ends.logit_shift = image->bytes[LOGIT_SHIFT];
  return ends;
}

const atome_logit_rate *atome_compact_rate_of(const atome_compact_image *image) {
  return (const void *)(image->bytes + LOGIT_RATE);
}
