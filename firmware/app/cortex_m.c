/* The start of any Cortex-M: vector table, reset, faults. A board adds only its memory map and compiler flags. */
#include "core.h"

#include <stdint.h>

int main(void);
void reset_handler(void);
void report_fault(const uint32_t *frame);

extern uint32_t stack_start[], stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_source[];

#define COPROCESSOR_ACCESS (*(volatile uint32_t *)0xE000ED88u)
#define CONFIGURATION (*(volatile uint32_t *)0xE000ED14u)
#define UNALIGN_TRP (1u << 3)
#define CONFIGURABLE_FAULT_STATUS (*(volatile uint32_t *)0xE000ED28u)

/* Where an exception leaves these registers on the stack, and how many words it leaves at least. */
enum { FRAME_LR = 5, FRAME_PC = 6, FRAME_WORDS = 8 };

/* The fault handler's own stack: the one that faulted may be full. */
static uint32_t fault_stack[64] __attribute__((used, aligned(8)));

void reset_handler(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  COPROCESSOR_ACCESS |= 0xFu << 20; /* full access to the floating-point unit and the vectors */
  __asm volatile("dsb\n isb");
#endif
#if defined(TRAP_UNALIGNED)
  CONFIGURATION |= UNALIGN_TRP; /* a word at any address faults, as in a build that asks for it */
#endif
  const uint32_t *source = data_source;
  for (uint32_t *word = data_start; word < data_end; word++) *word = *source++;
  for (uint32_t *word = bss_start; word < bss_end; word++) *word = 0u;
  core_end(main());
}

static void put_hexadecimal(char *text, uint32_t value) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 8; i++) text[i] = digits[value >> (28 - 4 * i) & 0xFu];
}

static void report_overflow(const uint32_t *frame) {
  char line[] = "error: the core overflowed its stack, which ends at ........; stack pointer ........\n";
  put_hexadecimal(line + 52, (uint32_t)(uintptr_t)stack_start);
  put_hexadecimal(line + 76, (uint32_t)(uintptr_t)frame);
  core_say(line);
}

static void report_registers(const uint32_t *frame) {
  char line[] = "error: the core took a fault at pc ........, lr ........, status ........\n";
  put_hexadecimal(line + 35, frame[FRAME_PC]);
  put_hexadecimal(line + 48, frame[FRAME_LR]);
  put_hexadecimal(line + 65, CONFIGURABLE_FAULT_STATUS);
  core_say(line);
}

/* A frame outside the stack was never written, and reading it could fault once more. */
void report_fault(const uint32_t *frame) {
  if (frame >= stack_start && frame + FRAME_WORDS <= stack_top) {
    report_registers(frame);
  } else {
    report_overflow(frame);
  }
  core_end(1);
}

/* clang-format off */
/* Hands the exception's frame on. Faults come here, and so does any exception that nothing asked for. */
__attribute__((naked)) static void fault_handler(void) {
  __asm volatile(
      "mov r0, sp\n"
      "ldr r1, =fault_stack + 256\n"
      "mov sp, r1\n"
      "ldr r1, =report_fault\n"
      "bx r1\n");
}

/* clang-format on */
/* A program that starts the timer brings its own. */
__attribute__((weak, alias("fault_handler"))) void timer_handler(void);

typedef void (*handler)(void);

/* The stack's top, and the 15 system exceptions; no interrupt is enabled, so the table ends there. */
static const struct {
  uint32_t *stack;
  handler handlers[15];
} vector_table __attribute__((section(".vectors"), used)) = {
    stack_top,
    {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     timer_handler}};
