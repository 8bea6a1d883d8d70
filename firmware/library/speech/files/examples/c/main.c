/* Continues a prompt. Without CMake: cc -O2 -I../../src main.c ../../src/@name@.c */
#include "@name@.h"

#include <stdio.h>

#if !defined(PROMPT)
#define PROMPT @prompt@
#endif

enum { BYTE_LIMIT = @byte_limit@ };

static @name@_model model;

int main(void) {
  char text[@NAME@_TEXT_BYTES];
  const char *problem = @name@_open(&model);
  if (problem != NULL) {
    puts(problem);
    return 1;
  }
  @name@_read(&model, PROMPT, sizeof PROMPT - 1u);
  for (int said = 0; said < BYTE_LIMIT;) {
    const int count = @name@_next(&model, text);
    if (count == @NAME@_END) break;
    for (int i = 0; i < count && said < BYTE_LIMIT; i++, said++) putchar(text[i]);
    if (count == 0) said++; /* so that it ends, whatever the model says */
  }
  putchar('\n');
  return 0;
}
