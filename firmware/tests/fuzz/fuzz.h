/* What the fuzz targets share. A target reads settings from its input's first bytes, and the rest is the file under
 * test, repaired so that its checksums fit: without that, nearly every mutation would end at the checksum. */
#ifndef FUZZ_H
#define FUZZ_H

#include "atome_sampler.h"

#include <stddef.h>
#include <stdint.h>

/* The interface of libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/* Reads numbers from the front of an input; zeros when it has ended. */
typedef struct fuzz_input {
  const uint8_t *place;
  size_t count;
} fuzz_input;

uint32_t fuzz_take(fuzz_input *input, int byte_count);

/* What an engine reads, and how its logits are sampled: 8 bytes, u32 temperature, u16 top k, u16 top p. */
enum { FUZZ_STEPS = 8 };

typedef struct fuzz_reading {
  uint8_t bytes[FUZZ_STEPS];
  atome_sampler sampler;
} fuzz_reading;

fuzz_reading fuzz_take_reading(fuzz_input *input);

uint32_t fuzz_crc32(const uint8_t *bytes, size_t count);
void fuzz_put(uint8_t *place, uint32_t value, int byte_count);

/* Writes a checksum that fits into the first vocabulary section that is found, where there is one. */
void fuzz_mend_section(uint8_t *bytes, size_t size);

/* Memory of exactly that size, at a multiple of 16, so that the sanitizer sees the first byte beyond. */
void *fuzz_allocate(size_t size);
/* The same for an engine's work memory. With ATOME_FUZZ_PROVE it is a word too small, which every target must find. */
void *fuzz_allocate_work(size_t size);

/* An engine may take this much memory, so that a run is short. */
#define FUZZ_MEMORY_LIMIT ((size_t)1 << 20)

#endif
