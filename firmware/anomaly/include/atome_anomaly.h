/* Anomalies in a series of readings, one reading at a time: a reading becomes a byte, and what a compact student says
 * of that byte becomes a score. Specified in docs/formats/detector.md; the Swift twin is in Sources/Model/Anomaly.
 *
 * Integers alone, as in the engine: the same readings give the same scores on every machine. No heap, no globals: all
 * state is in the caller's struct, beside the engine's work memory. */
#ifndef ATOME_ANOMALY_H
#define ATOME_ANOMALY_H

#include "atome_compact.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A reading that is missing, or is not a number. */
#define ATOME_ANOMALY_MISSING INT32_MIN
/* The byte of such a reading. */
#define ATOME_ANOMALY_MISSING_BYTE 0x2Du
/* The byte of the lowest level. */
#define ATOME_ANOMALY_FIRST_BYTE 0x30u
/* The most bits of a level. */
#define ATOME_ANOMALY_LEVEL_BITS_LIMIT 6u
/* The largest shift of the smoothing. */
#define ATOME_ANOMALY_SMOOTHING_LIMIT 12u
/* The largest surprise of one reading, in 1/2048 bits: just below 32 bits. */
#define ATOME_ANOMALY_SURPRISE_LIMIT 65535u
/* What a score has in a bit of surprise. */
#define ATOME_ANOMALY_SCORE_BIT 524288

/* The numbers of a detector, as `alambic anomaly train` writes them. */
typedef struct atome_anomaly_settings {
  int32_t low, high;   /* the readings that the levels span, low < high; those outside get the level next to them */
  uint32_t level_bits; /* 1...6: there are 2^level_bits levels */
  uint32_t smoothing;  /* 0...12: a reading moves the score by 1 / 2^smoothing of the way to its surprise */
  int32_t expected;    /* the score to start with, 0 to 32 bits */
  int32_t threshold;   /* scores from here on are anomalous, above 0 */
  uint32_t pause;      /* for so many readings, the first ones and those after an anomalous one, no alarm is raised */
} atome_anomaly_settings;

/* What one reading says. */
typedef struct atome_anomaly_answer {
  uint8_t byte;      /* the reading as the student reads it */
  uint8_t alarm;     /* 1 where an alarm is raised, else 0 */
  uint32_t surprise; /* -log2 of the probability that the byte had, in 1/2048 bits; 0 for the first reading */
  int32_t score;     /* the smoothed surprise, in 1/524288 bits */
} atome_anomaly_answer;

/* A detector; fields are private to it. */
typedef struct atome_anomaly_detector {
  atome_anomaly_settings settings;
  atome_compact_engine engine;
  const int32_t *logits; /* of the byte that comes next; NULL before the first */
  int32_t score;
  uint32_t left; /* readings until an alarm may be raised */
} atome_anomaly_detector;

/* sizeof(atome_anomaly_detector) on a 32-bit core. */
#define ATOME_ANOMALY_DETECTOR_BYTES 120u

/* The byte of a reading: '0' + floor((reading - low) * 2^level_bits / (high - low)), within the levels. */
uint8_t atome_anomaly_byte(const atome_anomaly_settings *settings, int32_t reading);

/* Prepares `detector` in `memory`, of atome_compact_memory_size bytes, which must stay in place as long as it is used.
 * ATOME_BAD_NUMBER where a setting is outside its limits. */
atome_status atome_anomaly_init(
    atome_anomaly_detector *detector, const atome_anomaly_settings *settings, const atome_compact_image *image,
    void *memory, size_t memory_size);

/* Reads one reading. */
atome_anomaly_answer atome_anomaly_step(atome_anomaly_detector *detector, int32_t reading);

/* -log2 of the probability of `byte` in 1/2048 bits, from 256 logits of the image: what atome_anomaly_step does. */
uint32_t atome_anomaly_surprise(const atome_compact_image *image, const int32_t *logits, uint8_t byte);

#ifdef __cplusplus
}
#endif

#endif
