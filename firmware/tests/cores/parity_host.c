/* parity.c with an operating system: `parity pack` writes a pack, `parity run` runs one; `parity image` writes one
 * image. */
#include "../compact_images.h"
#include "parity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void check(int holds, const char *text, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
  exit(1);
}

void parity_say(const char *text) { fputs(text, stdout); }

static void put(FILE *pack, uint8_t *bytes, size_t size) {
  const uint8_t head[4] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};
  const uint8_t filler[4] = {0};
  CHECK(fwrite(head, 1, sizeof head, pack) == sizeof head && fwrite(bytes, 1, size, pack) == size);
  CHECK(fwrite(filler, 1, (4u - size % 4u) % 4u, pack) == (4u - size % 4u) % 4u);
  free(bytes);
}

/* Odd widths, so that keys, states and rows begin anywhere; a kernel of five, which has a loop of its own; more columns
 * than a block of tables holds; the numbers usual, or at the format's limits. */
static void write_pack(const char *path) {
  static const atome_shape shapes[] = {{13, 2, 5, 3, 5}, {7, 1, 3, 8, 2},  {1, 1, 1, 1, 1},
                                       {16, 2, 4, 4, 5}, {33, 1, 9, 5, 5}, {86, 1, 7, 4, 3}};
  static const compact_shape compact[] = {{13, 2, 6, 3, 17}, {40, 1, 16, 1, 33}, {1, 1, 1, 1, 1}};
  FILE *pack = fopen(path, "wb");
  CHECK(pack != NULL);
  for (uint32_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    const test_image images[] = {
        make_image(shapes[i], i, i % 2u == 0u ? 4 : 5), make_integer_image(shapes[i], 1, i),
        make_integer_image(shapes[i], 2, i), make_integer_image_at_limits(shapes[i], 1u + i % 2u, i)};
    for (uint32_t k = 0; k < sizeof images / sizeof images[0]; k++) put(pack, images[k].bytes, images[k].size);
  }
  for (uint32_t i = 0; i < sizeof compact / sizeof compact[0]; i++) {
    const compact_file files[] = {make_compact_of(compact[i], 200, 2, i), make_compact_at_limits(compact[i], i)};
    for (uint32_t k = 0; k < sizeof files / sizeof files[0]; k++) put(pack, files[k].bytes, files[k].size);
  }
  CHECK(fclose(pack) == 0);
}

/* The integer image that examples/minimal is written for. */
static int write_image(const char *path) {
  static const atome_shape shape = {16, 2, 4, 4, 5};
  const test_image image = make_integer_image(shape, 1, 1);
  FILE *file = fopen(path, "wb");
  CHECK(file != NULL && fwrite(image.bytes, 1, image.size, file) == image.size && fclose(file) == 0);
  free(image.bytes);
  return 0;
}

static int run_pack(const char *path) {
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
  const long size = ftell(file);
  CHECK(size > 0);
  uint8_t *pack = malloc((size_t)size);
  rewind(file);
  CHECK(pack != NULL && fread(pack, 1, (size_t)size, file) == (size_t)size);
  CHECK(fclose(file) == 0);
  const int status = parity_run(pack, (size_t)size);
  free(pack);
  return status;
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  if (strcmp(arguments[1], "image") == 0) return write_image(arguments[2]);
  if (strcmp(arguments[1], "pack") != 0) return run_pack(arguments[2]);
  write_pack(arguments[2]);
  return 0;
}
