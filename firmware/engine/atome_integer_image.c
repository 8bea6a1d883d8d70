/* Opening an ATOMEQ01 image: everything is checked here once, so that a step can neither leave its memory nor
 * overflow. */
#include "atome_checks.h"
#include "atome_integer_layout.h"
#include "atome_layout.h"
#include "atome_vocabulary.h"

static const uint8_t magic[8] = {'A', 'T', 'O', 'M', 'E', 'Q', '0', '1'};

/* Offsets in the header. */
enum { VERSION = 8, FLAGS = 10, SIZE = 12, SHAPE = 16, VOCABULARY = 26, VOCABULARY_SIZE = 28, TRAINED_CONTEXT = 30 };

enum { FLAG_NARROW_CACHE = 1, FLAG_VOCABULARY = 2 };

int atome_integer_claims(const uint8_t *bytes, size_t size) {
  return size >= sizeof magic && atome_equal_bytes(bytes, magic, sizeof magic);
}

static const uint32_t *words_at(const void *place) { return place; }

/* Whether five trits have this code. */
static int code_is_valid(uint32_t code) { return code < ATOME_CODES && code % 28u < 27u; }

static atome_status check_codes(const uint8_t *codes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!code_is_valid(codes[i])) return ATOME_BAD_TRIT;
  }
  return ATOME_OK;
}

static int rate_is_valid(const atome_rate *rate) {
  return rate->pre_shift < 32u && rate->limit >> rate->pre_shift < 0x10000u && rate->multiplier < 0x10000u &&
         rate->shift < 32u;
}

/* No sum of `width` numbers of 8 bits passes 2^30 when multiplied. */
static int requantisation_is_valid(const atome_requantisation *q, uint32_t width) {
  return q->multiplier <= (1u << 23) / width && q->shift <= 30u;
}

static int norm_is_valid(const atome_norm *norm, uint32_t width) {
  uint32_t outside = norm->head->epsilon == 0u;
  for (uint32_t c = 0; c < width; c++) {
    outside |= norm->gain[c] > 8192 || norm->gain[c] < -8192;
    outside |= norm->bias[c] > (1 << 29) || norm->bias[c] < -(1 << 29);
  }
  return !outside && norm->head->input_shift <= 16u && norm->head->output_shift < 32u;
}

static int kernel_is_valid(const int8_t *kernel, size_t count) {
  uint32_t outside = 0;
  for (size_t i = 0; i < count; i++) outside |= (uint32_t)(kernel[i] + 1) > 2u;
  return !outside;
}

/* The pathways' products stay below 2^30 together, since their routes add up to 1 at most. */
static int gains_are_valid(const atome_layer_head *head, uint32_t cache_bytes) {
  const uint32_t value_bits = 8u * cache_bytes - 1u;
  return head->local_gain <= 32767u && head->value_gain <= 32767u && head->value_shift < 31u &&
         (head->value_gain << 15) >> head->value_shift <= 1u << (29u - value_bits) && head->mix_shift <= 20u;
}

static atome_status check_layer(const atome_integer_image *image, uint32_t index) {
  const atome_shape *shape = &image->shape;
  const uint32_t d = shape->model_width;
  const atome_layer layer = atome_layer_at(image, index);
  if (!norm_is_valid(&layer.norm, d) || !requantisation_is_valid(&layer.head->query, d) ||
      !requantisation_is_valid(&layer.head->key, d) || !requantisation_is_valid(&layer.head->value, d) ||
      !rate_is_valid(&layer.head->router_rate) || !rate_is_valid(&layer.head->score_rate) ||
      !gains_are_valid(layer.head, image->cache_bytes)) {
    return ATOME_BAD_NUMBER;
  }
  if (!kernel_is_valid(layer.kernel, (size_t)d * shape->kernel_size)) return ATOME_BAD_TRIT;
  return check_codes(layer.projection, (size_t)atome_whole_rows(atome_projection_rows(shape)) * atome_groups(d));
}

static atome_status check_ends(const atome_integer_image *image) {
  const uint32_t d = image->shape.model_width;
  const atome_integer_ends ends = atome_integer_ends_of(image);
  const atome_logit_rate *rate = atome_logit_rate_of(image);
  if (!norm_is_valid(&ends.norm, d) || rate->multiplier > 0xFFFFu || rate->shift < 8u || rate->shift > 31u ||
      ends.magnitude >= 1 << 23 || ends.magnitude <= -(1 << 23)) {
    return ATOME_BAD_NUMBER;
  }
  const size_t codes = ATOME_VOCABULARY * (size_t)atome_groups(d);
  const atome_status status = check_codes(ends.embedding, codes);
  return status != ATOME_OK ? status : check_codes(ends.unembedding, codes);
}

/* Reads how large the vocabulary is, and says whether header and flags agree on that. Where it stands is found once
 * the image's size is known to be right. */
static int find_vocabulary(atome_integer_image *image, uint32_t flags) {
  image->vocabulary_size = atome_read_u16(image->bytes + VOCABULARY_SIZE);
  image->trained_context = atome_read_u16(image->bytes + TRAINED_CONTEXT);
  return (image->vocabulary_size != 0u) == ((flags & FLAG_VOCABULARY) != 0u) && image->vocabulary_size % 4u == 0u;
}

atome_status atome_integer_open(atome_integer_image *image, const uint8_t *bytes, size_t size) {
  if (size < ATOME_INTEGER_HEADER_BYTES + 4u) return ATOME_TRUNCATED;
  if (!atome_integer_claims(bytes, size)) return ATOME_BAD_MAGIC;
  if ((uintptr_t)bytes % 4u != 0u) return ATOME_IMAGE_UNALIGNED;
  const uint32_t flags = atome_read_u16(bytes + FLAGS);
  if (atome_read_u16(bytes + VERSION) != ATOME_INTEGER_VERSION || flags > (FLAG_NARROW_CACHE | FLAG_VOCABULARY) ||
      atome_read_u16(bytes + VOCABULARY) != ATOME_VOCABULARY) {
    return ATOME_BAD_TRAILER;
  }
  atome_integer_image found = {.bytes = bytes, .cache_bytes = (flags & FLAG_NARROW_CACHE) != 0u ? 1u : 2u};
  found.shape = atome_read_shape(bytes + SHAPE);
  if (!atome_shape_is_valid(&found.shape)) return ATOME_BAD_SHAPE;
  if (!find_vocabulary(&found, flags)) return ATOME_BAD_TRAILER;
  const size_t whole = atome_integer_size(&found.shape) + found.vocabulary_size;
  if (size != whole || size != *words_at(bytes + SIZE)) return ATOME_TRUNCATED;
  if (*words_at(bytes + size - 4u) != atome_crc32(bytes, size - 4u)) return ATOME_BAD_CHECKSUM;
  if (found.vocabulary_size != 0u) found.vocabulary = bytes + (size - 4u - found.vocabulary_size);
  atome_vocabulary vocabulary;
  atome_status status = atome_vocabulary_open(&vocabulary, found.vocabulary, found.vocabulary_size);
  if (status == ATOME_OK) status = check_ends(&found);
  for (uint32_t layer = 0; status == ATOME_OK && layer < found.shape.layer_count; layer++) {
    status = check_layer(&found, layer);
  }
  if (status == ATOME_OK) *image = found;
  return status;
}
