#include "atome_checks.h"

#include "atome_layout.h"

bool atome_equal_bytes(const uint8_t *left, const uint8_t *right, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (left[i] != right[i]) return false;
  }
  return true;
}

/* A bit at a time, since a table would cost more flash than it saves time once. */
uint32_t atome_crc32(const uint8_t *bytes, size_t count) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

atome_shape atome_read_shape(const uint8_t *bytes) {
  atome_shape shape;
  shape.model_width = atome_read_u16(bytes);
  shape.layer_count = atome_read_u16(bytes + 2);
  shape.head_width = atome_read_u16(bytes + 4);
  shape.top_k = atome_read_u16(bytes + 6);
  shape.kernel_size = atome_read_u16(bytes + 8);
  return shape;
}

static bool inside(uint32_t value, uint32_t limit) { return value >= 1u && value <= limit; }

bool atome_shape_is_valid(const atome_shape *shape) {
  return inside(shape->model_width, ATOME_WIDTH_LIMIT) && inside(shape->layer_count, ATOME_LAYER_LIMIT) &&
         inside(shape->head_width, ATOME_HEAD_LIMIT) && inside(shape->top_k, ATOME_TOP_LIMIT) &&
         inside(shape->kernel_size, ATOME_KERNEL_LIMIT);
}
