/* Vocabulary sections, written here from the format's description and not with the engine's own code. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

enum { BITMAP_OFFSET = 16, STRINGS_OFFSET = 48 };

static void put_number(uint8_t *place, uint32_t value, int count) {
  for (int i = 0; i < count; i++) place[i] = (uint8_t)(value >> (8 * i));
}

void seal_section(test_section *section) {
  put_number(section->bytes + section->size - 4u, test_checksum(section->bytes, section->size - 4u), 4);
}

test_section make_section(const char *const *strings, uint32_t count) {
  test_section section = {{0}, STRINGS_OFFSET};
  size_t longest = 0;
  memcpy(section.bytes, "ATOMEVOC", 8);
  put_number(section.bytes + 8, 1, 2);
  section.bytes[12] = TEST_UNKNOWN;
  memset(section.bytes + BITMAP_OFFSET, 0xFF, 32);
  for (uint32_t i = 0; i <= count; i++) {
    const uint32_t token = i < count ? TEST_FIRST_STRING + i : TEST_UNKNOWN;
    const size_t length = i < count ? strlen(strings[i]) : 0u;
    section.bytes[BITMAP_OFFSET + token / 8u] &= (uint8_t) ~(1u << token % 8u);
    section.bytes[section.size++] = (uint8_t)length;
    if (i < count) memcpy(section.bytes + section.size, strings[i], length);
    section.size += length;
    if (length > longest) longest = length;
  }
  section.bytes[13] = (uint8_t)longest;
  section.size = (section.size + 3u) / 4u * 4u + 4u;
  put_number(section.bytes + 10, (uint32_t)section.size, 2);
  seal_section(&section);
  return section;
}

/* A copy with room for the section before the last `end` bytes of the image, which is freed. */
static test_image widened(test_image image, const test_section *section, size_t end) {
  test_image wide = {malloc(image.size + section->size), image.size + section->size, image.shape};
  CHECK(wide.bytes != NULL);
  memcpy(wide.bytes, image.bytes, image.size - end);
  memcpy(wide.bytes + image.size - end, section->bytes, section->size);
  memcpy(wide.bytes + wide.size - end, image.bytes + image.size - end, end);
  free(image.bytes);
  return wide;
}

void reseal_trailer(test_image *image) {
  uint8_t *trailer = image->bytes + image->size - 104u;
  put_number(trailer + 28, test_checksum(image->bytes, image->size - 104u), 4);
  put_number(trailer + 96, test_checksum(trailer, 96), 4);
}

test_image with_section(test_image image, const test_section *section, uint32_t trained_context) {
  test_image wide = widened(image, section, 104u);
  put_number(wide.bytes + wide.size - 104u + 10u, 1u | trained_context << 1, 2);
  reseal_trailer(&wide);
  return wide;
}

test_image with_integer_section(test_image image, const test_section *section, uint32_t trained_context) {
  test_image wide = widened(image, section, 4u);
  wide.bytes[10] |= 2u;
  put_number(wide.bytes + 28, (uint32_t)section->size, 2);
  put_number(wide.bytes + 30, trained_context, 2);
  seal_integer(&wide);
  return wide;
}
