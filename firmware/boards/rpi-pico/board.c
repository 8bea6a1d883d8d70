/* Raspberry Pi Pico. Registers have their names from the RP2040 data sheet. Not run on silicon. */

/* Where blocks begin (2.2, address map). */
#define CLOCKS 0x40008000u
#define RESETS 0x4000C000u
#define IO_BANK0 0x40014000u
#define XOSC 0x40024000u
#define PLL_SYS 0x40028000u
#define UART0 0x40034000u
#define TIMER 0x40054000u

/* Bits of RESETS: IO_BANK0, PADS_BANK0, PLL_SYS, TIMER, UART0. */
#define WANTED_BLOCKS (1u << 5 | 1u << 8 | 1u << 12 | 1u << 21 | 1u << 22)
/* 1500 MHz divided by 6 and by 2: POSTDIV1, POSTDIV2. */
#define POST_DIVIDERS (6u << 16 | 2u << 12)
#define CORE_HZ 125000000u

#include "raspberry_pi.h"

#define WATCHDOG_TICK REGISTER(0x4005802Cu)

void board_start(void) {
  start_clock();
  WATCHDOG_TICK = CRYSTAL_MHZ | 1u << 9; /* CYCLES of clk_ref a microsecond; ENABLE: the TIMER counts these ticks */
  start_serial_line();
}
