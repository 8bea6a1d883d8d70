/* The one program that compares a core with its host; docs/numerics.md says why they must agree. */
#ifndef PARITY_H
#define PARITY_H

#include <stddef.h>
#include <stdint.h>

/* A pack: images one after the other, each with its size before it in four bytes, at multiples of 4. Returns an exit
 * status. */
int parity_run(const uint8_t *pack, size_t size);

/* Where the text goes; the program's main file brings it. */
void parity_say(const char *text);

#endif
