/* On the host: boot2-checksum FILE prints the checksum that the RP2040's boot ROM wants behind the first 252 bytes of
 * FILE. CRC-32/MPEG-2: polynomial 04C11DB7, initial value FFFFFFFF, not reflected, no final exclusive-or. */
#include <stdint.h>
#include <stdio.h>

enum { BOOT2_BYTES = 252 };

static uint32_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t remainder = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    remainder ^= (uint32_t)bytes[i] << 24;
    for (int bit = 0; bit < 8; bit++) remainder = remainder << 1 ^ (remainder >> 31 != 0u ? 0x04C11DB7u : 0u);
  }
  return remainder;
}

int main(int count, char **arguments) {
  uint8_t bytes[BOOT2_BYTES];
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL || fread(bytes, 1, sizeof bytes, file) != sizeof bytes) {
    fputs("usage: boot2-checksum FILE (at least 252 bytes)\n", stderr);
    return 64;
  }
  fclose(file);
  printf("0x%08lx\n", (unsigned long)checksum(bytes, sizeof bytes));
  return 0;
}
