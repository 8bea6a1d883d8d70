#include "atome_layout.h"

#include "atome_math.h"

size_t atome_ternary_size(size_t trit_count) { return ATOME_SCALE_BYTES + (trit_count + 3u) / 4u; }

static size_t floats_size(size_t count) { return 4u * count; }

size_t atome_block_size(const atome_shape *shape) {
  const size_t d = shape->model_width;
  return floats_size(5u * d) + atome_ternary_size(d * shape->kernel_size) +
         2u * atome_ternary_size(shape->head_width * d) + atome_ternary_size(d * d) + atome_ternary_size(3u * d);
}

size_t atome_body_size(const atome_shape *shape) {
  const size_t d = shape->model_width;
  return ATOME_MAGIC_BYTES + 2u * atome_ternary_size(ATOME_VOCABULARY * d) +
         shape->layer_count * atome_block_size(shape) + floats_size(2u * d);
}

/* Returns the current place and moves it past `size` bytes. */
static const uint8_t *take(const uint8_t **place, size_t size) {
  const uint8_t *start = *place;
  *place += size;
  return start;
}

atome_block atome_block_at(const atome_image *image, uint32_t layer) {
  const atome_shape *shape = &image->shape;
  const size_t d = shape->model_width;
  const uint8_t *place = image->bytes + ATOME_MAGIC_BYTES + atome_ternary_size(ATOME_VOCABULARY * d) +
                         layer * atome_block_size(shape);
  atome_block block;
  block.norm_gain = take(&place, floats_size(d));
  block.norm_bias = take(&place, floats_size(d));
  block.kernel = take(&place, atome_ternary_size(d * shape->kernel_size));
  block.decay = take(&place, floats_size(d));
  block.input_gain = take(&place, floats_size(d));
  block.output_gain = take(&place, floats_size(d));
  block.query = take(&place, atome_ternary_size(shape->head_width * d));
  block.key = take(&place, atome_ternary_size(shape->head_width * d));
  block.value = take(&place, atome_ternary_size(d * d));
  block.router = place;
  return block;
}

atome_ends atome_ends_of(const atome_image *image) {
  const size_t d = image->shape.model_width;
  const size_t embedding_size = atome_ternary_size(ATOME_VOCABULARY * d);
  atome_ends ends;
  ends.embedding = image->bytes + ATOME_MAGIC_BYTES;
  ends.norm_gain = ends.embedding + embedding_size + image->shape.layer_count * atome_block_size(&image->shape);
  ends.norm_bias = ends.norm_gain + floats_size(d);
  ends.unembedding = ends.norm_bias + floats_size(d);
  return ends;
}

uint32_t atome_read_u16(const uint8_t *bytes) { return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8; }

uint32_t atome_read_u32(const uint8_t *bytes) {
  return atome_read_u16(bytes) | atome_read_u16(bytes + 2) << 16;
}

float atome_read_float(const uint8_t *bytes) { return atome_float_of_bits(atome_read_u32(bytes)); }
