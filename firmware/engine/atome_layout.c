#include "atome_layout.h"

uint32_t atome_trit_count(const atome_shape *shape, uint32_t part) {
  const uint32_t d = shape->model_width;
  switch (part) {
    case ATOME_EMBEDDING:
    case ATOME_UNEMBEDDING: return ATOME_VOCABULARY * d;
    case ATOME_KERNEL: return shape->kernel_size * d;
    case ATOME_QUERY:
    case ATOME_KEY: return shape->head_width * d;
    case ATOME_VALUE: return d * d;
    case ATOME_ROUTER: return 3u * d;
    default: return 0u;
  }
}

uint32_t atome_part_size(const atome_image *image, uint32_t part) {
  const uint32_t trits = atome_trit_count(&image->shape, part), a_byte = image->trits_per_byte;
  return trits == 0u ? 4u * image->shape.model_width : ATOME_SCALE_BYTES + (trits + a_byte - 1u) / a_byte;
}

const uint8_t *atome_locate(
    atome_tensors *tensors, const atome_image *image, const uint8_t *place, uint32_t first, uint32_t last) {
  for (uint32_t part = first; part <= last; part++) {
    tensors->at[part] = place;
    place += atome_part_size(image, part);
  }
  return place;
}

#if !defined(__ARM_FEATURE_UNALIGNED)

uint32_t atome_read_u32(const uint8_t *bytes) { return atome_read_u16(bytes) | atome_read_u16(bytes + 2) << 16; }

float atome_read_float(const uint8_t *bytes) { return atome_float_of_bits(atome_read_u32(bytes)); }

#endif
