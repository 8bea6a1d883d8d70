#include "gpt_layout.h"

#include "atome_nibbles.h"

static size_t codes_size(uint32_t rows, uint32_t columns, uint32_t bits) {
  return bits == 4u ? 4u * (size_t)atome_nibble_words(rows, columns) : (size_t)rows * gpt_fours(columns);
}

static size_t matrix_size(uint32_t rows, uint32_t columns, uint32_t bits) {
  return 2u * (size_t)((rows + 1u) & ~1u) + codes_size(rows, columns, bits);
}

static size_t norm_size(uint32_t width) { return 2u * (size_t)gpt_fours(width); }

static size_t layer_size(const gpt_shape *shape, uint32_t bits) {
  const uint32_t d = shape->model_width, f = shape->feed_forward_width;
  return sizeof(gpt_layer_head) + 2u * norm_size(d) + matrix_size(3u * d, d, bits) + matrix_size(d, d, bits) +
         matrix_size(f, d, bits) + matrix_size(d, f, bits);
}

size_t gpt_size(const gpt_image *image) {
  const gpt_shape *shape = &image->shape;
  const uint32_t d = shape->model_width, bits = image->weight_bits;
  const size_t table = matrix_size(ATOME_VOCABULARY, d, bits);
  return GPT_HEADER_BYTES + GPT_TABLE_BYTES + table + matrix_size(shape->context, d, bits) +
         shape->layer_count * layer_size(shape, bits) + norm_size(d) + (image->is_tied ? 0u : table) + 4u;
}

/* Returns the current place and moves it past `size` bytes. */
static const void *take(const uint8_t **place, size_t size) {
  const uint8_t *start = *place;
  *place += size;
  return start;
}

static gpt_matrix take_matrix(const uint8_t **place, uint32_t rows, uint32_t columns, uint32_t bits) {
  gpt_matrix matrix = {rows, columns, bits, NULL, NULL};
  matrix.multipliers = take(place, 2u * (size_t)((rows + 1u) & ~1u));
  matrix.codes = take(place, codes_size(rows, columns, bits));
  return matrix;
}

static gpt_norm take_norm(const uint8_t **place, const gpt_norm_head *head, uint32_t width) {
  gpt_norm norm = {head, NULL, NULL};
  norm.gain = take(place, gpt_fours(width));
  norm.bias = take(place, gpt_fours(width));
  return norm;
}

static const uint8_t *layers_of(const gpt_image *image) {
  const uint32_t d = image->shape.model_width, bits = image->weight_bits;
  return image->bytes + GPT_HEADER_BYTES + GPT_TABLE_BYTES + matrix_size(ATOME_VOCABULARY, d, bits) +
         matrix_size(image->shape.context, d, bits);
}

gpt_layer gpt_layer_at(const gpt_image *image, uint32_t layer) {
  const uint32_t d = image->shape.model_width, f = image->shape.feed_forward_width, bits = image->weight_bits;
  const uint8_t *place = layers_of(image) + layer * layer_size(&image->shape, bits);
  gpt_layer found;
  found.head = take(&place, sizeof(gpt_layer_head));
  found.attention_norm = take_norm(&place, &found.head->attention_norm, d);
  found.feed_forward_norm = take_norm(&place, &found.head->feed_forward_norm, d);
  found.projection = take_matrix(&place, 3u * d, d, bits);
  found.output = take_matrix(&place, d, d, bits);
  found.feed_forward_input = take_matrix(&place, f, d, bits);
  found.feed_forward_output = take_matrix(&place, d, f, bits);
  return found;
}

gpt_ends gpt_ends_of(const gpt_image *image) {
  const uint32_t d = image->shape.model_width, bits = image->weight_bits;
  const uint8_t *place = image->bytes + GPT_HEADER_BYTES;
  gpt_ends ends;
  ends.gelu = take(&place, GPT_TABLE_BYTES);
  ends.embedding = take_matrix(&place, ATOME_VOCABULARY, d, bits);
  ends.positions = take_matrix(&place, image->shape.context, d, bits);
  place += image->shape.layer_count * layer_size(&image->shape, bits);
  ends.norm = take_norm(&place, (const void *)(image->bytes + 68), d);
  ends.logits = *(const gpt_shifts *)(image->bytes + 76);
  ends.unembedding = image->is_tied ? ends.embedding : take_matrix(&place, ATOME_VOCABULARY, d, bits);
  ends.embedding_shift = image->bytes[30];
  return ends;
}
