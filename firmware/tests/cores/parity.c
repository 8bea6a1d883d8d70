/* What the engines say of the images of a pack, as checksums of every logit and draw: a core must say the same text as
 * the machine that built it. parity_pack.c writes packs. */
#include "parity.h"

#include "../nibbles.h"
#include "atome_checks.h"
#include "atome_sampler.h"
#include "model.h"

/* Tokens that each image reads, and the context, which they pass twice. */
enum { PARITY_STEPS = 18, PARITY_CONTEXT = 7, PARITY_MEMORY_WORDS = 4096 };

static uint32_t memory[PARITY_MEMORY_WORDS];
static union {
  model read;
  nibble_case nibbles;
} room;
static atome_sampler sampler;

static void say_number(uint32_t number) {
  static const char digits[] = "0123456789abcdef";
  char text[10] = "........ ";
  for (int i = 0; i < 8; i++) text[i] = digits[number >> (28 - 4 * i) & 0xFu];
  parity_say(text);
}

static uint32_t mixed(uint32_t sum, uint32_t word) {
  const uint8_t bytes[8] = {(uint8_t)sum,  (uint8_t)(sum >> 8),  (uint8_t)(sum >> 16),  (uint8_t)(sum >> 24),
                            (uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24)};
  return atome_crc32(bytes, sizeof bytes);
}

/* Reads a text, the greedy choice among it, and draws: sums of logits and of tokens. */
static void say_image(model *read) {
  const atome_sampling sampling = {900, 40, 950, 7};
  uint32_t logits_sum = 0, token_sum = 0;
  uint8_t token = 72;
  (void)atome_sampler_init(&sampler, &sampling, 0);
  for (uint32_t step = 0; step < PARITY_STEPS; step++) {
    const uint32_t *logits = model_step(read, token);
    for (uint32_t i = 0; i < ATOME_VOCABULARY; i++) logits_sum = mixed(logits_sum, logits[i]);
    const uint8_t greedy = model_greedy(read, logits), drawn = model_sample(read, &sampler, logits);
    token_sum = mixed(token_sum, (uint32_t)greedy << 8 | drawn);
    token = step % 3u == 0u ? greedy : (uint8_t)(drawn + step);
  }
  say_number(logits_sum);
  say_number(token_sum);
}

static uint32_t word_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

int parity_run(const uint8_t *pack, size_t size) {
  uint32_t number = 0;
  for (size_t place = 0; place + 4u <= size; number++) {
    const size_t image_size = word_at(pack + place);
    const atome_status opened = model_open(&room.read, pack + place + 4u, image_size, NULL);
    const atome_status status = opened != ATOME_OK ? opened
                                                   : model_init(&room.read, PARITY_CONTEXT, memory, sizeof memory);
    say_number(number);
    if (status != ATOME_OK) {
      parity_say(atome_status_message(status));
      parity_say("\n");
      return 1;
    }
    say_image(&room.read);
    parity_say("\n");
    place += 4u + ((image_size + 3u) & ~(size_t)3u);
  }
  parity_say("nibbles ");
  say_number(nibble_differences(&room.nibbles));
  parity_say("\n");
  return 0;
}
