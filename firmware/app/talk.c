#include "talk.h"

#include "board.h"
#include "voice.h"

enum { TALK_REFUSED = 65, LINE_LIMIT = 256, BACKSPACE = 0x08, DELETE = 0x7F };

/* Separates documents in everything that a model was trained on: it ends a text, and an empty prompt is this byte. */
#define SEPARATOR 0u

static void put_text(const char *text) {
  for (; *text != '\0'; text++) board_put((uint8_t)*text);
}

static void put_bytes(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) board_put(bytes[i]);
}

/* Decimal, with leading zeros up to `width` digits. */
static void put_number(uint64_t number, int width) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10u);
    number /= 10u;
  } while (number > 0u || count < width);
  while (count > 0) board_put((uint8_t)digits[--count]);
}

/* MARK: What the program is */

static void put_banner(const talk_settings *settings) {
  voice_dimension dimensions[VOICE_DIMENSIONS];
  const uint32_t count = voice_shape(dimensions);
  put_text("# alambic on ");
  put_text(settings->board);
  put_text(": image ");
  put_text(settings->image_name);
  put_text(", ");
  put_text(voice_arithmetic());
  for (uint32_t i = 0; i < count; i++) {
    put_text(i == 0u ? ", " : ",");
    put_text(dimensions[i].name);
    put_text("=");
    put_number(dimensions[i].value, 1);
  }
  put_text(", context ");
  put_number(settings->context, 1);
  put_text("\n");
}

/* MARK: A text */

/* How much the engine worked, by the board's timer; sending is not counted. */
typedef struct effort {
  uint32_t steps;
  uint32_t bytes; /* of text that the steps' tokens stand for */
  uint64_t microseconds;
} effort;

/* A token's text; the unknown token's is taken for one byte, so that a text of nothing else ends, too. */
static uint32_t text_of(uint8_t token, uint8_t *text) { return atome_token_bytes(voice_vocabulary(), token, text); }

static uint32_t at_least_one(uint32_t count) { return count > 0u ? count : 1u; }

static uint8_t timed_step(effort *spent, uint8_t token) {
  uint8_t text[ATOME_TOKEN_BYTES];
  const uint64_t start = board_microseconds();
  const uint8_t next = voice_step(token);
  spent->microseconds += board_microseconds() - start;
  spent->steps++;
  spent->bytes += at_least_one(text_of(token, text));
  return next;
}

/* "# 93 steps in 1.234567 s: 75.3 bytes/s"; without a timer only "# 93 steps". */
static void put_effort(const effort *spent) {
  put_text("# ");
  put_number(spent->steps, 1);
  put_text(" steps");
  if (spent->microseconds > 0u) {
    const uint64_t tenths = (uint64_t)spent->bytes * 10000000u / spent->microseconds;
    put_text(" in ");
    put_number(spent->microseconds / 1000000u, 1);
    put_text(".");
    put_number(spent->microseconds % 1000000u, 6);
    put_text(" s: ");
    put_number(tenths / 10u, 1);
    put_text(".");
    put_number(tenths % 10u, 1);
    put_text(" bytes/s");
  }
  put_text("\n");
}

/* Reads the tokens that are decided; returns the most likely next one. What may still become part of a longer token
 * stays in the encoder. */
static uint8_t read_decided(effort *spent, atome_encoder *encoder, uint8_t next) {
  uint8_t token;
  while (atome_encoder_next(encoder, &token)) next = timed_step(spent, token);
  return next;
}

static uint8_t read_prompt(effort *spent, atome_encoder *encoder, const uint8_t *prompt, size_t count) {
  atome_encoder_begin(encoder, voice_vocabulary());
  if (count == 0u) return timed_step(spent, SEPARATOR);
  uint8_t next = SEPARATOR;
  for (size_t i = 0; i < count; i++) {
    atome_encoder_put(encoder, prompt[i]);
    next = read_decided(spent, encoder, next);
  }
  if (spent->steps > 0u) return next;
  /* A model has to read something before it can choose: a prompt that is held back whole is read as it stands. */
  atome_encoder_finish(encoder);
  return read_decided(spent, encoder, next);
}

/* Takes what a chosen token says of the bytes that the encoder holds back; returns how many there are. */
static uint32_t take_held(atome_encoder *encoder, uint32_t text_count) {
  const uint32_t taken = text_count < encoder->count ? text_count : encoder->count;
  encoder->count = (uint8_t)(encoder->count - taken);
  for (uint32_t i = 0; i < encoder->count; i++) encoder->pending[i] = encoder->pending[i + taken];
  return taken;
}

/* Continues a prompt, which stands on the line already. */
static void continue_prompt(const uint8_t *prompt, size_t count, uint32_t byte_limit) {
  effort spent = {0u, 0u, 0u};
  atome_encoder encoder;
  uint8_t text[ATOME_TOKEN_BYTES], last = '\0';
  voice_reset();
  uint8_t next = read_prompt(&spent, &encoder, prompt, count);
  for (uint32_t said = 0; said < byte_limit;) {
    if (encoder.count > 0u) next = voice_choose(encoder.pending, encoder.count);
    if (next == SEPARATOR) break;
    const uint32_t text_count = text_of(next, text), held = take_held(&encoder, text_count);
    for (uint32_t i = held; i < text_count && said < byte_limit; i++, said++) board_put(last = text[i]);
    if (text_count == 0u) said++;
    if (said < byte_limit) next = timed_step(&spent, next);
  }
  if (last != '\n') put_text("\n");
  put_effort(&spent);
}

/* Says a text's label on a line of its own: the text stands on the line already. */
static void say_label(const uint8_t *prompt, size_t count) {
  effort spent = {0u, 0u, 0u};
  atome_encoder encoder;
  uint32_t size = 0;
  voice_reset();
  atome_encoder_begin(&encoder, voice_vocabulary());
  for (size_t i = 0; i < count; i++) {
    atome_encoder_put(&encoder, prompt[i]);
    (void)read_decided(&spent, &encoder, SEPARATOR);
  }
  atome_encoder_finish(&encoder);
  (void)read_decided(&spent, &encoder, SEPARATOR);
  const uint64_t start = board_microseconds();
  const char *name = voice_label(&size);
  spent.microseconds += board_microseconds() - start;
  spent.steps++;
  spent.bytes++; /* the line end */
  put_text("\n");
  for (uint32_t i = 0; i < size; i++) board_put((uint8_t)name[i]);
  put_text("\n");
  put_effort(&spent);
}

static void answer(const uint8_t *text, size_t count, uint32_t byte_limit) {
  if (voice_is_classifier()) {
    say_label(text, count);
  } else {
    continue_prompt(text, count, byte_limit);
  }
}

/* MARK: Lines */

/* Reads a line and sends its bytes back, for terminals that do not show what is typed. The line's end is not sent: the
 * text goes on where the line stopped. A full line takes no more bytes. Returns how many there are, or
 * BOARD_INPUT_ENDED. */
static int read_line(uint8_t *line) {
  static int previous; /* a line feed after a carriage return ends no second line */
  int count = 0;
  for (;;) {
    const int byte = board_get();
    const int after_return = previous == '\r';
    previous = byte;
    if (byte == BOARD_INPUT_ENDED) return BOARD_INPUT_ENDED;
    if (byte == '\n' && after_return) continue;
    if (byte == '\r' || byte == '\n') return count;
    if (byte == BACKSPACE || byte == DELETE) {
      if (count > 0) put_text("\b \b");
      count -= count > 0;
    } else if (count < LINE_LIMIT) {
      line[count++] = (uint8_t)byte;
      board_put((uint8_t)byte);
    }
  }
}

int talk(const talk_settings *settings) {
  static uint8_t line[LINE_LIMIT];
  const char *reason = voice_open(
      settings->image, settings->image_size, settings->context, settings->memory, settings->memory_size);
  if (reason != NULL) {
    put_text("# error: ");
    put_text(reason);
    put_text("\n");
    return TALK_REFUSED;
  }
  put_banner(settings);
  put_bytes(settings->prompt, settings->prompt_size);
  answer(settings->prompt, settings->prompt_size, settings->byte_limit);
  for (int count = read_line(line); count != BOARD_INPUT_ENDED; count = read_line(line)) {
    answer(line, (size_t)count, settings->byte_limit);
  }
  return 0;
}
