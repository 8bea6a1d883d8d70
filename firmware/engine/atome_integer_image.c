/* Opening an ATOMEQ01 image: everything is checked here once, so that a step can neither leave its memory nor
 * overflow. */
#include "atome_checks.h"
#include "atome_integer_layout.h"
#include "atome_vocabulary.h"

static const uint8_t magic[8] = {'A', 'T', 'O', 'M', 'E', 'Q', '0', '1'};

/* What is read of the header, as it stands in the image. */
typedef struct header {
  uint8_t magic[8];
  uint16_t version, flags;
  uint32_t size;
  uint16_t model_width, layer_count, head_width, top_k, kernel_size;
  uint16_t vocabulary, vocabulary_size, trained_context;
} header;

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

/* The numbers of a layer, many at a time: those below a power of 2 are so if all their bits together are. A norm's own
 * are checked with it. */
static int head_is_valid(const atome_layer_head *head, uint32_t width, uint32_t cache_bytes) {
  const atome_rate *r = &head->router_rate, *s = &head->score_rate;
  if ((r->pre_shift | r->shift | s->pre_shift | s->shift) > 31u) return 0;
  const uint32_t rates = r->multiplier | s->multiplier | r->limit >> r->pre_shift | s->limit >> s->pre_shift;
  if (rates >= 0x10000u || (head->local_gain | head->value_gain) >= 0x8000u) return 0;
  /* No sum of `width` numbers of 8 bits passes 2^30 when multiplied. */
  for (uint32_t i = 0; i < 3u; i++) {
    const atome_requantisation *q = &head->projections[i];
    if (q->multiplier > (1u << 23) / width || q->shift > 30u) return 0;
  }
  /* The pathways' products stay below 2^30 together, since their routes add up to 1 at most. */
  const uint32_t value_bits = 8u * cache_bytes - 1u;
  return head->value_shift < 31u && (head->value_gain << 15) >> head->value_shift <= 1u << (29u - value_bits) &&
         head->mix_shift <= 20u;
}

static atome_status check_layer(const atome_integer_image *image, uint32_t index) {
  const atome_shape *shape = &image->shape;
  const uint32_t d = shape->model_width;
  const atome_layer layer = atome_layer_at(image, index);
  if (!norm_is_valid(&layer.norm, d) || !head_is_valid(layer.head, d, image->cache_bytes)) return ATOME_BAD_NUMBER;
  if (!kernel_is_valid(layer.kernel, (size_t)d * shape->kernel_size)) return ATOME_BAD_TRIT;
  return check_codes(layer.projection, (size_t)atome_whole_rows(atome_projection_rows(shape)) * image->groups);
}

static atome_status check_ends(const atome_integer_image *image) {
  const uint32_t d = image->shape.model_width;
  const atome_integer_ends ends = atome_integer_ends_of(image);
  const atome_logit_rate *rate = atome_logit_rate_of(image);
  if (!norm_is_valid(&ends.norm, d) || rate->multiplier > 0xFFFFu || rate->shift < 8u || rate->shift > 31u ||
      ends.magnitude >= 1 << 23 || ends.magnitude <= -(1 << 23)) {
    return ATOME_BAD_NUMBER;
  }
  const size_t codes = ATOME_VOCABULARY * (size_t)image->groups;
  const atome_status status = check_codes(ends.embedding, codes);
  return status != ATOME_OK ? status : check_codes(ends.unembedding, codes);
}

atome_status atome_integer_open(atome_integer_image *image, const uint8_t *bytes, size_t size) {
  if (size < ATOME_INTEGER_HEADER_BYTES + 4u) return ATOME_TRUNCATED;
  if (!atome_integer_claims(bytes, size)) return ATOME_BAD_MAGIC;
  if ((uintptr_t)bytes % 4u != 0u) return ATOME_IMAGE_UNALIGNED;
  const header *said = (const void *)bytes;
  const uint32_t flags = said->flags, extra = said->vocabulary_size;
  if (said->version != ATOME_INTEGER_VERSION || flags > (FLAG_NARROW_CACHE | FLAG_VOCABULARY) ||
      said->vocabulary != ATOME_VOCABULARY) {
    return ATOME_BAD_TRAILER;
  }
  atome_integer_image found;
  found.bytes = bytes;
  found.shape.model_width = said->model_width;
  found.shape.layer_count = said->layer_count;
  found.shape.head_width = said->head_width;
  found.shape.top_k = said->top_k;
  found.shape.kernel_size = said->kernel_size;
  if (!atome_shape_is_valid(&found.shape)) return ATOME_BAD_SHAPE;
  /* Header and flags have to agree on the vocabulary. */
  if ((extra != 0u) != ((flags & FLAG_VOCABULARY) != 0u) || extra % 4u != 0u) return ATOME_BAD_TRAILER;
  found.cache_bytes = 2u - (flags & FLAG_NARROW_CACHE);
  found.trained_context = said->trained_context;
  if (size != atome_integer_size(&found) + extra || size != said->size) return ATOME_TRUNCATED;
  if (*words_at(bytes + size - 4u) != atome_crc32(bytes, size - 4u)) return ATOME_BAD_CHECKSUM;
  found.vocabulary = extra != 0u ? bytes + (size - 4u - extra) : NULL;
  found.vocabulary_size = extra;
  atome_vocabulary vocabulary;
  atome_status status = atome_vocabulary_open(&vocabulary, found.vocabulary, extra);
  if (status == ATOME_OK) status = check_ends(&found);
  for (uint32_t layer = 0; status == ATOME_OK && layer < found.shape.layer_count; layer++) {
    status = check_layer(&found, layer);
  }
  if (status == ATOME_OK) *image = found;
  return status;
}
