/* The labels of a classifier in an ATOMEQ02 image: which of them the logits behind a text name, or none. Tokens are
 * those of the image's vocabulary, by an atome_encoder, or bytes where it has none.
 *
 * Example, which the tests compile:
 *
 *   static uint32_t memory[ATOME_COMPACT_MEMORY_WORDS(16, 1, 32, 8, 24, 3)];
 *
 *   int label_of(const atome_compact_image *image, const uint8_t *tokens, size_t count) {
 *     atome_labels labels;
 *     atome_compact_engine engine;
 *     if (atome_labels_open(&labels, image) != ATOME_OK) return ATOME_NO_LABEL;
 *     if (atome_compact_init(&engine, image, memory, sizeof memory) != ATOME_OK) return ATOME_NO_LABEL;
 *     for (size_t i = 0; i < count; i++) atome_compact_step(&engine, tokens[i]);
 *     return atome_labels_choose(&labels, atome_compact_step(&engine, ATOME_LABEL_END), NULL);
 *   }
 *
 * Integers alone, no memory: the same label on every machine. Specified in docs/formats/atome-compact.md. */
#ifndef ATOME_LABELS_H
#define ATOME_LABELS_H

#include "atome_compact.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is read behind a text: the logits after it are of its label. */
#define ATOME_LABEL_END ((uint8_t)'\n')
/* The most labels; the least are 2. */
#define ATOME_LABEL_LIMIT 128u
/* No label is sure enough. */
#define ATOME_NO_LABEL (-1)

/* A view of an image's section; `section` is NULL where the image is of no classifier. */
typedef struct atome_labels {
  const uint8_t *section; /* in the image, which must stay in place */
  uint32_t count;         /* of labels */
  int32_t margin;         /* by how much the best score must be above the others; INT32_MIN refuses none */
} atome_labels;

/* Finds the labels of an opened image. */
atome_status atome_labels_open(atome_labels *labels, const atome_compact_image *image);

/* The label that the logits behind a text name, from 0, or ATOME_NO_LABEL. `margin`, where it is not NULL, becomes how
 * far the best label is above the token of no label, or above the second best where the image has no such token. */
int atome_labels_choose(const atome_labels *labels, const int32_t *logits, int32_t *margin);

/* A label's name, `size` bytes of UTF-8 without an end. */
const char *atome_label_name(const atome_labels *labels, uint32_t label, uint32_t *size);

#ifdef __cplusplus
}
#endif

#endif
