/* Opening a GPTINT01 image: everything is checked here once, so that a step can neither leave its memory nor
 * overflow. */
#include "atome_checks.h"
#include "atome_vocabulary.h"
#include "gpt_layout.h"

static const uint8_t magic[8] = {'G', 'P', 'T', 'I', 'N', 'T', '0', '1'};

/* Offsets in the header. */
enum { VERSION = 8, FLAGS = 10, SIZE = 12, SHAPE = 16, VOCABULARY = 26, VOCABULARY_SIZE = 28, EMBEDDING_SHIFT = 30 };

enum { FLAG_FOUR_BITS = 1, FLAG_VOCABULARY = 2, FLAG_TIED = 4 };

static uint32_t half_at(const uint8_t *bytes) { return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8; }
static uint32_t word_at(const uint8_t *bytes) { return half_at(bytes) | half_at(bytes + 2) << 16; }

static int shape_is_valid(const gpt_shape *shape) {
  const uint32_t d = shape->model_width, heads = shape->head_count;
  return d - 1u < 1024u && shape->layer_count - 1u < 64u && heads - 1u < 64u && d % heads == 0u &&
         shape->feed_forward_width - 1u < 4096u && shape->context - 1u < GPT_CONTEXT_LIMIT;
}

static int norm_is_valid(const gpt_norm_head *head) {
  return head->input_shift <= 16u && head->output_shift <= 24u && head->bias_shift <= 20u && head->epsilon != 0u;
}

/* No sum of `columns` products of 8 bits with a matrix's codes passes 2^30 when it is shifted and multiplied. */
static int scaling_is_valid(const uint16_t *multipliers, uint32_t rows, gpt_shifts shifts, const gpt_matrix *of) {
  if (shifts.pre > 16u || shifts.shift > 29u) return 0;
  const uint64_t largest = ((uint64_t)of->columns << (of->bits == 4u ? 10 : 14)) >> shifts.pre;
  uint32_t outside = 0;
  for (uint32_t row = 0; row < rows; row++) outside |= (largest + 1u) * multipliers[row] > 1u << 30;
  return !outside;
}

static int layer_is_valid(const gpt_image *image, uint32_t index) {
  const uint32_t d = image->shape.model_width, f = image->shape.feed_forward_width;
  const gpt_layer layer = gpt_layer_at(image, index);
  const gpt_layer_head *head = layer.head;
  const uint16_t *projection = layer.projection.multipliers;
  return norm_is_valid(&head->attention_norm) && norm_is_valid(&head->feed_forward_norm) &&
         scaling_is_valid(projection, d, head->query, &layer.projection) &&
         scaling_is_valid(projection + d, d, head->key, &layer.projection) &&
         scaling_is_valid(projection + (size_t)2u * d, d, head->value, &layer.projection) &&
         scaling_is_valid(layer.output.multipliers, d, head->output, &layer.output) &&
         scaling_is_valid(
             layer.feed_forward_input.multipliers, f, head->feed_forward_input, &layer.feed_forward_input) &&
         scaling_is_valid(
             layer.feed_forward_output.multipliers, d, head->feed_forward_output, &layer.feed_forward_output) &&
         head->score_shift <= 31u && head->mix_shift <= 29u && head->mix_gain <= 1u << 14 &&
         (uint64_t)head->score_limit * head->score_multiplier >> head->score_shift < 2048u &&
         (uint64_t)head->score_limit * head->score_multiplier >> 32 == 0u;
}

static int numbers_are_valid(const gpt_image *image) {
  const gpt_ends ends = gpt_ends_of(image);
  const uint32_t shift = half_at(image->bytes + EMBEDDING_SHIFT);
  int valid = shift <= (image->is_tied ? GPT_EMBEDDING_SHIFT_LIMIT : 0u) && norm_is_valid(ends.norm.head) &&
              scaling_is_valid(ends.unembedding.multipliers, ATOME_VOCABULARY, ends.logits, &ends.unembedding);
  for (uint32_t layer = 0; layer < image->shape.layer_count; layer++) valid = valid && layer_is_valid(image, layer);
  return valid;
}

atome_status gpt_open(gpt_image *image, const uint8_t *bytes, size_t size) {
  if (size < GPT_HEADER_BYTES + 4u) return ATOME_TRUNCATED;
  if (!atome_equal_bytes(bytes, magic, sizeof magic)) return ATOME_BAD_MAGIC;
  if ((uintptr_t)bytes % 4u != 0u) return ATOME_IMAGE_UNALIGNED;
  const uint32_t flags = half_at(bytes + FLAGS);
  if (half_at(bytes + VERSION) != GPT_VERSION || flags > (FLAG_FOUR_BITS | FLAG_VOCABULARY | FLAG_TIED) ||
      half_at(bytes + VOCABULARY) != ATOME_VOCABULARY) {
    return ATOME_BAD_TRAILER;
  }
  gpt_image found = {.bytes = bytes, .weight_bits = (flags & FLAG_FOUR_BITS) != 0u ? 4u : 8u};
  found.is_tied = (flags & FLAG_TIED) != 0u;
  const uint8_t *shape = bytes + SHAPE;
  found.shape = (gpt_shape){
      half_at(shape), half_at(shape + 2), half_at(shape + 4), half_at(shape + 6), half_at(shape + 8)};
  if (!shape_is_valid(&found.shape)) return ATOME_BAD_SHAPE;
  found.vocabulary_size = half_at(bytes + VOCABULARY_SIZE);
  if ((found.vocabulary_size != 0u) != ((flags & FLAG_VOCABULARY) != 0u) || found.vocabulary_size % 4u != 0u) {
    return ATOME_BAD_TRAILER;
  }
  const size_t whole = gpt_size(&found) + found.vocabulary_size;
  if (size != whole || size != word_at(bytes + SIZE)) return ATOME_TRUNCATED;
  if (word_at(bytes + size - 4u) != atome_crc32(bytes, size - 4u)) return ATOME_BAD_CHECKSUM;
  if (found.vocabulary_size != 0u) found.vocabulary = bytes + (size - 4u - found.vocabulary_size);
  atome_vocabulary vocabulary;
  const atome_status status = atome_vocabulary_open(&vocabulary, found.vocabulary, found.vocabulary_size);
  if (status != ATOME_OK) return status;
  if (!numbers_are_valid(&found)) return ATOME_BAD_NUMBER;
  *image = found;
  return ATOME_OK;
}
