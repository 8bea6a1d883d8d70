/* Writes the fuzz targets' first inputs: write-seeds FOLDER fills FOLDER/float, FOLDER/integer and so on. */
#include "../compact_images.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const atome_shape shapes[] = {
    {3, 1, 2, 2, 3}, {7, 2, 3, 3, 3}, {1, 1, 1, 1, 1}, {13, 3, 5, 3, 4}, {16, 1, 16, 8, 8}};

void check(int holds, const char *text, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
  exit(1);
}

enum { SHAPE_COUNT = sizeof shapes / sizeof shapes[0] };

static void write_seed(
    const char *folder, const char *target, int number, const uint8_t *settings, size_t setting_count,
    const uint8_t *bytes, size_t count) {
  char path[4096];
  CHECK(snprintf(path, sizeof path, "%s/%s/%d", folder, target, number) < (int)sizeof path);
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL);
  CHECK(fwrite(settings, 1, setting_count, file) == setting_count && fwrite(bytes, 1, count, file) == count);
  CHECK(fclose(file) == 0);
}

/* Reads "Say 21" and samples with temperature 1, top k 40 and top p 0.95. */
static const uint8_t reading[16] = {0, 'S', 'a', 'y', ' ', '2', '1', '\n', 0xE8, 3, 0, 0, 40, 0, 0xB6, 3};

/* Settings, then the bytes that are read and the sampling. */
enum { FLOAT_SETTINGS = 16, INTEGER_SETTINGS = 6, COMPACT_SETTINGS = 1 };

static void write_float_seed(const char *folder, int number, uint8_t choices, const test_image *image, size_t size) {
  const atome_shape *shape = &image->shape;
  const uint32_t dimensions[5] = {
      shape->model_width, shape->layer_count, shape->head_width, shape->top_k, shape->kernel_size};
  uint8_t settings[FLOAT_SETTINGS + sizeof reading] = {choices, 3, 64};
  for (int i = 0; i < 5; i++) settings[6 + 2 * i] = (uint8_t)(dimensions[i] - 1u);
  memcpy(settings + FLOAT_SETTINGS, reading, sizeof reading);
  write_seed(folder, "float", number, settings, sizeof settings, image->bytes, size);
}

/* Strings of which one begins with another, for images whose tokens are texts. */
static test_section section_seed(void) {
  static const char *const strings[] = {" kit", " kitchen", "ab"};
  return make_section(strings, sizeof strings / sizeof strings[0]);
}

/* Each image in both packings: with its trailer, mended; as a body of a given shape; with a new trailer. */
static void write_float_seeds(const char *folder) {
  for (int i = 0; i < 2 * SHAPE_COUNT; i++) {
    test_image made = make_image(shapes[i / 2], (uint32_t)i, i % 2 == 0 ? 4 : 5);
    const uint8_t magic = i % 2 == 0 ? 0 : 16;
    const size_t body_size = made.size - ATOME_TRAILER_BYTES;
    write_float_seed(folder, 3 * i, 8 | magic, &made, made.size);
    write_float_seed(folder, 3 * i + 1, 1 | 2 | magic, &made, body_size);
    write_float_seed(folder, 3 * i + 2, 2 | 4 | magic, &made, body_size);
    const test_section section = section_seed();
    made = with_section(made, &section, 64);
    write_float_seed(folder, 6 * SHAPE_COUNT + i, 8 | 64 | magic, &made, made.size);
    free(made.bytes);
  }
}

static void write_integer_seeds(const char *folder) {
  uint8_t settings[INTEGER_SETTINGS + sizeof reading] = {1, 3, 64};
  memcpy(settings + INTEGER_SETTINGS, reading, sizeof reading);
  for (int i = 0; i < 4 * SHAPE_COUNT; i++) {
    const uint32_t cache_bytes = (uint32_t)i % 2u + 1u, seed = (uint32_t)i;
    const atome_shape shape = shapes[i / 4];
    settings[0] = 1;
    test_image made = i % 4 < 2 ? make_integer_image(shape, cache_bytes, seed)
                                : make_integer_image_at_limits(shape, cache_bytes, seed);
    write_seed(folder, "integer", i, settings, sizeof settings, made.bytes, made.size);
    const test_section section = section_seed();
    made = with_integer_section(made, &section, 64);
    settings[0] = 1 | 4;
    write_seed(folder, "integer", 4 * SHAPE_COUNT + i, settings, sizeof settings, made.bytes, made.size);
    free(made.bytes);
  }
}

/* Each image with usual numbers and at the limits, without and with a vocabulary. */
static void write_compact_seeds(const char *folder) {
  static const compact_shape compact_shapes[] = {
      {7, 2, 4, 2, 5}, {1, 1, 1, 1, 1}, {13, 3, 6, 6, 3}, {8, 1, 16, 1, 16}, {5, 2, 9, 3, 20}};
  uint8_t settings[COMPACT_SETTINGS + sizeof reading] = {1};
  memcpy(settings + COMPACT_SETTINGS, reading, sizeof reading);
  for (int i = 0; i < 10; i++) {
    const compact_shape shape = compact_shapes[i / 2];
    const uint32_t seed = (uint32_t)i;
    settings[0] = 1;
    compact_file made = i % 2 == 0 ? make_compact_of(shape, i % 4 == 0 ? 256 : 90, 1u + seed / 4u, seed)
                                   : make_compact_at_limits(shape, seed);
    write_seed(folder, "compact", i, settings, sizeof settings, made.bytes, made.size);
    const test_section section = section_seed();
    made = with_compact_section(made, &section, 64);
    settings[0] = 1 | 4;
    write_seed(folder, "compact", 10 + i, settings, sizeof settings, made.bytes, made.size);
    free(made.bytes);
  }
}

/* Texts of the strings, of beginnings of them, and of bytes that the vocabulary lacks. */
static void write_vocabulary_seeds(const char *folder) {
  static const char *const strings[] = {" kit", " kitchen", "a string of 16 b", "ab", "abab"};
  static const char *const texts[] = {
      "the kitchen kitc ababab", "a string of 16 ba string of 16", "\x81\xFF kit\n kitchen"};
  const test_section section = make_section(strings, sizeof strings / sizeof strings[0]);
  for (int i = 0; i < 6; i++) {
    const char *text = texts[i / 2];
    uint8_t settings[2 + 64] = {(uint8_t)(i % 2), (uint8_t)strlen(text)};
    memcpy(settings + 2, text, strlen(text));
    write_seed(folder, "vocabulary", i, settings, 2 + strlen(text), section.bytes, section.size);
  }
}

/* Context 6, two prompts ("ab" and "c"), three bytes each; in version 2 the second prompt is sampled. */
static void write_vectors_seeds(const char *folder) {
  static const uint8_t version_1[] = {'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 1, 0, 0,   0,   6, 0, 0, 0, 2,  0,
                                      0,   0,   3,   0,   0,   0,   2,   0,   0, 0, 'a', 'b', 1, 0, 0, 0, 'c'};
  static const uint8_t settings_2[28] = {0, 0, 0, 0, 1, 0, 0, 0, 0xD0, 7, 0, 0, 200, 0, 0, 0, 0x84, 3, 0, 0, 5};
  uint8_t version_2[sizeof version_1 + sizeof settings_2];
  memcpy(version_2, version_1, 24);
  version_2[8] = 2;
  memcpy(version_2 + 24, settings_2, sizeof settings_2);
  memcpy(version_2 + 24 + sizeof settings_2, version_1 + 24, sizeof version_1 - 24);
  for (int i = 0; i < 16; i++) {
    const uint8_t settings[2] = {(uint8_t)i, 4};
    const int second = (i & 4) != 0;
    write_seed(
        folder, "vectors", i, settings, sizeof settings, second ? version_2 : version_1,
        second ? sizeof version_2 : sizeof version_1);
  }
}

/* The same prompts, greedy, and the texts "ab kitchens" and FF; the target mends the checksum. */
static void write_text_seeds(const char *folder) {
  static const uint8_t version_3[] = {
      'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 3,   0,   0,   0,   6,   0, 0,   0,   2, 0,    0, 0, 3,   0,  0,
      0,   0,   0,   0,   0,   2,   0,   0,   0,   0,   0,   0,   0,   0, 0,   0,   0, 0,    0, 0, 0,   0,  0,
      0,   0,   0,   0,   0,   0,   2,   0,   0,   0,   2,   0,   0,   0, 'a', 'b', 1, 0,    0, 0, 'c', 11, 0,
      0,   0,   'a', 'b', ' ', 'k', 'i', 't', 'c', 'h', 'e', 'n', 's', 1, 0,   0,   0, 0xFF, 0, 0, 0,   0};
  for (int i = 0; i < 8; i++) {
    const uint8_t choices = (uint8_t)(2 | 16 | (i & 1) | (i & 2) << 2 | (i & 4) << 3), settings[2] = {choices, 64};
    write_seed(folder, "vectors", 16 + i, settings, sizeof settings, version_3, sizeof version_3);
  }
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  write_float_seeds(arguments[1]);
  write_integer_seeds(arguments[1]);
  write_compact_seeds(arguments[1]);
  write_vocabulary_seeds(arguments[1]);
  write_vectors_seeds(arguments[1]);
  write_text_seeds(arguments[1]);
  return 0;
}
