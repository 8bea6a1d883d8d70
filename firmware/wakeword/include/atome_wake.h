/* From sound to a word: each 32 ms become four bytes (atome_mel.h), and a compact student says whether the word was
 * just said. Specified in docs/formats/mel.md; the Swift twin is in Sources/Model/Mel. */
#ifndef ATOME_WAKE_H
#define ATOME_WAKE_H

#include "atome_compact.h"
#include "atome_mel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a student answers: the word was just said, or it was not. */
#define ATOME_WAKE_SAID 1u
#define ATOME_WAKE_OTHER 2u

/* The numbers of a detector, as `alambic wake train` writes them. */
typedef struct atome_wake_settings {
  int32_t threshold; /* scores from here on say that the word was said */
  uint32_t pause;    /* steps in which it is not heard again */
} atome_wake_settings;

/* What 32 ms of sound say. */
typedef struct atome_wake_answer {
  int32_t score;                  /* the logit of ATOME_WAKE_SAID less that of ATOME_WAKE_OTHER */
  uint8_t bytes[ATOME_MEL_PARTS]; /* the sound as the student reads it */
  uint8_t is_heard;               /* 1 once for each time that the word was said, else 0 */
} atome_wake_answer;

/* A detector; fields are private to it. */
typedef struct atome_wake {
  atome_wake_settings settings;
  atome_compact_engine engine;
  atome_mel mel;
  uint32_t left; /* steps until the word may be heard again */
} atome_wake;

/* sizeof(atome_wake) on a 32-bit core. */
#define ATOME_WAKE_BYTES 2704u

/* Prepares `wake` in `memory`, of atome_compact_memory_size bytes, which must stay in place as long as it is used. */
atome_status atome_wake_init(
    atome_wake *wake, const atome_wake_settings *settings, const atome_compact_image *image, void *memory,
    size_t memory_size);

/* Reads the next 512 samples of 16 kHz. */
atome_wake_answer atome_wake_step(atome_wake *wake, const int16_t samples[ATOME_MEL_STEP]);

#ifdef __cplusplus
}
#endif

#endif
