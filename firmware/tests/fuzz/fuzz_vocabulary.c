/* Opens vocabulary sections of any bytes; with those that open, encodes a text as it comes and decodes its tokens.
 *
 * Settings: u8 choices; u8 bytes of text. Then the text, then the section. */
#include "fuzz.h"

#include "atome_vocabulary.h"

#include "../tests.h"

#include <stdlib.h>
#include <string.h>

enum {
  MEND = 1 /* mend the section's magic, size and checksum */
};

typedef struct decoder {
  const atome_vocabulary *vocabulary;
  const uint8_t *text; /* what the tokens must say */
  size_t count;
  uint8_t *room; /* for one token */
} decoder;

/* Each token must say the text's next bytes; the unknown one stands for a byte that is no token. */
static void take_tokens(decoder *to, atome_encoder *encoder) {
  uint8_t token;
  while (atome_encoder_next(encoder, &token)) {
    const uint32_t length = atome_token_bytes(to->vocabulary, token, to->room);
    const size_t covered = length > 0u ? length : 1u;
    CHECK(covered <= to->count && memcmp(to->text, to->room, length) == 0);
    if (length == 0u) CHECK(!atome_vocabulary_allows(to->vocabulary, to->text[0], to->text, 1));
    to->text += covered;
    to->count -= covered;
  }
}

static void round_trip(const atome_vocabulary *vocabulary, const uint8_t *text, size_t count) {
  decoder to = {vocabulary, text, count, fuzz_allocate_work(ATOME_TOKEN_BYTES)};
  atome_encoder encoder;
  atome_encoder_begin(&encoder, vocabulary);
  for (size_t i = 0; i < count; i++) {
    atome_encoder_put(&encoder, text[i]);
    take_tokens(&to, &encoder);
    CHECK(to.count == count - i - 1u + encoder.count && encoder.count < ATOME_TOKEN_BYTES);
  }
  atome_encoder_finish(&encoder);
  take_tokens(&to, &encoder);
  CHECK(to.count == 0u);
  free(to.room);
}

int LLVMFuzzerTestOneInput(const uint8_t *input_bytes, size_t input_size) {
  fuzz_input input = {input_bytes, input_size};
  const uint32_t choices = fuzz_take(&input, 1), wanted = fuzz_take(&input, 1);
  const size_t count = wanted < input.count ? wanted : input.count, size = input.count - count;
  uint8_t *text = fuzz_allocate(count), *section = fuzz_allocate(size);
  memcpy(text, input.place, count);
  memcpy(section, input.place + count, size);
  if ((choices & MEND) != 0u && size >= 8u) {
    memcpy(section, "ATOMEVOC", 8);
    if (size >= 12u) fuzz_put(section + 10, (uint32_t)size, 2);
    fuzz_mend_section(section, size);
  }
  atome_vocabulary vocabulary;
  if (atome_vocabulary_open(&vocabulary, section, size) == ATOME_OK) round_trip(&vocabulary, text, count);
  free(section);
  free(text);
  return 0;
}
