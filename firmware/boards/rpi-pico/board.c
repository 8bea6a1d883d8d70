/* Raspberry Pi Pico. Registers have their names from the RP2040 data sheet; UART0 is on GP0 (sends) and GP1 (receives).
 * Not run on silicon. */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* Writing here clears the bits that are 1 (2.1.2, atomic register access). */
#define CLEAR(address) REGISTER((address) + 0x3000u)

#define RESETS_RESET 0x4000C000u
#define RESETS_RESET_DONE REGISTER(0x4000C008u)
#define CLK_REF_CTRL REGISTER(0x40008030u)
#define CLK_REF_SELECTED REGISTER(0x40008038u)
#define CLK_SYS_CTRL REGISTER(0x4000803Cu)
#define CLK_SYS_SELECTED REGISTER(0x40008044u)
#define CLK_PERI_CTRL REGISTER(0x40008048u)
#define XOSC_CTRL REGISTER(0x40024000u)
#define XOSC_STATUS REGISTER(0x40024004u)
#define XOSC_STARTUP REGISTER(0x4002400Cu)
#define PLL_SYS_CS REGISTER(0x40028000u)
#define PLL_SYS_PWR 0x40028004u
#define PLL_SYS_FBDIV_INT REGISTER(0x40028008u)
#define PLL_SYS_PRIM REGISTER(0x4002800Cu)
#define WATCHDOG_TICK REGISTER(0x4005802Cu)
#define GPIO0_CTRL REGISTER(0x40014004u)
#define GPIO1_CTRL REGISTER(0x4001400Cu)
#define UART0_UARTDR REGISTER(0x40034000u)
#define UART0_UARTFR REGISTER(0x40034018u)
#define UART0_UARTIBRD REGISTER(0x40034024u)
#define UART0_UARTFBRD REGISTER(0x40034028u)
#define UART0_UARTLCR_H REGISTER(0x4003402Cu)
#define UART0_UARTCR REGISTER(0x40034030u)
#define TIMER_TIMERAWH REGISTER(0x40054024u)
#define TIMER_TIMERAWL REGISTER(0x40054028u)

#define BAUD 115200u
#define CRYSTAL_MHZ 12u
#define CORE_HZ 125000000u

/* MARK: Clocks */

static void wait_for(volatile uint32_t *address, uint32_t mask) {
  while ((*address & mask) != mask) {}
}

/* Bits of RESETS: IO_BANK0, PADS_BANK0, PLL_SYS, TIMER, UART0. */
#define WANTED_BLOCKS (1u << 5 | 1u << 8 | 1u << 12 | 1u << 21 | 1u << 22)

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

/* 12 MHz * 125 = 1500 MHz, divided by 6 and by 2: 125 MHz. */
static void start_pll(void) {
  PLL_SYS_CS = 1u; /* REFDIV */
  PLL_SYS_FBDIV_INT = 125u;
  CLEAR(PLL_SYS_PWR) = 1u << 0 | 1u << 5; /* PD, VCOPD */
  wait_for(&PLL_SYS_CS, 1u << 31);        /* LOCK */
  PLL_SYS_PRIM = 6u << 16 | 2u << 12;     /* POSTDIV1, POSTDIV2 */
  CLEAR(PLL_SYS_PWR) = 1u << 3;           /* POSTDIVPD */
}

static void start_clock(void) {
  CLEAR(RESETS_RESET) = WANTED_BLOCKS;
  wait_for(&RESETS_RESET_DONE, WANTED_BLOCKS);
  start_crystal();
  start_pll();
  CLK_SYS_CTRL = 1u; /* SRC = AUX, whose AUXSRC 0 is PLL_SYS */
  wait_for(&CLK_SYS_SELECTED, 1u << 1);
  CLK_PERI_CTRL = 1u << 11;              /* ENABLE, AUXSRC 0 = clk_sys */
  WATCHDOG_TICK = CRYSTAL_MHZ | 1u << 9; /* CYCLES of clk_ref a microsecond; ENABLE: the TIMER counts these ticks */
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
    high = TIMER_TIMERAWH;
    low = TIMER_TIMERAWL;
  } while (high != TIMER_TIMERAWH);
  return (uint64_t)high << 32 | low;
}

void board_start(void) {
  start_clock();
  start_serial_line();
}
