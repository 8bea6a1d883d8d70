/* A classifier's labels: a section is refused unless all of it is right; the best label is said from its margin on. */
#include "compact_images.h"
#include "tests.h"

#include "atome_labels.h"

#include <stdlib.h>
#include <string.h>

static const compact_shape small = {7, 2, 4, 2, 5};

/* Three labels, a token of none and a margin of 42. */
static const uint8_t section[28] = {28, 0, 3,   5,   42,  0,   0,   0,   200, 4,   'p', 'l', 'a', 'y',
                                    7,  8, 'w', 'e', 'a', 't', 'h', 'e', 'r', 's', 201, 1,   'x', 0};

/* The section stands at the end of memory of its size, so that a sanitizer sees any byte read after it. */
static compact_file with_labels(const uint8_t *labels, size_t count) {
  compact_file file = make_compact(small, 1);
  compact_file wide = {malloc(file.size + count), file.size + count, small};
  CHECK(wide.bytes != NULL);
  memcpy(wide.bytes, file.bytes, file.size - 4u);
  memcpy(wide.bytes + file.size - 4u, labels, count);
  wide.bytes[10] |= 8u;
  seal_compact(&wide);
  free(file.bytes);
  return wide;
}

static atome_status status_of(const uint8_t *labels, size_t count) {
  compact_file file = with_labels(labels, count);
  atome_compact_image image;
  const atome_status status = atome_compact_open(&image, file.bytes, file.size);
  free(file.bytes);
  return status;
}

static void the_best_label_is_said(void) {
  compact_file file = with_labels(section, sizeof section);
  atome_compact_image image;
  atome_labels labels;
  int32_t logits[ATOME_VOCABULARY], margin = 0;
  uint32_t size = 0;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(atome_labels_open(&labels, &image) == ATOME_OK && labels.count == 3u && labels.margin == 42);
  CHECK(memcmp(atome_label_name(&labels, 1, &size), "weathers", 8) == 0 && size == 8u);
  CHECK(memcmp(atome_label_name(&labels, 2, &size), "x", 1) == 0 && size == 1u);
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) logits[token] = 9999;
  logits[200] = -30;
  logits[7] = 12;
  logits[201] = 11;
  logits[5] = -30;
  CHECK(atome_labels_choose(&labels, logits, &margin) == 1 && margin == 42);
  logits[5] = -29;
  CHECK(atome_labels_choose(&labels, logits, NULL) == ATOME_NO_LABEL);
  free(file.bytes);

  /* Without a token of none, above the second best, wherever that stands; and a margin that refuses no text. */
  uint8_t open[sizeof section];
  memcpy(open, section, sizeof section);
  open[3] = 0;
  memcpy(open + 4, (const uint8_t[]){0, 0, 0, 0x80}, 4);
  file = with_labels(open, sizeof open);
  CHECK(
      atome_compact_open(&image, file.bytes, file.size) == ATOME_OK && atome_labels_open(&labels, &image) == ATOME_OK);
  static const int32_t scores[4][5] = {{5, 1, 2, 0, 3}, {1, 2, 9, 2, 7}, {1, 9, 2, 1, 7}, {4, 4, 4, 0, 0}};
  for (uint32_t i = 0; i < 4u; i++) {
    logits[200] = scores[i][0];
    logits[7] = scores[i][1];
    logits[201] = scores[i][2];
    CHECK(atome_labels_choose(&labels, logits, &margin) == scores[i][3] && margin == scores[i][4]);
  }
  free(file.bytes);
}

static void a_student_that_speaks_has_none(void) {
  compact_file file = make_compact(small, 1);
  atome_compact_image image;
  atome_labels labels;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(atome_labels_open(&labels, &image) == ATOME_BAD_TRAILER);
  free(file.bytes);
}

static void sections_are_checked(void) {
  static const struct {
    uint8_t offset, value;
    atome_status status;
  } tried[] = {
      {0, 24, ATOME_TRUNCATED},
      {0, 32, ATOME_TRUNCATED},
      {2, 1, ATOME_BAD_TRAILER},
      {2, 4, ATOME_BAD_TRAILER},
      {2, 129, ATOME_BAD_TRAILER},
      {2, 2, ATOME_BAD_TRAILER},
      {3, 200, ATOME_BAD_TRAILER},
      {3, 10, ATOME_BAD_TRAILER},
      {8, 0, ATOME_BAD_TRAILER},
      {8, 10, ATOME_BAD_TRAILER},
      {8, 5, ATOME_BAD_TRAILER},
      {8, 7, ATOME_BAD_TRAILER},
      {9, 0, ATOME_BAD_TRAILER},
      {9, 255, ATOME_BAD_TRAILER},
      {25, 3, ATOME_BAD_TRAILER},
      {27, 1, ATOME_BAD_FILL},
      {3, 0, ATOME_OK},
      {25, 2, ATOME_OK},
  };
  for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
    uint8_t changed[sizeof section];
    memcpy(changed, section, sizeof section);
    changed[tried[i].offset] = tried[i].value;
    CHECK(status_of(changed, sizeof changed) == tried[i].status);
  }
  for (size_t size = 0; size < sizeof section; size++) CHECK(status_of(section, size) != ATOME_OK);
}

void test_labels(void) {
  the_best_label_is_said();
  a_student_that_speaks_has_none();
  sections_are_checked();
}
