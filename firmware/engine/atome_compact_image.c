/* Opening an ATOMEQ02 image: everything is checked here once, so that a step can neither leave its memory nor
 * overflow. */
#include "atome_checks.h"
#include "atome_compact_layout.h"
#include "atome_layout.h"
#include "atome_nibbles.h"
#include "atome_vocabulary.h"

static const uint8_t magic[8] = {'A', 'T', 'O', 'M', 'E', 'Q', '0', '2'};

/* Offsets in the header. */
enum {
  VERSION = 8,
  FLAGS = 10,
  SIZE = 12,
  SHAPE = 16,
  ROWS = 26,
  VOCABULARY_SIZE = 28,
  TRAINED_CONTEXT = 30,
  MORE_PASSES = 78
};

enum { FLAG_VOCABULARY = 2, FLAG_ROWS = 4, FLAG_LABELS = 8 };

/* The largest sum of a row of one column, multiplied: 7 * 128 * 255. */
#define COLUMN_LIMIT 228480u

int atome_compact_claims(const uint8_t *bytes, size_t size) {
  return size >= sizeof magic && atome_equal_bytes(bytes, magic, sizeof magic);
}

static const uint32_t *words_at(const void *place) { return place; }

static int inside(uint32_t value, uint32_t limit) { return value >= 1u && value <= limit; }

static int shape_is_valid(const atome_compact_shape *shape) {
  return inside(shape->model_width, ATOME_WIDTH_LIMIT) && inside(shape->layer_count, ATOME_LAYER_LIMIT) &&
         inside(shape->state_width, ATOME_STATE_LIMIT) && inside(shape->gate_count, shape->state_width) &&
         shape->state_width % shape->gate_count == 0u && inside(shape->hidden_width, ATOME_HIDDEN_LIMIT) &&
         inside(shape->pass_count, ATOME_PASS_LIMIT);
}

/* Zeros up to a whole word. */
static int is_filled(const uint8_t *end) {
  for (; (uintptr_t)end % 4u != 0u; end++) {
    if (*end != 0u) return 0;
  }
  return 1;
}

static atome_status check_norm(const atome_compact_norm_head *head) {
  if (!inside(head->epsilon, 0x80000000u) || head->input_shift > 16u || head->output_shift > 31u) {
    return ATOME_BAD_NUMBER;
  }
  return head->zero == 0u ? ATOME_OK : ATOME_BAD_FILL;
}

static atome_status check_requantisation(const atome_compact_requantisation *by) {
  if (by->multiplier >= 0x8000u || by->shift > 30u) return ATOME_BAD_NUMBER;
  return by->zero == 0u ? ATOME_OK : ATOME_BAD_FILL;
}

/* Rows that are missing in the last block are code 0, so their nibbles are 8. */
static atome_status check_matrix(const atome_compact_matrix *matrix, uint32_t rows, uint32_t columns) {
  const uint32_t *word = matrix->codes, *end = word + atome_nibble_words(rows, columns);
  const uint32_t *last = atome_nibble_block(word, rows - 1u, columns);
  const uint32_t missing = rows % ATOME_NIBBLE_ROWS == 0u ? 0u : 0xFFFFFFFFu << 4u * (rows % ATOME_NIBBLE_ROWS);
  for (uint32_t row = 0; row < rows; row++) {
    if (matrix->multipliers[row] == 0u) return ATOME_BAD_NUMBER;
  }
  for (; word < end; word++) {
    if (((*word - 0x11111111u) & ~*word & 0x88888888u) != 0u) return ATOME_BAD_CODE;
    if (word >= last && (*word & missing) != (0x88888888u & missing)) return ATOME_BAD_FILL;
  }
  return ATOME_OK;
}

static atome_status check_head(const atome_compact_block_head *head) {
  const atome_compact_requantisation *by = &head->write_gate;
  atome_status status = check_norm(&head->state_norm);
  if (status == ATOME_OK) status = check_norm(&head->feed_norm);
  for (uint32_t i = 0; status == ATOME_OK && i < 6u; i++) status = check_requantisation(by + i);
  if (status != ATOME_OK) return status;
  if (head->bias_shift > 16u || head->read_shift < 15u || head->read_shift > 22u) return ATOME_BAD_NUMBER;
  return head->zero == 0u ? ATOME_OK : ATOME_BAD_FILL;
}

static atome_status check_block(const atome_compact_image *image, uint32_t index) {
  const uint32_t d = image->shape.model_width, m = image->shape.state_width, f = image->shape.hidden_width;
  const uint32_t projections = atome_compact_projections(&image->shape);
  const atome_compact_block block = atome_compact_block_at(image, index);
  atome_status status = check_head(block.head);
  if (status == ATOME_OK && !is_filled(block.numbers_end)) status = ATOME_BAD_FILL;
  if (status == ATOME_OK) status = check_matrix(&block.projections, projections, d);
  if (status == ATOME_OK) status = check_matrix(&block.out, d, m);
  if (status == ATOME_OK) status = check_matrix(&block.hidden, f, d);
  if (status == ATOME_OK) status = check_matrix(&block.down, d, f);
  return status;
}

static atome_status check_ends(const atome_compact_image *image) {
  const uint32_t d = image->shape.model_width;
  const atome_compact_ends ends = atome_compact_ends_of(image);
  const atome_logit_rate *rate = atome_compact_rate_of(image);
  if (ends.embedding_shift > 12u || ends.logit_shift > 31u || (COLUMN_LIMIT * d) >> ends.logit_shift >= 1u << 23 ||
      rate->multiplier > 0xFFFFu || rate->shift < 8u || rate->shift > 31u) {
    return ATOME_BAD_NUMBER;
  }
  if (!is_filled(ends.table.multipliers + image->row_count)) return ATOME_BAD_FILL;
  if (!is_filled((const uint8_t *)ends.norm.gain + d)) return ATOME_BAD_FILL;
  const atome_status status = check_norm(ends.norm.head);
  return status == ATOME_OK ? check_matrix(&ends.table, image->row_count, d) : status;
}

/* As many tokens have a row of their own as there are rows beside the shared one. */
static atome_status check_rows(const atome_compact_image *image) {
  uint32_t own = 0;
  if (image->row_map == NULL) return ATOME_OK;
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    own += (uint32_t)(image->row_map[token / 8u] >> token % 8u & 1);
  }
  return own + 1u == image->row_count ? ATOME_OK : ATOME_BAD_NUMBER;
}

static atome_status check_vocabulary(const atome_compact_image *image) {
  atome_vocabulary vocabulary;
  return atome_vocabulary_open(&vocabulary, image->vocabulary, image->vocabulary_size);
}

/* Reads what the header says; where the vocabulary stands is found once the image's size is known to be right. */
static atome_status read_header(atome_compact_image *image) {
  const uint8_t *bytes = image->bytes;
  const uint32_t flags = atome_read_u16(bytes + FLAGS);
  const uint32_t rows = atome_read_u16(bytes + ROWS);
  const int has_map = (flags & FLAG_ROWS) != 0u;
  if (atome_read_u16(bytes + VERSION) != ATOME_COMPACT_VERSION ||
      (flags & ~(uint32_t)(FLAG_VOCABULARY | FLAG_ROWS | FLAG_LABELS)) != 0u || !inside(rows, ATOME_VOCABULARY) ||
      (rows < ATOME_VOCABULARY) != has_map) {
    return ATOME_BAD_TRAILER;
  }
  image->row_count = rows;
  image->row_map = has_map ? bytes + ATOME_COMPACT_HEADER_BYTES : NULL;
  image->shape.model_width = atome_read_u16(bytes + SHAPE);
  image->shape.layer_count = atome_read_u16(bytes + SHAPE + 2);
  image->shape.state_width = atome_read_u16(bytes + SHAPE + 4);
  image->shape.gate_count = atome_read_u16(bytes + SHAPE + 6);
  image->shape.hidden_width = atome_read_u16(bytes + SHAPE + 8);
  image->shape.pass_count = 1u + atome_read_u16(bytes + MORE_PASSES);
  if (!shape_is_valid(&image->shape)) return ATOME_BAD_SHAPE;
  image->vocabulary_size = atome_read_u16(bytes + VOCABULARY_SIZE);
  image->trained_context = atome_read_u16(bytes + TRAINED_CONTEXT);
  const int has_vocabulary = (flags & FLAG_VOCABULARY) != 0u;
  const int agrees = (image->vocabulary_size != 0u) == has_vocabulary && image->vocabulary_size % 4u == 0u;
  return agrees ? ATOME_OK : ATOME_BAD_TRAILER;
}

int atome_compact_has_labels(const atome_compact_image *image) {
  return (atome_read_u16(image->bytes + FLAGS) & FLAG_LABELS) != 0u;
}

/* What the labels, which begin at `start`, say of their size; 0 where there are none, or where the file ends before. */
static size_t labels_size(const atome_compact_image *image, size_t start, size_t size) {
  return atome_compact_has_labels(image) && start + 4u <= size ? atome_read_u16(image->bytes + start) : 0u;
}

atome_status atome_compact_open(atome_compact_image *image, const uint8_t *bytes, size_t size) {
  if (size < ATOME_COMPACT_HEADER_BYTES + 4u) return ATOME_TRUNCATED;
  if (!atome_compact_claims(bytes, size)) return ATOME_BAD_MAGIC;
  if ((uintptr_t)bytes % 4u != 0u) return ATOME_IMAGE_UNALIGNED;
  atome_compact_image found = {.bytes = bytes};
  atome_status status = read_header(&found);
  if (status != ATOME_OK) return status;
  const size_t labels = atome_compact_size(&found) - 4u + found.vocabulary_size;
  const size_t labels_bytes = labels_size(&found, labels, size);
  if (size != labels + labels_bytes + 4u || size != *words_at(bytes + SIZE)) return ATOME_TRUNCATED;
  if (*words_at(bytes + size - 4u) != atome_crc32(bytes, size - 4u)) return ATOME_BAD_CHECKSUM;
  if (found.vocabulary_size != 0u) found.vocabulary = bytes + (labels - found.vocabulary_size);
  status = check_vocabulary(&found);
  if (status == ATOME_OK && atome_compact_has_labels(&found)) status = atome_labels_check(bytes + labels, labels_bytes);
  if (status == ATOME_OK) status = check_rows(&found);
  if (status == ATOME_OK) status = check_ends(&found);
  for (uint32_t block = 0; status == ATOME_OK && block < found.shape.layer_count; block++) {
    status = check_block(&found, block);
  }
  if (status == ATOME_OK) *image = found;
  return status;
}
