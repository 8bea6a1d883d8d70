/* A classifier's labels in place. */
#include "atome_labels.h"

#include "atome_compact_layout.h"
#include "atome_layout.h"

/* Offsets in a section, and in an entry: a token, a byte count and so many bytes. */
enum { COUNT = 2, NONE = 3, MARGIN = 4, ENTRIES = 8 };

/* Notes a token, which is not met again. */
static int is_new(uint32_t *met, uint8_t token) {
  const uint32_t bit = (uint32_t)1 << ((uint32_t)token % 32u);
  if (token == 0u || token == ATOME_LABEL_END || (met[token / 32u] & bit) != 0u) return 0;
  met[token / 32u] |= bit;
  return 1;
}

atome_status atome_labels_check(const uint8_t *section, size_t size) {
  uint32_t met[ATOME_VOCABULARY / 32u] = {0};
  if (size < ENTRIES || size % 4u != 0u) return ATOME_BAD_TRAILER;
  const uint32_t count = section[COUNT];
  if (count < 2u || count > ATOME_LABEL_LIMIT) return ATOME_BAD_TRAILER;
  if (section[NONE] != 0u && !is_new(met, section[NONE])) return ATOME_BAD_TRAILER;
  size_t place = ENTRIES;
  for (uint32_t label = 0; label < count; label++) {
    if (size - place < 2u) return ATOME_BAD_TRAILER;
    const uint8_t *entry = section + place;
    if (entry[1] == 0u || entry[1] > size - place - 2u || !is_new(met, entry[0])) return ATOME_BAD_TRAILER;
    place += 2u + (size_t)entry[1];
  }
  if (size - place > 3u) return ATOME_BAD_TRAILER;
  for (; place < size; place++) {
    if (section[place] != 0u) return ATOME_BAD_FILL;
  }
  return ATOME_OK;
}

/* MARK: a label of logits */

static const uint8_t *next(const uint8_t *entry) { return entry + 2u + entry[1]; }

atome_status atome_labels_open(atome_labels *labels, const atome_compact_image *image) {
  const size_t start = atome_compact_size(image) - 4u + image->vocabulary_size;
  if (!atome_compact_has_labels(image)) return ATOME_BAD_TRAILER;
  labels->section = image->bytes + start;
  labels->count = labels->section[COUNT];
  labels->margin = (int32_t)atome_read_u32(labels->section + MARGIN);
  return ATOME_OK;
}

int atome_labels_choose(const atome_labels *labels, const int32_t *logits, int32_t *margin) {
  const uint8_t *entry = labels->section + ENTRIES, none = labels->section[NONE];
  int32_t best = logits[entry[0]], other = 0;
  uint32_t chosen = 0;
  for (uint32_t label = 1; label < labels->count; label++) {
    entry = next(entry);
    const int32_t score = logits[entry[0]];
    if (score <= best) {
      if (label == 1u || score > other) other = score;
      continue;
    }
    other = best;
    best = score;
    chosen = label;
  }
  /* Logits have 24 bits, so their difference has 25. */
  const int32_t above = best - (none != 0u ? logits[none] : other);
  if (margin != NULL) *margin = above;
  return above >= labels->margin ? (int)chosen : ATOME_NO_LABEL;
}

const char *atome_label_name(const atome_labels *labels, uint32_t label, uint32_t *size) {
  const uint8_t *entry = labels->section + ENTRIES;
  for (uint32_t other = 0; other < label; other++) entry = next(entry);
  *size = entry[1];
  return (const char *)(entry + 2);
}
