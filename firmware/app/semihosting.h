/* Calls to the debugger or emulator that hosts the core (Arm's "Semihosting for AArch32 and AArch64"). Without a host
 * they fault. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/* Opens a file of the host for binary writing; -1 where that failed. */
int32_t semihosting_create(const char *path);
/* Writes to it; how many bytes were not written. */
size_t semihosting_write(int32_t file, const uint8_t *bytes, size_t count);
/* Closes it; 0, or -1 where that failed. */
int32_t semihosting_close(int32_t file);
/* Prints a text that ends with NUL. */
void semihosting_print(const char *text);
/* Ends the emulation with an exit status. */
__attribute__((noreturn)) void semihosting_exit(int status);

#endif
