/* The runner's formats: vectors that are cut or out of limits are refused, and a transcript has its exact layout. */
#include "tests.h"

#include "runner.h"
#include "vectors.h"

#include <stdlib.h>
#include <string.h>

/* The port: a transcript in memory, and the last line said. */
static uint8_t transcript[1 << 16];
static size_t transcript_size, transcript_place;
static const char *last_line;

int port_write(const uint8_t *bytes, size_t count) {
  if (count > sizeof transcript - transcript_place) return 0;
  memcpy(transcript + transcript_place, bytes, count);
  transcript_place += count;
  if (transcript_place > transcript_size) transcript_size = transcript_place;
  return 1;
}

int port_seek(uint32_t offset) {
  transcript_place = offset;
  return offset <= transcript_size;
}

int port_flush(void) { return 1; }

void port_say(const char *line) { last_line = line; }

/* Context 6, two prompts ("ab" and "c"), three bytes generated for each. */
static const uint8_t two_prompts[] = {'A', 'T', 'O', 'M', 'E', 'V', 'E', 'C', 1, 0, 0, 0, 6, 0, 0,   0, 2, 0, 0,
                                      0,   3,   0,   0,   0,   2,   0,   0,   0, 'a', 'b', 1, 0, 0, 0, 'c'};

static const char *reason_for(const uint8_t *bytes, size_t count) {
  vectors file;
  const runner_bytes content = {bytes, count};
  return vectors_open(&file, content);
}

static void every_cut_is_refused(void) {
  CHECK(reason_for(two_prompts, sizeof two_prompts) == NULL);
  for (size_t count = 0; count < sizeof two_prompts; count++) {
    uint8_t *prefix = malloc(count > 0 ? count : 1);
    CHECK(prefix != NULL);
    memcpy(prefix, two_prompts, count);
    CHECK(reason_for(prefix, count) != NULL);
    free(prefix);
  }
}

/* Header fields at their limits: a magic, a version and counts that nothing may pass. */
static void wrong_fields_are_refused(void) {
  static const struct {
    size_t offset;
    uint8_t value;
  } changes[] = {{0, 'B'}, {8, 2}, {16, 0}, {16, 3}, {18, 2}, {20, 0}, {21, 17}, {24, 0}, {24, 3}, {27, 255}};
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    uint8_t changed[sizeof two_prompts];
    memcpy(changed, two_prompts, sizeof changed);
    changed[changes[i].offset] = changes[i].value;
    CHECK(reason_for(changed, sizeof changed) != NULL);
  }
}

static uint32_t u32_at(size_t offset) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; i++) value |= (uint32_t)transcript[offset + i] << (8 * i);
  return value;
}

/* Checks one record against an engine run by hand, and returns where the next starts. */
static size_t check_record(size_t offset, atome_engine *engine, const char *prompt) {
  const size_t length = strlen(prompt), generated = offset + 4, logits = generated + 3;
  CHECK(u32_at(offset) == 3);
  atome_engine_reset(engine);
  for (size_t i = 0; i < length + 2; i++) {
    const uint8_t byte = i < length ? (uint8_t)prompt[i] : transcript[generated + i - length];
    const float *expected = atome_engine_step(engine, byte);
    CHECK(memcmp(transcript + logits + 1024 * i, expected, 1024) == 0); /* the host is little-endian */
    if (i + 1 >= length) CHECK(transcript[generated + i + 1 - length] == atome_greedy(expected));
  }
  return logits + 1024 * (length + 2);
}

static void a_transcript_has_its_layout(void) {
  static uint32_t memory[1 << 14];
  static uint32_t second_memory[1 << 14];
  const atome_shape shape = {13, 3, 5, 3, 4};
  test_image made = make_image(shape, 12, 4);
  const runner_bytes image_bytes = {made.bytes, made.size}, vectors_bytes = {two_prompts, sizeof two_prompts};
  CHECK(runner_replay(image_bytes, vectors_bytes, 7, memory, sizeof memory) == RUNNER_BAD_DATA);
  CHECK(last_line != NULL);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, 4) == RUNNER_NO_MEMORY);
  CHECK(transcript_size == 0);
  CHECK(runner_replay(image_bytes, vectors_bytes, 6, memory, sizeof memory) == RUNNER_DONE);

  atome_image image;
  atome_engine engine;
  CHECK(atome_image_open(&image, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(atome_engine_init(&engine, &image, 6, second_memory, sizeof second_memory) == ATOME_OK);
  CHECK(memcmp(transcript, "ATOMETRN", 8) == 0);
  CHECK(u32_at(8) == 1 && u32_at(12) == 2 && u32_at(16) == 3);
  size_t offset = check_record(20, &engine, "ab");
  offset = check_record(offset, &engine, "c");
  CHECK(memcmp(transcript + offset, "DONE", 4) == 0);
  CHECK(transcript_size == offset + 4);
  free(made.bytes);
}

void test_vectors(void) {
  every_cut_is_refused();
  wrong_fields_are_refused();
  a_transcript_has_its_layout();
}
