/* Raspberry Pi Pico 2. Registers have their names from the RP2350 data sheet. Not run on silicon. */

/* Where blocks begin (2.2, address map). */
#define CLOCKS 0x40010000u
#define RESETS 0x40020000u
#define IO_BANK0 0x40028000u
#define XOSC 0x40048000u
#define PLL_SYS 0x40050000u
#define UART0 0x40070000u
#define TIMER 0x400B0000u /* TIMER0 */

/* Bits of RESETS: IO_BANK0, PADS_BANK0, PLL_SYS, TIMER0, UART0. */
#define WANTED_BLOCKS (1u << 6 | 1u << 9 | 1u << 14 | 1u << 23 | 1u << 26)
/* 1500 MHz divided by 5 and by 2: POSTDIV1, POSTDIV2. */
#define POST_DIVIDERS (5u << 16 | 2u << 12)
#define CORE_HZ 150000000u

#include "raspberry_pi.h"

#define FLASH 0x10000000u
#define VTOR REGISTER(0xE000ED08u)
#define PADS_GPIO0 REGISTER(0x40038004u)
#define PADS_GPIO1 REGISTER(0x40038008u)
#define TICKS_TIMER0_CTRL REGISTER(0x40108018u)
#define TICKS_TIMER0_CYCLES REGISTER(0x4010801Cu)

void board_start(void) {
  VTOR = FLASH;
  start_clock();
  TICKS_TIMER0_CYCLES = CRYSTAL_MHZ; /* of clk_ref a microsecond */
  TICKS_TIMER0_CTRL = 1u << 0;       /* ENABLE */
  start_serial_line();
  PADS_GPIO0 = 1u << 4 | 1u << 1; /* DRIVE: 4 mA; SCHMITT; and ISO, which holds a pad after reset, is 0 */
  PADS_GPIO1 = 1u << 6 | 1u << 4 | 1u << 3 | 1u << 1; /* the same; IE: it is read; PUE: high while nothing is there */
}
