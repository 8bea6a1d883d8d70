/* From sound to a word: extremes under the sanitizers, bands against a plain transform, and a whole detector. */
#include "compact_images.h"
#include "tests.h"

#include "atome_wake.h"

#include <math.h>
#include <stdlib.h>

static uint32_t state = 1u;
static uint32_t random_word(void) {
  state = state * 1664525u + 1013904223u;
  return state ^ state >> 16;
}

/* Kinds of sound: silence, extremes of both signs, clicks, noise of each loudness. */
enum { KIND_COUNT = 22 };
static int16_t sample_of(uint32_t kind, uint32_t n) {
  switch (kind) {
    case 0: return 0;
    case 1: return INT16_MIN;
    case 2: return INT16_MAX;
    case 3: return n % 2u != 0u ? INT16_MIN : INT16_MAX;
    case 4: return n % 32u < 16u ? INT16_MIN : INT16_MAX;
    case 5: return n == 200u ? INT16_MIN : 0;
    default: return (int16_t)((int32_t)(random_word() << 16) >> (kind - 6u + 16u));
  }
}

static void fill(int16_t samples[ATOME_MEL_STEP], uint32_t kind) {
  for (uint32_t n = 0; n < ATOME_MEL_STEP; n++) samples[n] = sample_of(kind, n);
}

/* Every order of two kinds, so that loudness jumps by all that it can. */
static void extremes_have_levels(void) {
  static int16_t samples[ATOME_MEL_STEP];
  for (uint32_t first = 0; first < KIND_COUNT; first++) {
    for (uint32_t second = 0; second < KIND_COUNT; second++) {
      atome_mel mel, again;
      uint8_t levels[ATOME_MEL_BANDS];
      atome_mel_init(&mel);
      for (uint32_t step = 0; step < 4u; step++) {
        fill(samples, step % 2u == 0u ? first : second);
        again = mel;
        atome_mel_levels(&mel, samples, levels);
        for (uint32_t band = 0; band < ATOME_MEL_BANDS; band++) CHECK(levels[band] < ATOME_MEL_LEVELS);
        uint8_t bytes[ATOME_MEL_PARTS];
        atome_mel_step(&again, samples, bytes);
        for (uint32_t part = 0; part < ATOME_MEL_PARTS; part++) {
          CHECK(bytes[part] == atome_mel_code(part, levels + part * ATOME_MEL_PART_BANDS));
          CHECK((bytes[part] - ATOME_MEL_FIRST_BYTE) / ATOME_MEL_CODES == part);
        }
      }
    }
  }
}

/* A tone of line k is loudest in the band whose peak is nearest, and a factor of 2 is two octaves of energy. */
static void tones_are_in_their_bands(void) {
  static const uint32_t peaks[ATOME_MEL_BANDS] = {8, 14, 21, 29, 39, 51, 65, 82, 103, 127, 155, 190};
  static int16_t loud[ATOME_MEL_STEP], soft[ATOME_MEL_STEP];
  for (uint32_t band = 0; band < ATOME_MEL_BANDS; band++) {
    for (uint32_t n = 0; n < ATOME_MEL_STEP; n++) {
      const double turn = 2.0 * 3.14159265358979323846 * (double)(n * peaks[band]) / 512.0;
      loud[n] = (int16_t)lrint(16000.0 * sin(turn));
      soft[n] = (int16_t)lrint(8000.0 * sin(turn));
    }
    atome_mel mel;
    int32_t energies[ATOME_MEL_BANDS], halves[ATOME_MEL_BANDS];
    atome_mel_init(&mel);
    atome_mel_energies(&mel, loud, energies);
    atome_mel_energies(&mel, loud, energies);
    atome_mel_energies(&mel, soft, halves);
    atome_mel_energies(&mel, soft, halves);
    for (uint32_t other = 0; other < ATOME_MEL_BANDS; other++) {
      CHECK(other == band || energies[other] < energies[band]);
    }
    CHECK(energies[band] - halves[band] >= 63 && energies[band] - halves[band] <= 65);
  }
}

/* Also of levels that no sound gives: a part's bytes are its own. */
static void codes_are_of_their_part(void) {
  for (uint32_t trial = 0; trial < 2000u; trial++) {
    uint8_t levels[ATOME_MEL_PART_BANDS];
    const uint32_t span = 1u + random_word() % ATOME_MEL_LEVELS, part = trial % ATOME_MEL_PARTS;
    for (uint32_t band = 0; band < ATOME_MEL_PART_BANDS; band++) levels[band] = (uint8_t)(random_word() % span);
    const uint8_t code = atome_mel_code(part, levels);
    CHECK(code >= ATOME_MEL_FIRST_BYTE && (code - ATOME_MEL_FIRST_BYTE) / ATOME_MEL_CODES == part);
  }
}

static void hears(compact_file file, uint32_t pause) {
  static int16_t samples[ATOME_MEL_STEP];
  atome_compact_image image;
  atome_compact_engine engine;
  atome_wake wake;
  atome_mel mel;
  size_t size = 0;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(atome_compact_memory_size(&image, &size) == ATOME_OK);
  void *memory = malloc(size), *other = malloc(size);
  const atome_wake_settings settings = {0, pause};
  CHECK(memory != NULL && other != NULL && atome_wake_init(&wake, &settings, &image, memory, size) == ATOME_OK);
  CHECK(atome_compact_init(&engine, &image, other, size) == ATOME_OK);
  CHECK(atome_wake_init(NULL, &settings, &image, memory, size) == ATOME_BAD_NUMBER);
  CHECK(atome_wake_init(&wake, NULL, &image, memory, size) == ATOME_BAD_NUMBER);
  atome_mel_init(&mel);
  uint32_t since = pause;
  for (uint32_t step = 0; step < 200u; step++) {
    fill(samples, random_word() % KIND_COUNT);
    const atome_wake_answer answer = atome_wake_step(&wake, samples);
    uint8_t bytes[ATOME_MEL_PARTS];
    atome_mel_step(&mel, samples, bytes);
    for (uint32_t part = 0; part < ATOME_MEL_PARTS; part++) CHECK(answer.bytes[part] == bytes[part]);
    const int32_t *logits = atome_compact_step_together(&engine, bytes, ATOME_MEL_PARTS);
    CHECK(answer.score == logits[1] - logits[2]);
    CHECK(answer.is_heard == (answer.score >= 0 && since >= pause));
    since = answer.is_heard ? 0u : since + 1u;
  }
  free(memory);
  free(other);
  free(file.bytes);
}

void test_wake(void) {
  static const compact_shape usual = {16, 1, 32, 8, 32}, odd = {13, 2, 6, 3, 7};
  CHECK(sizeof(atome_mel) == ATOME_MEL_BYTES);
  extremes_have_levels();
  tones_are_in_their_bands();
  codes_are_of_their_part();
  for (uint32_t seed = 0; seed < 4u; seed++) {
    hears(make_compact(usual, seed), seed * 3u);
    hears(make_compact_of(odd, 20, 2, seed), 5u);
  }
}
