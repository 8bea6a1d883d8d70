/* From readings to alarms: levels against a division, surprises against their sum, and a whole detector. */
#include "compact_images.h"
#include "tests.h"

#include "atome_anomaly.h"
#include "atome_fixed.h"

#include <stdlib.h>

static uint32_t state = 1u;
static uint32_t random_word(void) {
  state = state * 1664525u + 1013904223u;
  return state ^ state >> 16;
}

static const atome_anomaly_settings usual = {-100, 100, 4, 3, 1 << 20, 1 << 21, 5};

static uint8_t divided(const atome_anomaly_settings *settings, int32_t reading) {
  if (reading == INT32_MIN) return '-';
  const int64_t span = (int64_t)settings->high - settings->low, levels = (int64_t)1 << settings->level_bits;
  int64_t level = ((int64_t)reading - settings->low) * levels / span;
  if (reading < settings->low) level = 0;
  if (level >= levels) level = levels - 1;
  return (uint8_t)('0' + level);
}

static void levels_are_those_of_a_division(void) {
  static const int32_t ends[] = {INT32_MIN, INT32_MIN + 1, -2, -1, 0, 1, 2, INT32_MAX - 1, INT32_MAX};
  enum { END_COUNT = sizeof ends / sizeof ends[0] };
  for (uint32_t trial = 0; trial < 20000u; trial++) {
    atome_anomaly_settings settings = usual;
    settings.low = trial % 3u == 0u ? ends[1u + random_word() % (END_COUNT - 2u)] : (int32_t)random_word();
    settings.high = trial % 5u == 0u ? ends[random_word() % END_COUNT] : (int32_t)random_word();
    settings.level_bits = 1u + random_word() % ATOME_ANOMALY_LEVEL_BITS_LIMIT;
    if (settings.low == INT32_MIN || settings.low >= settings.high) continue;
    const int32_t near[] = {
        settings.low,
        settings.low + 1,
        settings.high - 1,
        settings.high,
        ends[trial % END_COUNT],
        (int32_t)random_word(),
        settings.low / 2 + settings.high / 2};
    for (uint32_t i = 0; i < sizeof near / sizeof near[0]; i++) {
      CHECK(atome_anomaly_byte(&settings, near[i]) == divided(&settings, near[i]));
    }
  }
}

/* Probabilities of all bytes add up to 1: 2^-surprise, each rounded by half a thousandth of it at most. */
static void surprises_are_a_distribution(const atome_compact_image *image, const int32_t *logits) {
  uint64_t sum = 0;
  for (uint32_t byte = 0; byte < 256u; byte++) {
    sum += atome_fine_power_down(atome_anomaly_surprise(image, logits, (uint8_t)byte));
  }
  CHECK(sum > 1046000u && sum < 1050500u);
}

static void runs(compact_file file) {
  atome_compact_image image;
  atome_anomaly_detector detector;
  size_t size = 0;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(atome_compact_memory_size(&image, &size) == ATOME_OK);
  void *memory = malloc(size);
  CHECK(memory != NULL && atome_anomaly_init(&detector, &usual, &image, memory, size) == ATOME_OK);
  int32_t score = usual.expected;
  uint32_t since = 1u;
  for (uint32_t i = 0; i < 200u; i++) {
    const int32_t reading = i % 50u == 49u ? INT32_MIN : (int32_t)(random_word() % 300u) - 150;
    if (i > 0u) surprises_are_a_distribution(&image, detector.logits);
    const atome_anomaly_answer answer = atome_anomaly_step(&detector, reading);
    CHECK(answer.byte == divided(&usual, reading));
    CHECK(i > 0u || answer.surprise == 0u);
    if (i > 0u) score += ((int32_t)(answer.surprise << 8) - score) >> 3;
    CHECK(answer.score == score);
    const int is_anomalous = score >= usual.threshold;
    CHECK(answer.alarm == (is_anomalous && since > usual.pause));
    since = is_anomalous ? 1u : since + 1u;
  }
  free(memory);
  free(file.bytes);
}

static void settings_have_limits(void) {
  const compact_shape shape = {8, 1, 8, 2, 8};
  compact_file file = make_compact(shape, 3);
  atome_compact_image image;
  static uint32_t memory[ATOME_COMPACT_MEMORY_WORDS(8, 1, 8, 2, 8, 1)];
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  for (int change = 0; change < 9; change++) {
    atome_anomaly_settings settings = usual;
    if (change == 1) settings.low = settings.high;
    if (change == 2) settings.low = INT32_MIN;
    if (change == 3) settings.level_bits = 0;
    if (change == 4) settings.level_bits = ATOME_ANOMALY_LEVEL_BITS_LIMIT + 1u;
    if (change == 5) settings.smoothing = ATOME_ANOMALY_SMOOTHING_LIMIT + 1u;
    if (change == 6) settings.expected = -1;
    if (change == 7) settings.expected = ((int32_t)ATOME_ANOMALY_SURPRISE_LIMIT << 8) + 1;
    if (change == 8) settings.threshold = 0;
    atome_anomaly_detector detector;
    const atome_status status = atome_anomaly_init(&detector, &settings, &image, memory, sizeof memory);
    CHECK(status == (change == 0 ? ATOME_OK : ATOME_BAD_NUMBER));
  }
  free(file.bytes);
}

void test_anomaly(void) {
  static const compact_shape usual_shape = {16, 1, 32, 8, 32}, odd = {13, 2, 6, 3, 7};
  levels_are_those_of_a_division();
  for (uint32_t seed = 0; seed < 4u; seed++) {
    runs(make_compact(usual_shape, seed));
    runs(make_compact_of(odd, 20, 2, seed));
    runs(make_compact_at_limits(odd, seed));
  }
  settings_have_limits();
}
