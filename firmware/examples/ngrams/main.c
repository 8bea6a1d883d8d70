/* Texts to labels: `make -C firmware ngrams` runs it on the host and on a core. A line for each text: its label, then
 * the scores of all labels in 1/4096. A board's main.c would act where this one prints. */
#include "atome_ngrams.h"

#include <stdio.h>

/* The classifier and the texts, a line each, as payload.S puts them into flash. */
extern const uint8_t payload_image[], payload_image_end[];
extern const uint8_t payload_vectors[], payload_vectors_end[];
static uint8_t seen[ATOME_NGRAMS_FEATURE_LIMIT / 8u];
static int32_t scores[ATOME_NGRAMS_LABEL_LIMIT];

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

static void print(const atome_ngrams *model, int label) {
  size_t length = 0u;
  const char *name = atome_ngrams_name(model, label, &length);
  if (name == NULL) putchar('-');
  for (size_t index = 0u; index < length; index++) putchar(name[index]);
  for (uint32_t index = 0u; index < model->label_count; index++) {
    putchar(' ');
    print_number(scores[index]);
  }
  putchar('\n');
}

int main(void) {
  static atome_ngrams model;
  if (atome_ngrams_open(&model, payload_image, (size_t)(payload_image_end - payload_image)) != ATOME_NGRAMS_OK) {
    puts("not a classifier");
    return 1;
  }
  const uint8_t *text = payload_vectors;
  for (const uint8_t *next = text; next < payload_vectors_end; next++) {
    if (*next != '\n') continue;
    print(&model, atome_ngrams_classify(&model, text, (size_t)(next - text), seen, scores));
    text = next + 1;
  }
  return 0;
}
