#include "atome_integer_layout.h"

static size_t whole_words(size_t bytes) { return (bytes + 3u) & ~(size_t)3u; }

static size_t product_size(uint32_t rows, uint32_t columns) {
  return (size_t)atome_whole_rows(rows) * atome_groups(columns);
}

static size_t norm_size(size_t width) { return whole_words(2u * width) + 4u * width; }

static size_t embedding_size(uint32_t width) { return ATOME_VOCABULARY * (size_t)atome_groups(width); }

static size_t layer_size(const atome_shape *shape) {
  const size_t d = shape->model_width;
  return sizeof(atome_layer_head) + norm_size(d) + whole_words(6u * d) + whole_words(d * shape->kernel_size) +
         product_size(atome_projection_rows(shape), shape->model_width);
}

size_t atome_integer_size(const atome_shape *shape) {
  const uint32_t d = shape->model_width;
  return ATOME_INTEGER_HEADER_BYTES + embedding_size(d) + shape->layer_count * layer_size(shape) +
         sizeof(atome_norm_head) + norm_size(d) + product_size(ATOME_VOCABULARY, d) + 4u;
}

/* Returns the current place and moves it past `size` bytes. */
static const void *take(const uint8_t **place, size_t size) {
  const uint8_t *start = *place;
  *place += size;
  return start;
}

static void take_norm(atome_norm *norm, const uint8_t **place, size_t width) {
  norm->gain = take(place, whole_words(2u * width));
  norm->bias = take(place, 4u * width);
}

static const uint8_t *layers_of(const atome_integer_image *image) {
  return image->bytes + ATOME_INTEGER_HEADER_BYTES + embedding_size(image->shape.model_width);
}

atome_layer atome_layer_at(const atome_integer_image *image, uint32_t layer) {
  const size_t d = image->shape.model_width;
  const uint8_t *place = layers_of(image) + layer * layer_size(&image->shape);
  atome_layer result;
  result.head = take(&place, sizeof(atome_layer_head));
  result.norm.head = &result.head->norm;
  take_norm(&result.norm, &place, d);
  result.state = take(&place, whole_words(6u * d));
  result.kernel = take(&place, whole_words(d * image->shape.kernel_size));
  result.projection = place;
  return result;
}

atome_integer_ends atome_integer_ends_of(const atome_integer_image *image) {
  const uint8_t *place = layers_of(image) + image->shape.layer_count * layer_size(&image->shape);
  atome_integer_ends ends;
  ends.embedding = image->bytes + ATOME_INTEGER_HEADER_BYTES;
  ends.magnitude = *(const int32_t *)(const void *)(image->bytes + 64);
  ends.norm.head = take(&place, sizeof(atome_norm_head));
  take_norm(&ends.norm, &place, image->shape.model_width);
  ends.unembedding = place;
  return ends;
}

const atome_logit_rate *atome_logit_rate_of(const atome_integer_image *image) {
  return (const void *)(image->bytes + 72);
}
