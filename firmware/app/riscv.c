/* The start of any RISC-V core: reset and traps. A board adds only its memory map and compiler flags. */
#include "core.h"

#include <stdint.h>

int main(void);
void reset_handler(void);
void start(void);
void report_trap(uintptr_t cause, uintptr_t place, uintptr_t value, uintptr_t stack);

extern uint32_t stack_start[], stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_source[];
extern const uint8_t flash_protected[];

/* The trap handler's own stack: the one that trapped may be full. */
static uint32_t trap_stack[96] __attribute__((used, aligned(16)));

/* Code may be read and executed, and no more until the next reset. */
#define PROTECTED_CODE 0x9Du

/* Machine mode's status: the floating-point unit is on, its state as at reset. */
#define STATUS_FLOATS 0x2000u

/* What assemblers no longer count to the base instructions. */
#define CONTROL_REGISTERS ".option arch, +zicsr\n"

static void put_hexadecimal(char *text, uint32_t value) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 8; i++) text[i] = digits[value >> (28 - 4 * i) & 0xFu];
}

/* A stack pointer outside of the stack says that it was full. */
void report_trap(uintptr_t cause, uintptr_t place, uintptr_t value, uintptr_t stack) {
  if (stack < (uintptr_t)stack_start || stack > (uintptr_t)stack_top) {
    char line[] = "error: the core overflowed its stack, which ends at ........; stack pointer ........\n";
    put_hexadecimal(line + 52, (uint32_t)(uintptr_t)stack_start);
    put_hexadecimal(line + 76, (uint32_t)stack);
    core_say(line);
  } else {
    char line[] = "error: the core took a fault at pc ........, cause ........, value ........\n";
    put_hexadecimal(line + 35, (uint32_t)place);
    put_hexadecimal(line + 51, (uint32_t)cause);
    put_hexadecimal(line + 67, (uint32_t)value);
    core_say(line);
  }
  core_end(1);
}

/* clang-format off */
__attribute__((naked, aligned(4))) static void trap_handler(void) {
  __asm volatile(
      CONTROL_REGISTERS
      "mv a3, sp\n"
      "la sp, trap_stack + 384\n"
      "csrr a0, mcause\n"
      "csrr a1, mepc\n"
      "csrr a2, mtval\n"
      "tail report_trap\n");
}

/* clang-format on */
void reset_handler(void) {
  __asm volatile(CONTROL_REGISTERS "csrw mtvec, %0" : : "r"(trap_handler));
#if defined(__riscv_flen)
  __asm volatile(CONTROL_REGISTERS "csrs mstatus, %0" : : "r"(STATUS_FLOATS));
#endif
  /* A stack that grows beyond its end meets code, and so a trap. */
  __asm volatile(CONTROL_REGISTERS "csrw pmpaddr0, %0\n csrw pmpcfg0, %1"
                 :
                 : "r"(flash_protected), "r"(PROTECTED_CODE));
  const uint32_t *source = data_source;
  for (uint32_t *word = data_start; word < data_end; word++) *word = *source++;
  for (uint32_t *word = bss_start; word < bss_end; word++) *word = 0u;
  core_end(main());
}

/* clang-format off */
/* Where execution begins. */
__attribute__((naked, used, section(".vectors"))) void start(void) {
  __asm volatile(
      "la sp, stack_top\n"
      "tail reset_handler\n");
}
/* clang-format on */
