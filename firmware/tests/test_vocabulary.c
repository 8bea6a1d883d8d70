/* Vocabularies: sections that are whole are accepted and all others refused; encoding is the longest match, however the
 * bytes come; an image with a section computes what it does without. */
#include "tests.h"

#include "atome_integer.h"
#include "atome_vocabulary.h"

#include <stdlib.h>
#include <string.h>

/* Each a prefix, a suffix or an overlap of another. */
static const char *const words[] = {" kit", " kitchen", "ab", "abab", "abc", "bcd", "the"};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

static atome_status section_status(const test_section *section) {
  atome_vocabulary vocabulary;
  /* In memory of just its size: the sanitizer sees any byte read after it. */
  uint8_t *bytes = malloc(section->size > 0 ? section->size : 1);
  CHECK(bytes != NULL);
  memcpy(bytes, section->bytes, section->size);
  const atome_status status = atome_vocabulary_open(&vocabulary, bytes, section->size);
  free(bytes);
  return status;
}

/* MARK: sections */

static void damaged_sections_are_refused(void) {
  test_section section = make_section(words, WORD_COUNT);
  CHECK(section_status(&section) == ATOME_OK);
  for (size_t i = 0; i < section.size; i++) {
    for (uint32_t difference = 1; difference < 256; difference++) {
      section.bytes[i] ^= (uint8_t)difference;
      CHECK(section_status(&section) == ATOME_BAD_VOCABULARY);
      section.bytes[i] ^= (uint8_t)difference;
    }
  }
  const size_t whole = section.size;
  for (section.size = 0; section.size <= 1024; section.size++) {
    CHECK((section_status(&section) == ATOME_OK) == (section.size == whole));
  }
}

/* With a checksum that fits: whatever is accepted can be used without reading past its end. */
static void changed_sections_are_refused_or_safe(void) {
  static const uint8_t text[] = " kitchen ababcd the\x80\xFF";
  for (size_t i = 0; i < make_section(words, WORD_COUNT).size - 4u; i++) {
    for (uint32_t difference = 1; difference < 256; difference++) {
      test_section section = make_section(words, WORD_COUNT);
      section.bytes[i] ^= (uint8_t)difference;
      seal_section(&section);
      if (section_status(&section) != ATOME_OK) continue;
      atome_vocabulary vocabulary;
      atome_encoder encoder;
      uint8_t token, bytes[ATOME_TOKEN_BYTES];
      CHECK(atome_vocabulary_open(&vocabulary, section.bytes, section.size) == ATOME_OK);
      atome_encoder_begin(&encoder, &vocabulary);
      for (size_t j = 0; j < sizeof text; j++) {
        atome_encoder_put(&encoder, text[j]);
        while (atome_encoder_next(&encoder, &token)) {
          CHECK(atome_token_bytes(&vocabulary, token, bytes) <= sizeof bytes);
        }
      }
    }
  }
}

static void contradictions_are_refused(void) {
  static const char *const equal[] = {"ab", "ab"}, *const descending[] = {"b ", "ab"}, *const line[] = {"a\n"},
                           *const single[] = {"a"}, *const lacking[] = {"a\x80"}, *const carriage[] = {"a\r"},
                           *const too_long[] = {"abcdefghijklmnopq"};
  const struct {
    const char *const *strings;
    uint32_t count;
  } wrong[] = {{equal, 2},   {descending, 2}, {line, 1},     {single, 1},
               {lacking, 1}, {carriage, 1},   {too_long, 1}, {NULL, 0}};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    const test_section section = make_section(wrong[i].strings, wrong[i].count);
    CHECK(section_status(&section) == ATOME_BAD_VOCABULARY);
  }
}

/* The unknown token's empty entry may be taken for padding, and padding for more of itself. */
static void ambiguous_sections_are_refused(void) {
  test_section section = make_section(words, WORD_COUNT);
  section.bytes[12] = 'a'; /* a byte, so every other token is a byte or a string */
  section.bytes[16 + TEST_UNKNOWN / 8] |= 1u << TEST_UNKNOWN % 8;
  seal_section(&section);
  CHECK(section_status(&section) == ATOME_BAD_VOCABULARY);
  section = make_section(words, WORD_COUNT);
  memset(section.bytes + section.size - 4u, 0, 8);
  section.size += 4u;
  section.bytes[10] = (uint8_t)section.size;
  seal_section(&section);
  CHECK(section_status(&section) == ATOME_BAD_VOCABULARY);
}

/* MARK: encoding */

/* The definition: at each place the longest word that fits, else the byte, else the unknown token. */
static size_t naive_tokens(const uint8_t *text, size_t count, uint8_t *tokens) {
  size_t token_count = 0;
  for (size_t at = 0; at < count;) {
    size_t length = 1;
    const int is_lacking = text[at] >= TEST_FIRST_STRING && text[at] < TEST_FIRST_STRING + WORD_COUNT;
    uint8_t token = is_lacking ? TEST_UNKNOWN : text[at];
    for (uint32_t word = 0; word < WORD_COUNT; word++) {
      const size_t size = strlen(words[word]);
      if (size <= count - at && size > length && memcmp(text + at, words[word], size) == 0) {
        length = size;
        token = (uint8_t)(TEST_FIRST_STRING + word);
      }
    }
    tokens[token_count++] = token;
    at += length;
  }
  return token_count;
}

static size_t encoded(atome_encoder *encoder, const uint8_t *text, size_t count, uint8_t *tokens) {
  size_t token_count = 0;
  for (size_t i = 0; i <= count; i++) {
    if (i < count) atome_encoder_put(encoder, text[i]);
    if (i == count) atome_encoder_finish(encoder);
    while (atome_encoder_next(encoder, tokens + token_count)) token_count++;
  }
  return token_count;
}

static void encoding_is_the_longest_match(void) {
  static const char letters[] = "abcd kithen\n\x82\xFF";
  const test_section section = make_section(words, WORD_COUNT);
  atome_vocabulary vocabulary;
  atome_encoder encoder;
  CHECK(sizeof encoder <= 64u);
  CHECK(atome_vocabulary_open(&vocabulary, section.bytes, section.size) == ATOME_OK);
  uint32_t random = 1;
  for (int round = 0; round < 2000; round++) {
    uint8_t text[40], tokens[40], expected[40];
    const size_t count = (size_t)round % sizeof text;
    for (size_t i = 0; i < count; i++) {
      random = random * 1664525u + 1013904223u;
      text[i] = (uint8_t)letters[(random >> 16) % (sizeof letters - 1u)];
    }
    atome_encoder_begin(&encoder, &vocabulary);
    const size_t token_count = encoded(&encoder, text, count, tokens);
    CHECK(token_count == naive_tokens(text, count, expected));
    CHECK(memcmp(tokens, expected, token_count) == 0);
  }
}

/* " kit" may become " kitchen", so nothing is decided until the next byte is read. */
static void what_may_grow_is_held_back(void) {
  const test_section section = make_section(words, WORD_COUNT);
  atome_vocabulary vocabulary;
  atome_encoder encoder;
  uint8_t token;
  CHECK(atome_vocabulary_open(&vocabulary, section.bytes, section.size) == ATOME_OK);
  atome_encoder_begin(&encoder, &vocabulary);
  for (const char *byte = " kit"; *byte != '\0'; byte++) {
    atome_encoder_put(&encoder, (uint8_t)*byte);
    CHECK(!atome_encoder_next(&encoder, &token));
  }
  CHECK(encoder.count == 4 && memcmp(encoder.pending, " kit", 4) == 0);
  CHECK(atome_vocabulary_allows(&vocabulary, TEST_FIRST_STRING, encoder.pending, encoder.count));
  CHECK(atome_vocabulary_allows(&vocabulary, TEST_FIRST_STRING + 1, encoder.pending, encoder.count));
  CHECK(atome_vocabulary_allows(&vocabulary, ' ', encoder.pending, encoder.count));
  CHECK(!atome_vocabulary_allows(&vocabulary, 'k', encoder.pending, encoder.count));
  CHECK(!atome_vocabulary_allows(&vocabulary, TEST_FIRST_STRING + 2, encoder.pending, encoder.count));
  CHECK(!atome_vocabulary_allows(&vocabulary, TEST_UNKNOWN, encoder.pending, encoder.count));
  /* " kitchen" and " kite" only begin alike; " kit" is whole there. */
  static const uint8_t kite[] = " kite";
  CHECK(!atome_vocabulary_allows(&vocabulary, TEST_FIRST_STRING + 1, kite, 5));
  CHECK(atome_vocabulary_allows(&vocabulary, TEST_FIRST_STRING, kite, 5));
  atome_encoder_put(&encoder, 's');
  CHECK(atome_encoder_next(&encoder, &token) && token == TEST_FIRST_STRING);
  CHECK(atome_encoder_next(&encoder, &token) && token == 's');
}

static void bytes_are_their_own_tokens_without_a_section(void) {
  atome_vocabulary vocabulary;
  atome_encoder encoder;
  CHECK(atome_vocabulary_open(&vocabulary, NULL, 0) == ATOME_OK);
  atome_encoder_begin(&encoder, &vocabulary);
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint8_t token, bytes[ATOME_TOKEN_BYTES];
    atome_encoder_put(&encoder, (uint8_t)byte);
    CHECK(atome_encoder_next(&encoder, &token) && token == byte && !atome_encoder_next(&encoder, &token));
    CHECK(atome_token_bytes(&vocabulary, (uint8_t)byte, bytes) == 1 && bytes[0] == byte);
  }
}

/* MARK: images */

static const atome_shape small = {7, 2, 3, 3, 3};
static uint32_t memory[1 << 14], other_memory[1 << 14];

static void float_images_compute_the_same(uint32_t a_byte) {
  const test_section section = make_section(words, WORD_COUNT);
  test_image plain = make_image(small, 7, a_byte), made = with_section(make_image(small, 7, a_byte), &section, 64);
  atome_image without, with;
  atome_engine one, two;
  CHECK(atome_image_open(&without, plain.bytes, plain.size, NULL) == ATOME_OK);
  CHECK(atome_image_open(&with, made.bytes, made.size, NULL) == ATOME_OK);
  CHECK(without.vocabulary == NULL && without.vocabulary_size == 0 && without.trained_context == 0);
  CHECK(with.vocabulary_size == section.size && with.trained_context == 64 && with.body_size == without.body_size);
  CHECK(memcmp(with.vocabulary, section.bytes, section.size) == 0);
  CHECK(atome_engine_init(&one, &without, 5, memory, sizeof memory) == ATOME_OK);
  CHECK(atome_engine_init(&two, &with, 5, other_memory, sizeof other_memory) == ATOME_OK);
  for (uint32_t i = 0; i < 9; i++) {
    const uint8_t token = (uint8_t)(i * 37u);
    const float *left = atome_engine_step(&one, token), *right = atome_engine_step(&two, token);
    CHECK(memcmp(left, right, 256 * sizeof *left) == 0);
  }
  free(plain.bytes);
  free(made.bytes);
}

static void integer_images_compute_the_same(uint32_t cache_bytes) {
  const test_section section = make_section(words, WORD_COUNT);
  test_image plain = make_integer_image(small, cache_bytes, 7);
  test_image made = with_integer_section(make_integer_image(small, cache_bytes, 7), &section, 64);
  atome_integer_image without, with;
  atome_integer_engine one, two;
  CHECK(atome_integer_open(&without, plain.bytes, plain.size) == ATOME_OK);
  CHECK(atome_integer_open(&with, made.bytes, made.size) == ATOME_OK);
  CHECK(without.vocabulary == NULL && with.vocabulary_size == section.size && with.trained_context == 64);
  CHECK(memcmp(with.vocabulary, section.bytes, section.size) == 0);
  CHECK(atome_integer_init(&one, &without, 5, memory, sizeof memory) == ATOME_OK);
  CHECK(atome_integer_init(&two, &with, 5, other_memory, sizeof other_memory) == ATOME_OK);
  for (uint32_t i = 0; i < 9; i++) {
    const int32_t *left = atome_integer_step(&one, (uint8_t)i), *right = atome_integer_step(&two, (uint8_t)i);
    CHECK(memcmp(left, right, 256 * sizeof *left) == 0);
  }
  free(plain.bytes);
  free(made.bytes);
}

static void images_with_damage_are_refused(void) {
  const test_section section = make_section(words, WORD_COUNT);
  test_image real = with_section(make_image(small, 8, 4), &section, 64);
  test_image integer = with_integer_section(make_integer_image(small, 2, 8), &section, 64);
  atome_image image;
  atome_integer_image integer_image;
  for (size_t size = 0; size < real.size; size++) CHECK(atome_image_open(&image, real.bytes, size, NULL) != ATOME_OK);
  for (size_t i = 0; i < real.size; i++) {
    real.bytes[i] ^= 1u;
    CHECK(atome_image_open(&image, real.bytes, real.size, NULL) != ATOME_OK);
    real.bytes[i] ^= 1u;
  }
  for (size_t i = 0; i < integer.size; i++) {
    integer.bytes[i] ^= 1u;
    CHECK(atome_integer_open(&integer_image, integer.bytes, integer.size) != ATOME_OK);
    integer.bytes[i] ^= 1u;
  }
  /* Flags that contradict what stands there, with checksums that fit. */
  real.bytes[real.size - 104u + 10u] ^= 1u;
  reseal_trailer(&real);
  CHECK(atome_image_open(&image, real.bytes, real.size, NULL) == ATOME_BAD_TRAILER);
  integer.bytes[10] ^= 2u;
  seal_integer(&integer);
  CHECK(atome_integer_open(&integer_image, integer.bytes, integer.size) == ATOME_BAD_TRAILER);
  free(real.bytes);
  free(integer.bytes);
}

void test_vocabulary(void) {
  damaged_sections_are_refused();
  changed_sections_are_refused_or_safe();
  contradictions_are_refused();
  ambiguous_sections_are_refused();
  encoding_is_the_longest_match();
  what_may_grow_is_held_back();
  bytes_are_their_own_tokens_without_a_section();
  for (uint32_t a_byte = 4; a_byte <= 5; a_byte++) float_images_compute_the_same(a_byte);
  for (uint32_t cache_bytes = 1; cache_bytes <= 2; cache_bytes++) integer_images_compute_the_same(cache_bytes);
  images_with_damage_are_refused();
}
