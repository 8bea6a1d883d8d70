/* docs/compact.md in plain loops and numbers of 64 bits: what the compact engine must say. It checks on its way that
 * every number fits the bits that the page promises. */
#ifndef COMPACT_ORACLE_H
#define COMPACT_ORACLE_H

#include "compact_images.h"

typedef struct oracle oracle;

/* Of an image that is whole; it must stay in place. */
oracle *oracle_begin(const compact_file *file);
void oracle_step(oracle *told, uint8_t token, int64_t logits[256]);
void oracle_end(oracle *told);
/* Of all steps so far: how many different numbers states and hidden parts had, so that a test knows it tests them. */
uint32_t oracle_liveliness(const oracle *told);

/* exp2Down of docs/integer.md. */
int64_t oracle_power_down(int64_t octaves);

#endif
