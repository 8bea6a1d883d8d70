/* The least program around the integer engine: it continues a letter, and fits any world that has putchar.
 * `make -C firmware example` runs it on the host and on a core. */
#include "atome_integer.h"

#include <stdio.h>

/* The image, as payload.S puts it into flash; its dimensions d, N, h, k, K and cache bytes, and a context of 32. */
extern const uint8_t payload_image[], payload_image_end[];
static uint32_t memory[ATOME_INTEGER_MEMORY_WORDS(16, 2, 4, 4, 5, 32, 1)];

int main(void) {
  static atome_integer_image image;
  static atome_integer_engine engine;
  atome_status status = atome_integer_open(&image, payload_image, (size_t)(payload_image_end - payload_image));
  if (status == ATOME_OK) status = atome_integer_init(&engine, &image, 32, memory, sizeof memory);
  if (status != ATOME_OK) {
    puts(atome_status_message(status));
    return 1;
  }
  uint8_t byte = 'H';
  for (int i = 0; i < 80; i++) {
    putchar(' ' + byte % 95); /* a random image says any byte */
    byte = atome_integer_greedy(atome_integer_step(&engine, byte));
  }
  putchar('\n');
  return 0;
}
