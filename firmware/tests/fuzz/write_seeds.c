/* Writes the fuzz targets' first inputs: write-seeds FOLDER fills FOLDER/float, FOLDER/integer and FOLDER/vectors. */
#include "../tests.h"

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

/* Each image with its trailer, mended; and as a body of a given shape. */
static void write_float_seeds(const char *folder) {
  for (int i = 0; i < SHAPE_COUNT; i++) {
    const atome_shape *shape = &shapes[i];
    const uint32_t dimensions[5] = {shape->model_width, shape->layer_count, shape->head_width, shape->top_k,
                                    shape->kernel_size};
    uint8_t settings[24] = {8, 3, 64};
    for (int j = 0; j < 5; j++) settings[6 + 2 * j] = (uint8_t)(dimensions[j] - 1u);
    memcpy(settings + 16, "\0Say 21\n", 8);
    test_image made = make_image(*shape, (uint32_t)i);
    write_seed(folder, "float", 4 * i, settings, sizeof settings, made.bytes, made.size);
    settings[0] = 1 | 2;
    write_seed(folder, "float", 4 * i + 1, settings, sizeof settings, made.bytes, made.size - ATOME_TRAILER_BYTES);
    settings[0] = 2 | 4;
    write_seed(folder, "float", 4 * i + 2, settings, sizeof settings, made.bytes, made.size - ATOME_TRAILER_BYTES);
    settings[0] = 1 | 2 | 16;
    write_seed(folder, "float", 4 * i + 3, settings, sizeof settings, made.bytes, made.size - ATOME_TRAILER_BYTES);
    free(made.bytes);
  }
}

static void write_integer_seeds(const char *folder) {
  static const uint8_t settings[14] = {1, 3, 64, 0, 0, 0, 0, 'S', 'a', 'y', ' ', '2', '1', '\n'};
  for (int i = 0; i < 2 * SHAPE_COUNT; i++) {
    test_image made = make_integer_image(shapes[i / 2], (uint32_t)i % 2u + 1u, (uint32_t)i);
    write_seed(folder, "integer", i, settings, sizeof settings, made.bytes, made.size);
    free(made.bytes);
  }
}

static void write_vectors_seeds(const char *folder) {
  static const uint8_t two_prompts[] = {'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 1, 0, 0, 0, 6, 0, 0,   0, 2, 0, 0,
                                        0,   3,   0,   0,   0,   2,   0,   0,   0, 'a', 'b', 1, 0, 0, 0, 'c'};
  for (int i = 0; i < 4; i++) {
    const uint8_t settings[3] = {(uint8_t)i, 0, 4};
    write_seed(folder, "vectors", i, settings, sizeof settings, two_prompts, sizeof two_prompts);
  }
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  write_float_seeds(arguments[1]);
  write_integer_seeds(arguments[1]);
  write_vectors_seeds(arguments[1]);
  return 0;
}
