/* A classifier of texts: linear, on hashed byte n-grams, and less sure of texts whose pairs of words are new. Specified
 * in docs/formats/ngrams.md; the Swift twin is in Sources/Model/Ngrams.
 *
 * Integers alone: the same text gives the same scores on every machine. No heap, no globals, no other file: these two
 * and the image that `alambic classify fit --out` writes are all that a program needs. */
#ifndef ATOME_NGRAMS_H
#define ATOME_NGRAMS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ATOME_NGRAMS_LABEL_LIMIT 64u
#define ATOME_NGRAMS_FEATURE_LIMIT 16384u
/* What a score of 1 is: the logarithm of the odds in 1/4096. */
#define ATOME_NGRAMS_ONE 4096
/* The answer to a text that has none of the labels. */
#define ATOME_NGRAMS_NONE (-1)

typedef enum atome_ngrams_status {
  ATOME_NGRAMS_OK = 0,
  ATOME_NGRAMS_ANOTHER = 1,    /* not an n-gram classifier */
  ATOME_NGRAMS_LENGTH = 2,     /* shorter or longer than it says */
  ATOME_NGRAMS_BAD_NUMBER = 3, /* a number outside its limits */
  ATOME_NGRAMS_DAMAGED = 4     /* the checksum differs */
} atome_ngrams_status;

/* An image that was checked; fields are private to it. */
typedef struct atome_ngrams {
  const uint8_t *labels;  /* bias, length and name of each */
  const uint8_t *weights; /* 4 bits each */
  const uint8_t *pairs;   /* a bit each */
  uint32_t label_count, feature_count, shortest, longest, scale, pair_bits, newness;
  int32_t threshold;
} atome_ngrams;

/* Checks `image`, which must stay in place; nothing else of it is checked later. */
atome_ngrams_status atome_ngrams_open(atome_ngrams *model, const uint8_t *image, size_t size);

/* How many bytes `seen` needs: a bit for each feature. */
size_t atome_ngrams_seen_size(const atome_ngrams *model);

/* The label of a text, or ATOME_NGRAMS_NONE. `scores` has room for label_count numbers and says them in 1/4096. */
int atome_ngrams_classify(
    const atome_ngrams *model, const uint8_t *text, size_t length, uint8_t *seen, int32_t *scores);

/* A label's name, which no NUL ends; NULL for a label that there is not. */
const char *atome_ngrams_name(const atome_ngrams *model, int label, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
