/* Small random ATOMEQ01 images, written here from the format's description and not with the engine's own code. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 128, SIZE_OFFSET = 12, CHECKSUM_BYTES = 4 };

typedef struct writer {
  uint8_t *start, *place;
  uint32_t random;
  int at_limits; /* most numbers are the least or the greatest that the format allows, not usual ones */
} writer;

/* 0 ..< bound; bound is 2^24 at most. */
static uint32_t below(writer *out, uint32_t bound) {
  out->random = out->random * 1664525u + 1013904223u;
  const uint32_t number = (uint32_t)((uint64_t)bound * (out->random >> 8) >> 24);
  if (!out->at_limits || (out->random >> 8 & 3u) == 0u) return number;
  return (out->random >> 10 & 1u) != 0u ? bound - 1u : 0u;
}

/* A bound for usual numbers, or the format's own. */
static uint32_t bound(const writer *out, uint32_t usual, uint32_t allowed) { return out->at_limits ? allowed : usual; }

static void put(writer *out, uint32_t value, int count) {
  for (int i = 0; i < count; i++) *out->place++ = (uint8_t)(value >> (8 * i));
}

/* Zeros up to a whole word. */
static void put_padding(writer *out) {
  while ((out->place - out->start) % 4 != 0) *out->place++ = 0;
}

/* Codes of five trits: digits 0 to 2 in places worth 1, 3, 9, 28 and 84. */
static void put_codes(writer *out, size_t count) {
  const int at_limits = out->at_limits;
  out->at_limits = 0;
  for (size_t i = 0; i < count; i++) {
    /* One after the other, so that every compiler makes the same image. */
    const uint32_t three = below(out, 27);
    const uint32_t fourth = below(out, 3);
    *out->place++ = (uint8_t)(three + 28u * fourth + 84u * below(out, 3));
  }
  out->at_limits = at_limits;
}

static void put_rate(writer *out) {
  const uint32_t pre_shift = below(out, bound(out, 8, 32));
  put(out, below(out, 65536) << pre_shift, 4);
  put(out, pre_shift, 4);
  put(out, below(out, 65536), 4);
  put(out, below(out, bound(out, 20, 32)), 4);
}

static void put_norm_head(writer *out) {
  put(out, below(out, bound(out, 9, 17)), 4);
  put(out, 1u + below(out, 1u << 20), 4);
  put(out, out->at_limits ? below(out, 32) : 19u + below(out, 4), 4);
}

static void put_norm_numbers(writer *out, uint32_t width) {
  for (uint32_t i = 0; i < width; i++) put(out, below(out, 16385) - 8192u, 2);
  put_padding(out);
  for (uint32_t i = 0; i < width; i++) put(out, (below(out, 1u << 24) - (1u << 23)) * bound(out, 8, 64), 4);
}

static void put_requantisation(writer *out, uint32_t width, uint32_t shift) {
  put(out, 1u + below(out, bound(out, 8000, (1u << 23) / width)), 4);
  put(out, out->at_limits ? below(out, 31) : shift, 4);
}

/* Rows in blocks of eight, columns in groups of five. */
static size_t product_size(size_t rows, size_t columns) { return (rows + 7u) / 8u * 8u * ((columns + 4u) / 5u); }

static void put_layer(writer *out, const atome_shape *shape, uint32_t cache_bytes) {
  const uint32_t d = shape->model_width;
  const int narrow = cache_bytes == 1u;
  put_norm_head(out);
  put_requantisation(out, d, 8);
  put_requantisation(out, d, narrow ? 12 : 8);
  put_requantisation(out, d, narrow ? 11 : 4);
  put_rate(out);
  put_rate(out);
  put(out, below(out, bound(out, 32768u / shape->kernel_size, 32768)), 4);
  put(out, below(out, 32768), 4);
  put(out, narrow ? bound(out, 10, 8) : bound(out, 17, 16), 4);
  put(out, below(out, 21), 4);
  put_norm_numbers(out, d);
  for (uint32_t i = 0; i < 3u * d; i++) put(out, below(out, 65536), 2);
  put_padding(out);
  for (uint32_t i = 0; i < d * shape->kernel_size; i++) put(out, below(out, 3) - 1u, 1);
  put_padding(out);
  put_codes(out, product_size(2u * shape->head_width + d + 3u, d));
}

static void put_header(writer *out, const atome_shape *shape, uint32_t cache_bytes) {
  const uint32_t dimensions[6] = {shape->model_width, shape->layer_count, shape->head_width,
                                  shape->top_k,       shape->kernel_size, 256};
  memset(out->start, 0, HEADER_BYTES);
  memcpy(out->place, "ATOMEQ01", 8);
  out->place += 8;
  put(out, 2, 2);
  put(out, cache_bytes == 1u ? 1 : 0, 2);
  put(out, 0, 4);
  for (int i = 0; i < 6; i++) put(out, dimensions[i], 2);
  out->place = out->start + 64;
  put(out, 1u + below(out, bound(out, 1u << 22, (1u << 23) - 1u)), 4);
  put(out, 0x3A800000u, 4); /* 2^-10 */
  put(out, below(out, 65536), 4);
  put(out, 8u + below(out, 24), 4);
  out->place = out->start + HEADER_BYTES;
}

void seal_integer(test_image *image) {
  writer out = {image->bytes, image->bytes + SIZE_OFFSET, 0, 0};
  put(&out, (uint32_t)image->size, 4);
  out.place = image->bytes + image->size - CHECKSUM_BYTES;
  put(&out, test_checksum(image->bytes, image->size - CHECKSUM_BYTES), 4);
}

static test_image make(atome_shape shape, uint32_t cache_bytes, uint32_t seed, int at_limits) {
  static uint8_t room[1 << 18];
  const uint32_t d = shape.model_width;
  writer out = {room, room, seed, at_limits};
  put_header(&out, &shape, cache_bytes);
  put_codes(&out, 256u * ((d + 4u) / 5u));
  for (uint32_t layer = 0; layer < shape.layer_count; layer++) put_layer(&out, &shape, cache_bytes);
  put_norm_head(&out);
  put_norm_numbers(&out, d);
  put_codes(&out, product_size(256, d));
  test_image image = {NULL, (size_t)(out.place - room) + CHECKSUM_BYTES, shape};
  image.bytes = malloc(image.size);
  CHECK(image.bytes != NULL);
  memcpy(image.bytes, room, image.size - CHECKSUM_BYTES);
  seal_integer(&image);
  return image;
}

test_image make_integer_image(atome_shape shape, uint32_t cache_bytes, uint32_t seed) {
  return make(shape, cache_bytes, seed, 0);
}

test_image make_integer_image_at_limits(atome_shape shape, uint32_t cache_bytes, uint32_t seed) {
  return make(shape, cache_bytes, seed, 1);
}
