/* Sound to a word, 32 ms at a time: `make -C firmware wakeword` runs it on the host and on a core. A board's main.c
 * would take each 512 samples from its microphone, and act where this one prints. */
#include "atome_wake.h"

#include <stdio.h>
#include SETTINGS_PATH

/* The image and the sound (int16, little-endian, 16 kHz), as payload.S puts them into flash. */
extern const uint8_t payload_image[], payload_image_end[];
extern const uint8_t payload_vectors[], payload_vectors_end[];
static uint32_t memory[WAKE_MEMORY_WORDS];
static atome_wake wake;

static void print_number(int32_t number) {
  char digits[10];
  uint32_t count = 0, rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  if (number < 0) putchar('-');
  do {
    digits[count++] = (char)('0' + rest % 10u);
    rest /= 10u;
  } while (rest != 0u);
  while (count > 0u) putchar(digits[--count]);
}

/* A line for each 32 ms: the sound's bytes, the score, and whether the word is heard. */
static void print(atome_wake_answer answer) {
  for (uint32_t part = 0u; part < ATOME_MEL_PARTS; part++) {
    if (part > 0u) putchar('.');
    print_number(answer.bytes[part]);
  }
  putchar(' ');
  print_number(answer.score);
  puts(answer.is_heard ? " heard" : "");
}

int main(void) {
  static atome_compact_image image;
  static int16_t samples[ATOME_MEL_STEP];
  atome_status status = atome_compact_open(&image, payload_image, (size_t)(payload_image_end - payload_image));
  if (status == ATOME_OK) status = atome_wake_init(&wake, &wake_settings, &image, memory, sizeof memory);
  if (status != ATOME_OK) {
    puts(atome_status_message(status));
    return 1;
  }
  for (const uint8_t *next = payload_vectors; (size_t)(payload_vectors_end - next) >= sizeof samples;) {
    for (uint32_t n = 0; n < ATOME_MEL_STEP; n++, next += 2) samples[n] = (int16_t)(next[0] | next[1] << 8);
    print(atome_wake_step(&wake, samples));
  }
  return 0;
}
