#include "fuzz.h"

#include "../tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(ATOME_FUZZ_PROVE)
#define MISSING_BYTES 4u
#else
#define MISSING_BYTES 0u
#endif

/* Tests' images say through this that they cannot be made. */
void check(int holds, const char *text, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
  abort();
}

uint32_t fuzz_take(fuzz_input *input, int byte_count) {
  uint32_t value = 0;
  for (int i = 0; i < byte_count && input->count > 0u; i++, input->place++, input->count--) {
    value |= (uint32_t)*input->place << (8 * i);
  }
  return value;
}

/* Where the settings are outside their limits, the choice is greedy. */
fuzz_reading fuzz_take_reading(fuzz_input *input) {
  static const atome_sampling greedy = {0, 0, 0, 0};
  fuzz_reading result;
  atome_sampling sampling;
  for (int i = 0; i < FUZZ_STEPS; i++) result.bytes[i] = (uint8_t)fuzz_take(input, 1);
  sampling.temperature = fuzz_take(input, 4);
  sampling.top_k = fuzz_take(input, 2);
  sampling.top_p = fuzz_take(input, 2);
  sampling.seed = 1;
  if (atome_sampler_init(&result.sampler, &sampling, 0) != ATOME_OK) {
    CHECK(atome_sampler_init(&result.sampler, &greedy, 0) == ATOME_OK);
  }
  return result;
}

void fuzz_put(uint8_t *place, uint32_t value, int byte_count) {
  for (int i = 0; i < byte_count; i++) place[i] = (uint8_t)(value >> (8 * i));
}

/* Four bits at a time: faster than a bit at a time, which is what the engine does. */
uint32_t fuzz_crc32(const uint8_t *bytes, size_t count) {
  static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                     0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                     0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    crc = (crc >> 4) ^ table[(crc ^ bytes[i]) & 15u];
    crc = (crc >> 4) ^ table[(crc ^ (uint32_t)bytes[i] >> 4) & 15u];
  }
  return ~crc;
}

void fuzz_mend_section(uint8_t *bytes, size_t size) {
  for (size_t start = 0; start + 16u <= size; start++) {
    if (memcmp(bytes + start, "ATOMEVOC", 8) != 0) continue;
    const size_t length = bytes[start + 10] | (size_t)bytes[start + 11] << 8;
    if (length < 16u || length > size - start) return;
    fuzz_put(bytes + start + length - 4u, fuzz_crc32(bytes + start, length - 4u), 4);
    return;
  }
}

void *fuzz_allocate(size_t size) {
  void *memory = malloc(size > 0u ? size : 1u);
  CHECK(memory != NULL);
  return memory;
}

void *fuzz_allocate_work(size_t size) { return fuzz_allocate(size - MISSING_BYTES); }
