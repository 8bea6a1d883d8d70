/* Texts to labels by a student: `make -C firmware labels` runs it on the host and on a core. A line for each text: its
 * label, then how far that is above the others, in logits. A board's main.c would act where this one prints. */
#include "atome_labels.h"
#include "atome_vocabulary.h"

#include <stdio.h>

/* Of the shape that the guide trains, d, N, m, g, f, P; make asks the image. */
#if !defined(ENGINE_MEMORY_BYTES)
#define ENGINE_MEMORY_BYTES (4u * ATOME_COMPACT_MEMORY_WORDS(16, 1, 32, 8, 24, 3))
#endif

/* The image and the texts, a line each, as payload.S puts them into flash. */
extern const uint8_t payload_image[], payload_image_end[];
extern const uint8_t payload_vectors[], payload_vectors_end[];
static uint32_t memory[ENGINE_MEMORY_BYTES / 4u];
static atome_compact_image image;
static atome_compact_engine engine;
static atome_vocabulary vocabulary;
static atome_labels labels;

static atome_status open_all(void) {
  atome_status status = atome_compact_open(&image, payload_image, (size_t)(payload_image_end - payload_image));
  if (status == ATOME_OK) status = atome_compact_init(&engine, &image, memory, sizeof memory);
  if (status == ATOME_OK) status = atome_vocabulary_open(&vocabulary, image.vocabulary, image.vocabulary_size);
  if (status == ATOME_OK) status = atome_labels_open(&labels, &image);
  return status;
}

static void read_decided(atome_encoder *encoder) {
  uint8_t token;
  while (atome_encoder_next(encoder, &token)) (void)atome_compact_step(&engine, token);
}

static int label_of(const uint8_t *text, size_t length, int32_t *margin) {
  atome_encoder encoder;
  atome_compact_reset(&engine);
  atome_encoder_begin(&encoder, &vocabulary);
  for (size_t i = 0; i < length; i++) {
    atome_encoder_put(&encoder, text[i]);
    read_decided(&encoder);
  }
  atome_encoder_finish(&encoder);
  read_decided(&encoder);
  return atome_labels_choose(&labels, atome_compact_step(&engine, ATOME_LABEL_END), margin);
}

static void print_number(int32_t number) {
  char digits[10];
  uint32_t count = 0u, rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  if (number < 0) putchar('-');
  do {
    digits[count++] = (char)('0' + rest % 10u);
    rest /= 10u;
  } while (rest != 0u);
  while (count > 0u) putchar(digits[--count]);
}

static void print(int label, int32_t margin) {
  uint32_t size = 1u;
  const char *name = label == ATOME_NO_LABEL ? "-" : atome_label_name(&labels, (uint32_t)label, &size);
  for (uint32_t i = 0u; i < size; i++) putchar(name[i]);
  putchar(' ');
  print_number(margin);
  putchar('\n');
}

int main(void) {
  const atome_status status = open_all();
  if (status != ATOME_OK) {
    puts(atome_status_message(status));
    return 1;
  }
  const uint8_t *text = payload_vectors;
  for (const uint8_t *next = text; next < payload_vectors_end; next++) {
    if (*next != '\n') continue;
    int32_t margin = 0;
    const int label = label_of(text, (size_t)(next - text), &margin);
    print(label, margin);
    text = next + 1;
  }
  return 0;
}
