/* Counts the instructions of one step of the engine, of one draw of the sampler, and of a byte's way through the
 * vocabulary. */
#include "atome_sampler.h"
#include "instructions.h"
#include "model.h"

int main(void);

extern const uint8_t payload_image[], payload_image_end[];
extern uint32_t stack_start[], stack_top[], bss_end[], ram_end[];

/* Draws differ in how far they sort; the mean of so many is printed. */
#define DRAWS 64u

#define STACK_PAINT 0xA5A5A5A5u

static int refuse(atome_status status) {
  semihosting_print("error: ");
  semihosting_print(atome_status_message(status));
  semihosting_print("\n");
  return 65;
}

/* Everything below this function's frame, less a margin for the loop itself. */
__attribute__((noinline)) static void paint_stack(void) {
  uint32_t *const end = (uint32_t *)__builtin_frame_address(0) - 32;
  for (uint32_t *word = stack_start; word < end; word++) *word = STACK_PAINT;
}

static size_t used_stack(void) {
  const uint32_t *word = stack_start;
  while (*word == STACK_PAINT) word++;
  return (size_t)((uintptr_t)stack_top - (uintptr_t)word);
}

/* Reads bytes until the window is full; prints what the step that made it hold 16, 32 and 63 bytes took. */
static const uint32_t *count_steps(model *counted) {
  static const char *const names[] = {"n16", "n32", "n63"};
  static const uint32_t positions[] = {16, 32, 63};
  const uint32_t *logits = NULL;
  uint32_t next = 0;
  for (uint32_t position = 1; next < 3u; position++) {
    const uint64_t start = ticks();
    logits = model_step(counted, (uint8_t)(position * 37u));
    (void)model_greedy(counted, logits);
    const uint64_t instructions = instructions_since(start);
    if (position == positions[next]) print_number(names[next++], instructions);
  }
  return logits;
}

/* One for all counts, as a program that draws has one. */
static atome_sampler sampler;

static void count_draws(const char *name, const model *counted, const uint32_t *logits, atome_sampling sampling) {
  (void)atome_sampler_init(&sampler, &sampling, 0);
  const uint64_t start = ticks();
  for (uint32_t draw = 0; draw < DRAWS; draw++) (void)model_sample(counted, &sampler, logits);
  print_number(name, instructions_since(start) / DRAWS);
}

/* The part without floats: each byte `spread` units further from the best than the one before, in a mixed order. */
static void count_integer_draws(const char *name, uint32_t spread, atome_sampling sampling) {
  (void)atome_sampler_init(&sampler, &sampling, 0);
  const uint64_t start = ticks();
  for (uint32_t draw = 0; draw < DRAWS; draw++) {
    atome_sampler_begin(&sampler);
    for (uint32_t i = 0; i < ATOME_VOCABULARY; i++) atome_sampler_put(&sampler, (uint8_t)i, (i * 37u & 0xFFu) * spread);
    (void)atome_sampler_draw(&sampler);
  }
  print_number(name, instructions_since(start) / DRAWS);
}

/* From the logits that the last step left, then from costs that fall fast, and from 256 equal ones: the worst case. */
static void count_sampler(const model *counted, const uint32_t *logits) {
  const atome_sampling greedy = {0, 0, 0, 0}, warm = {800, 256, 1000, 0}, usual = {800, 40, 950, 0};
  count_draws("greedy", counted, logits, greedy);
  count_draws("temperature", counted, logits, warm);
  count_draws("nucleus", counted, logits, usual);
  count_integer_draws("nucleus-integer", 1024, usual);
  count_integer_draws("flat-integer", 0, warm);
}

/* Every token once: its text, and that text's way back through an encoder, a byte of text. Prints nothing where tokens
 * are bytes. Not inlined: what it needs is no part of the stack that was measured. */
__attribute__((noinline)) static void count_vocabulary(const model *counted) {
  uint8_t text[ATOME_TOKEN_BYTES], token;
  uint64_t decoding = 0, encoding = 0, start;
  uint32_t bytes = 0;
  atome_vocabulary vocabulary;
  atome_encoder encoder;
  if (model_vocabulary(counted, &vocabulary) != ATOME_OK || vocabulary.section == NULL) return;
  atome_encoder_begin(&encoder, &vocabulary);
  for (uint32_t i = 0; i < ATOME_VOCABULARY; i++) {
    start = ticks();
    const uint32_t count = atome_token_bytes(&vocabulary, (uint8_t)i, text);
    decoding += instructions_since(start);
    bytes += count;
    start = ticks();
    for (uint32_t j = 0; j < count; j++) {
      atome_encoder_put(&encoder, text[j]);
      while (atome_encoder_next(&encoder, &token)) {}
    }
    encoding += instructions_since(start);
  }
  print_number("decode", decoding / bytes);
  print_number("encode", encoding / bytes);
}

int main(void) {
#if defined(IMAGE_SHAPE)
  const atome_shape shape = {IMAGE_SHAPE}, *told = &shape;
#else
  const atome_shape *told = NULL;
#endif
  start_counting();
  paint_stack();
  const uint64_t start = ticks();
  const size_t room = (size_t)((uintptr_t)ram_end - (uintptr_t)bss_end);
  model counted;
  size_t needed = 0;
  atome_status status = model_open(&counted, payload_image, (size_t)(payload_image_end - payload_image), told);
  const uint64_t opening = instructions_since(start);
  if (status == ATOME_OK) status = model_memory_size(&counted, CONTEXT, &needed);
  if (status == ATOME_OK) status = model_init(&counted, CONTEXT, bss_end, room);
  if (status != ATOME_OK) return refuse(status);
  const uint32_t *logits = count_steps(&counted);
  print_number("open", opening);
  print_number("memory", needed);
  print_number("stack", used_stack());
  count_sampler(&counted, logits);
  count_vocabulary(&counted);
  return 0;
}
