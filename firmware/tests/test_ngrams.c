/* Texts to labels: an image made by hand, known scores, and every way of damaging it. */
#include "tests.h"

#include "atome_ngrams.h"

#include <stdlib.h>
#include <string.h>

enum { LABELS = 2, FEATURES = 64, PAIRS = 256 / 8, SIZE = 26 + (5 + 1) + (5 + 2) + FEATURES * LABELS / 2 + PAIRS + 4 };
enum { WEIGHTS_AT = 39, PAIRS_AT = WEIGHTS_AT + FEATURES * LABELS / 2 };

static void put_word(uint8_t *bytes, uint32_t word) {
  for (uint32_t index = 0; index < 4u; index++) bytes[index] = (uint8_t)(word >> (8u * index));
}

static void seal_ngrams(uint8_t *image) { put_word(image + SIZE - 4, test_checksum(image, SIZE - 4)); }

/* Of exactly its size, so that a sanitizer sees what reads past it. Runs of one byte: feature = hash of a byte. */
static uint8_t *make_ngrams(uint32_t scale, int32_t threshold, uint32_t newness) {
  uint8_t *image = calloc(1, SIZE);
  CHECK(image != NULL);
  memcpy(image, "ATOMECN02\2\1\1\6\10", 14);
  put_word(image + 14, scale);
  put_word(image + 18, (uint32_t)threshold);
  put_word(image + 22, newness);
  put_word(image + 26, 100u);
  memcpy(image + 30, "\1a", 2);
  put_word(image + 32, (uint32_t)-200);
  memcpy(image + 36, "\2bc", 3);
  /* Every feature: 7 for the first label, -8 for the second. */
  memset(image + WEIGHTS_AT, 0x87, FEATURES);
  seal_ngrams(image);
  return image;
}

static void scores_are_those_of_the_page(void) {
  uint8_t *image = make_ngrams(4096u, 0, 0u);
  uint8_t seen[FEATURES / 8];
  int32_t scores[LABELS];
  atome_ngrams model;
  CHECK(atome_ngrams_open(&model, image, SIZE) == ATOME_NGRAMS_OK);
  CHECK(atome_ngrams_seen_size(&model) == sizeof seen);
  /* "x": the blank and x, two features: root = floor(sqrt(floor((2^32 - 1) / 2))) = 46340. */
  CHECK(atome_ngrams_classify(&model, (const uint8_t *)"x", 1, seen, scores) == 0);
  CHECK(scores[0] == 100 + 14 * 46340 / 16);         /* 40,547.5 + 100, rounded down */
  CHECK(scores[1] == -200 - (16 * 46340 + 15) / 16); /* 46,340 exactly */
  CHECK(atome_ngrams_classify(&model, (const uint8_t *)"XxX", 3, seen, scores) == 0 && scores[0] == 100 + 40547);
  CHECK(atome_ngrams_classify(&model, NULL, 0, seen, scores) == 0);
  CHECK(scores[0] == 100 + 7 * 65535 / 16 && scores[1] == -200 - (8 * 65535 + 15) / 16);
  size_t length = 0;
  const char *name = atome_ngrams_name(&model, 1, &length);
  CHECK(length == 2 && name != NULL && memcmp(name, "bc", 2) == 0);
  CHECK(atome_ngrams_name(&model, 2, &length) == NULL && atome_ngrams_name(&model, ATOME_NGRAMS_NONE, &length) == NULL);
  free(image);
  image = make_ngrams(4096u, 100 + 40548, 0u);
  CHECK(atome_ngrams_open(&model, image, SIZE) == ATOME_NGRAMS_OK);
  CHECK(atome_ngrams_classify(&model, (const uint8_t *)"x", 1, seen, scores) == ATOME_NGRAMS_NONE);
  free(image);
}

/* The score of the first label, without what pairs of words take from it. */
static int32_t lowered(uint8_t *image, const char *text) {
  uint8_t seen[FEATURES / 8];
  int32_t scores[LABELS], plain[LABELS];
  atome_ngrams model;
  seal_ngrams(image);
  CHECK(atome_ngrams_open(&model, image, SIZE) == ATOME_NGRAMS_OK);
  (void)atome_ngrams_classify(&model, (const uint8_t *)text, strlen(text), seen, scores);
  model.newness = 0u;
  (void)atome_ngrams_classify(&model, (const uint8_t *)text, strlen(text), seen, plain);
  CHECK(plain[0] - scores[0] == plain[1] - scores[1]);
  return plain[0] - scores[0];
}

static void new_pairs_lower_all_scores(void) {
  uint8_t *image = make_ngrams(4096u, INT32_MIN, 1u << 19);
  CHECK(lowered(image, "x y") == 1 << 19 && lowered(image, "") == 1 << 19);
  /* The bits of "nothing, x", by other code than this: docs/formats/ngrams.md. */
  static const uint8_t bits[3] = {143, 240, 161};
  for (size_t index = 0; index < 3u; index++) image[PAIRS_AT + bits[index] / 8] |= (uint8_t)(1u << (bits[index] % 8));
  CHECK(lowered(image, "x") == 1 << 18 && lowered(image, " X! ") == 1 << 18);
  /* Of three pairs two are new: floor(2 * 4096 / 3) = 2730 in 1/4096 of 2^19. */
  CHECK(lowered(image, "x y") == 2730 * 128 && lowered(image, "y x") == 1 << 19);
  /* An apostrophe is of a word, a stop is not; what is not ASCII is. */
  CHECK(lowered(image, "x'y") == 1 << 19 && lowered(image, "x.y") == 2730 * 128);
  CHECK(lowered(image, "x\303\251") == 1 << 19);
  memset(image + PAIRS_AT, 0xFF, PAIRS);
  CHECK(lowered(image, "whatever 1 says") == 0);
  /* One bit of three is not enough. */
  memset(image + PAIRS_AT, 0, PAIRS);
  image[PAIRS_AT + bits[0] / 8] = (uint8_t)(1u << (bits[0] % 8));
  CHECK(lowered(image, "x") == 1 << 19);
  free(image);
}

static atome_ngrams_status opened(const uint8_t *image, size_t size) {
  atome_ngrams model;
  uint8_t *copy = malloc(size + (size == 0u)); /* past its end nothing may be read */
  CHECK(copy != NULL);
  memcpy(copy, image, size);
  const atome_ngrams_status status = atome_ngrams_open(&model, copy, size);
  free(copy);
  return status;
}

static void damage_is_refused(void) {
  uint8_t *image = make_ngrams(1u << 20, INT32_MIN, 1u << 19);
  for (size_t size = 0; size < SIZE; size++) CHECK(opened(image, size) != ATOME_NGRAMS_OK);
  for (size_t place = 0; place < SIZE; place++) {
    image[place] ^= 1u;
    CHECK(opened(image, SIZE) == (place < 9u ? ATOME_NGRAMS_ANOTHER : ATOME_NGRAMS_DAMAGED));
    image[place] ^= 1u;
  }
  /* Numbers outside their limits, under a checksum that fits. */
  static const struct {
    size_t place;
    uint8_t value;
    atome_ngrams_status status;
  } wrong[] = {
      {9, 1, ATOME_NGRAMS_BAD_NUMBER},   {9, 65, ATOME_NGRAMS_BAD_NUMBER},  {10, 0, ATOME_NGRAMS_BAD_NUMBER},
      {10, 2, ATOME_NGRAMS_BAD_NUMBER},  {11, 9, ATOME_NGRAMS_BAD_NUMBER},  {12, 5, ATOME_NGRAMS_BAD_NUMBER},
      {12, 15, ATOME_NGRAMS_BAD_NUMBER}, {12, 7, ATOME_NGRAMS_LENGTH},      {13, 0, ATOME_NGRAMS_BAD_NUMBER},
      {13, 7, ATOME_NGRAMS_BAD_NUMBER},  {13, 9, ATOME_NGRAMS_LENGTH},      {13, 18, ATOME_NGRAMS_BAD_NUMBER},
      {17, 1, ATOME_NGRAMS_BAD_NUMBER},  {22, 1, ATOME_NGRAMS_BAD_NUMBER},  {29, 0x7F, ATOME_NGRAMS_BAD_NUMBER},
      {30, 0, ATOME_NGRAMS_BAD_NUMBER},  {36, 65, ATOME_NGRAMS_BAD_NUMBER}, {36, 1, ATOME_NGRAMS_LENGTH},
  };
  for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
    uint8_t *other = make_ngrams(1u << 20, INT32_MIN, 1u << 19);
    other[wrong[index].place] = wrong[index].value;
    seal_ngrams(other);
    CHECK(opened(other, SIZE) == wrong[index].status);
    free(other);
  }
  put_word(image + 14, 0u);
  seal_ngrams(image);
  CHECK(opened(image, SIZE) == ATOME_NGRAMS_BAD_NUMBER);
  free(image);
}

void test_ngrams(void) {
  scores_are_those_of_the_page();
  new_pairs_lower_all_scores();
  damage_is_refused();
}
