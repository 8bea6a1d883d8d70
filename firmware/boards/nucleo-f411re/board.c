/* ST Nucleo-F411RE. Registers have their names from the reference manual RM0383; USART2 on PA2 and PA3 is what the
 * board's ST-LINK hands on to USB. Not run on silicon. */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_CR REGISTER(0x40023800u)
#define RCC_PLLCFGR REGISTER(0x40023804u)
#define RCC_CFGR REGISTER(0x40023808u)
#define RCC_AHB1ENR REGISTER(0x40023830u)
#define RCC_APB1ENR REGISTER(0x40023840u)
#define FLASH_ACR REGISTER(0x40023C00u)
#define GPIOA_MODER REGISTER(0x40020000u)
#define GPIOA_PUPDR REGISTER(0x4002000Cu)
#define GPIOA_AFRL REGISTER(0x40020020u)
#define USART2_SR REGISTER(0x40004400u)
#define USART2_DR REGISTER(0x40004404u)
#define USART2_BRR REGISTER(0x40004408u)
#define USART2_CR1 REGISTER(0x4000440Cu)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)

#define BAUD 115200u
#define HSI_HZ 16000000u
#define PLL_HZ 84000000u

/* MARK: Clocks */

/* What the core and the serial line run from: the internal oscillator, until the PLL has locked. */
static uint32_t core_hz = HSI_HZ, serial_hz = HSI_HZ;

/* Whether the bits read as they should before many times the 0.2 ms that the PLL needs have gone. */
static int wait_for(volatile uint32_t *address, uint32_t mask, uint32_t value) {
  for (uint32_t i = 0; i < 100000u; i++) {
    if ((*address & mask) == value) return 1;
  }
  return 0;
}

/* 84 MHz, the most that the regulator's scale 2, set at reset, allows: HSI / M 8 * N 84 / P 2. An emulator may have no
 * PLL; there everything stays on HSI. */
static void start_clock(void) {
  RCC_PLLCFGR = 8u | 84u << 6 | 0u << 16 | 0u << 22 | 4u << 24; /* PLLM, PLLN, PLLP = 2, PLLSRC = HSI, PLLQ */
  RCC_CR |= 1u << 24;                                           /* PLLON */
  if (!wait_for(&RCC_CR, 1u << 25, 1u << 25)) return;           /* PLLRDY */
  FLASH_ACR = 2u | 1u << 8 | 1u << 9 | 1u << 10;                /* LATENCY: 2 wait states; PRFTEN, ICEN, DCEN */
  if (!wait_for(&FLASH_ACR, 0xFu, 2u)) return;                  /* taken over */
  RCC_CFGR = 2u | 4u << 10;                                     /* SW = PLL, PPRE1 = 2: APB1 may not pass 50 MHz */
  if (!wait_for(&RCC_CFGR, 3u << 2, 2u << 2)) return;           /* SWS */
  core_hz = PLL_HZ;
  serial_hz = PLL_HZ / 2u;
}

/* MARK: The serial line */

static void start_serial_line(void) {
  RCC_AHB1ENR |= 1u;                              /* GPIOAEN */
  RCC_APB1ENR |= 1u << 17;                        /* USART2EN */
  (void)RCC_APB1ENR;                              /* the clock takes two cycles to arrive */
  GPIOA_AFRL = (GPIOA_AFRL & ~0xFF00u) | 0x7700u; /* AFRL2, AFRL3 = AF7: USART2_TX, USART2_RX */
  GPIOA_MODER = (GPIOA_MODER & ~0xF0u) | 0xA0u;   /* MODER2, MODER3: alternate function */
  GPIOA_PUPDR = (GPIOA_PUPDR & ~0xC0u) | 0x40u;   /* PUPDR3: a line that nothing drives is idle */
  USART2_BRR = (serial_hz + BAUD / 2u) / BAUD;    /* 16 samples a bit: mantissa and fraction are one number */
  USART2_CR1 = 1u << 13 | 1u << 3 | 1u << 2;      /* UE, TE, RE; 8 data bits, no parity */
}

void board_put(uint8_t byte) {
  while ((USART2_SR & 1u << 7) == 0u) {} /* TXE */
  USART2_DR = byte;
}

int board_get(void) {
  while ((USART2_SR & 1u << 5) == 0u) {} /* RXNE; this read and the next also end an overrun */
  return (int)(USART2_DR & 0xFFu);
}

/* MARK: The timer */

#define TIMER_PERIOD 0x1000000u

static volatile uint32_t timer_wraps;

void timer_handler(void);
void timer_handler(void) { timer_wraps++; }

static void start_timer(void) {
  SYST_RVR = TIMER_PERIOD - 1u;
  SYST_CVR = 0u;
  SYST_CSR = 7u; /* CLKSOURCE: the core's; TICKINT, ENABLE */
}

uint64_t board_microseconds(void) {
  uint32_t wraps, value;
  do {
    wraps = timer_wraps;
    value = SYST_CVR;
  } while (wraps != timer_wraps);
  return ((uint64_t)wraps * TIMER_PERIOD + (TIMER_PERIOD - 1u - value)) / (core_hz / 1000000u);
}

void board_start(void) {
  start_clock();
  start_serial_line();
  start_timer();
}
