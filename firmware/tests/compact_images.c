/* Random ATOMEQ02 images, written here from the format's description and not with the engine's own code. */
#include "compact_images.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 80, MAP_BYTES = 32, FLAGS_OFFSET = 10, SIZE_OFFSET = 12, PASSES_OFFSET = 78, CHECKSUM_BYTES = 4 };

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

/* From `least` to `most`; from 0 to `limit` in an image at its limits. */
static uint32_t usual(writer *out, uint32_t least, uint32_t most, uint32_t limit) {
  return out->at_limits ? below(out, limit + 1u) : least + below(out, most - least + 1u);
}

static void put(writer *out, uint32_t value, int count) {
  for (int i = 0; i < count; i++) *out->place++ = (uint8_t)(value >> (8 * i));
}

/* Zeros up to a whole word. */
static void put_padding(writer *out) {
  while ((out->place - out->start) % 4 != 0) *out->place++ = 0;
}

static void put_numbers(writer *out, uint32_t count, uint32_t least, uint32_t most) {
  for (uint32_t i = 0; i < count; i++) put(out, least + below(out, most - least + 1u), 1);
}

/* Gains from 32 to 95, or any. */
static void put_gains(writer *out, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) put(out, out->at_limits ? below(out, 256) - 128u : 32u + below(out, 64), 1);
}

/* In a word the codes of eight rows and one column, each plus 8; rows that are missing are 0. */
static void put_matrix(writer *out, uint32_t rows, uint32_t columns) {
  for (uint32_t first = 0; first < rows; first += 8u) {
    for (uint32_t column = 0; column < columns; column++) {
      uint32_t word = 0;
      for (uint32_t k = 0; k < 8u; k++) word |= (first + k < rows ? 1u + below(out, 15) : 8u) << 4u * k;
      put(out, word, 4);
    }
  }
}

static void put_norm_head(writer *out) {
  put(out, out->at_limits && below(out, 4) == 3u ? 0x80000000u : 1u + below(out, 1u << 20), 4);
  put(out, usual(out, 2, 6, 16), 1);
  put(out, usual(out, 12, 14, 31), 1);
  put(out, 0, 2);
}

/* To about `bits` bits. Of the 15 that a row may take before, it mostly takes 9. */
static void put_requantisation(writer *out, uint32_t bits) {
  put(out, out->at_limits ? below(out, 0x8000u) : 0x4000u + below(out, 0x4000u), 2);
  put(out, usual(out, 22u - bits, 23u - bits, 30), 1);
  put(out, 0, 1);
}

static void put_block(writer *out, compact_shape shape) {
  const uint32_t d = shape.d, m = shape.m, g = shape.g, f = shape.f;
  put_norm_head(out);
  put_norm_head(out);
  put_requantisation(out, 12); /* write gates: some octaves */
  put_requantisation(out, 14); /* value */
  put_requantisation(out, 12); /* read gates */
  put_requantisation(out, 17); /* out */
  put_requantisation(out, 8);  /* hidden */
  put_requantisation(out, 17); /* down */
  put(out, usual(out, 4, 6, 16), 1);
  put(out, 15u + usual(out, 5, 7, 7), 1);
  put(out, 0, 2);
  put_gains(out, 2u * d);
  for (uint32_t i = 0; i < g; i++) put(out, below(out, 256) - 128u, 1);
  put_numbers(out, g + 2u * m + 2u * d + f, 1, 255);
  put_padding(out);
  put_matrix(out, g + 2u * m, d);
  put_matrix(out, d, m);
  put_matrix(out, f, d);
  put_matrix(out, d, f);
}

/* The least that keeps logits in 24 bits. */
static uint32_t least_logit_shift(uint32_t width) {
  uint32_t shift = 0;
  while ((228480u * width) >> shift >= 1u << 23) shift++;
  return shift;
}

/* A bit for each of rows - 1 tokens: the last row is shared. */
static void put_map(writer *out, uint32_t rows) {
  if (rows == 256u) return;
  memset(out->place, 0, MAP_BYTES);
  for (uint32_t left = rows - 1u; left > 0u;) {
    out->random = out->random * 1664525u + 1013904223u;
    const uint32_t token = out->random >> 24;
    if ((out->place[token / 8u] >> token % 8u & 1) != 0) continue;
    out->place[token / 8u] = (uint8_t)(out->place[token / 8u] | 1u << token % 8u);
    left--;
  }
  out->place += MAP_BYTES;
}

static void put_header(writer *out, compact_shape shape, uint32_t rows) {
  const uint32_t dimensions[6] = {shape.d, shape.layers, shape.m, shape.g, shape.f, rows};
  memset(out->start, 0, HEADER_BYTES);
  memcpy(out->place, "ATOMEQ02", 8);
  out->place += 8;
  put(out, 1, 2);
  put(out, rows < 256u ? 4 : 0, 2);
  put(out, 0, 4);
  for (int i = 0; i < 6; i++) put(out, dimensions[i], 2);
  out->place = out->start + 64;
  put(out, 0x3A800000u, 4); /* 2^-10 */
  put(out, below(out, 65536), 4);
  put(out, 8u + below(out, 24), 4);
  const uint32_t least = least_logit_shift(shape.d);
  put(out, usual(out, 8, 11, 12), 1);
  put(out, least + below(out, out->at_limits ? 32u - least : 3u), 1);
  out->place = out->start + HEADER_BYTES;
}

void seal_compact(compact_file *file) {
  writer out = {file->bytes, file->bytes + SIZE_OFFSET, 0, 0};
  put(&out, (uint32_t)file->size, 4);
  out.place = file->bytes + file->size - CHECKSUM_BYTES;
  put(&out, test_checksum(file->bytes, file->size - CHECKSUM_BYTES), 4);
}

/* Of a matrix, in whole blocks of eight rows of 4 bits. */
static size_t matrix_room(size_t rows, size_t columns) { return (rows + 7u) / 8u * 4u * columns; }

static size_t room_for(compact_shape shape) {
  const size_t d = shape.d, m = shape.m, g = shape.g, f = shape.f;
  const size_t matrices = matrix_room(g + 2u * m, d) + matrix_room(d, m) + matrix_room(f, d) + matrix_room(d, f);
  const size_t block = 64u + 4u * d + 2u * (m + g) + f + matrices;
  return HEADER_BYTES + MAP_BYTES + 256u + matrix_room(256, d) + shape.layers * block + d + 32u;
}

static compact_file make(compact_shape shape, uint32_t rows, uint32_t seed, int at_limits) {
  compact_file file = {malloc(room_for(shape)), 0, shape};
  CHECK(file.bytes != NULL);
  writer out = {file.bytes, file.bytes, seed, at_limits};
  put_header(&out, shape, rows);
  put_map(&out, rows);
  put_numbers(&out, rows, 1, 255);
  put_padding(&out);
  put_matrix(&out, rows, shape.d);
  for (uint32_t layer = 0; layer < shape.layers; layer++) put_block(&out, shape);
  put_norm_head(&out);
  put_gains(&out, shape.d);
  put_padding(&out);
  file.size = (size_t)(out.place - file.bytes) + CHECKSUM_BYTES;
  CHECK(file.size <= room_for(shape));
  file.bytes = realloc(file.bytes, file.size); /* so that reading past the end is seen */
  CHECK(file.bytes != NULL);
  seal_compact(&file);
  return file;
}

compact_file make_compact(compact_shape shape, uint32_t seed) { return make(shape, 256, seed, 0); }

compact_file make_compact_of(compact_shape shape, uint32_t rows, uint32_t passes, uint32_t seed) {
  compact_file file = make(shape, rows, seed, 0);
  file.bytes[PASSES_OFFSET] = (uint8_t)(passes - 1u);
  seal_compact(&file);
  return file;
}

compact_file make_compact_at_limits(compact_shape shape, uint32_t seed) { return make(shape, 256, seed, 1); }

compact_file with_compact_section(compact_file file, const test_section *section, uint32_t trained_context) {
  const size_t end = file.size - CHECKSUM_BYTES;
  compact_file wide = {malloc(file.size + section->size), file.size + section->size, file.shape};
  CHECK(wide.bytes != NULL);
  memcpy(wide.bytes, file.bytes, end);
  memcpy(wide.bytes + end, section->bytes, section->size);
  free(file.bytes);
  writer out = {wide.bytes, wide.bytes + FLAGS_OFFSET, 0, 0};
  put(&out, wide.bytes[FLAGS_OFFSET] | 2u, 2);
  out.place = wide.bytes + 28;
  put(&out, (uint32_t)section->size, 2);
  put(&out, trained_context, 2);
  seal_compact(&wide);
  return wide;
}
