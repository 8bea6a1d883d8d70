#include "semihosting.h"

#include "core.h"

#include <string.h>

enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_WRITE0 = 0x04, SYS_WRITE = 0x05, SYS_EXIT_EXTENDED = 0x20 };

/* fopen's "wb", as SYS_OPEN numbers it. */
#define MODE_WRITE_BINARY 5u
/* ADP_Stopped_ApplicationExit */
#define REASON_APPLICATION_EXIT 0x20026u

/* clang-format off */
#if defined(__riscv)

/* Asks the host. A parameter has the width of a register. A host knows the breakpoint by the instructions around it,
 * which do nothing: none of the three may be short, and no page may end among them. A function of its own begins at
 * 16. */
__attribute__((naked, noipa, aligned(16))) static intptr_t call(
    uintptr_t operation __attribute__((unused)), const void *argument __attribute__((unused))) {
  __asm volatile(
      ".option push\n.option norvc\n"
      "slli x0, x0, 0x1f\n"
      "ebreak\n"
      "srai x0, x0, 7\n"
      ".option pop\n"
      "ret\n");
}

#else

/* Asks the host. */
static intptr_t call(uintptr_t operation, const void *argument) {
  register uintptr_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory", "cc");
  return (intptr_t)r0;
}

#endif
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
