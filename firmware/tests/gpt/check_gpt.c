/* Runs images through the plain GPT's engine, in memory of exactly the size that was promised, for the sanitizers:
 * windows that begin anew, and every truncation and a change of every byte refused. usage: check-gpt IMAGE… */
#include "../../gpt/gpt_layers.h"
#include "../../gpt/gpt_rows.h"
#include "gpt_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *path, const char *what) {
  fprintf(stderr, "%s: %s\n", path, what);
  return 1;
}

static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  (void)fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*size);
  if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
    free(bytes);
    bytes = NULL;
  }
  (void)fclose(file);
  return bytes;
}

static int run(const gpt_image *image, const char *path) {
  const size_t size = gpt_memory_size(image);
  void *memory = malloc(size);
  gpt_engine engine;
  if (gpt_init(&engine, image, memory, size - 4u) != ATOME_MEMORY_TOO_SMALL) return fail(path, "took too little");
  if (gpt_init(&engine, image, memory, size) != ATOME_OK) return fail(path, "refused its own memory");
  int64_t sum = 0;
  for (uint32_t step = 0; step < 200u; step++) {
    const int32_t *logits = gpt_step(&engine, (uint8_t)(step * 37u));
    for (uint32_t i = 0; i < ATOME_VOCABULARY; i++) sum += logits[i];
  }
  free(memory);
  return sum == INT64_MIN;
}

/* A damaged image at the end of its memory, so that a read past it is seen. */
static int refuses(const uint8_t *bytes, size_t size, size_t kept, size_t changed) {
  gpt_image image;
  uint8_t *copy = malloc(kept);
  memcpy(copy, bytes, kept);
  if (changed < size) copy[changed] ^= 1u;
  const int refused = gpt_open(&image, copy, kept) != ATOME_OK;
  free(copy);
  return refused;
}

static int check(const char *path) {
  size_t size = 0;
  gpt_image image;
  uint8_t *bytes = read_file(path, &size);
  if (bytes == NULL) return fail(path, "cannot be read");
  if (gpt_open(&image, bytes, size) != ATOME_OK) return fail(path, "was refused");
  int failed = run(&image, path);
  const size_t step = size / 500u + 1u;
  for (size_t i = 1; i < size && !failed; i += step) {
    if (!refuses(bytes, size, i, size)) failed = fail(path, "was taken though its end was missing");
    if (!refuses(bytes, size, size, i)) failed = fail(path, "was taken though a byte was changed");
  }
  free(bytes);
  return failed;
}

/* The softmax's powers are round(2^14 * 2^(-i / 64)); a score that is 64 more below the largest weighs half. */
static int check_powers(void) {
  const gpt_layer_head head = {.score_limit = 2047, .score_multiplier = 1};
  double power = 16384.0;
  for (int32_t i = 0; i < 64; i++, power *= 0.98922801319397548413) {
    const int32_t scores[4] = {0, -i, -i - 64, -3000};
    int16_t weights[4];
    (void)gpt_weights_of(weights, scores, 4, &head);
    const int32_t expected = (int32_t)(power + 0.5);
    if (weights[gpt_place(1)] != expected || weights[gpt_place(2)] != expected / 2 || weights[gpt_place(3)] != 0) {
      return fail("powers", "are not those of two");
    }
  }
  return 0;
}

int main(int count, char **paths) {
  int failed = count < 2 || check_powers();
  for (int i = 1; i < count; i++) failed |= check(paths[i]);
  if (!failed) puts("the plain GPT's engine passed");
  return failed;
}
