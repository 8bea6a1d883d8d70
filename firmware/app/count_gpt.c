/* Counts the instructions of one step of the plain GPT's engine, and prints a checksum of all logits on the way, by
 * which a core is compared with the Swift twin. */
#include "atome_checks.h"
#include "gpt_engine.h"
#include "instructions.h"

int main(void);

extern const uint8_t payload_image[], payload_image_end[];
extern uint32_t stack_start[], stack_top[], bss_end[], ram_end[];

#define STACK_PAINT 0xA5A5A5A5u

/* Steps whose logits are checked; a window of fewer positions begins anew on the way. */
#define STEPS 80u

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

/* Of logits as text would leave them: the checksum of each step's, in turn. */
static void run_steps(gpt_engine *engine, uint32_t context) {
  static const char *const names[] = {"n16", "n32", "n63"};
  static const uint32_t positions[] = {16, 32, 63};
  uint32_t next = 0, digest = 0;
  for (uint32_t step = 1; step <= STEPS; step++) {
    const uint64_t start = ticks();
    const int32_t *logits = gpt_step(engine, (uint8_t)(step * 37u));
    const uint64_t instructions = instructions_since(start);
    if (next < 3u && step == positions[next] && step <= context) print_number(names[next++], instructions);
    digest = digest * 31u + atome_crc32((const uint8_t *)logits, 4u * ATOME_VOCABULARY);
  }
  print_number("digest", digest);
}

int main(void) {
  gpt_image image;
  gpt_engine engine;
  const size_t room = (size_t)((uintptr_t)ram_end - (uintptr_t)bss_end);
  atome_status status = gpt_open(&image, payload_image, (size_t)(payload_image_end - payload_image));
  if (status == ATOME_OK) status = gpt_init(&engine, &image, bss_end, room);
  if (status != ATOME_OK) {
    semihosting_print("error: ");
    semihosting_print(atome_status_message(status));
    semihosting_print("\n");
    return 65;
  }
  start_counting();
  paint_stack();
  run_steps(&engine, image.shape.context);
  print_number("memory", gpt_memory_size(&image));
  print_number("stack", used_stack());
  return 0;
}
