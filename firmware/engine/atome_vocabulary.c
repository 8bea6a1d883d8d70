/* Vocabularies in place. Strings are looked for one after the other: they have a kilobyte together, and a step of any
 * model takes longer than reading it. */
#include "atome_vocabulary.h"

#include "atome_checks.h"
#include "atome_layout.h"

static const uint8_t magic[8] = {'A', 'T', 'O', 'M', 'E', 'V', 'O', 'C'};

/* Offsets in a section. */
enum { VERSION = 8, SIZE = 10, UNKNOWN = 12, LONGEST = 13, RESERVED = 14, BITMAP = 16, STRINGS = 48 };

/* A section of one string of two bytes: its entry, the unknown token's, padding, and the checksum. */
enum { LEAST_SIZE = STRINGS + 8, CHECKSUM_SIZE = 4 };

static int is_byte(const uint8_t *section, uint32_t token) { return section[BITMAP + token / 8u] >> (token % 8u) & 1; }

/* How many bytes two texts have in common at their beginnings. */
static uint32_t common_count(const uint8_t *left, uint32_t left_count, const uint8_t *right, uint32_t right_count) {
  uint32_t count = 0;
  while (count < left_count && count < right_count && left[count] == right[count]) count++;
  return count;
}

/* MARK: checks; an entry is a byte count and so many bytes */

static int string_is_valid(const uint8_t *section, const uint8_t *entry) {
  for (uint32_t i = 1; i <= entry[0]; i++) {
    if (!is_byte(section, entry[i]) || entry[i] == '\0' || entry[i] == '\n' || entry[i] == '\r') return 0;
  }
  return 1;
}

static int precedes(const uint8_t *left, const uint8_t *right) {
  const uint32_t common = common_count(left + 1, left[0], right + 1, right[0]);
  return common < right[0] && (common == left[0] || left[1u + common] < right[1u + common]);
}

static int entries_are_valid(const uint8_t *section, size_t size) {
  static const uint8_t none[1] = {0};
  const uint8_t *last = none;
  size_t place = STRINGS, end = size - CHECKSUM_SIZE;
  uint32_t longest = 0;
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    if (is_byte(section, token)) continue;
    if (place >= end) return 0;
    const uint8_t *entry = section + place;
    const uint32_t count = entry[0];
    place += 1u + count;
    if (token == section[UNKNOWN]) {
      if (count != 0u) return 0;
      continue;
    }
    if (count < 2u || count > ATOME_TOKEN_BYTES || place > end) return 0;
    if (!string_is_valid(section, entry) || !precedes(last, entry)) return 0;
    if (count > longest) longest = count;
    last = entry;
  }
  if (longest == 0u || longest != section[LONGEST] || end - place > 3u) return 0;
  while (place < end) {
    if (section[place++] != 0u) return 0;
  }
  return 1;
}

static int section_is_valid(const uint8_t *section, size_t size) {
  return size >= LEAST_SIZE && size <= ATOME_VOCABULARY_BYTES && size % 4u == 0u &&
         atome_equal_bytes(section, magic, sizeof magic) && atome_read_u16(section + VERSION) == 1u &&
         atome_read_u16(section + SIZE) == size && atome_read_u16(section + RESERVED) == 0u &&
         atome_read_u32(section + size - CHECKSUM_SIZE) == atome_crc32(section, size - CHECKSUM_SIZE) &&
         is_byte(section, '\0') && is_byte(section, '\n') && !is_byte(section, section[UNKNOWN]) &&
         entries_are_valid(section, size);
}

atome_status atome_vocabulary_open(atome_vocabulary *vocabulary, const uint8_t *bytes, size_t size) {
  if (bytes != NULL && !section_is_valid(bytes, size)) return ATOME_BAD_VOCABULARY;
  vocabulary->section = bytes;
  return ATOME_OK;
}

/* MARK: tokens */

/* Whether a token is the byte of its number. */
static int is_single(const atome_vocabulary *vocabulary, uint32_t token) {
  return vocabulary->section == NULL || is_byte(vocabulary->section, token);
}

/* The entry of a token that is no byte. */
static const uint8_t *entry_of(const atome_vocabulary *vocabulary, uint8_t token) {
  const uint8_t *entry = vocabulary->section + STRINGS;
  for (uint32_t other = 0; other < token; other++) {
    if (!is_byte(vocabulary->section, other)) entry += 1u + entry[0];
  }
  return entry;
}

uint32_t atome_token_bytes(const atome_vocabulary *vocabulary, uint8_t token, uint8_t *bytes) {
  if (is_single(vocabulary, token)) {
    bytes[0] = token;
    return 1;
  }
  const uint8_t *entry = entry_of(vocabulary, token);
  for (uint32_t i = 0; i < entry[0]; i++) bytes[i] = entry[1u + i];
  return entry[0];
}

int atome_vocabulary_allows(const atome_vocabulary *vocabulary, uint8_t token, const uint8_t *rest, uint32_t count) {
  if (is_single(vocabulary, token)) return token == rest[0];
  const uint8_t *entry = entry_of(vocabulary, token);
  const uint32_t common = common_count(entry + 1, entry[0], rest, count);
  return common > 0u && (common == entry[0] || common == count);
}

/* MARK: encoding */

void atome_encoder_begin(atome_encoder *encoder, const atome_vocabulary *vocabulary) {
  encoder->vocabulary = vocabulary;
  encoder->count = 0;
  encoder->is_finished = 0;
}

void atome_encoder_put(atome_encoder *encoder, uint8_t byte) {
  if (encoder->count < ATOME_TOKEN_BYTES) encoder->pending[encoder->count++] = byte;
}

void atome_encoder_finish(atome_encoder *encoder) { encoder->is_finished = 1; }

/* Finds the longest string that the pending bytes begin with, and returns its byte count; 0 where bytes that follow may
 * make a longer one of them. Strings ascend, so the longest of those that fit stands last, and none fits behind the
 * first that begins with a larger byte. The unknown token's entry has no bytes. */
static uint32_t match(const atome_encoder *encoder, uint8_t *token) {
  const uint8_t *section = encoder->vocabulary->section, *entry = section + STRINGS;
  const uint8_t first = encoder->pending[0];
  uint32_t length = 1;
  *token = is_byte(section, first) ? first : section[UNKNOWN];
  for (uint32_t other = 0; other < ATOME_VOCABULARY; other++) {
    if (is_byte(section, other)) continue;
    const uint32_t count = entry[0];
    if (count > 0u && entry[1] >= first) {
      if (entry[1] > first) break;
      const uint32_t common = common_count(entry + 1, count, encoder->pending, encoder->count);
      if (common == encoder->count && common < count && !encoder->is_finished) return 0;
      if (common == count) {
        length = common;
        *token = (uint8_t)other;
      }
    }
    entry += 1u + count;
  }
  return length;
}

int atome_encoder_next(atome_encoder *encoder, uint8_t *token) {
  if (encoder->count == 0u) return 0;
  uint32_t length = 1;
  *token = encoder->pending[0];
  if (encoder->vocabulary->section != NULL) length = match(encoder, token);
  if (length == 0u) return 0;
  encoder->count = (uint8_t)(encoder->count - length);
  for (uint32_t i = 0; i < encoder->count; i++) encoder->pending[i] = encoder->pending[i + length];
  return 1;
}
