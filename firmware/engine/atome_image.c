/* Opening an image: everything is checked here once, so that a step never needs to. */
#include "atome_layout.h"

#include <stdbool.h>

static const uint8_t body_magic[ATOME_MAGIC_BYTES] = {'A', 'T', 'O', 'M', 'E', '0', '1'};
static const uint8_t trailer_magic[8] = {'A', 'T', 'O', 'M', 'E', 'T', 'R', 'L'};

/* Offsets in the trailer; its layout is specified in docs/formats/atome.md. */
enum {
  TRAILER_VERSION = 8,
  TRAILER_FLAGS = 10,
  TRAILER_BODY_SIZE = 12,
  TRAILER_SHAPE = 16,
  TRAILER_VOCABULARY = 26,
  TRAILER_BODY_CRC = 28,
  TRAILER_OWN_CRC = 96,
  TRAILER_SIZE = 100
};

static bool equal_bytes(const uint8_t *left, const uint8_t *right, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (left[i] != right[i]) return false;
  }
  return true;
}

/* CRC-32 of IEEE 802.3, reflected; a bit at a time, since a table would cost more flash than it saves time once. */
static uint32_t crc32(const uint8_t *bytes, size_t count) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

static bool inside(uint32_t value, uint32_t limit) { return value >= 1u && value <= limit; }

static bool shape_is_valid(const atome_shape *shape) {
  return inside(shape->model_width, 1024u) && inside(shape->layer_count, 64u) && inside(shape->head_width, 256u) &&
         inside(shape->top_k, 64u) && inside(shape->kernel_size, 32u);
}

static bool shapes_are_equal(const atome_shape *left, const atome_shape *right) {
  return left->model_width == right->model_width && left->layer_count == right->layer_count &&
         left->head_width == right->head_width && left->top_k == right->top_k &&
         left->kernel_size == right->kernel_size;
}

static bool ends_with_trailer(const uint8_t *bytes, size_t size) {
  return size >= ATOME_MAGIC_BYTES + ATOME_TRAILER_BYTES &&
         equal_bytes(bytes + size - ATOME_TRAILER_BYTES, trailer_magic, sizeof trailer_magic);
}

/* Reads the trailer's shape after checking all that can be checked without the body. */
static atome_status read_trailer(const uint8_t *trailer, size_t body_size, atome_shape *shape) {
  if (atome_read_u32(trailer + TRAILER_OWN_CRC) != crc32(trailer, TRAILER_OWN_CRC) ||
      atome_read_u32(trailer + TRAILER_SIZE) != ATOME_TRAILER_BYTES ||
      atome_read_u16(trailer + TRAILER_VERSION) != 1u ||
      atome_read_u16(trailer + TRAILER_FLAGS) != 0u ||
      atome_read_u16(trailer + TRAILER_VOCABULARY) != ATOME_VOCABULARY) {
    return ATOME_BAD_TRAILER;
  }
  const uint8_t *field = trailer + TRAILER_SHAPE;
  shape->model_width = atome_read_u16(field);
  shape->layer_count = atome_read_u16(field + 2);
  shape->head_width = atome_read_u16(field + 4);
  shape->top_k = atome_read_u16(field + 6);
  shape->kernel_size = atome_read_u16(field + 8);
  if (!shape_is_valid(shape)) return ATOME_BAD_SHAPE;
  if (atome_read_u32(trailer + TRAILER_BODY_SIZE) != body_size || atome_body_size(shape) != body_size) {
    return ATOME_BAD_TRAILER;
  }
  return ATOME_OK;
}

static atome_status check_floats(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((atome_read_u32(bytes + 4u * i) & 0x7F800000u) == 0x7F800000u) return ATOME_NOT_FINITE;
  }
  return ATOME_OK;
}

/* The invalid code 10 shows as a high bit without its low one. */
static uint32_t invalid_codes(uint32_t codes) { return (codes >> 1) & ~codes & 0x55u; }

/* Checks a ternary tensor's scale, its codes and, where `strict`, its padding. */
static atome_status check_ternary(const uint8_t *tensor, size_t count, bool strict) {
  const uint8_t *trits = tensor + ATOME_SCALE_BYTES;
  const size_t whole = count / 4u;
  const uint32_t rest = (uint32_t)(count % 4u);
  uint32_t invalid = 0u;
  for (size_t i = 0; i < whole; i++) invalid |= invalid_codes(trits[i]);
  if (rest != 0u) {
    const uint32_t mask = (1u << (2u * rest)) - 1u;
    invalid |= invalid_codes(trits[whole] & mask);
    if (strict) invalid |= trits[whole] & ~mask;
  }
  return invalid != 0u ? ATOME_BAD_TRIT : check_floats(tensor, 1u);
}

static atome_status first_failure(atome_status earlier, atome_status later) {
  return earlier != ATOME_OK ? earlier : later;
}

static atome_status check_block(const atome_block *block, const atome_shape *shape, bool strict) {
  const size_t d = shape->model_width;
  atome_status status = check_floats(block->norm_gain, 2u * d);
  status = first_failure(status, check_ternary(block->kernel, d * shape->kernel_size, strict));
  status = first_failure(status, check_floats(block->decay, 3u * d));
  status = first_failure(status, check_ternary(block->query, shape->head_width * d, strict));
  status = first_failure(status, check_ternary(block->key, shape->head_width * d, strict));
  status = first_failure(status, check_ternary(block->value, d * d, strict));
  return first_failure(status, check_ternary(block->router, 3u * d, strict));
}

static atome_status check_body(const atome_image *image, bool strict) {
  const size_t d = image->shape.model_width;
  const atome_ends ends = atome_ends_of(image);
  atome_status status = check_ternary(ends.embedding, ATOME_VOCABULARY * d, strict);
  for (uint32_t layer = 0; status == ATOME_OK && layer < image->shape.layer_count; layer++) {
    const atome_block block = atome_block_at(image, layer);
    status = check_block(&block, &image->shape, strict);
  }
  status = first_failure(status, check_floats(ends.norm_gain, 2u * d));
  return first_failure(status, check_ternary(ends.unembedding, ATOME_VOCABULARY * d, strict));
}

/* Finds the shape and the extent of the body; says through `has_trailer` whether a trailer vouches for them. */
static atome_status find_body(
    atome_image *image, size_t size, const atome_shape *shape, bool *has_trailer) {
  if (shape != NULL) {
    if (!shape_is_valid(shape)) return ATOME_BAD_SHAPE;
    image->shape = *shape;
    image->body_size = atome_body_size(shape);
    if (size < image->body_size && !ends_with_trailer(image->bytes, size)) return ATOME_TRUNCATED;
    *has_trailer = size != image->body_size;
    if (!*has_trailer) return ATOME_OK;
  }
  if (!ends_with_trailer(image->bytes, size)) return shape != NULL ? ATOME_BAD_TRAILER : ATOME_NO_TRAILER;
  *has_trailer = true;
  atome_shape told;
  const size_t body_size = size - ATOME_TRAILER_BYTES;
  const atome_status status = read_trailer(image->bytes + body_size, body_size, &told);
  if (status != ATOME_OK) return status;
  if (shape != NULL && !shapes_are_equal(shape, &told)) return ATOME_SHAPE_MISMATCH;
  image->shape = told;
  image->body_size = body_size;
  return ATOME_OK;
}

atome_status atome_image_open(atome_image *image, const uint8_t *bytes, size_t size, const atome_shape *shape) {
  if (size < ATOME_MAGIC_BYTES) return ATOME_TRUNCATED;
  if (!equal_bytes(bytes, body_magic, sizeof body_magic)) return ATOME_BAD_MAGIC;
  atome_image found = {.bytes = bytes, .body_size = 0};
  bool has_trailer = false;
  atome_status status = find_body(&found, size, shape, &has_trailer);
  if (status != ATOME_OK) return status;
  if (has_trailer) {
    const uint8_t *trailer = bytes + found.body_size;
    if (atome_read_u32(trailer + TRAILER_BODY_CRC) != crc32(bytes, found.body_size)) return ATOME_BAD_CHECKSUM;
  }
  status = check_body(&found, has_trailer);
  if (status == ATOME_OK) *image = found;
  return status;
}
