/* Integer functions that the integer engine and the sampler share. Specified in docs/numerics.md; the Swift twins are
 * in Sources/Model/Integer. Products stay inside 32 bits, since a Cortex-M0 has no longer ones. */
#ifndef ATOME_FIXED_H
#define ATOME_FIXED_H

#include <stdint.h>

/* One octave in the unit of atome_exp2_down's argument, and 1 in the unit of its result. */
#define ATOME_OCTAVE 2048u
#define ATOME_ONE 32768u

/* 2 to the power of -octaves / 2048, in units of 1 / 32768; 0 from 16 octaves on. */
uint32_t atome_exp2_down(uint32_t octaves);

#endif
