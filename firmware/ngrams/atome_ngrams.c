/* A classifier on hashed byte n-grams; docs/formats/ngrams.md. */
#include "atome_ngrams.h"

#define HEADER_BYTES 21u
#define CHECKSUM_BYTES 4u
#define SCALE_LIMIT (1u << 20)
#define BIAS_LIMIT 0x20000000
#define NAME_LIMIT 64u

static const uint8_t magic[9] = {'A', 'T', 'O', 'M', 'E', 'C', 'N', '0', '1'};

static uint32_t word_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int32_t signed_at(const uint8_t *bytes) {
  const uint32_t word = word_at(bytes);
  return word <= (uint32_t)INT32_MAX ? (int32_t)word : -(int32_t)(UINT32_MAX - word) - 1;
}

/* CRC-32 bit by bit: once when an image is opened, so no table takes flash. */
static uint32_t checksum(const uint8_t *bytes, size_t size) {
  uint32_t rest = UINT32_MAX;
  for (size_t index = 0u; index < size; index++) {
    rest ^= bytes[index];
    for (uint32_t bit = 0u; bit < 8u; bit++) rest = (rest >> 1) ^ (0xEDB88320u & (0u - (rest & 1u)));
  }
  return ~rest;
}

static int same_bytes(const uint8_t *bytes, const uint8_t *others, size_t count) {
  while (count > 0u && *bytes == *others) {
    bytes++;
    others++;
    count--;
  }
  return count == 0u;
}

/* Where a label stands behind another one; each takes 5 bytes and its name. */
static const uint8_t *after(const uint8_t *label) { return label + 5u + label[4]; }

static int is_new(const atome_ngrams *model, const uint8_t *label) {
  for (const uint8_t *other = model->labels; other < label; other = after(other)) {
    if (other[4] == label[4] && same_bytes(other + 5, label + 5, label[4])) return 0;
  }
  return 1;
}

/* Walks over the labels, of which `left` bytes may hold any. */
static atome_ngrams_status read_labels(atome_ngrams *model, size_t left) {
  const uint8_t *label = model->labels;
  for (uint32_t index = 0u; index < model->label_count; index++) {
    if (left < 5u) return ATOME_NGRAMS_LENGTH;
    const int32_t bias = signed_at(label);
    if (bias < -BIAS_LIMIT || bias > BIAS_LIMIT || label[4] < 1u || label[4] > NAME_LIMIT) {
      return ATOME_NGRAMS_BAD_NUMBER;
    }
    if (left < 5u + (size_t)label[4]) return ATOME_NGRAMS_LENGTH;
    if (!is_new(model, label)) return ATOME_NGRAMS_BAD_NUMBER;
    left -= 5u + (size_t)label[4];
    label = after(label);
  }
  model->weights = label;
  return left == (size_t)model->feature_count * model->label_count / 2u ? ATOME_NGRAMS_OK : ATOME_NGRAMS_LENGTH;
}

atome_ngrams_status atome_ngrams_open(atome_ngrams *model, const uint8_t *image, size_t size) {
  if (size < sizeof magic || !same_bytes(image, magic, sizeof magic)) return ATOME_NGRAMS_ANOTHER;
  if (size < HEADER_BYTES + CHECKSUM_BYTES) return ATOME_NGRAMS_LENGTH;
  if (checksum(image, size - CHECKSUM_BYTES) != word_at(image + size - CHECKSUM_BYTES)) return ATOME_NGRAMS_DAMAGED;
  model->label_count = image[9];
  model->shortest = image[10];
  model->longest = image[11];
  model->scale = word_at(image + 13);
  model->threshold = signed_at(image + 17);
  model->labels = image + HEADER_BYTES;
  if (model->label_count < 2u || model->label_count > ATOME_NGRAMS_LABEL_LIMIT || model->shortest < 1u ||
      model->longest < model->shortest || model->longest > 8u || image[12] < 6u || image[12] > 14u ||
      model->scale < 1u || model->scale > SCALE_LIMIT) {
    return ATOME_NGRAMS_BAD_NUMBER;
  }
  model->feature_count = 1u << image[12];
  return read_labels(model, size - HEADER_BYTES - CHECKSUM_BYTES);
}

size_t atome_ngrams_seen_size(const atome_ngrams *model) { return model->feature_count / 8u; }

/* The byte at a place of the text between two blanks, in small letters. */
static uint8_t byte_at(const uint8_t *text, size_t length, size_t place) {
  if (place == 0u || place > length) return 0x20u;
  const uint8_t byte = text[place - 1u];
  return byte >= 0x41u && byte <= 0x5Au ? (uint8_t)(byte + 0x20u) : byte;
}

/* Adds a feature's weights to the labels' sums. */
static void add(const atome_ngrams *model, uint32_t feature, int32_t *sums) {
  uint32_t place = feature * model->label_count;
  for (uint32_t label = 0u; label < model->label_count; label++) {
    const uint32_t nibble = ((uint32_t)model->weights[place / 2u] >> (place % 2u * 4u)) & 15u;
    sums[label] += nibble < 8u ? (int32_t)nibble : (int32_t)nibble - 16;
    place++;
  }
}

/* The largest number whose square is not above `value`, a binary digit at a time. */
static uint32_t root_of(uint32_t value) {
  uint32_t root = 0u;
  for (uint32_t bit = 1u << 15; bit > 0u; bit >>= 1) {
    const uint32_t candidate = root | bit;
    if (candidate * candidate <= value) root = candidate;
  }
  return root;
}

/* floor(value / 2^16); a right shift of a negative number is the compiler's choice in C99. */
static int32_t high_part(int64_t value) { return (int32_t)(value >= 0 ? value >> 16 : -((-value + 0xFFFF) >> 16)); }

static void finish(const atome_ngrams *model, uint32_t count, int32_t *scores) {
  const uint32_t root = count > 0u ? root_of(UINT32_MAX / count) : 0u;
  const uint8_t *place = model->labels;
  for (uint32_t label = 0u; label < model->label_count; label++) {
    const int64_t product = (int64_t)scores[label] * (int64_t)root * (int64_t)model->scale;
    scores[label] = signed_at(place) + high_part(product);
    place = after(place);
  }
}

int atome_ngrams_classify(
    const atome_ngrams *model, const uint8_t *text, size_t length, uint8_t *seen, int32_t *scores) {
  for (uint32_t index = 0u; index < model->feature_count / 8u; index++) seen[index] = 0u;
  for (uint32_t label = 0u; label < model->label_count; label++) scores[label] = 0;
  uint32_t count = 0u;
  for (size_t start = 0u; start < length + 2u; start++) {
    uint32_t hash = 0x811C9DC5u;
    for (uint32_t run = 1u; run <= model->longest && start + run <= length + 2u; run++) {
      hash = (hash ^ byte_at(text, length, start + run - 1u)) * 0x01000193u;
      const uint32_t feature = (hash ^ (hash >> 15)) & (model->feature_count - 1u);
      const uint8_t bit = (uint8_t)(1u << (feature % 8u));
      if (run < model->shortest || (seen[feature / 8u] & bit) != 0u) continue;
      seen[feature / 8u] |= bit;
      count++;
      add(model, feature, scores);
    }
  }
  finish(model, count, scores);
  uint32_t best = 0u;
  for (uint32_t label = 1u; label < model->label_count; label++) {
    if (scores[label] > scores[best]) best = label;
  }
  return scores[best] < model->threshold ? ATOME_NGRAMS_NONE : (int)best;
}

const char *atome_ngrams_name(const atome_ngrams *model, int label, size_t *length) {
  if (label < 0 || (uint32_t)label >= model->label_count) return NULL;
  const uint8_t *place = model->labels;
  for (int index = 0; index < label; index++) place = after(place);
  *length = place[4];
  return (const char *)(place + 5);
}
