/* Opening an image: everything is checked here once, so that a step never needs to. */
#include "atome_checks.h"
#include "atome_layout.h"
#include "atome_trits.h"
#include "atome_vocabulary.h"

static const uint8_t body_magic[] = {'A', 'T', 'O', 'M', 'E', '0'};
static const uint8_t trailer_magic[] = {'A', 'T', 'O', 'M', 'E', 'T', 'R', 'L'};

/* Offsets in the trailer; its layout is specified in docs/formats/atome.md. */
enum {
  TRAILER_VERSION = 8,
  TRAILER_FLAGS = 10, /* bit 0: a vocabulary stands before the trailer; the others: the trained context */
  TRAILER_BODY_SIZE = 12,
  TRAILER_SHAPE = 16,
  TRAILER_VOCABULARY = 26,
  TRAILER_BODY_CRC = 28,
  TRAILER_OWN_CRC = 96,
  TRAILER_SIZE = 100
};

/* Five 16-bit numbers, in the order of the struct. */
static atome_shape read_shape(const uint8_t *bytes) {
  const atome_shape shape = {
      atome_read_u16(bytes), atome_read_u16(bytes + 2), atome_read_u16(bytes + 4), atome_read_u16(bytes + 6),
      atome_read_u16(bytes + 8)};
  return shape;
}

static atome_status check_floats(const uint8_t *bytes, uint32_t count) {
  for (; count > 0u; count--, bytes += 4) {
    if ((atome_read_u32(bytes) & 0x7F800000u) == 0x7F800000u) return ATOME_NOT_FINITE;
  }
  return ATOME_OK;
}

/* Checks the bytes of `count` trits and, where `strict`, that those after the last are zero. */
static atome_status check_trits(const uint8_t *trits, uint32_t count, uint32_t a_byte, bool strict) {
  for (;;) {
    const uint32_t codes = atome_codes(*trits++, a_byte);
    if (atome_invalid_codes(codes) != 0u) return ATOME_BAD_TRIT;
    if (count <= a_byte) return strict && codes >> (2u * count) != 0u ? ATOME_BAD_TRIT : ATOME_OK;
    count -= a_byte;
  }
}

/* Returns the size of the body that the shape needs; where `status` is not NULL, checks each tensor on the way. */
static size_t walk_body(const atome_image *image, bool strict, atome_status *status) {
  const uint32_t d = image->shape.model_width;
  size_t place = ATOME_MAGIC_BYTES; /* a size, since the bytes may end before it */
  uint32_t layers = image->shape.layer_count;
  for (uint32_t part = ATOME_EMBEDDING; part < ATOME_PARTS; part++) {
    const uint32_t trits = atome_trit_count(&image->shape, part);
    if (status != NULL && *status == ATOME_OK) {
      *status = check_floats(image->bytes + place, trits == 0u ? d : 1u);
    }
    if (status != NULL && *status == ATOME_OK && trits != 0u) {
      *status = check_trits(image->bytes + place + ATOME_SCALE_BYTES, trits, image->trits_per_byte, strict);
    }
    place += atome_part_size(image, part);
    if (part == ATOME_ROUTER && --layers != 0u) part = ATOME_EMBEDDING;
  }
  return place;
}

/* Takes what stands between the body and the trailer, which begins at `extent`, for the vocabulary; its content is
 * unchecked yet. */
static atome_status find_vocabulary(atome_image *image, size_t extent, uint32_t flags) {
  const uint32_t has_vocabulary = flags & 1u;
  if (extent < image->body_size || (extent != image->body_size) != has_vocabulary) return ATOME_BAD_TRAILER;
  if (has_vocabulary != 0u) image->vocabulary = image->bytes + image->body_size;
  image->vocabulary_size = extent - image->body_size;
  image->trained_context = flags >> 1;
  return ATOME_OK;
}

/* Reads the trailer's shape into `image` after checking all that can be checked without the body. */
static atome_status read_trailer(atome_image *image, const uint8_t *trailer) {
  if (atome_read_u32(trailer + TRAILER_OWN_CRC) != atome_crc32(trailer, TRAILER_OWN_CRC) ||
      atome_read_u32(trailer + TRAILER_SIZE) != ATOME_TRAILER_BYTES ||
      atome_read_u16(trailer + TRAILER_VERSION) != 1u ||
      atome_read_u16(trailer + TRAILER_VOCABULARY) != ATOME_VOCABULARY) {
    return ATOME_BAD_TRAILER;
  }
  image->shape = read_shape(trailer + TRAILER_SHAPE);
  if (!atome_shape_is_valid(&image->shape)) return ATOME_BAD_SHAPE;
  image->body_size = walk_body(image, true, NULL);
  if (atome_read_u32(trailer + TRAILER_BODY_SIZE) != image->body_size) return ATOME_BAD_TRAILER;
  return find_vocabulary(image, (size_t)(trailer - image->bytes), atome_read_u16(trailer + TRAILER_FLAGS));
}

/* Finds the shape and the extent of the body; says through `sealed` whether a trailer vouches for them. */
static atome_status find_body(atome_image *image, size_t size, const atome_shape *shape, bool *sealed) {
  const bool has_room = size >= ATOME_MAGIC_BYTES + ATOME_TRAILER_BYTES;
  const uint8_t *trailer = has_room ? image->bytes + (size - ATOME_TRAILER_BYTES) : NULL;
  *sealed = has_room && atome_equal_bytes(trailer, trailer_magic, sizeof trailer_magic);
  if (shape != NULL) {
    if (!atome_shape_is_valid(shape)) return ATOME_BAD_SHAPE;
    image->shape = *shape;
    image->body_size = walk_body(image, false, NULL);
    if (size == image->body_size) {
      *sealed = false;
      return ATOME_OK;
    }
    if (!*sealed) return size < image->body_size ? ATOME_TRUNCATED : ATOME_BAD_TRAILER;
  }
  if (!*sealed) return ATOME_NO_TRAILER;
  const atome_status status = read_trailer(image, trailer);
  if (status != ATOME_OK) return status;
  if (shape != NULL && !atome_equal_bytes((const void *)shape, (const void *)&image->shape, sizeof *shape)) {
    return ATOME_SHAPE_MISMATCH;
  }
  const size_t extent = image->body_size + image->vocabulary_size;
  if (atome_read_u32(trailer + TRAILER_BODY_CRC) != atome_crc32(image->bytes, extent)) return ATOME_BAD_CHECKSUM;
  atome_vocabulary vocabulary;
  return atome_vocabulary_open(&vocabulary, image->vocabulary, image->vocabulary_size);
}

atome_status atome_image_open(atome_image *image, const uint8_t *bytes, size_t size, const atome_shape *shape) {
  if (size < ATOME_MAGIC_BYTES) return ATOME_TRUNCATED;
  const uint32_t version = (uint32_t)bytes[sizeof body_magic] - (uint32_t)'0';
  if (!atome_equal_bytes(bytes, body_magic, sizeof body_magic) || version - 1u > 1u) return ATOME_BAD_MAGIC;
  atome_image found;
  found.bytes = bytes;
  found.trits_per_byte = version + 3u;
  found.vocabulary = NULL;
  found.vocabulary_size = 0;
  found.trained_context = 0;
  bool sealed;
  atome_status status = find_body(&found, size, shape, &sealed);
  if (status != ATOME_OK) return status;
  (void)walk_body(&found, sealed, &status);
  if (status == ATOME_OK) *image = found;
  return status;
}
