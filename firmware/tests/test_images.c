/* Opening: what is whole is accepted at any address, and everything else is refused without reading past its end. */
#include "tests.h"

#include "atome_layout.h"

#include <stdlib.h>
#include <string.h>

/* Trits of d = 3 do not fill whole bytes, so there is padding. */
static const atome_shape small = {3, 1, 2, 2, 3};

static atome_status open_status(const uint8_t *bytes, size_t size, const atome_shape *shape) {
  atome_image image;
  return atome_image_open(&image, bytes, size, shape);
}

static atome_status sealed_status(test_image *image) {
  seal(image);
  return open_status(image->bytes, image->size, NULL);
}

static void whole_images_open(uint32_t a_byte) {
  test_image made = make_image(small, 1, a_byte);
  atome_image image;
  CHECK(atome_image_open(&image, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(image.body_size == made.size - ATOME_TRAILER_BYTES);
  CHECK(image.shape.model_width == 3 && image.shape.layer_count == 1 && image.shape.head_width == 2);
  CHECK(image.shape.top_k == 2 && image.shape.kernel_size == 3);
  CHECK(open_status(made.bytes, made.size, &small) == ATOME_OK);
  CHECK(open_status(made.bytes, image.body_size, &small) == ATOME_OK);
  CHECK(open_status(made.bytes, image.body_size, NULL) == ATOME_NO_TRAILER);
  free(made.bytes);
}

/* Each prefix stands in memory of just its size: the sanitizer sees any byte read after it. */
static void every_truncation_is_refused(uint32_t a_byte) {
  test_image made = make_image(small, 2, a_byte);
  const size_t body_size = made.size - ATOME_TRAILER_BYTES;
  for (size_t size = 0; size < made.size; size++) {
    uint8_t *prefix = malloc(size > 0 ? size : 1);
    CHECK(prefix != NULL);
    memcpy(prefix, made.bytes, size);
    CHECK(open_status(prefix, size, NULL) != ATOME_OK);
    CHECK((open_status(prefix, size, &small) == ATOME_OK) == (size == body_size));
    free(prefix);
  }
  free(made.bytes);
}

static void every_changed_byte_is_refused(uint32_t a_byte) {
  test_image made = make_image(small, 3, a_byte);
  for (size_t i = 0; i < made.size; i++) {
    for (uint32_t difference = 1; difference < 256; difference++) {
      made.bytes[i] ^= (uint8_t)difference;
      CHECK(open_status(made.bytes, made.size, NULL) != ATOME_OK);
      made.bytes[i] ^= (uint8_t)difference;
    }
  }
  CHECK(open_status(made.bytes, made.size, NULL) == ATOME_OK);
  free(made.bytes);
}

/* With checksums that fit, so that what is wrong is all that can be found. */
static void wrong_shapes_are_refused(uint32_t a_byte) {
  static const atome_shape wrong[] = {
      {0, 1, 2, 2, 3},
      {1025, 1, 2, 2, 3},
      {3, 0, 2, 2, 3},
      {3, 65, 2, 2, 3},
      {3, 1, 0, 2, 3},
      {3, 1, 257, 2, 3},
      {3, 1, 2, 0, 3},
      {3, 1, 2, 65, 3},
      {3, 1, 2, 2, 0},
      {3, 1, 2, 2, 33},
      {65535, 65535, 65535, 65535, 65535}};
  static const atome_shape other[] = {{4, 1, 2, 2, 3}, {3, 2, 2, 2, 3}, {1024, 64, 256, 64, 32}};
  test_image made = make_image(small, 4, a_byte);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    made.shape = wrong[i];
    CHECK(sealed_status(&made) == ATOME_BAD_SHAPE);
    CHECK(open_status(made.bytes, made.size, &wrong[i]) == ATOME_BAD_SHAPE);
  }
  for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
    made.shape = other[i];
    CHECK(sealed_status(&made) == ATOME_BAD_TRAILER);
  }
  made.shape = small;
  CHECK(sealed_status(&made) == ATOME_OK);
  /* top_k takes no room in the body, so only the trailer can contradict it. */
  const atome_shape contradicting = {3, 1, 2, 1, 3};
  CHECK(open_status(made.bytes, made.size, &contradicting) == ATOME_SHAPE_MISMATCH);
  free(made.bytes);
}

static void wrong_contents_are_refused(void) {
  test_image made = make_image(small, 5, 4);
  const size_t body_size = made.size - ATOME_TRAILER_BYTES;
  const size_t first_trits = ATOME_MAGIC_BYTES + ATOME_SCALE_BYTES;
  const size_t kernel = first_trits + 256 * 3 / 4 + 2 * 4 * 3;
  const uint8_t trits = made.bytes[first_trits];
  made.bytes[first_trits] = 2; /* code 10 */
  CHECK(sealed_status(&made) == ATOME_BAD_TRIT);
  CHECK(open_status(made.bytes, body_size, &small) == ATOME_BAD_TRIT);
  made.bytes[first_trits] = trits;

  made.bytes[kernel + ATOME_SCALE_BYTES + 2] |= 0x40; /* the kernel's nine trits leave three of padding */
  CHECK(sealed_status(&made) == ATOME_BAD_TRIT);
  CHECK(open_status(made.bytes, body_size, &small) == ATOME_OK);
  made.bytes[kernel + ATOME_SCALE_BYTES + 2] &= 0x3F;

  made.bytes[kernel + 2] = 0x80, made.bytes[kernel + 3] = 0x7F; /* a scale of infinity or a NaN */
  CHECK(sealed_status(&made) == ATOME_NOT_FINITE);
  free(made.bytes);
}

/* A byte above 242 is no five trits; after the last trit stand digits of 1. */
static void wrong_base_3_is_refused(void) {
  test_image made = make_image(small, 5, 5);
  const size_t body_size = made.size - ATOME_TRAILER_BYTES;
  uint8_t *trits = made.bytes + ATOME_MAGIC_BYTES + ATOME_SCALE_BYTES;
  const uint8_t first = trits[0];
  for (uint32_t byte = 0; byte < 256; byte++) {
    trits[0] = (uint8_t)byte;
    CHECK(sealed_status(&made) == (byte <= 242 ? ATOME_OK : ATOME_BAD_TRIT));
    CHECK(open_status(made.bytes, body_size, &small) == (byte <= 242 ? ATOME_OK : ATOME_BAD_TRIT));
  }
  trits[0] = first;

  uint8_t *last = trits + 153; /* the embedding's 768 trits fill 153 bytes and three fifths of one */
  const uint8_t content = (uint8_t)(*last % 27u);
  for (uint32_t padding = 0; padding < 9; padding++) {
    *last = (uint8_t)(content + 27u * padding);
    CHECK(sealed_status(&made) == (padding == 4 ? ATOME_OK : ATOME_BAD_TRIT));
    CHECK(open_status(made.bytes, body_size, &small) == ATOME_OK);
  }
  free(made.bytes);
}

static void other_magics_are_refused(void) {
  test_image made = make_image(small, 5, 4);
  for (uint32_t byte = 0; byte < 256; byte++) {
    made.bytes[6] = (uint8_t)byte;
    if (byte != '1' && byte != '2') CHECK(sealed_status(&made) == ATOME_BAD_MAGIC);
  }
  free(made.bytes);
}

static void foreign_bytes_after_the_body_are_refused(uint32_t a_byte) {
  test_image made = make_image(small, 6, a_byte);
  const size_t body_size = made.size - ATOME_TRAILER_BYTES;
  memset(made.bytes + body_size, 0, ATOME_TRAILER_BYTES);
  CHECK(open_status(made.bytes, body_size + 1, &small) == ATOME_BAD_TRAILER);
  CHECK(open_status(made.bytes, made.size, &small) == ATOME_BAD_TRAILER);
  CHECK(open_status(made.bytes, made.size, NULL) == ATOME_NO_TRAILER);
  free(made.bytes);
}

static void every_status_has_a_message(void) {
  for (int status = ATOME_OK; status <= ATOME_BAD_VOCABULARY; status++) {
    CHECK(strcmp(atome_status_message((atome_status)status), "unknown status") != 0);
  }
}

void test_images(void) {
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) whole_images_open(a_byte);
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) every_truncation_is_refused(a_byte);
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) every_changed_byte_is_refused(a_byte);
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) wrong_shapes_are_refused(a_byte);
  wrong_contents_are_refused();
  wrong_base_3_is_refused();
  other_magics_are_refused();
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) foreign_bytes_after_the_body_are_refused(a_byte);
  every_status_has_a_message();
}
