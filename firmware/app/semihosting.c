#include "semihosting.h"

#include "cortex_m.h"

#include <string.h>

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE0 = 0x04,
  SYS_WRITE = 0x05,
  SYS_EXIT_EXTENDED = 0x20
};

/* fopen's "wb", as SYS_OPEN numbers it. */
#define MODE_WRITE_BINARY 5u
/* ADP_Stopped_ApplicationExit */
#define REASON_APPLICATION_EXIT 0x20026u

static int32_t call(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory", "cc");
  return (int32_t)r0;
}

int32_t semihosting_create(const char *path) {
  const uint32_t block[3] = {(uint32_t)(uintptr_t)path, MODE_WRITE_BINARY, (uint32_t)strlen(path)};
  return call(SYS_OPEN, block);
}

size_t semihosting_write(int32_t file, const uint8_t *bytes, size_t count) {
  const uint32_t block[3] = {(uint32_t)file, (uint32_t)(uintptr_t)bytes, (uint32_t)count};
  return (size_t)call(SYS_WRITE, block);
}

int32_t semihosting_close(int32_t file) {
  const uint32_t block[1] = {(uint32_t)file};
  return call(SYS_CLOSE, block);
}

void semihosting_print(const char *text) { call(SYS_WRITE0, text); }

void semihosting_exit(int status) {
  const uint32_t block[2] = {REASON_APPLICATION_EXIT, (uint32_t)status};
  for (;;) call(SYS_EXIT_EXTENDED, block);
}

void core_say(const char *text) { semihosting_print(text); }

void core_end(int status) { semihosting_exit(status); }
