/* All of a C library's input and output that a library's example needs, where there is no C library. */
#ifndef LIBRARY_STDIO_H
#define LIBRARY_STDIO_H

int putchar(int byte);
int puts(const char *text);

#endif
