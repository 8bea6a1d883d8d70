#include "atome_integer_layout.h"

static size_t whole_words(size_t bytes) { return (bytes + 3u) & ~(size_t)3u; }

static size_t norm_size(size_t width) { return whole_words(2u * width) + 4u * width; }

size_t atome_integer_size(atome_integer_image *image) {
  const atome_shape *shape = &image->shape;
  const size_t d = shape->model_width, groups = atome_groups(shape->model_width);
  image->groups = (uint32_t)groups;
  image->layer_bytes = sizeof(atome_layer_head) + norm_size(d) + whole_words(6u * d) +
                       whole_words(d * shape->kernel_size) + atome_whole_rows(atome_projection_rows(shape)) * groups;
  return ATOME_INTEGER_HEADER_BYTES + (size_t)2u * ATOME_VOCABULARY * groups + shape->layer_count * image->layer_bytes +
         sizeof(atome_norm_head) + norm_size(d) + 4u;
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

/* Where a layer stands; after the last one, the final norm. */
static const uint8_t *layer_place(const atome_integer_image *image, uint32_t layer) {
  return image->bytes + ATOME_INTEGER_HEADER_BYTES + ATOME_VOCABULARY * (size_t)image->groups +
         layer * image->layer_bytes;
}

atome_layer atome_layer_at(const atome_integer_image *image, uint32_t layer) {
  const size_t d = image->shape.model_width;
  const uint8_t *place = layer_place(image, layer);
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
  const uint8_t *place = layer_place(image, image->shape.layer_count);
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
