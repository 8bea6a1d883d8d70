#include "runner.h"

#include "model.h"
#include "vectors.h"

#include <string.h>

enum { LOGIT_BYTES = 4 * 256 };

static runner_status refuse(runner_status status, const char *reason) {
  port_say(reason);
  return status;
}

static void put_u32(uint8_t *place, uint32_t value) {
  for (int i = 0; i < 4; i++) place[i] = (uint8_t)(value >> (8 * i));
}

static int write_u32(uint32_t value) {
  uint8_t bytes[4];
  put_u32(bytes, value);
  return port_write(bytes, sizeof bytes);
}

/* Words are copied as memory, since floats may stand in them. */
static int write_logits(const uint32_t *logits) {
  uint8_t bytes[LOGIT_BYTES];
  for (size_t i = 0; i < ATOME_VOCABULARY; i++) {
    uint32_t bits;
    memcpy(&bits, &logits[i], sizeof bits);
    put_u32(bytes + 4u * i, bits);
  }
  return port_write(bytes, sizeof bytes);
}

/* Reads the prompt and then its own choices, and writes what it finds at once: nothing grows with the text. */
static int write_record(model *answering, atome_sampler *sampler, const vectors *file, runner_bytes prompt) {
  const size_t read_count = prompt.count + file->generated_count - 1u;
  uint8_t choice = 0;
  model_reset(answering);
  for (size_t i = 0; i < read_count; i++) {
    const uint32_t *logits = model_step(answering, i < prompt.count ? prompt.start[i] : choice);
    if ((file->flags & VECTORS_WITHOUT_LOGITS) == 0u && !write_logits(logits)) return 0;
    if (i + 1u < prompt.count) continue;
    choice = model_sample(answering, sampler, logits);
    if (!port_write(&choice, 1)) return 0;
  }
  return 1;
}

/* Writes the tokens that are decided, each with the bytes that it is decoded to. */
static int write_step(atome_encoder *encoder) {
  uint8_t record[2 + ATOME_TOKEN_BYTES];
  while (atome_encoder_next(encoder, &record[1])) {
    const uint32_t count = atome_token_bytes(encoder->vocabulary, record[1], record + 2);
    record[0] = (uint8_t)(count + 1u);
    if (!port_write(record, 2u + count)) return 0;
  }
  record[0] = 0;
  return port_write(record, 1);
}

/* Encodes a text byte by byte, as the talking program does a prompt. */
static int write_text_record(const atome_vocabulary *vocabulary, runner_bytes text) {
  atome_encoder encoder;
  atome_encoder_begin(&encoder, vocabulary);
  for (size_t i = 0; i < text.count; i++) {
    atome_encoder_put(&encoder, text.start[i]);
    if (!write_step(&encoder)) return 0;
  }
  atome_encoder_finish(&encoder);
  return write_step(&encoder);
}

/* The settings were checked when the file was opened. */
static void prepare_sampler(atome_sampler *sampler, const vectors *file, uint32_t prompt_index) {
  static const atome_sampling greedy = {0, 0, 0, 0};
  (void)atome_sampler_init(sampler, prompt_index < file->greedy_count ? &greedy : &file->sampling, prompt_index);
}

static int write_header(const vectors *file) {
  static const uint8_t magic[8] = {'A', 'T', 'O', 'M', 'E', 'T', 'R', 'N'};
  const int has_texts = file->text_count > 0u;
  return port_write(magic, sizeof magic) && write_u32(has_texts ? 3 : 2) && write_u32(file->prompt_count) &&
         write_u32(file->generated_count) && write_u32(file->flags) && (!has_texts || write_u32(file->text_count));
}

static int write_transcript(model *answering, const atome_vocabulary *vocabulary, const vectors *file) {
  static const uint8_t end_mark[4] = {'D', 'O', 'N', 'E'};
  static atome_sampler sampler;
  runner_bytes rest = file->prompts;
  if (!write_header(file)) return 0;
  for (uint32_t i = 0; i < file->prompt_count; i++) {
    prepare_sampler(&sampler, file, i);
    if (!write_record(answering, &sampler, file, vectors_next(&rest))) return 0;
  }
  for (uint32_t i = 0; i < file->text_count; i++) {
    if (!write_text_record(vocabulary, vectors_next(&rest))) return 0;
  }
  return port_write(end_mark, sizeof end_mark) && port_flush();
}

runner_status runner_memory_size(runner_bytes image_bytes, uint32_t context, size_t *size) {
  model answering;
  atome_status status = model_open(&answering, image_bytes.start, image_bytes.count, NULL);
  if (status == ATOME_OK) status = model_memory_size(&answering, context, size);
  return status == ATOME_OK ? RUNNER_DONE : refuse(RUNNER_BAD_DATA, atome_status_message(status));
}

runner_status runner_replay(
    runner_bytes image_bytes, runner_bytes vectors_bytes, uint32_t context, void *memory, size_t memory_size) {
  vectors file;
  const char *reason = vectors_open(&file, vectors_bytes);
  if (reason != NULL) return refuse(RUNNER_BAD_DATA, reason);
  if (file.context != context) return refuse(RUNNER_BAD_DATA, "vectors: made for another context than this runner's");
  model answering;
  atome_status status = model_open(&answering, image_bytes.start, image_bytes.count, NULL);
  atome_vocabulary vocabulary;
  if (status == ATOME_OK) status = model_vocabulary(&answering, &vocabulary);
  if (status != ATOME_OK) return refuse(RUNNER_BAD_DATA, atome_status_message(status));
  status = model_init(&answering, context, memory, memory_size);
  if (status != ATOME_OK) return refuse(RUNNER_NO_MEMORY, atome_status_message(status));
  if (!write_transcript(&answering, &vocabulary, &file)) {
    return refuse(RUNNER_INPUT_OUTPUT, "cannot write the transcript");
  }
  return RUNNER_DONE;
}
