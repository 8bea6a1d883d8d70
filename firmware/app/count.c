/* Counts the instructions of one step of the engine. For QEMU with -icount shift=6: an instruction then takes 64 ns of
 * the timer's time. A core in silicon would count cycles of another kind here. */
#include "model.h"
#include "semihosting.h"

int main(void);
void timer_handler(void);

extern const uint8_t payload_image[], payload_image_end[];
extern uint32_t stack_start[], stack_top[], bss_end[], ram_end[];

#define TIMER_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define TIMER_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define TIMER_VALUE (*(volatile uint32_t *)0xE000E018u)
/* Enabled, with an interrupt at each wrap, by the core's clock. */
#define TIMER_RUNS 7u
#define TIMER_PERIOD 0x1000000u
/* A second has so many instructions of 64 ns. */
#define INSTRUCTIONS_PER_SECOND 15625000u

#define STACK_PAINT 0xA5A5A5A5u

static volatile uint32_t wraps;

void timer_handler(void) { wraps++; }

static uint64_t ticks(void) {
  uint32_t before, value;
  do {
    before = wraps;
    value = TIMER_VALUE;
  } while (before != wraps);
  return (uint64_t)before * TIMER_PERIOD + (TIMER_PERIOD - 1u - value);
}

static void print_number(const char *name, uint64_t number) {
  char text[24];
  char *place = text + sizeof text - 1;
  *place = '\0';
  do {
    *--place = (char)('0' + number % 10u);
    number /= 10u;
  } while (number > 0u);
  semihosting_print(name);
  semihosting_print(" ");
  semihosting_print(place);
  semihosting_print("\n");
}

static int refuse(atome_status status) {
  semihosting_print("error: ");
  semihosting_print(atome_status_message(status));
  semihosting_print("\n");
  return 65;
}

/* Everything below this function's frame, less a margin for the loop itself. */
static void paint_stack(void) {
  uint32_t *const end = (uint32_t *)__builtin_frame_address(0) - 32;
  for (uint32_t *word = stack_start; word < end; word++) *word = STACK_PAINT;
}

static size_t used_stack(void) {
  const uint32_t *word = stack_start;
  while (*word == STACK_PAINT) word++;
  return (size_t)((uintptr_t)stack_top - (uintptr_t)word);
}

/* Reads bytes until the window is full; prints what the step that made it hold 16, 32 and 63 bytes took. */
static void count_steps(model *counted) {
  static const char *const names[] = {"n16", "n32", "n63"};
  static const uint32_t positions[] = {16, 32, 63};
  uint32_t next = 0;
  for (uint32_t position = 1; next < 3u; position++) {
    const uint64_t start = ticks();
    const uint32_t *logits = model_step(counted, (uint8_t)(position * 37u));
    (void)model_greedy(counted, logits);
    const uint64_t instructions = (ticks() - start) * INSTRUCTIONS_PER_SECOND / CLOCK_HZ;
    if (position == positions[next]) print_number(names[next++], instructions);
  }
}

int main(void) {
#if defined(IMAGE_SHAPE)
  const atome_shape shape = {IMAGE_SHAPE}, *told = &shape;
#else
  const atome_shape *told = NULL;
#endif
  const size_t room = (size_t)((uintptr_t)ram_end - (uintptr_t)bss_end);
  model counted;
  size_t needed = 0;
  atome_status status = model_open(&counted, payload_image, (size_t)(payload_image_end - payload_image), told);
  if (status == ATOME_OK) status = model_memory_size(&counted, CONTEXT, &needed);
  if (status == ATOME_OK) status = model_init(&counted, CONTEXT, bss_end, room);
  if (status != ATOME_OK) return refuse(status);
  TIMER_RELOAD = TIMER_PERIOD - 1u;
  TIMER_VALUE = 0u;
  TIMER_CONTROL = TIMER_RUNS;
  paint_stack();
  count_steps(&counted);
  print_number("memory", needed);
  print_number("stack", used_stack());
  return 0;
}
