/* Opening a compact image: what is whole is accepted, and everything else is refused without reading past its end. */
#include "compact_images.h"
#include "tests.h"

#include "atome_compact.h"

#include <stdlib.h>
#include <string.h>

/* Neither g + 2 m, nor d, nor f fills blocks of eight rows, and no section but the matrices a multiple of 4. */
static const compact_shape small = {7, 2, 4, 2, 5};

/* Of `small`: where its first block begins, and what stands in it; where its second ends. */
enum {
  TABLE = 80 + 256,
  BLOCK = TABLE + 32 * 4 * 7,
  NUMBERS = BLOCK + 44,
  BIAS = NUMBERS + 2 * 7,
  ROWS = BIAS + 2,
  NUMBERS_END = ROWS + 2 + 2 * 4 + 7 + 5 + 7,
  MATRICES = NUMBERS_END + 3,
  LAST_PROJECTIONS = MATRICES + 4 * 7,
  OUT = LAST_PROJECTIONS + 4 * 7,
  HIDDEN = OUT + 4 * 4,
  DOWN = HIDDEN + 4 * 7,
  SECOND = DOWN + 4 * 5,
  END = SECOND + SECOND - BLOCK,
  SIZE = END + 8 + 8 + 4
};

static atome_status open_status(const uint8_t *bytes, size_t size) {
  atome_compact_image image;
  return atome_compact_open(&image, bytes, size);
}

static void whole_images_open(void) {
  compact_file file = make_compact(small, 1);
  atome_compact_image image;
  CHECK(file.size == SIZE);
  CHECK(atome_compact_claims(file.bytes, file.size) && !atome_compact_claims(file.bytes, 7));
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(image.shape.model_width == 7u && image.shape.layer_count == 2u && image.shape.state_width == 4u);
  CHECK(image.shape.gate_count == 2u && image.shape.hidden_width == 5u);
  CHECK(image.vocabulary == NULL && image.trained_context == 0u);
  file.bytes[0] = 'B';
  CHECK(!atome_compact_claims(file.bytes, file.size) && open_status(file.bytes, file.size) == ATOME_BAD_MAGIC);
  free(file.bytes);
}

/* A map names as many tokens as there are rows beside the shared one. It stands where rows are fewer than tokens. */
static void maps_of_rows_are_checked(void) {
  compact_file file = make_compact_of(small, 97, 1, 1);
  atome_compact_image image;
  CHECK(file.size == SIZE + 32u + (100u - 256u) + (13u - 32u) * 4u * 7u);
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(image.row_count == 97u && image.row_map == file.bytes + 80);
  for (size_t bit = 0; bit < 256u; bit++) {
    file.bytes[80u + bit / 8u] ^= (uint8_t)(1u << bit % 8u);
    seal_compact(&file);
    CHECK(open_status(file.bytes, file.size) == ATOME_BAD_NUMBER);
    file.bytes[80u + bit / 8u] ^= (uint8_t)(1u << bit % 8u);
  }
  for (size_t place = 0; place < 3u; place++) { /* behind 97 multipliers */
    file.bytes[80u + 32u + 97u + place] = 1;
    seal_compact(&file);
    CHECK(open_status(file.bytes, file.size) == ATOME_BAD_FILL);
    file.bytes[80u + 32u + 97u + place] = 0;
  }
  file.bytes[26] = 98; /* of as many bytes, and one code more than tokens */
  seal_compact(&file);
  CHECK(open_status(file.bytes, file.size) == ATOME_BAD_NUMBER);
  file.bytes[26] = 97;
  file.bytes[10] = 0; /* fewer rows and no map */
  seal_compact(&file);
  CHECK(open_status(file.bytes, file.size) == ATOME_BAD_TRAILER);
  free(file.bytes);
  file = make_compact(small, 1);
  file.bytes[10] = 4; /* a map and a row for each token */
  seal_compact(&file);
  CHECK(open_status(file.bytes, file.size) == ATOME_BAD_TRAILER);
  CHECK(atome_compact_open(&image, file.bytes, file.size) != ATOME_OK);
  free(file.bytes);
}

static void vocabularies_are_checked(void) {
  static const char *const strings[] = {" kit", " kitchen", "ab"};
  const test_section section = make_section(strings, 3);
  compact_file file = with_compact_section(make_compact(small, 1), &section, 96);
  atome_compact_image image;
  CHECK(atome_compact_open(&image, file.bytes, file.size) == ATOME_OK);
  CHECK(image.vocabulary == file.bytes + file.size - 4u - section.size && image.vocabulary_size == section.size);
  CHECK(image.trained_context == 96u);
  for (size_t i = 0; i < section.size; i++) {
    file.bytes[file.size - 5u - i] ^= 1u;
    seal_compact(&file);
    CHECK(open_status(file.bytes, file.size) == ATOME_BAD_VOCABULARY);
    file.bytes[file.size - 5u - i] ^= 1u;
  }
  file.bytes[10] = 0; /* a size without the flag */
  seal_compact(&file);
  CHECK(open_status(file.bytes, file.size) == ATOME_BAD_TRAILER);
  free(file.bytes);
  file = make_compact(small, 1);
  file.bytes[10] = 2; /* the flag without a size */
  seal_compact(&file);
  CHECK(open_status(file.bytes, file.size) == ATOME_BAD_TRAILER);
  free(file.bytes);
}

/* Each prefix stands in memory of just its size: the sanitizer sees any byte read after it. With a size and a checksum
 * that fit, too, where there is room for them. */
static void every_truncation_is_refused(void) {
  compact_file whole = make_compact(small, 2);
  for (size_t size = 0; size < whole.size; size++) {
    compact_file prefix = {malloc(size > 0 ? size : 1), size, small};
    CHECK(prefix.bytes != NULL);
    memcpy(prefix.bytes, whole.bytes, size);
    CHECK(open_status(prefix.bytes, size) != ATOME_OK);
    if (size >= 16u + 4u) seal_compact(&prefix);
    CHECK(open_status(prefix.bytes, size) != ATOME_OK);
    free(prefix.bytes);
  }
  free(whole.bytes);
}

static void every_changed_byte_is_refused(void) {
  static const uint8_t differences[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
  compact_file file = make_compact(small, 3);
  for (size_t i = 0; i < file.size; i++) {
    for (size_t j = 0; j < sizeof differences; j++) {
      file.bytes[i] ^= differences[j];
      CHECK(open_status(file.bytes, file.size) != ATOME_OK);
      file.bytes[i] ^= differences[j];
    }
  }
  CHECK(open_status(file.bytes, file.size) == ATOME_OK);
  free(file.bytes);
}

/* With a checksum that fits: what opens computes, whatever it is; the sanitizer watches. */
static void every_flipped_bit_is_refused_or_computes(void) {
  compact_file file = make_compact(small, 4);
  uint32_t opened = 0, refused = 0;
  for (size_t bit = 0; bit < 8u * (file.size - 4u); bit++) {
    file.bytes[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
    seal_compact(&file);
    atome_compact_image image;
    atome_compact_engine engine;
    if (atome_compact_open(&image, file.bytes, file.size) == ATOME_OK) {
      static uint32_t memory[512];
      CHECK(atome_compact_init(&engine, &image, memory, sizeof memory) == ATOME_OK);
      for (uint32_t token = 0; token < 4u; token++) (void)atome_compact_step(&engine, (uint8_t)(token * 77u));
      opened++;
    } else {
      refused++;
    }
    file.bytes[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
  }
  CHECK(opened > 5000u && refused > 200u);
  free(file.bytes);
}

/* A field, what it may be at most or least, and what it may not. */
typedef struct field_case {
  size_t offset;
  int count;
  uint32_t allowed, refused;
  atome_status status;
} field_case;

static void put_field(compact_file *file, const field_case *tried, uint32_t value) {
  for (int i = 0; i < tried->count; i++) file->bytes[tried->offset + (size_t)i] = (uint8_t)(value >> (8 * i));
  seal_compact(file);
}

static void every_field_has_its_limit(void) {
  static const field_case cases[] = {
      {8, 2, 1, 0, ATOME_BAD_TRAILER},
      {8, 2, 1, 2, ATOME_BAD_TRAILER},
      {10, 2, 0, 1, ATOME_BAD_TRAILER},
      {10, 2, 0, 4, ATOME_BAD_TRAILER},
      {10, 2, 0, 0x8000, ATOME_BAD_TRAILER},
      {16, 2, 7, 0, ATOME_BAD_SHAPE},
      {16, 2, 7, 1025, ATOME_BAD_SHAPE},
      {18, 2, 2, 0, ATOME_BAD_SHAPE},
      {18, 2, 2, 65, ATOME_BAD_SHAPE},
      {20, 2, 4, 0, ATOME_BAD_SHAPE},
      {20, 2, 4, 1025, ATOME_BAD_SHAPE},
      {20, 2, 4, 1026, ATOME_BAD_SHAPE},
      {20, 2, 4, 5, ATOME_BAD_SHAPE},
      {22, 2, 2, 0, ATOME_BAD_SHAPE},
      {22, 2, 2, 3, ATOME_BAD_SHAPE},
      {22, 2, 2, 8, ATOME_BAD_SHAPE},
      {24, 2, 5, 0, ATOME_BAD_SHAPE},
      {24, 2, 5, 4097, ATOME_BAD_SHAPE},
      {16, 2, 7, 1024, ATOME_TRUNCATED},
      {18, 2, 2, 64, ATOME_TRUNCATED},
      {20, 2, 4, 1024, ATOME_TRUNCATED},
      {22, 2, 2, 4, ATOME_TRUNCATED},
      {22, 2, 2, 1, ATOME_TRUNCATED},
      {24, 2, 5, 4096, ATOME_TRUNCATED},
      {26, 2, 256, 255, ATOME_BAD_TRAILER},
      {26, 2, 256, 257, ATOME_BAD_TRAILER},
      {28, 2, 0, 4, ATOME_BAD_TRAILER},
      {30, 2, 0xFFFF, 0xFFFF, ATOME_OK},
      {68, 4, 65535, 65536, ATOME_BAD_NUMBER},
      {72, 4, 8, 7, ATOME_BAD_NUMBER},
      {72, 4, 31, 32, ATOME_BAD_NUMBER},
      {76, 1, 12, 13, ATOME_BAD_NUMBER},
      {77, 1, 31, 32, ATOME_BAD_NUMBER},
      {77, 1, 0, 0, ATOME_OK},
      {78, 2, 15, 16, ATOME_BAD_SHAPE},
      {78, 2, 0, 0x8000, ATOME_BAD_SHAPE},
      {80, 1, 1, 0, ATOME_BAD_NUMBER},
      {80 + 255, 1, 255, 0, ATOME_BAD_NUMBER},
      {TABLE, 4, 0x11111111, 0x11111110, ATOME_BAD_CODE},
      {TABLE, 4, 0xFFFFFFFF, 0x0FFFFFFF, ATOME_BAD_CODE},
      {BLOCK - 4, 4, 0x12345678, 0x12340678, ATOME_BAD_CODE},
      /* The heads of the norms. */
      {BLOCK, 4, 1, 0, ATOME_BAD_NUMBER},
      {BLOCK, 4, 0x80000000, 0x80000001, ATOME_BAD_NUMBER},
      {BLOCK + 4, 1, 16, 17, ATOME_BAD_NUMBER},
      {BLOCK + 5, 1, 31, 32, ATOME_BAD_NUMBER},
      {BLOCK + 6, 2, 0, 1, ATOME_BAD_FILL},
      {BLOCK + 6, 2, 0, 0x100, ATOME_BAD_FILL},
      {BLOCK + 8, 4, 1, 0, ATOME_BAD_NUMBER},
      {BLOCK + 12, 1, 16, 17, ATOME_BAD_NUMBER},
      {END, 4, 0x80000000, 0xFFFFFFFF, ATOME_BAD_NUMBER},
      {END + 4, 1, 0, 17, ATOME_BAD_NUMBER},
      {END + 5, 1, 31, 255, ATOME_BAD_NUMBER},
      {END + 6, 2, 0, 1, ATOME_BAD_FILL},
      /* Requantisations: the first, the third and the last. */
      {BLOCK + 16, 2, 0x7FFF, 0x8000, ATOME_BAD_NUMBER},
      {BLOCK + 18, 1, 30, 31, ATOME_BAD_NUMBER},
      {BLOCK + 19, 1, 0, 1, ATOME_BAD_FILL},
      {BLOCK + 24, 2, 0x7FFF, 0x8000, ATOME_BAD_NUMBER},
      {BLOCK + 26, 1, 30, 31, ATOME_BAD_NUMBER},
      {BLOCK + 27, 1, 0, 2, ATOME_BAD_FILL},
      {BLOCK + 36, 2, 0, 0xFFFF, ATOME_BAD_NUMBER},
      {BLOCK + 38, 1, 0, 31, ATOME_BAD_NUMBER},
      {BLOCK + 39, 1, 0, 128, ATOME_BAD_FILL},
      {SECOND + 38, 1, 30, 31, ATOME_BAD_NUMBER},
      /* The shifts of bias and read gates, and zeros. */
      {BLOCK + 40, 1, 16, 17, ATOME_BAD_NUMBER},
      {BLOCK + 41, 1, 15, 14, ATOME_BAD_NUMBER},
      {BLOCK + 41, 1, 22, 23, ATOME_BAD_NUMBER},
      {BLOCK + 41, 1, 18, 0, ATOME_BAD_NUMBER},
      {BLOCK + 41, 1, 18, 255, ATOME_BAD_NUMBER},
      {SECOND + 41, 1, 22, 32, ATOME_BAD_NUMBER},
      {BLOCK + 42, 2, 0, 1, ATOME_BAD_FILL},
      {BLOCK + 42, 2, 0, 0x8000, ATOME_BAD_FILL},
      /* Gains and bias may be anything; multipliers not 0; then the fill. */
      {NUMBERS, 1, 0x80, 0x80, ATOME_OK},
      {ROWS - 1, 1, 0, 0, ATOME_OK},
      {ROWS, 1, 1, 0, ATOME_BAD_NUMBER},
      {ROWS + 2 + 4, 1, 1, 0, ATOME_BAD_NUMBER},
      {ROWS + 2 + 2 * 4, 1, 1, 0, ATOME_BAD_NUMBER},
      {NUMBERS_END - 1, 1, 255, 0, ATOME_BAD_NUMBER},
      {NUMBERS_END, 1, 0, 1, ATOME_BAD_FILL},
      {MATRICES - 1, 1, 0, 1, ATOME_BAD_FILL},
      {END + 8 + 7, 1, 0, 1, ATOME_BAD_FILL},
      /* Missing rows: of the last 8, 2 stand in the projections, 7 in out and down, 5 in hidden. */
      {MATRICES, 4, 0xFFFFFFFF, 0xFFFFFFF0, ATOME_BAD_CODE},
      {LAST_PROJECTIONS, 4, 0x888888FF, 0x888889FF, ATOME_BAD_FILL},
      {LAST_PROJECTIONS, 4, 0x88888811, 0x78888811, ATOME_BAD_FILL},
      {OUT - 4, 4, 0x88888888, 0x88878888, ATOME_BAD_FILL},
      {OUT, 4, 0x81111111, 0x91111111, ATOME_BAD_FILL},
      {HIDDEN, 4, 0x888FFFFF, 0x889FFFFF, ATOME_BAD_FILL},
      {DOWN, 4, 0x8FFFFFFF, 0xFFFFFFFF, ATOME_BAD_FILL},
      {DOWN + 16, 4, 0x8FFFFFFF, 0x8FFFF0FF, ATOME_BAD_CODE}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    compact_file file = make_compact(small, 5);
    put_field(&file, &cases[i], cases[i].allowed);
    CHECK(open_status(file.bytes, file.size) == ATOME_OK);
    put_field(&file, &cases[i], cases[i].refused);
    CHECK(open_status(file.bytes, file.size) == cases[i].status);
    free(file.bytes);
  }
}

/* 228480 d must not pass 23 bits after the logit's shift: 36 columns may go without one, 37 not. */
static void wide_tables_need_a_logit_shift(void) {
  for (uint32_t width = 36; width <= 37; width++) {
    const compact_shape shape = {width, 1, 1, 1, 1};
    compact_file file = make_compact(shape, 6);
    file.bytes[77] = 0;
    seal_compact(&file);
    CHECK(open_status(file.bytes, file.size) == (width == 36u ? ATOME_OK : ATOME_BAD_NUMBER));
    file.bytes[77] = 1;
    seal_compact(&file);
    CHECK(open_status(file.bytes, file.size) == ATOME_OK);
    free(file.bytes);
  }
}

static void a_byte_more_is_refused(void) {
  compact_file file = make_compact(small, 7);
  compact_file longer = {calloc(file.size + 8u, 1), 0, small};
  CHECK(longer.bytes != NULL);
  memcpy(longer.bytes, file.bytes, file.size);
  for (size_t more = 1; more <= 4; more++) {
    CHECK(open_status(longer.bytes, file.size + more) == ATOME_TRUNCATED);
    longer.size = file.size + more;
    seal_compact(&longer);
    CHECK(open_status(longer.bytes, longer.size) == ATOME_TRUNCATED);
    memcpy(longer.bytes, file.bytes, file.size);
  }
  for (size_t off = 1; off < 4; off++) {
    memcpy(longer.bytes + off, file.bytes, file.size);
    CHECK(open_status(longer.bytes + off, file.size) == ATOME_IMAGE_UNALIGNED);
  }
  free(longer.bytes);
  free(file.bytes);
}

void test_compact_images(void) {
  whole_images_open();
  maps_of_rows_are_checked();
  vocabularies_are_checked();
  every_truncation_is_refused();
  every_changed_byte_is_refused();
  every_flipped_bit_is_refused_or_computes();
  every_field_has_its_limit();
  wide_tables_need_a_logit_shift();
  a_byte_more_is_refused();
}
