/* A classifier on hashed byte n-grams; docs/formats/ngrams.md. */
#include "atome_ngrams.h"

#define HEADER_BYTES 26u
#define CHECKSUM_BYTES 4u
#define SCALE_LIMIT (1u << 20)
#define BIAS_LIMIT 0x20000000
#define NEWNESS_LIMIT (1u << 19)
/* Pairs of words behind these are not read. */
#define PAIR_LIMIT ((1u << 20) - 1u)
#define HASH_START 0x811C9DC5u
#define NAME_LIMIT 64u

static const uint8_t magic[9] = {'A', 'T', 'O', 'M', 'E', 'C', 'N', '0', '2'};

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
  const size_t size = (size_t)model->feature_count * model->label_count / 2u;
  model->pairs = label + (left < size ? left : size);
  return left == size + ((size_t)1u << model->pair_bits) / 8u ? ATOME_NGRAMS_OK : ATOME_NGRAMS_LENGTH;
}

/* Whether the numbers of the known pairs are within their limits: 0 bits stand for none. */
static int are_pairs(uint32_t bits, uint32_t newness) {
  if (bits == 0u) return newness == 0u;
  return bits >= 8u && bits <= 17u && newness <= NEWNESS_LIMIT;
}

atome_ngrams_status atome_ngrams_open(atome_ngrams *model, const uint8_t *image, size_t size) {
  if (size < sizeof magic || !same_bytes(image, magic, sizeof magic)) return ATOME_NGRAMS_ANOTHER;
  if (size < HEADER_BYTES + CHECKSUM_BYTES) return ATOME_NGRAMS_LENGTH;
  if (checksum(image, size - CHECKSUM_BYTES) != word_at(image + size - CHECKSUM_BYTES)) return ATOME_NGRAMS_DAMAGED;
  model->label_count = image[9];
  model->shortest = image[10];
  model->longest = image[11];
  model->pair_bits = image[13];
  model->scale = word_at(image + 14);
  model->threshold = signed_at(image + 18);
  model->newness = word_at(image + 22);
  model->labels = image + HEADER_BYTES;
  if (model->label_count < 2u || model->label_count > ATOME_NGRAMS_LABEL_LIMIT || model->shortest < 1u ||
      model->longest < model->shortest || model->longest > 8u || image[12] < 6u || image[12] > 14u ||
      model->scale < 1u || model->scale > SCALE_LIMIT || !are_pairs(model->pair_bits, model->newness)) {
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

/* FNV-1a. */
static uint32_t hash_of(uint32_t hash, uint32_t byte) { return (hash ^ byte) * 0x01000193u; }

/* A letter, a digit, an apostrophe, or what is not ASCII. */
static int is_of_word(uint32_t byte) {
  return (byte >= 0x61u && byte <= 0x7Au) || (byte >= 0x30u && byte <= 0x39u) || byte == 0x27u || byte >= 0x80u;
}

/* 1 for a pair that training texts do not have, else 0. */
static uint32_t is_fresh(const atome_ngrams *model, uint32_t hash) {
  const uint32_t shift = 32u - model->pair_bits;
  const uint32_t places[3] = {
      (hash ^ (hash >> 15)) & ((1u << model->pair_bits) - 1u), (hash * 0x9E3779B1u) >> shift,
      (hash * 0x85EBCA77u) >> shift};
  for (uint32_t index = 0u; index < 3u; index++) {
    const uint32_t place = places[index];
    if ((((uint32_t)model->pairs[place / 8u] >> (place % 8u)) & 1u) == 0u) return 1u;
  }
  return 0u;
}

/* What the scores of a text are lowered by, for pairs of words that are new. A word is hashed twice at once: behind the
 * word before it, and as the first of the next pair. */
static int32_t lowering(const atome_ngrams *model, const uint8_t *text, size_t length) {
  if (model->pair_bits == 0u) return 0;
  uint32_t pair = hash_of(HASH_START, 0x20u), word = HASH_START, in_word = 0u, count = 0u, fresh = 0u;
  for (size_t place = 1u; place <= length + 1u && count < PAIR_LIMIT - 1u; place++) {
    const uint32_t byte = byte_at(text, length, place);
    if (is_of_word(byte) != 0) {
      pair = hash_of(pair, byte);
      word = hash_of(word, byte);
      in_word = 1u;
      continue;
    }
    if (in_word != 0u) {
      fresh += is_fresh(model, pair);
      count++;
      pair = hash_of(word, 0x20u);
      word = HASH_START;
      in_word = 0u;
    }
  }
  fresh += is_fresh(model, pair);
  count++;
  return (int32_t)((model->newness * ((fresh << 12) / count)) >> 12);
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

static void finish(const atome_ngrams *model, uint32_t count, int32_t less, int32_t *scores) {
  const uint32_t root = count > 0u ? root_of(UINT32_MAX / count) : 0u;
  const uint8_t *place = model->labels;
  for (uint32_t label = 0u; label < model->label_count; label++) {
    const int64_t product = (int64_t)scores[label] * (int64_t)root * (int64_t)model->scale;
    scores[label] = signed_at(place) + high_part(product) - less;
    place = after(place);
  }
}

int atome_ngrams_classify(
    const atome_ngrams *model, const uint8_t *text, size_t length, uint8_t *seen, int32_t *scores) {
  for (uint32_t index = 0u; index < model->feature_count / 8u; index++) seen[index] = 0u;
  for (uint32_t label = 0u; label < model->label_count; label++) scores[label] = 0;
  uint32_t count = 0u;
  for (size_t start = 0u; start < length + 2u; start++) {
    uint32_t hash = HASH_START;
    for (uint32_t run = 1u; run <= model->longest && start + run <= length + 2u; run++) {
      hash = hash_of(hash, byte_at(text, length, start + run - 1u));
      const uint32_t feature = (hash ^ (hash >> 15)) & (model->feature_count - 1u);
      const uint8_t bit = (uint8_t)(1u << (feature % 8u));
      if (run < model->shortest || (seen[feature / 8u] & bit) != 0u) continue;
      seen[feature / 8u] |= bit;
      count++;
      add(model, feature, scores);
    }
  }
  finish(model, count, lowering(model, text, length), scores);
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
