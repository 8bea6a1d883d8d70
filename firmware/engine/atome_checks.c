#include "atome_checks.h"

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

/* A number of 1 ... limit is one whose predecessor, divided by the limit, is 0: a shift, where that is a power of 2. */
bool atome_shape_is_valid(const atome_shape *shape) {
  const uint32_t outside = (shape->model_width - 1u) / ATOME_WIDTH_LIMIT |
                           (shape->layer_count - 1u) / ATOME_LAYER_LIMIT | (shape->head_width - 1u) / ATOME_HEAD_LIMIT |
                           (shape->top_k - 1u) / ATOME_TOP_LIMIT | (shape->kernel_size - 1u) / ATOME_KERNEL_LIMIT;
  return outside == 0u;
}
