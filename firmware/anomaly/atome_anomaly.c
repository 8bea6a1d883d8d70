/* From readings to alarms; docs/formats/detector.md. */
#include "atome_anomaly.h"

#include "atome_compact_layout.h"
#include "atome_fixed.h"
#include "atome_integer.h"

/* 32 bits of surprise as a score. */
#define SCORE_LIMIT ((int32_t)ATOME_ANOMALY_SURPRISE_LIMIT << 8)

#if UINTPTR_MAX == UINT32_MAX
typedef char
    detector_has_the_size_that_is_said[sizeof(atome_anomaly_detector) == ATOME_ANOMALY_DETECTOR_BYTES ? 1 : -1];
#endif

uint8_t atome_anomaly_byte(const atome_anomaly_settings *settings, int32_t reading) {
  if (reading == ATOME_ANOMALY_MISSING) return ATOME_ANOMALY_MISSING_BYTE;
  uint32_t level;
  if (reading <= settings->low) {
    level = 0u;
  } else if (reading >= settings->high) {
    level = (1u << settings->level_bits) - 1u;
  } else {
    level = 0u;
    /* The first binary digits of rest / span; the rest is below the span, so nothing passes 32 bits. */
    const uint32_t span = (uint32_t)settings->high - (uint32_t)settings->low;
    uint32_t rest = (uint32_t)reading - (uint32_t)settings->low;
    for (uint32_t bit = 0u; bit < settings->level_bits; bit++) {
      const uint32_t missing = span - rest;
      level <<= 1;
      if (rest >= missing) {
        level |= 1u;
        rest -= missing;
      } else {
        rest += rest;
      }
    }
  }
  return (uint8_t)(ATOME_ANOMALY_FIRST_BYTE + level);
}

/* log2 of value / 2^20 in units of 1 / 2048, rounded down, of a value from 2^20 on: a digit by each squaring. */
static uint32_t fine_logarithm(uint32_t value) {
  const uint32_t whole = 31u - atome_leading_zeros(value);
  uint32_t mantissa = value >> (whole - 15u), result = whole - 20u;
  for (uint32_t digit = 0u; digit < 11u; digit++) {
    mantissa = (mantissa * mantissa) >> 15;
    result <<= 1;
    if (mantissa >= 1u << 16) {
      mantissa >>= 1;
      result |= 1u;
    }
  }
  return result;
}

uint32_t atome_anomaly_surprise(const atome_compact_image *image, const int32_t *logits, uint8_t byte) {
  const atome_logit_rate *rate = atome_compact_rate_of(image);
  const int32_t largest = logits[atome_integer_greedy(logits)];
  uint32_t sum = 0u, own = 0u;
  for (uint32_t token = 0u; token < ATOME_VOCABULARY; token++) {
    const uint32_t cost = atome_logit_cost((uint32_t)(largest - logits[token]), rate);
    sum += atome_fine_power_down(cost);
    if (token == byte) own = cost;
  }
  const uint32_t surprise = own + fine_logarithm(sum);
  return surprise < ATOME_ANOMALY_SURPRISE_LIMIT ? surprise : ATOME_ANOMALY_SURPRISE_LIMIT;
}

static int is_valid(const atome_anomaly_settings *settings) {
  return settings->low < settings->high && settings->low != ATOME_ANOMALY_MISSING && settings->level_bits >= 1u &&
         settings->level_bits <= ATOME_ANOMALY_LEVEL_BITS_LIMIT &&
         settings->smoothing <= ATOME_ANOMALY_SMOOTHING_LIMIT && settings->expected >= 0 &&
         settings->expected <= SCORE_LIMIT && settings->threshold > 0;
}

atome_status atome_anomaly_init(
    atome_anomaly_detector *detector, const atome_anomaly_settings *settings, const atome_compact_image *image,
    void *memory, size_t memory_size) {
  if (detector == NULL || settings == NULL || !is_valid(settings)) return ATOME_BAD_NUMBER;
  detector->settings = *settings;
  detector->logits = NULL;
  detector->score = settings->expected;
  detector->left = settings->pause; /* a student that has read little is surprised by much */
  return atome_compact_init(&detector->engine, image, memory, memory_size);
}

atome_anomaly_answer atome_anomaly_step(atome_anomaly_detector *detector, int32_t reading) {
  const atome_anomaly_settings *settings = &detector->settings;
  atome_anomaly_answer answer = {atome_anomaly_byte(settings, reading), 0u, 0u, 0};
  if (detector->logits != NULL) {
    answer.surprise = atome_anomaly_surprise(&detector->engine.image, detector->logits, answer.byte);
    /* A right shift keeps the sign, as in the engine. */
    detector->score += ((int32_t)(answer.surprise << 8) - detector->score) >> settings->smoothing;
  }
  answer.score = detector->score;
  if (detector->score >= settings->threshold) {
    answer.alarm = detector->left == 0u;
    detector->left = settings->pause;
  } else {
    detector->left = detector->left > 0u ? detector->left - 1u : 0u;
  }
  detector->logits = atome_compact_step(&detector->engine, answer.byte);
  return answer;
}
