/* A test is a function; a failed check names its place and ends the program with status 1. */
#ifndef TESTS_H
#define TESTS_H

#include "atome_engine.h"

#include <stddef.h>
#include <stdint.h>

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

void check(int holds, const char *text, const char *file, int line);

/* A small random image with its trailer; `malloc`ed, so that reading past its end is seen. */
typedef struct test_image {
  uint8_t *bytes;
  size_t size;
  atome_shape shape;
} test_image;

/* The same seed gives the same model in ATOME01, of 4 trits a byte, and in ATOME02, of 5. */
test_image make_image(atome_shape shape, uint32_t seed, uint32_t trits_per_byte);
/* Writes a trailer that fits the body again, after a test changed the body. */
void seal(test_image *image);

/* A small random ATOMEQ01 image with usual numbers; cache_bytes is 1 or 2. */
test_image make_integer_image(atome_shape shape, uint32_t cache_bytes, uint32_t seed);
/* The same with most numbers at the format's limits. */
test_image make_integer_image_at_limits(atome_shape shape, uint32_t cache_bytes, uint32_t seed);
/* Writes a checksum that fits again. */
void seal_integer(test_image *image);

/* A vocabulary section. */
typedef struct test_section {
  uint8_t bytes[1100];
  size_t size;
} test_section;

/* Strings have the tokens from here on; every other token but the unknown one is its byte. */
enum { TEST_FIRST_STRING = 0x80, TEST_UNKNOWN = 0xFF };

/* Writes whatever is asked for, so that wrong strings can be tried. */
test_section make_section(const char *const *strings, uint32_t count);
/* Writes a checksum that fits again. */
void seal_section(test_section *section);
/* The image with a section and a trained context; the one that was given is freed. */
test_image with_section(test_image image, const test_section *section, uint32_t trained_context);
test_image with_integer_section(test_image image, const test_section *section, uint32_t trained_context);
/* Writes checksums that fit again into a trailer whose fields stay. */
void reseal_trailer(test_image *image);

/* The CRC-32 of zlib, computed in another way than the engine's. */
uint32_t test_checksum(const uint8_t *bytes, size_t count);

void test_images(void);
void test_integer_images(void);
void test_engine(void);
void test_math(void);
void test_nibbles(void);
void test_compact(void);
void test_compact_images(void);
void test_labels(void);
void test_anomaly(void);
void test_wake(void);
void test_ngrams(void);
void test_sampler(void);
void test_vocabulary(void);
void test_vectors(void);
void test_talk(void);
void test_memory(void);

#endif
