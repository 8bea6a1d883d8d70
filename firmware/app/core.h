/* What the start of a core needs of its world: semihosting.c for an emulator, talk_board.c for a board alone. */
#ifndef CORE_H
#define CORE_H

/* Shows a text that ends with NUL. */
void core_say(const char *text);

/* Ends the program. */
__attribute__((noreturn)) void core_end(int status);

#endif
