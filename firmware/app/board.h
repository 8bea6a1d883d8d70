/* What the talking program needs of a board: boards/NAME/board.c gives it, and talk_host.c for the host. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* board_get's answer where no byte will ever come; a serial line never says so. */
#define BOARD_INPUT_ENDED (-1)

/* Sets up clocks, the serial line (115200 baud, 8 data bits, no parity, 1 stop bit) and a timer. */
void board_start(void);

/* Sends a byte once the line has room for it. */
void board_put(uint8_t byte);

/* Waits for a byte: 0...255, or BOARD_INPUT_ENDED. */
int board_get(void);

/* Microseconds by the board's own timer, from any beginning; 0 for ever where there is no timer. */
uint64_t board_microseconds(void);

#endif
