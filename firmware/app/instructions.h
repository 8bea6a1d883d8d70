/* Counts executed instructions, on Arm by the core's timer. For QEMU with -icount shift=6: an instruction then takes 64
 * ns of the timer's time. A core in silicon would count cycles of another kind here. For a program's one main file: it
 * holds the timer's handler. */
#ifndef INSTRUCTIONS_H
#define INSTRUCTIONS_H

#include "semihosting.h"

#include <stdint.h>

#if defined(__riscv)

/* The core counts by itself, in QEMU the nanoseconds of instructions. */
#define NANOSECONDS_PER_INSTRUCTION 64u

static void start_counting(void) {}

static uint64_t ticks(void) {
#if __riscv_xlen == 32
  uint32_t high, low, after;
  do {
    __asm volatile(".option arch, +zicsr\n csrr %0, minstreth\n csrr %1, minstret\n csrr %2, minstreth"
                   : "=&r"(high), "=&r"(low), "=r"(after));
  } while (high != after);
  return (uint64_t)high << 32 | low;
#else
  uint64_t count;
  __asm volatile(".option arch, +zicsr\n csrr %0, minstret" : "=r"(count));
  return count;
#endif
}

static uint64_t instructions_since(uint64_t start) { return (ticks() - start) / NANOSECONDS_PER_INSTRUCTION; }

#else

void timer_handler(void);

#define TIMER_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define TIMER_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define TIMER_VALUE (*(volatile uint32_t *)0xE000E018u)
/* Enabled, with an interrupt at each wrap, by the core's clock. */
#define TIMER_RUNS 7u
#define TIMER_PERIOD 0x1000000u
/* A second has so many instructions of 64 ns. */
#define INSTRUCTIONS_PER_SECOND 15625000u

static volatile uint32_t wraps;

void timer_handler(void) { wraps++; }

static void start_counting(void) {
  TIMER_RELOAD = TIMER_PERIOD - 1u;
  TIMER_VALUE = 0u;
  TIMER_CONTROL = TIMER_RUNS;
}

static uint64_t ticks(void) {
  uint32_t before, value;
  do {
    before = wraps;
    value = TIMER_VALUE;
  } while (before != wraps);
  return (uint64_t)before * TIMER_PERIOD + (TIMER_PERIOD - 1u - value);
}

static uint64_t instructions_since(uint64_t start) { return (ticks() - start) * INSTRUCTIONS_PER_SECOND / CLOCK_HZ; }

#endif

static void print_number(const char *name, uint64_t number) {
  char text[24];
  char *place = text + sizeof text - 1;
  *place = '\0';
  do {
    *--place = (char)('0' + number % 10u);
    number /= 10u;
  } while (number > 0u);
  semihosting_print(name);
  semihosting_print(" ");
  semihosting_print(place);
  semihosting_print("\n");
}

#endif
