/* Whether products of 4-bit matrices are right on this core, and the instructions of one of 64 x 64. */
#include "../nibbles.h"
#include "atome_nibbles.h"
#include "instructions.h"

int main(void);

static nibble_case room;

int main(void) {
  print_number("differences", nibble_differences(&room));
  nibble_case_fill(&room, 64u, 64u, NIBBLE_SMALL, 1u);
  start_counting();
  const uint64_t start = ticks();
  atome_nibble_product(room.sums, room.matrix, 64u, 64u, room.x);
  print_number("instructions", instructions_since(start));
  return 0;
}
