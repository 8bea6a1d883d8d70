/* Raspberry Pi Pico 2. Registers have their names from the RP2350 data sheet; UART0 is on GP0 (sends) and GP1
 * (receives). Not run on silicon. */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
/* Writing here clears the bits that are 1 (2.1.3, atomic register access). */
#define CLEAR(address) REGISTER((address) + 0x3000u)

#define VTOR REGISTER(0xE000ED08u)
#define CLK_REF_CTRL REGISTER(0x40010030u)
#define CLK_REF_SELECTED REGISTER(0x40010038u)
#define CLK_SYS_CTRL REGISTER(0x4001003Cu)
#define CLK_SYS_SELECTED REGISTER(0x40010044u)
#define CLK_PERI_CTRL REGISTER(0x40010048u)
#define RESETS_RESET 0x40020000u
#define RESETS_RESET_DONE REGISTER(0x40020008u)
#define GPIO0_CTRL REGISTER(0x40028004u)
#define GPIO1_CTRL REGISTER(0x4002800Cu)
#define PADS_GPIO0 REGISTER(0x40038004u)
#define PADS_GPIO1 REGISTER(0x40038008u)
#define XOSC_CTRL REGISTER(0x40048000u)
#define XOSC_STATUS REGISTER(0x40048004u)
#define XOSC_STARTUP REGISTER(0x4004800Cu)
#define PLL_SYS_CS REGISTER(0x40050000u)
#define PLL_SYS_PWR 0x40050004u
#define PLL_SYS_FBDIV_INT REGISTER(0x40050008u)
#define PLL_SYS_PRIM REGISTER(0x4005000Cu)
#define UART0_UARTDR REGISTER(0x40070000u)
#define UART0_UARTFR REGISTER(0x40070018u)
#define UART0_UARTIBRD REGISTER(0x40070024u)
#define UART0_UARTFBRD REGISTER(0x40070028u)
#define UART0_UARTLCR_H REGISTER(0x4007002Cu)
#define UART0_UARTCR REGISTER(0x40070030u)
#define TIMER0_TIMERAWH REGISTER(0x400B0024u)
#define TIMER0_TIMERAWL REGISTER(0x400B0028u)
#define TICKS_TIMER0_CTRL REGISTER(0x40108018u)
#define TICKS_TIMER0_CYCLES REGISTER(0x4010801Cu)

#define FLASH 0x10000000u
#define BAUD 115200u
#define CRYSTAL_MHZ 12u
#define CORE_HZ 150000000u

/* MARK: Clocks */

static void wait_for(volatile uint32_t *address, uint32_t mask) {
  while ((*address & mask) != mask) {}
}

/* Bits of RESETS: IO_BANK0, PADS_BANK0, PLL_SYS, TIMER0, UART0. */
#define WANTED_BLOCKS (1u << 6 | 1u << 9 | 1u << 14 | 1u << 23 | 1u << 26)

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

/* 12 MHz * 125 = 1500 MHz, divided by 5 and by 2: 150 MHz. */
static void start_pll(void) {
  PLL_SYS_CS = 1u; /* REFDIV */
  PLL_SYS_FBDIV_INT = 125u;
  CLEAR(PLL_SYS_PWR) = 1u << 0 | 1u << 5; /* PD, VCOPD */
  wait_for(&PLL_SYS_CS, 1u << 31);        /* LOCK */
  PLL_SYS_PRIM = 5u << 16 | 2u << 12;     /* POSTDIV1, POSTDIV2 */
  CLEAR(PLL_SYS_PWR) = 1u << 3;           /* POSTDIVPD */
}

static void start_clock(void) {
  CLEAR(RESETS_RESET) = WANTED_BLOCKS;
  wait_for(&RESETS_RESET_DONE, WANTED_BLOCKS);
  start_crystal();
  start_pll();
  CLK_SYS_CTRL = 1u; /* SRC = AUX, whose AUXSRC 0 is PLL_SYS */
  wait_for(&CLK_SYS_SELECTED, 1u << 1);
  CLK_PERI_CTRL = 1u << 11;          /* ENABLE, AUXSRC 0 = clk_sys */
  TICKS_TIMER0_CYCLES = CRYSTAL_MHZ; /* of clk_ref a microsecond */
  TICKS_TIMER0_CTRL = 1u << 0;       /* ENABLE */
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
  PADS_GPIO0 = 1u << 4 | 1u << 1;             /* DRIVE: 4 mA; SCHMITT; and ISO, which holds a pad after reset, is 0 */
  PADS_GPIO1 = 1u << 6 | 1u << 4 | 1u << 3 | 1u << 1; /* the same; IE: it is read; PUE: high while nothing is there */
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
    high = TIMER0_TIMERAWH;
    low = TIMER0_TIMERAWL;
  } while (high != TIMER0_TIMERAWH);
  return (uint64_t)high << 32 | low;
}

void board_start(void) {
  VTOR = FLASH;
  start_clock();
  start_serial_line();
}
