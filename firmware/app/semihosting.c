#include "semihosting.h"

#include "core.h"

#include <string.h>

enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_EXIT_EXTENDED = 0x20 };

/* fopen's "wb", as SYS_OPEN numbers it. */
#define MODE_WRITE_BINARY 5u
/* ADP_Stopped_ApplicationExit */
#define REASON_APPLICATION_EXIT 0x20026u

/* clang-format off */
/* Asks the host. A parameter has the width of a register. */
static intptr_t call(uintptr_t operation, const void *argument) {
#if defined(__riscv)
  register uintptr_t a0 __asm("a0") = operation;
  register const void *a1 __asm("a1") = argument;
  /* A host knows the breakpoint by the two instructions around it, which do nothing; none of them may be short. */
  __asm volatile(
      ".option push\n.option norvc\n.balign 16\n"
      "slli x0, x0, 0x1f\n"
      "ebreak\n"
      "srai x0, x0, 7\n"
      ".option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return (intptr_t)a0;
#else
  register uintptr_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory", "cc");
  return (intptr_t)r0;
#endif
}

/* clang-format on */
int32_t semihosting_create(const char *path) {
  const uintptr_t block[3] = {(uintptr_t)path, MODE_WRITE_BINARY, strlen(path)};
  return (int32_t)call(SYS_OPEN, block);
}

size_t semihosting_write(int32_t file, const uint8_t *bytes, size_t count) {
  const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)bytes, count};
  return (size_t)call(SYS_WRITE, block);
}

int32_t semihosting_close(int32_t file) {
  const uintptr_t block[1] = {(uintptr_t)file};
  return (int32_t)call(SYS_CLOSE, block);
}

void semihosting_print(const char *text) { (void)call(SYS_WRITE0, text); }

void semihosting_exit(int status) {
  const uintptr_t block[2] = {REASON_APPLICATION_EXIT, (uintptr_t)status};
  for (;;) (void)call(SYS_EXIT_EXTENDED, block);
}

void core_say(const char *text) { semihosting_print(text); }

void core_end(int status) { semihosting_exit(status); }
