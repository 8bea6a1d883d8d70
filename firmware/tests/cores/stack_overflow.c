/* A firmware that overflows its stack on purpose; the fault handler must still say so. */
#include <stdint.h>

int main(void);

static volatile uint32_t sink;

/* Needs more stack the larger `depth` is; the compiler can neither bound it nor turn it into a loop. */
__attribute__((noinline)) static uint32_t descend(uint32_t depth) {
  volatile uint32_t frame[16];
  for (uint32_t i = 0; i < 16u; i++) frame[i] = depth + i;
  if (depth == 0u) return frame[0];
  return descend(depth - 1u) + frame[depth % 16u];
}

int main(void) {
  sink = descend(1u << 20);
  return 0;
}
