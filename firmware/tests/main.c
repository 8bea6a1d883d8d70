#include "tests.h"

#include "runner.h"

#include <stdio.h>
#include <stdlib.h>

void check(int holds, const char *text, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
  exit(1);
}

int main(void) {
  test_images();
  test_integer_images();
  test_engine();
  test_math();
  test_nibbles();
  test_compact_images();
  test_labels();
  test_compact();
  test_anomaly();
  test_wake();
  test_ngrams();
  test_sampler();
  test_vocabulary();
  test_vectors();
  test_talk();
  test_memory();
  puts("all engine tests passed");
  return 0;
}
