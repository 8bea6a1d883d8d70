/* Readings one at a time, each to its score, and alarms: `make -C firmware anomaly` runs it on the host and on a core.
 * A board's main.c would take each reading from its sensor, and act where this one prints. */
#include "atome_anomaly.h"

#include <stdio.h>
#include SETTINGS_PATH

/* The image and the readings (int32, little-endian), as payload.S puts them into flash. */
extern const uint8_t payload_image[], payload_image_end[];
extern const uint8_t payload_vectors[], payload_vectors_end[];
/* Of the shape that `alambic anomaly train` makes: d, N, m, g, f, P. */
static uint32_t memory[ATOME_COMPACT_MEMORY_WORDS(16, 1, 32, 8, 32, 1)];
static atome_anomaly_detector detector;

static void print_number(uint32_t number) {
  char digits[10];
  uint32_t count = 0;
  do {
    digits[count++] = (char)('0' + number % 10u);
    number /= 10u;
  } while (number != 0u);
  while (count > 0u) putchar(digits[--count]);
}

static int32_t reading_at(const uint8_t *bytes) {
  return (int32_t)((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
}

/* A line for each reading: its byte, its surprise in 1/2048 bits, its score in 1/524288 bits, and an alarm. */
static void print(atome_anomaly_answer answer) {
  putchar(answer.byte);
  putchar(' ');
  print_number(answer.surprise);
  putchar(' ');
  print_number((uint32_t)answer.score);
  puts(answer.alarm ? " alarm" : "");
}

int main(void) {
  static atome_compact_image image;
  atome_status status = atome_compact_open(&image, payload_image, (size_t)(payload_image_end - payload_image));
  if (status == ATOME_OK) status = atome_anomaly_init(&detector, &anomaly_settings, &image, memory, sizeof memory);
  if (status != ATOME_OK) {
    puts(atome_status_message(status));
    return 1;
  }
  for (const uint8_t *next = payload_vectors; payload_vectors_end - next >= 4; next += 4) {
    print(atome_anomaly_step(&detector, reading_at(next)));
  }
  return 0;
}
