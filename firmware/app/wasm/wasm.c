/* The engine as a WebAssembly module, for a page that talks and for proofs: no imports, one memory. Pointers are
 * offsets into that memory; whoever calls writes bytes where `claim` says and reads results where a function points. */
#include "atome_compact_layout.h"
#include "atome_integer_layout.h"
#include "atome_integer_sampler.h"
#include "atome_labels.h"
#include "model.h"
#include "runner.h"

#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { PAGE_BYTES = 65536, ALIGNMENT = 16, SEPARATOR = 0, NOTHING = -1 };

/* MARK: Memory */

extern uint8_t __heap_base;
/* Where nothing is so far. */
static uintptr_t next_free;

/* Memory for good, aligned; NULL where the host gives none. */
EXPORT(claim) void *claim(size_t count) {
  if (next_free == 0u) next_free = (uintptr_t)&__heap_base;
  const uintptr_t start = (next_free + ALIGNMENT - 1u) & ~(uintptr_t)(ALIGNMENT - 1u);
  const uintptr_t held = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE_BYTES;
  if (count > UINTPTR_MAX - start - PAGE_BYTES) return NULL;
  if (start + count > held) {
    const size_t pages = (start + count - held + PAGE_BYTES - 1u) / PAGE_BYTES;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
  }
  next_free = start + count;
  return (void *)start;
}

/* Why the last call refused something; a C string. */
static const char *reason = "";
EXPORT(why) const char *why(void) { return reason; }

static int refuse(const char *text) {
  reason = text;
  return 0;
}

/* MARK: Talking */

static model speaking;
static atome_vocabulary words;
static atome_encoder encoder;
static atome_sampler sampler;
/* Of the last step; the choice that has not been read so far. */
static const uint32_t *logits;
static int unread = NOTHING;

/* Of a classifier; without a section where the model speaks. */
static atome_labels known;

/* Makes an image ready. 1, or 0 and a reason. */
EXPORT(open) int open(const uint8_t *image, size_t size, uint32_t context) {
  size_t memory_size = 0;
  atome_status status = model_open(&speaking, image, size, NULL);
  if (status == ATOME_OK) status = model_memory_size(&speaking, context, &memory_size);
  if (status != ATOME_OK) return refuse(atome_status_message(status));
  void *memory = claim(memory_size);
  if (memory == NULL) return refuse("the page has no memory left");
  status = model_init(&speaking, context, memory, memory_size);
  if (status == ATOME_OK) status = model_vocabulary(&speaking, &words);
  known.section = NULL;
  if (status == ATOME_OK && speaking.kind == MODEL_COMPACT) (void)atome_labels_open(&known, &speaking.image.compact);
  return status == ATOME_OK ? 1 : refuse(atome_status_message(status));
}

static void read_token(uint8_t token) { logits = model_step(&speaking, token); }

static uint32_t read_decided(void) {
  uint8_t token;
  uint32_t count = 0;
  for (; atome_encoder_next(&encoder, &token); count++) read_token(token);
  return count;
}

/* Begins a text anew with a prompt, which is read but for what may become part of a longer token; without one the byte
 * that separates documents is read. `temperature` and `top_p` are in thousandths. Returns the tokens read; 0 and a
 * reason for settings outside their limits. */
EXPORT(begin)
uint32_t begin(
    const uint8_t *prompt, size_t size, uint32_t temperature, uint32_t top_k, uint32_t top_p, uint32_t seed) {
  const atome_sampling sampling = {temperature, top_k, top_p, seed};
  const atome_status status = atome_sampler_init(&sampler, &sampling, 0);
  if (status != ATOME_OK) return (uint32_t)refuse(atome_status_message(status));
  model_reset(&speaking);
  unread = NOTHING;
  atome_encoder_begin(&encoder, &words);
  uint32_t count = 0;
  if (size == 0u) read_token(SEPARATOR);
  for (size_t i = 0; i < size; i++) {
    atome_encoder_put(&encoder, prompt[i]);
    count += read_decided();
  }
  if (size > 0u && count == 0u) {
    /* A model has to read something before it can choose. */
    atome_encoder_finish(&encoder);
    count += read_decided();
  }
  return size == 0u ? 1u : count;
}

/* The most likely of the tokens that go on with what the encoder holds back. */
static uint8_t choose_held(void) {
  uint32_t best = ATOME_VOCABULARY;
  for (uint32_t token = 0; token < ATOME_VOCABULARY; token++) {
    if (!atome_vocabulary_allows(&words, (uint8_t)token, encoder.pending, encoder.count)) continue;
    if (best == ATOME_VOCABULARY || model_is_larger(&speaking, logits[token], logits[best])) best = token;
  }
  return (uint8_t)best;
}

static uint32_t take_held(uint32_t text_count) {
  const uint32_t taken = text_count < encoder.count ? text_count : encoder.count;
  encoder.count = (uint8_t)(encoder.count - taken);
  for (uint32_t i = 0; i < encoder.count; i++) encoder.pending[i] = encoder.pending[i + taken];
  return taken;
}

static uint8_t text[ATOME_TOKEN_BYTES];
static uint32_t held_count;

/* Chooses the next token, having read the one before; NOTHING where the text ends. Its text is at `said`, the first
 * `held` bytes of which the prompt has already. `scores` are those that it was chosen by. */
EXPORT(choose) int choose(void) {
  if (unread != NOTHING) read_token((uint8_t)unread);
  const uint8_t token = encoder.count > 0u ? choose_held() : model_sample(&speaking, &sampler, logits);
  unread = token;
  held_count = take_held(atome_token_bytes(&words, token, text));
  return encoder.count == 0u && token == SEPARATOR ? NOTHING : token;
}

EXPORT(said) const uint8_t *said(void) { return text; }
EXPORT(held) uint32_t held(void) { return held_count; }
EXPORT(scores) const uint32_t *scores(void) { return logits; }

/* A token's bytes go to `said`; returns how many. */
EXPORT(spell) uint32_t spell(uint32_t token) { return atome_token_bytes(&words, (uint8_t)token, text); }

/* How many octaves (powers of two of the probability) lie between two integer logits that are 1 apart; 0 where logits
 * are floats, which are natural logarithms. */
EXPORT(octaves) double octaves(void) {
  if (speaking.kind == MODEL_FLOAT) return 0.0;
  const atome_logit_rate *rate = speaking.kind == MODEL_INTEGER ? atome_logit_rate_of(&speaking.image.integer)
                                                                : atome_compact_rate_of(&speaking.image.compact);
  return (double)rate->multiplier / (double)((uint64_t)1 << rate->shift) / 2048.0;
}

/* MARK: Labels */

/* How many labels a classifier has; 0 of a model that speaks. */
EXPORT(labels) uint32_t labels(void) { return known.section == NULL ? 0u : known.count; }

static uint32_t name_size;

/* A label's name, `label_size` bytes of UTF-8. */
EXPORT(label_name) const uint8_t *label_name(uint32_t label) {
  return (const void *)atome_label_name(&known, label, &name_size);
}
EXPORT(label_size) uint32_t label_size(void) { return name_size; }

/* The token whose score is a label's: it stands two bytes before the name (docs/formats/atome-compact.md). Of the first
 * number that no label has, the token of no label, or 0 where the image has none. */
EXPORT(label_token) uint32_t label_token(uint32_t label) {
  return label < labels() ? label_name(label)[-2] : known.section[3];
}

static int32_t margin;

/* Reads a whole text; returns its label, or NOTHING where none is sure enough. `scores` are those of the labels' tokens
 * then. */
EXPORT(judge) int judge(const uint8_t *prompt, size_t size) {
  model_reset(&speaking);
  atome_encoder_begin(&encoder, &words);
  for (size_t i = 0; i < size; i++) {
    atome_encoder_put(&encoder, prompt[i]);
    (void)read_decided();
  }
  atome_encoder_finish(&encoder);
  (void)read_decided();
  read_token(ATOME_LABEL_END);
  const int label = atome_labels_choose(&known, (const void *)logits, &margin);
  return label == ATOME_NO_LABEL ? NOTHING : label;
}

/* How far the label of the last text is above the others, and how far it has to be, in octaves. */
EXPORT(is_above) double is_above(void) { return octaves() * margin; }
EXPORT(must_be_above) double must_be_above(void) { return octaves() * known.margin; }

/* MARK: Proofs */

static uint8_t *transcript;
static size_t transcript_count;

EXPORT(transcript_start) const uint8_t *transcript_start(void) { return transcript; }
EXPORT(transcript_size) size_t transcript_size(void) { return transcript_count; }

/* Nothing else claims memory while a transcript is written, so it grows in one piece. */
int port_write(const uint8_t *bytes, size_t count) {
  uint8_t *place = transcript == NULL ? claim(count) : transcript + transcript_count;
  if (place == NULL) return 0;
  if (transcript == NULL) {
    transcript = place;
  } else {
    const uintptr_t end = (uintptr_t)place + count;
    if (end > next_free && claim(end - next_free) == NULL) return 0;
  }
  memcpy(place, bytes, count);
  transcript_count += count;
  return 1;
}

int port_flush(void) { return 1; }

void port_say(const char *line) { reason = line; }

/* Answers vectors with a transcript: `runner_status`. */
EXPORT(replay)
int replay(const uint8_t *image, size_t image_size, const uint8_t *vectors, size_t vectors_size, uint32_t context) {
  size_t size = 0;
  const runner_bytes image_bytes = {image, image_size}, vectors_bytes = {vectors, vectors_size};
  const runner_status status = runner_memory_size(image_bytes, context, &size);
  if (status != RUNNER_DONE) return (int)status;
  void *memory = claim(size);
  if (memory == NULL) {
    port_say("not enough memory for this image and context");
    return RUNNER_NO_MEMORY;
  }
  transcript = NULL;
  transcript_count = 0;
  return (int)runner_replay(image_bytes, vectors_bytes, context, memory, size);
}
