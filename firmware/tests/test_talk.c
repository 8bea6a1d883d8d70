/* The talking program with a model and a board made here: every byte that it says, and its arithmetic of time. */
#include "tests.h"

#include "board.h"
#include "talk.h"
#include "voice.h"

#include <string.h>

/* MARK: A model that continues in the alphabet, ends a document after z, and may be refused */

static const char *refusal;
static uint64_t step_microseconds, now;

const char *voice_arithmetic(void) { return "alphabet"; }

const char *voice_open(const uint8_t *image, size_t image_size, uint32_t context, void *memory, size_t memory_size) {
  (void)image, (void)image_size, (void)context, (void)memory, (void)memory_size;
  return refusal;
}

static uint32_t dimension_count = VOICE_DIMENSIONS;

uint32_t voice_shape(voice_dimension *dimensions) {
  static const char *const names[VOICE_DIMENSIONS] = {"a", "b", "c", "d", "e"};
  for (uint32_t i = 0; i < dimension_count; i++) {
    dimensions[i].name = names[i];
    dimensions[i].value = 10u * i;
  }
  return dimension_count;
}

static void forget(void);

void voice_reset(void) { forget(); }

static atome_vocabulary words;

const atome_vocabulary *voice_vocabulary(void) { return &words; }

/* The largest that is allowed: of a beginning, the string that ends it. */
uint8_t voice_choose(const uint8_t *rest, uint32_t count) {
  for (uint32_t token = 255; token > 0u; token--) {
    if (atome_vocabulary_allows(&words, (uint8_t)token, rest, count)) return (uint8_t)token;
  }
  return 0;
}

/* A classifier's label is what it read. */
static int is_classifier;
static char was_read[16];
static uint32_t read_count;

int voice_is_classifier(void) { return is_classifier; }

const char *voice_label(uint32_t *size) {
  now += step_microseconds;
  *size = read_count;
  return was_read;
}

uint8_t voice_step(uint8_t byte) {
  if (read_count < sizeof was_read) was_read[read_count++] = (char)byte;
  now += step_microseconds;
  if (byte == 0u) return 'x';
  if (byte == '!') return '\n';
  return byte == 'z' || byte == '\n' ? 0 : (uint8_t)(byte + 1u);
}

static void forget(void) { read_count = 0; }

/* MARK: A board whose line is two buffers, and whose timer counts the model's work */

static const char *typed;
static char heard[4096];
static size_t heard_count;

void board_put(uint8_t byte) {
  CHECK(heard_count + 1u < sizeof heard);
  heard[heard_count++] = (char)byte;
  heard[heard_count] = '\0';
  now += 1000000u; /* a slow line: sending is not the engine's time */
}

int board_get(void) { return *typed == '\0' ? BOARD_INPUT_ENDED : (unsigned char)*typed++; }

uint64_t board_microseconds(void) { return step_microseconds == 0u ? 0u : now; }

/* MARK: Tests */

static const char *say(const char *prompt, const char *lines, uint32_t byte_limit, int status) {
  const talk_settings settings = {
      .board = "bench",
      .image_name = "0123456789ab",
      .prompt = (const uint8_t *)prompt,
      .prompt_size = strlen(prompt),
      .context = 64,
      .byte_limit = byte_limit};
  typed = lines;
  heard_count = 0;
  CHECK(talk(&settings) == status);
  return heard;
}

#define BANNER "# alambic on bench: image 0123456789ab, alphabet, a=0,b=10,c=20,d=30,e=40, context 64\n"

static int says(const char *prompt, const char *lines, uint32_t byte_limit, const char *expected) {
  return strcmp(say(prompt, lines, byte_limit, 0), expected) == 0;
}

static void texts_end(void) {
  step_microseconds = 0;
  CHECK(says("v", "", 9, BANNER "vwxyz\n# 5 steps\n")); /* at the document's end */
  CHECK(says("v", "", 3, BANNER "vwxy\n# 3 steps\n"));  /* at the limit: the last byte is not read back */
  CHECK(says("!", "", 9, BANNER "!\n# 2 steps\n"));     /* its own line feed needs no second */
  CHECK(says("", "", 2, BANNER "xy\n# 2 steps\n"));     /* a document of its own */
}

static void lines_are_read(void) {
  step_microseconds = 0;
#define FIRST BANNER "yz\n# 2 steps\n"
  CHECK(says("y", "x\r", 9, FIRST "xyz\n# 3 steps\n"));
  CHECK(says("y", "x\ny\r\nz\r", 9, FIRST "xyz\n# 3 steps\nyz\n# 2 steps\nz\n# 1 steps\n"));
  CHECK(says("y", "\r\r\n", 9, FIRST "xyz\n# 4 steps\nxyz\n# 4 steps\n"));
  CHECK(says(
      "y",
      "\x08\x7F"
      "ax\x08\x08y\r",
      9, FIRST "ax\b \b\b \byz\n# 2 steps\n"));
  CHECK(says("y", "not ended", 9, FIRST "not ended"));
}

static void long_lines_are_cut(void) {
  static char line[300 + 2];
  memset(line, 'y', 300);
  line[300] = '\r';
  step_microseconds = 0;
  /* 256 bytes are read, and then the model's z. */
  CHECK(strstr(say("z", line, 9, 0), "yyz\n# 257 steps\n") != NULL);
  CHECK(heard_count == strlen(BANNER "z\n# 1 steps\n") + 256u + strlen("z\n# 257 steps\n"));
}

static void time_is_told(void) {
  step_microseconds = 20000;
  CHECK(says("v", "", 9, BANNER "vwxyz\n# 5 steps in 0.100000 s: 50.0 bytes/s\n"));
  step_microseconds = 3000000;
  CHECK(says("y", "", 9, BANNER "yz\n# 2 steps in 6.000000 s: 0.3 bytes/s\n"));
  step_microseconds = 7;
  CHECK(says("y", "", 9, BANNER "yz\n# 2 steps in 0.000014 s: 142857.1 bytes/s\n"));
  step_microseconds = 0x100000000u; /* beyond 32 bits: an hour and more */
  CHECK(says("y", "", 9, BANNER "yz\n# 2 steps in 8589.934592 s: 0.0 bytes/s\n"));
}

/* "te" may become "tea" or "tee": it is not read but chosen again, and what the token has beyond it is said. The
 * alphabet goes on from a token's number: after TEE, which is 0x81, comes 0x82, which stands for "uv". */
static void prompts_that_end_inside_a_word_are_healed(void) {
  static const char *const strings[] = {"tea", "tee", "uv"};
  const test_section section = make_section(strings, 3);
  CHECK(atome_vocabulary_open(&words, section.bytes, section.size) == ATOME_OK);
  step_microseconds = 20000;
  CHECK(says("ate", "", 3, BANNER "ateeuv\n# 2 steps in 0.040000 s: 100.0 bytes/s\n"));
  CHECK(says("ate", "", 2, BANNER "ateeu\n# 2 steps in 0.040000 s: 100.0 bytes/s\n"));
  /* Nothing is decided, so it is read as it stands: t, then e; the alphabet goes on. */
  CHECK(says("te", "", 2, BANNER "tefg\n# 3 steps in 0.060000 s: 50.0 bytes/s\n"));
  words.section = NULL;
}

/* A model that says nothing but the unknown token ends, too. */
static void unknown_tokens_end(void) {
  static const char *const strings[] = {"ab"};
  test_section section = make_section(strings, 1);
  section.bytes[12] = 'b' + 1; /* c is unknown now, and 0xFF a byte: their entries have no length */
  section.bytes[16 + TEST_UNKNOWN / 8] |= 1u << TEST_UNKNOWN % 8;
  section.bytes[16 + ('b' + 1) / 8] &= (uint8_t) ~(1u << ('b' + 1) % 8);
  memmove(section.bytes + 49, section.bytes + 48, 3);
  section.bytes[48] = 0;
  seal_section(&section);
  CHECK(atome_vocabulary_open(&words, section.bytes, section.size) == ATOME_OK);
  step_microseconds = 0;
  CHECK(says("b", "", 1, BANNER "b\n# 1 steps\n"));
  CHECK(says("b", "", 3, BANNER "bde\n# 3 steps\n"));
  words.section = NULL;
}

/* A model may have fewer dimensions than there is room for. */
static void fewer_dimensions_are_told(void) {
  dimension_count = 4;
  CHECK(strstr(say("z", "", 1, 0), ", alphabet, a=0,b=10,c=20,d=30, context 64\n") != NULL);
  dimension_count = VOICE_DIMENSIONS;
}

/* A classifier reads a line whole, what the encoder holds back at its end, too, and says the label below it. */
static void labels_are_said(void) {
  static const char *const strings[] = {"tea", "tee"};
  const test_section section = make_section(strings, 2);
  CHECK(atome_vocabulary_open(&words, section.bytes, section.size) == ATOME_OK);
  is_classifier = 1;
  step_microseconds = 0;
  CHECK(says("no", "", 1, BANNER "no\nno\n# 3 steps\n"));
  CHECK(says("", "ate\r", 1, BANNER "\n\n# 1 steps\nate\nate\n# 4 steps\n"));
  step_microseconds = 20000;
  CHECK(says("y", "", 1, BANNER "y\ny\n# 2 steps in 0.040000 s: 50.0 bytes/s\n"));
  is_classifier = 0;
  words.section = NULL;
}

static void refusals_are_said(void) {
  refusal = "no such model";
  CHECK(strcmp(say("y", "x\r", 9, 65), "# error: no such model\n") == 0);
  refusal = NULL;
}

void test_talk(void) {
  texts_end();
  lines_are_read();
  long_lines_are_cut();
  time_is_told();
  prompts_that_end_inside_a_word_are_healed();
  unknown_tokens_end();
  fewer_dimensions_are_told();
  labels_are_said();
  refusals_are_said();
}
