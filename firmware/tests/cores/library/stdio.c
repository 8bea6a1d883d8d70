#include "stdio.h"

#include "semihosting.h"

int putchar(int byte) {
  const char text[2] = {(char)byte, '\0'};
  semihosting_print(text);
  return byte;
}

int puts(const char *text) {
  semihosting_print(text);
  return putchar('\n');
}
