/* The runner's formats: vectors that are cut or out of limits are refused, and a transcript has its exact layout. */
#include "compact_images.h"
#include "tests.h"

#include "atome_compact.h"
#include "atome_integer.h"
#include "runner.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

/* The port: a transcript in memory, and the last line said. */
static uint8_t transcript[1 << 16];
static size_t transcript_size;
static const char *last_line;

int port_write(const uint8_t *bytes, size_t count) {
  if (count > sizeof transcript - transcript_size) return 0;
  memcpy(transcript + transcript_size, bytes, count);
  transcript_size += count;
  return 1;
}

int port_flush(void) { return 1; }

void port_say(const char *line) { last_line = line; }

/* Context 6, two prompts ("ab" and "c"), three bytes generated for each. */
static const uint8_t two_prompts[] = {'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 1, 0, 0,   0,   6, 0, 0, 0, 2,  0,
                                      0,   0,   3,   0,   0,   0,   2,   0,   0, 0, 'a', 'b', 1, 0, 0, 0, 'c'};

/* The same in version 2: the second prompt is sampled with temperature 2, top k 200, top p 0.9 and seed 2^32 + 5. */
static const uint8_t one_sampled[] = {'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 2,   0, 0,  0, 6,   0,
                                      0,   0,   2,   0,   0,   0,   3,   0,   0,   0, /* as before */
                                      0,   0,   0,   0,   1,   0,   0,   0,   208, 7, 0,  0, 200, 0,
                                      0,   0,   132, 3,   0,   0,   5,   0,   0,   0, 1,  0, 0,   0, /* settings */
                                      2,   0,   0,   0,   'a', 'b', 1,   0,   0,   0, 'c'};
static const atome_sampling settings = {2000, 200, 900, (UINT64_C(1) << 32) + 5};

/* Context 6, the prompt "c", one byte, and two texts of bytes, words that overlap, and a byte that is lacking. */
static const uint8_t two_texts[] = {'A', 'T', 'O', 'M',  'E', 'V', 'E', 'C', 3,   0,  0, 0, 6, 0,
                                    0,   0,   1,   0,    0,   0,   1,   0,   0,   0, /* as before */
                                    0,   0,   0,   0,    1,   0,   0,   0,   0,   0,  0, 0, 0, 0,
                                    0,   0,   0,   0,    0,   0,   0,   0,   0,   0,  0, 0, 0, 0, /* settings */
                                    2,   0,   0,   0,    1,   0,   0,   0,   'c', 5,  0, 0, 0, 'a',
                                    'b', 'a', 'c', 0xFF, 2,   0,   0,   0,   'a', 'b'};
/* What the vocabulary of "ab" and "abab", tokens 128 and 129, makes of them: step by step. */
static const uint8_t their_answers[] = {0,   0,
                                        0, /* "a", "ab", "aba" may each become "abab" */
                                        3,   0x80,
                                        'a', 'b',
                                        2,   'a',
                                        'a', 2,
                                        'c', 'c',
                                        0, /* "abac" may not */
                                        1,   TEST_UNKNOWN,
                                        0,   0, /* no text; the end */
                                        0,   0,
                                        3,   0x80,
                                        'a', 'b',
                                        0};
enum { TEXTS_SIZE = sizeof two_texts + 4 };

/* Writes the file and a checksum that fits it. */
static void seal_texts(uint8_t *file, const uint8_t *bytes) {
  memcpy(file, bytes, sizeof two_texts);
  const uint32_t sum = test_checksum(file, sizeof two_texts);
  for (size_t i = 0; i < 4; i++) file[sizeof two_texts + i] = (uint8_t)(sum >> (8 * i));
}

static const char *reason_for(const uint8_t *bytes, size_t count) {
  vectors file;
  const runner_bytes content = {bytes, count};
  return vectors_open(&file, content);
}

static void every_cut_is_refused(const uint8_t *file, size_t size) {
  CHECK(reason_for(file, size) == NULL);
  for (size_t count = 0; count < size; count++) {
    uint8_t *prefix = malloc(count > 0 ? count : 1);
    CHECK(prefix != NULL);
    memcpy(prefix, file, count);
    CHECK(reason_for(prefix, count) != NULL);
    free(prefix);
  }
}

typedef struct change {
  size_t offset;
  uint8_t value;
} change;

static void change_is_refused(const uint8_t *file, size_t size, change made) {
  uint8_t changed[sizeof one_sampled];
  memcpy(changed, file, size);
  changed[made.offset] = made.value;
  CHECK(reason_for(changed, size) != NULL);
}

/* Header fields at their limits: a magic, a version and counts that nothing may pass. */
static void wrong_fields_are_refused(void) {
  static const change changes[] = {{0, 'B'}, {8, 0},  {8, 2},   {8, 3},  {16, 0}, {16, 3},
                                   {18, 2},  {20, 0}, {21, 17}, {24, 0}, {24, 3}, {27, 255}};
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    change_is_refused(two_prompts, sizeof two_prompts, changes[i]);
  }
}

/* An unknown flag, more greedy prompts than there are, settings outside their limits, and settings without a use. */
static void wrong_settings_are_refused(void) {
  static const change changes[] = {{23, 1},   {24, 2}, {27, 128}, {28, 2},   {28, 3},
                                   {34, 255}, {37, 1}, {36, 0},   {41, 255}, {43, 1}};
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    change_is_refused(one_sampled, sizeof one_sampled, changes[i]);
  }
}

/* Every flipped bit fails the checksum; with a checksum that fits, counts and lengths have their limits. */
static void wrong_texts_are_refused(void) {
  static const change changes[] = {{8, 4},  {24, 2}, {28, 2}, {32, 1}, {52, 0},   {52, 1}, {52, 3}, {54, 1}, {56, 0},
                                   {56, 2}, {58, 1}, {61, 0}, {61, 4}, {61, 255}, {70, 0}, {70, 1}, {70, 3}, {72, 1}};
  uint8_t file[TEXTS_SIZE], changed[sizeof two_texts];
  seal_texts(file, two_texts);
  every_cut_is_refused(file, sizeof file);
  for (size_t i = 0; i < 8 * sizeof file; i++) {
    file[i / 8] ^= (uint8_t)(1u << i % 8);
    CHECK(reason_for(file, sizeof file) != NULL);
    file[i / 8] ^= (uint8_t)(1u << i % 8);
  }
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    memcpy(changed, two_texts, sizeof changed);
    changed[changes[i].offset] = changes[i].value;
    seal_texts(file, changed);
    CHECK(reason_for(file, sizeof file) != NULL);
  }
}

static uint32_t u32_at(size_t offset) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; i++) value |= (uint32_t)transcript[offset + i] << (8 * i);
  return value;
}

/* Checks one record against an engine run by hand, and returns where the next starts. */
static size_t check_record(size_t offset, atome_engine *engine, atome_sampler *sampler, const char *prompt) {
  const size_t length = strlen(prompt);
  const int has_logits = u32_at(20) == 0;
  uint8_t choice = 0;
  atome_engine_reset(engine);
  for (size_t i = 0; i < length + 2; i++) {
    const float *expected = atome_engine_step(engine, i < length ? (uint8_t)prompt[i] : choice);
    if (has_logits) {
      CHECK(memcmp(transcript + offset, expected, 1024) == 0); /* the host is little-endian */
      offset += 1024;
    }
    if (i + 1 < length) continue;
    choice = atome_sample(sampler, expected);
    CHECK(transcript[offset++] == choice);
  }
  return offset;
}

/* Replays vectors with a small model; `second` continues the second prompt. */
static void check_transcript(runner_bytes vectors_bytes, uint32_t flags, const atome_sampling *second) {
  static uint32_t memory[1 << 14];
  static uint32_t second_memory[1 << 14];
  static const atome_sampling greedy = {0, 0, 0, 0};
  const atome_shape shape = {13, 3, 5, 3, 4};
  test_image made = make_image(shape, 12, 4);
  const runner_bytes image_bytes = {made.bytes, made.size};
  transcript_size = 0;
  CHECK(runner_replay(image_bytes, vectors_bytes, 7, memory, sizeof memory) == RUNNER_BAD_DATA);
  CHECK(last_line != NULL);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, 4) == RUNNER_NO_MEMORY);
  CHECK(transcript_size == 0);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, sizeof memory) == RUNNER_DONE);

  atome_image image;
  atome_engine engine;
  atome_sampler sampler;
  CHECK(atome_image_open(&image, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(atome_engine_init(&engine, &image, 6, second_memory, sizeof second_memory) == ATOME_OK);
  CHECK(memcmp(transcript, "ATOMETRN", 8) == 0);
  CHECK(u32_at(8) == 2 && u32_at(12) == 2 && u32_at(16) == 3 && u32_at(20) == flags);
  CHECK(atome_sampler_init(&sampler, &greedy, 0) == ATOME_OK);
  size_t offset = check_record(24, &engine, &sampler, "ab");
  CHECK(atome_sampler_init(&sampler, second, 1) == ATOME_OK);
  offset = check_record(offset, &engine, &sampler, "c");
  CHECK(memcmp(transcript + offset, "DONE", 4) == 0);
  CHECK(transcript_size == offset + 4);
  free(made.bytes);
}

static void a_transcript_has_its_layout(void) {
  static const atome_sampling greedy = {0, 0, 0, 0};
  const runner_bytes version_1 = {two_prompts, sizeof two_prompts}, version_2 = {one_sampled, sizeof one_sampled};
  check_transcript(version_1, 0, &greedy);
  check_transcript(version_2, 0, &settings);
  uint8_t silent[sizeof one_sampled];
  memcpy(silent, one_sampled, sizeof silent);
  silent[24] = VECTORS_WITHOUT_LOGITS;
  const runner_bytes without_logits = {silent, sizeof silent};
  check_transcript(without_logits, VECTORS_WITHOUT_LOGITS, &settings);
}

/* Of a compact student: the same layout, and a context changes nothing but whether vectors are taken. */
static void compact_students_answer(void) {
  static uint32_t memory[1 << 11], second_memory[1 << 11];
  static const compact_shape shape = {13, 3, 5, 5, 11};
  compact_file made = make_compact(shape, 12);
  const runner_bytes image_bytes = {made.bytes, made.size}, vectors_bytes = {two_prompts, sizeof two_prompts};
  size_t short_size = 0, long_size = 0;
  CHECK(runner_memory_size(image_bytes, 1, &short_size) == RUNNER_DONE);
  CHECK(runner_memory_size(image_bytes, 65536, &long_size) == RUNNER_DONE && short_size == long_size);
  CHECK(runner_memory_size(image_bytes, 0, &long_size) == RUNNER_BAD_DATA);
  CHECK(runner_memory_size(image_bytes, 65537, &long_size) == RUNNER_BAD_DATA);
  transcript_size = 0;
  CHECK(runner_replay(image_bytes, vectors_bytes, 7, memory, sizeof memory) == RUNNER_BAD_DATA);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, short_size - 1u) == RUNNER_NO_MEMORY);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, short_size) == RUNNER_DONE);

  atome_compact_image image;
  atome_compact_engine engine;
  CHECK(atome_compact_open(&image, made.bytes, made.size) == ATOME_OK);
  CHECK(atome_compact_init(&engine, &image, second_memory, sizeof second_memory) == ATOME_OK);
  size_t offset = 24;
  for (const char *prompt = "ab"; prompt != NULL; prompt = *prompt == 'a' ? "c" : NULL) {
    uint8_t choice = 0;
    atome_compact_reset(&engine);
    for (size_t i = 0; i < strlen(prompt) + 2u; i++) {
      const int32_t *expected = atome_compact_step(&engine, i < strlen(prompt) ? (uint8_t)prompt[i] : choice);
      CHECK(memcmp(transcript + offset, expected, 1024) == 0);
      offset += 1024;
      if (i + 1u < strlen(prompt)) continue;
      choice = atome_integer_greedy(expected);
      CHECK(transcript[offset++] == choice);
    }
  }
  CHECK(memcmp(transcript + offset, "DONE", 4) == 0 && transcript_size == offset + 4);
  free(made.bytes);
}

/* A text is encoded as its bytes come, and each token decoded, by models of any kind. */
static void texts_have_their_layout(runner_bytes image) {
  static uint32_t memory[1 << 14];
  uint8_t file[TEXTS_SIZE];
  seal_texts(file, two_texts);
  const runner_bytes vectors_bytes = {file, sizeof file};
  transcript_size = 0;
  CHECK(runner_replay(image, vectors_bytes, 6, memory, sizeof memory) == RUNNER_DONE);
  CHECK(u32_at(8) == 3 && u32_at(12) == 1 && u32_at(16) == 1 && u32_at(20) == 0 && u32_at(24) == 2);
  const size_t offset = 28 + 1024 + 1;
  CHECK(transcript_size == offset + sizeof their_answers + 4);
  CHECK(memcmp(transcript + offset, their_answers, sizeof their_answers) == 0);
  CHECK(memcmp(transcript + transcript_size - 4, "DONE", 4) == 0);
}

static void texts_of_an_image(test_image made) {
  const runner_bytes image = {made.bytes, made.size};
  texts_have_their_layout(image);
  free(made.bytes);
}

/* Without a section every token is the byte of its number. */
static void bytes_answer_texts(void) {
  static uint32_t memory[1 << 14];
  const atome_shape shape = {3, 1, 2, 2, 2};
  test_image made = make_image(shape, 12, 4);
  const runner_bytes image = {made.bytes, made.size};
  uint8_t file[TEXTS_SIZE];
  seal_texts(file, two_texts);
  const runner_bytes vectors_bytes = {file, sizeof file};
  transcript_size = 0;
  CHECK(runner_replay(image, vectors_bytes, 6, memory, sizeof memory) == RUNNER_DONE);
  const uint8_t *answer = transcript + 28 + 1024 + 1;
  for (size_t i = 0; i < 5; i++) {
    const uint8_t byte = two_texts[65 + i], step[4] = {2, byte, byte, 0};
    CHECK(memcmp(answer + 4 * i, step, sizeof step) == 0);
  }
  CHECK(transcript_size == 28 + 1024 + 1 + 4 * 5 + 1 + 4 * 2 + 1 + 4);
  free(made.bytes);
}

void test_vectors(void) {
  static const char *const words[] = {"ab", "abab"};
  const atome_shape shape = {3, 1, 2, 2, 2};
  const test_section section = make_section(words, 2);
  every_cut_is_refused(two_prompts, sizeof two_prompts);
  every_cut_is_refused(one_sampled, sizeof one_sampled);
  wrong_fields_are_refused();
  wrong_settings_are_refused();
  a_transcript_has_its_layout();
  wrong_texts_are_refused();
  texts_of_an_image(with_section(make_image(shape, 12, 4), &section, 64));
  texts_of_an_image(with_section(make_image(shape, 12, 5), &section, 64));
  texts_of_an_image(with_integer_section(make_integer_image(shape, 1, 12), &section, 64));
  const compact_shape narrow = {3, 1, 2, 1, 2};
  compact_file compact = with_compact_section(make_compact(narrow, 12), &section, 64);
  const runner_bytes compact_image = {compact.bytes, compact.size};
  texts_have_their_layout(compact_image);
  free(compact.bytes);
  bytes_answer_texts();
  compact_students_answer();
}
