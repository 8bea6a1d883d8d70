/* Small random images, written here from the format's description and not with the engine's own code. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

typedef struct writer {
  uint8_t *place;
  uint32_t random;
  uint32_t trits_per_byte;
} writer;

static uint32_t next_random(writer *out) {
  out->random = out->random * 1664525u + 1013904223u;
  return out->random >> 16;
}

static void put_number(uint8_t *place, uint32_t value, int count) {
  for (int i = 0; i < count; i++) place[i] = (uint8_t)(value >> (8 * i));
}

static void put_float(writer *out, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  put_number(out->place, bits, 4);
  out->place += 4;
}

/* Between -1 and 1. */
static float random_float(writer *out) { return (float)(int32_t)(next_random(out) % 2001u) / 1000.0f - 1.0f; }

static void put_floats(writer *out, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) put_float(out, random_float(out));
}

static void put_ternary(writer *out, uint32_t count) {
  /* What 0, +1 and -1 are in two bits and in base 3; a trit's weight in its byte grows by 4 or by 3. */
  static const uint32_t codes[3] = {0, 1, 3}, digits[3] = {1, 2, 0};
  const uint32_t a_byte = out->trits_per_byte, base = a_byte == 4u ? 4u : 3u;
  put_float(out, 0.25f + 0.125f * random_float(out));
  for (uint32_t i = 0; i < count; i += a_byte) {
    uint32_t byte = 0, weight = 1;
    for (uint32_t j = 0; j < a_byte; j++, weight *= base) {
      const uint32_t trit = i + j < count ? next_random(out) % 3u : 0u;
      byte += weight * (a_byte == 4u ? codes[trit] : digits[trit]);
    }
    *out->place++ = (uint8_t)byte;
  }
}

static void put_block(writer *out, const atome_shape *shape) {
  const uint32_t d = shape->model_width;
  put_floats(out, 2 * d);
  put_ternary(out, d * shape->kernel_size);
  put_floats(out, 3 * d);
  put_ternary(out, shape->head_width * d);
  put_ternary(out, shape->head_width * d);
  put_ternary(out, d * d);
  put_ternary(out, 3 * d);
}

/* The CRC-32 of zlib, by polynomial division with the bits reversed: another way than the engine's. */
static uint32_t reversed(uint32_t value, int count) {
  uint32_t result = 0;
  for (int bit = 0; bit < count; bit++) result |= (value >> bit & 1u) << (count - 1 - bit);
  return result;
}

uint32_t test_checksum(const uint8_t *bytes, size_t count) {
  uint32_t rest = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    rest ^= reversed(bytes[i], 8) << 24;
    for (int bit = 0; bit < 8; bit++) rest = (rest & 0x80000000u) != 0u ? (rest << 1) ^ 0x04C11DB7u : rest << 1;
  }
  return ~reversed(rest, 32);
}

void seal(test_image *image) {
  const size_t body_size = image->size - 104u;
  uint8_t *trailer = image->bytes + body_size;
  const atome_shape *shape = &image->shape;
  const uint32_t fields[6] = {shape->model_width, shape->layer_count, shape->head_width,
                              shape->top_k,       shape->kernel_size, 256};
  memset(trailer, 0, 104);
  memcpy(trailer, "ATOMETRL", 8);
  put_number(trailer + 8, 1, 2);
  put_number(trailer + 12, (uint32_t)body_size, 4);
  for (int i = 0; i < 6; i++) put_number(trailer + 16 + 2 * i, fields[i], 2);
  put_number(trailer + 28, test_checksum(image->bytes, body_size), 4);
  memset(trailer + 32, 0xA5, 64); /* the digests, which the engine leaves to the host */
  put_number(trailer + 96, test_checksum(trailer, 96), 4);
  put_number(trailer + 100, 104, 4);
}

test_image make_image(atome_shape shape, uint32_t seed, uint32_t trits_per_byte) {
  static uint8_t room[1 << 18];
  writer out = {room, seed, trits_per_byte};
  memcpy(out.place, trits_per_byte == 4u ? "ATOME01" : "ATOME02", 7);
  out.place += 7;
  put_ternary(&out, 256 * shape.model_width);
  for (uint32_t layer = 0; layer < shape.layer_count; layer++) put_block(&out, &shape);
  put_floats(&out, 2 * shape.model_width);
  put_ternary(&out, 256 * shape.model_width);
  test_image image = {NULL, (size_t)(out.place - room) + 104u, shape};
  image.bytes = malloc(image.size);
  CHECK(image.bytes != NULL);
  memcpy(image.bytes, room, image.size - 104u);
  seal(&image);
  return image;
}
