/* From sound to bytes: 512 samples of 16 kHz become four bytes, one for each quarter of the mel scale.
 * docs/formats/mel.md specifies every rounding; the Swift twin is in Sources/Model/Mel.
 *
 * Integers alone, as in the engine: the same samples give the same bytes on every machine. No heap, no globals: all
 * state is in the caller's struct. */
#ifndef ATOME_MEL_H
#define ATOME_MEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Samples in a second. */
#define ATOME_MEL_RATE 16000u
/* Samples of a step: 32 ms. */
#define ATOME_MEL_STEP 512u
/* Bands of the mel scale. */
#define ATOME_MEL_BANDS 12u
/* Levels of a band; each is 3 dB. */
#define ATOME_MEL_LEVELS 16u
/* Bytes of a step: each says the levels of three neighbouring bands, the lowest first. */
#define ATOME_MEL_PARTS 4u
#define ATOME_MEL_PART_BANDS 3u
/* Codes of a part, and the byte of the first part's first; each part has bytes of its own. */
#define ATOME_MEL_CODES 55u
#define ATOME_MEL_FIRST_BYTE 32u

/* A front end; fields are private to it. */
typedef struct atome_mel {
  int16_t history[ATOME_MEL_STEP / 2u]; /* the samples before a step */
  int16_t real[ATOME_MEL_STEP], imaginary[ATOME_MEL_STEP];
  int32_t floors[ATOME_MEL_BANDS]; /* how loud a band is where nobody speaks */
  uint32_t is_new;                 /* 1 before the first step */
} atome_mel;

/* sizeof(atome_mel) on every machine. */
#define ATOME_MEL_BYTES 2612u

/* Begins anew: silence lies before the first sample. */
void atome_mel_init(atome_mel *mel);

/* Reads the next 512 samples, and says their bytes, in the order in which a student reads them. */
void atome_mel_step(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], uint8_t bytes[ATOME_MEL_PARTS]);

/* What atome_mel_step does first: how far each band is above its floor, in levels. */
void atome_mel_levels(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], uint8_t levels[ATOME_MEL_BANDS]);

/* The byte of a part: its code that is nearest to these levels, the first of those that are equally near. */
uint8_t atome_mel_code(uint32_t part, const uint8_t levels[ATOME_MEL_PART_BANDS]);

/* What atome_mel_levels does first: the loudness of each band, in 1/32 octaves of energy (about 0.094 dB). */
void atome_mel_energies(atome_mel *mel, const int16_t samples[ATOME_MEL_STEP], int32_t energies[ATOME_MEL_BANDS]);

#ifdef __cplusplus
}
#endif

#endif
