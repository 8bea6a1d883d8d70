/* What the RP2040 and the RP2350 of the Raspberry Pi Pico boards share: the crystal, the PLL, UART0 on GP0 (sends) and
 * GP1 (receives), and the timer, whose registers keep their distance from where each block begins. For the one source
 * of a board, which says before where the blocks begin, WANTED_BLOCKS, CORE_HZ and POST_DIVIDERS, and calls these.
 * Registers have their names from the data sheets. */
#ifndef RASPBERRY_PI_H
#define RASPBERRY_PI_H

#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* Writing here clears the bits that are 1 (2.1.2 and 2.1.3, atomic register access). */
#define CLEAR(address) REGISTER((address) + 0x3000u)

#define CLK_REF_CTRL REGISTER(CLOCKS + 0x30u)
#define CLK_REF_SELECTED REGISTER(CLOCKS + 0x38u)
#define CLK_SYS_CTRL REGISTER(CLOCKS + 0x3Cu)
#define CLK_SYS_SELECTED REGISTER(CLOCKS + 0x44u)
#define CLK_PERI_CTRL REGISTER(CLOCKS + 0x48u)
#define RESETS_RESET RESETS
#define RESETS_RESET_DONE REGISTER(RESETS + 0x8u)
#define XOSC_CTRL REGISTER(XOSC + 0x0u)
#define XOSC_STATUS REGISTER(XOSC + 0x4u)
#define XOSC_STARTUP REGISTER(XOSC + 0xCu)
#define PLL_SYS_CS REGISTER(PLL_SYS + 0x0u)
#define PLL_SYS_PWR (PLL_SYS + 0x4u)
#define PLL_SYS_FBDIV_INT REGISTER(PLL_SYS + 0x8u)
#define PLL_SYS_PRIM REGISTER(PLL_SYS + 0xCu)
#define GPIO0_CTRL REGISTER(IO_BANK0 + 0x4u)
#define GPIO1_CTRL REGISTER(IO_BANK0 + 0xCu)
#define UART0_UARTDR REGISTER(UART0 + 0x0u)
#define UART0_UARTFR REGISTER(UART0 + 0x18u)
#define UART0_UARTIBRD REGISTER(UART0 + 0x24u)
#define UART0_UARTFBRD REGISTER(UART0 + 0x28u)
#define UART0_UARTLCR_H REGISTER(UART0 + 0x2Cu)
#define UART0_UARTCR REGISTER(UART0 + 0x30u)
#define TIMERAWH REGISTER(TIMER + 0x24u)
#define TIMERAWL REGISTER(TIMER + 0x28u)

#define BAUD 115200u
#define CRYSTAL_MHZ 12u

/* MARK: Clocks */

static void wait_for(volatile uint32_t *address, uint32_t mask) {
  while ((*address & mask) != mask) {}
}

/* The crystal feeds clk_ref; clk_sys waits there while the PLL starts. */
static void start_crystal(void) {
  XOSC_CTRL = 0xAA0u;                /* FREQ_RANGE: 1 to 15 MHz */
  XOSC_STARTUP = 47u;                /* DELAY: 1 ms in units of 256 periods */
  XOSC_CTRL = 0xAA0u | 0xFABu << 12; /* ENABLE */
  wait_for(&XOSC_STATUS, 1u << 31);  /* STABLE */
  CLK_SYS_CTRL = 0u;                 /* SRC = clk_ref */
  wait_for(&CLK_SYS_SELECTED, 1u << 0);
  CLK_REF_CTRL = 2u; /* SRC = XOSC */
  wait_for(&CLK_REF_SELECTED, 1u << 2);
}

/* 12 MHz * 125 = 1500 MHz, divided as POST_DIVIDERS says. */
static void start_pll(void) {
  PLL_SYS_CS = 1u; /* REFDIV */
  PLL_SYS_FBDIV_INT = 125u;
  CLEAR(PLL_SYS_PWR) = 1u << 0 | 1u << 5; /* PD, VCOPD */
  wait_for(&PLL_SYS_CS, 1u << 31);        /* LOCK */
  PLL_SYS_PRIM = POST_DIVIDERS;
  CLEAR(PLL_SYS_PWR) = 1u << 3; /* POSTDIVPD */
}

static void start_clock(void) {
  CLEAR(RESETS_RESET) = WANTED_BLOCKS;
  wait_for(&RESETS_RESET_DONE, WANTED_BLOCKS);
  start_crystal();
  start_pll();
  CLK_SYS_CTRL = 1u; /* SRC = AUX, whose AUXSRC 0 is PLL_SYS */
  wait_for(&CLK_SYS_SELECTED, 1u << 1);
  CLK_PERI_CTRL = 1u << 11; /* ENABLE, AUXSRC 0 = clk_sys */
}

/* MARK: The serial line */

static void start_serial_line(void) {
  const uint32_t divisor = (CORE_HZ * 4u + BAUD / 2u) / BAUD; /* of the clock, in 64ths, for 16 samples a bit */
  UART0_UARTIBRD = divisor >> 6;
  UART0_UARTFBRD = divisor & 63u;
  UART0_UARTLCR_H = 3u << 5 | 1u << 4;        /* WLEN: 8 bits; FEN: FIFOs. This write also takes the divisor over. */
  UART0_UARTCR = 1u << 9 | 1u << 8 | 1u << 0; /* RXE, TXE, UARTEN */
  GPIO0_CTRL = 2u;                            /* FUNCSEL: UART0 TX */
  GPIO1_CTRL = 2u;                            /* FUNCSEL: UART0 RX */
}

void board_put(uint8_t byte) {
  while ((UART0_UARTFR & 1u << 5) != 0u) {} /* TXFF */
  UART0_UARTDR = byte;
}

int board_get(void) {
  while ((UART0_UARTFR & 1u << 4) != 0u) {} /* RXFE */
  return (int)(UART0_UARTDR & 0xFFu);
}

/* MARK: The timer */

/* The raw halves: reading them holds nothing back, so the high one must be the same before and after. */
uint64_t board_microseconds(void) {
  uint32_t high, low;
  do {
    high = TIMERAWH;
    low = TIMERAWL;
  } while (high != TIMERAWH);
  return (uint64_t)high << 32 | low;
}

#endif
