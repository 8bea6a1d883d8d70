/* The talking program on a board: what it is built with stands in flash, and the serial line is its world. */
#include "board.h"
#include "core.h"
#include "talk.h"

int main(void);

extern const uint8_t payload_image[], payload_image_end[], payload_prompt[], payload_prompt_end[];

/* The engine's work memory; the Makefile asks the host for its size. */
static uint32_t work_memory[ENGINE_MEMORY_BYTES / 4];

int main(void) {
  const talk_settings settings = {
      .board = BOARD_NAME,
      .image_name = IMAGE_NAME,
      .image = payload_image,
      .image_size = (size_t)(payload_image_end - payload_image),
      .prompt = payload_prompt,
      .prompt_size = (size_t)(payload_prompt_end - payload_prompt),
      .context = CONTEXT,
      .byte_limit = BYTES,
      .memory = work_memory,
      .memory_size = sizeof work_memory};
  board_start();
  return talk(&settings);
}

void core_say(const char *text) {
  for (; *text != '\0'; text++) board_put((uint8_t)*text);
}

/* Nobody waits for a status; reset begins anew. */
void core_end(int status) {
  (void)status;
  for (;;) __asm volatile("wfi");
}
