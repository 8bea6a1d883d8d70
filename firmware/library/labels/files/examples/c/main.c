/* Says the label of a text. Without CMake: cc -O2 -I../../src main.c ../../src/@name@.c */
#include "@name@.h"

#include <stdio.h>

#if !defined(PROMPT)
#define PROMPT @prompt@
#endif

static @name@_model model;

int main(void) {
  size_t size = 0;
  const char *problem = @name@_open(&model);
  if (problem != NULL) {
    puts(problem);
    return 1;
  }
  @name@_read(&model, PROMPT, sizeof PROMPT - 1u);
  const char *name = @name@_label_name(&model, @name@_label(&model, NULL), &size);
  for (size_t i = 0; i < size; i++) putchar(name[i]);
  putchar('\n');
  return 0;
}
