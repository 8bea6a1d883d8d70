#include "vectors.h"

#include <string.h>

enum { LOGIT_BYTES = 4 * 256 };

/* By version, from 1. */
static const uint8_t header_bytes[] = {24, 52, 56};

#define COUNT_LIMIT 65536u
/* Semihosting tells positions in a file as signed 32-bit numbers. */
#define TRANSCRIPT_LIMIT 0x7FFFFFFFu

static uint32_t read_u32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* CRC-32 (IEEE 802.3), a bit at a time. */
static uint32_t crc32(const uint8_t *bytes, size_t count) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

static int inside(uint32_t count, uint32_t limit) { return count >= 1u && count <= limit; }

static runner_bytes rest_after(runner_bytes bytes, size_t count) {
  const runner_bytes rest = {bytes.start + count, bytes.count - count};
  return rest;
}

/* Of the transcript, for one prompt. */
static uint64_t record_size(const vectors *file, size_t prompt_count) {
  const uint64_t positions = prompt_count + file->generated_count - 1u;
  return file->generated_count + ((file->flags & VECTORS_WITHOUT_LOGITS) != 0u ? 0u : LOGIT_BYTES * positions);
}

/* Of the transcript, for one text at most: every byte its own token, which is decoded to that byte. */
static uint64_t text_record_size(size_t count) { return 4u * (uint64_t)count + 1u; }

static const char *check_texts(const vectors *file, runner_bytes rest, uint64_t transcript_size) {
  for (uint32_t i = 0; i < file->text_count; i++) {
    if (rest.count < 4u) return "vectors: the file ends before its last text";
    const uint32_t length = read_u32(rest.start);
    if (!inside(length, COUNT_LIMIT)) return "vectors: a text's length is outside 1...65536";
    if (length > rest.count - 4u) return "vectors: the file ends inside a text";
    transcript_size += text_record_size(vectors_next(&rest).count);
  }
  if (transcript_size > TRANSCRIPT_LIMIT) return "vectors: the transcript would pass 2 GiB";
  if (rest.count == 0u) return NULL;
  return file->text_count > 0u ? "vectors: bytes follow the last text" : "vectors: bytes follow the last prompt";
}

static const char *check_prompts(const vectors *file) {
  runner_bytes rest = file->prompts;
  uint64_t transcript_size = 0;
  for (uint32_t i = 0; i < file->prompt_count; i++) {
    if (rest.count < 4u) return "vectors: the file ends before its last prompt";
    const uint32_t length = read_u32(rest.start);
    if (!inside(length, COUNT_LIMIT)) return "vectors: a prompt's length is outside 1...65536";
    if (length > rest.count - 4u) return "vectors: the file ends inside a prompt";
    transcript_size += record_size(file, vectors_next(&rest).count);
  }
  return check_texts(file, rest, transcript_size);
}

/* Version 1 knows the greedy choice alone, and its transcripts have logits. */
static void set_version_1(vectors *result) {
  static const atome_sampling greedy = {0, 0, 0, 0};
  result->flags = 0;
  result->greedy_count = result->prompt_count;
  result->sampling = greedy;
}

/* Settings where a prompt is sampled, zeros where none is. */
static const char *check_sampling(const vectors *file) {
  const atome_sampling *sampling = &file->sampling;
  if (file->greedy_count == file->prompt_count) {
    const int is_zero = sampling->temperature == 0u && sampling->top_k == 0u && sampling->top_p == 0u;
    return is_zero && sampling->seed == 0u ? NULL : "vectors: sampling settings, and no prompt that is sampled";
  }
  atome_sampler sampler;
  const int is_allowed = sampling->temperature > 0u && atome_sampler_init(&sampler, sampling, 0) == ATOME_OK;
  return is_allowed ? NULL : "vectors: a sampling setting is outside its limits";
}

static const char *read_settings(vectors *result, const uint8_t *bytes) {
  result->flags = read_u32(bytes + 24);
  result->greedy_count = read_u32(bytes + 28);
  result->sampling.temperature = read_u32(bytes + 32);
  result->sampling.top_k = read_u32(bytes + 36);
  result->sampling.top_p = read_u32(bytes + 40);
  result->sampling.seed = read_u32(bytes + 44) | (uint64_t)read_u32(bytes + 48) << 32;
  if ((result->flags & ~VECTORS_WITHOUT_LOGITS) != 0u) return "vectors: a flag is not known";
  if (result->greedy_count > result->prompt_count) return "vectors: more greedy prompts than prompts";
  return check_sampling(result);
}

static const char *read_counts(vectors *result, uint32_t version, const uint8_t *bytes) {
  const uint32_t limit = version == 1u ? VECTORS_GENERATED_LIMIT_1 : VECTORS_GENERATED_LIMIT_2;
  result->context = read_u32(bytes + 12);
  result->prompt_count = read_u32(bytes + 16);
  result->generated_count = read_u32(bytes + 20);
  result->text_count = version == 3u ? read_u32(bytes + 52) : 0u;
  if (!inside(result->prompt_count, COUNT_LIMIT)) return "vectors: the prompt count is outside 1...65536";
  if (!inside(result->generated_count, limit)) {
    return version == 1u ? "vectors: the generated byte count is outside 1...4096"
                         : "vectors: the generated byte count is outside 1...1048576";
  }
  if (version < 3u || inside(result->text_count, COUNT_LIMIT)) return NULL;
  return "vectors: the text count is outside 1...65536";
}

/* Takes the checksum from the end of a file that is long enough; 0 where it does not match. */
static int take_checksum(runner_bytes *file) {
  file->count -= 4u;
  return read_u32(file->start + file->count) == crc32(file->start, file->count);
}

const char *vectors_open(vectors *result, runner_bytes file) {
  if (file.count < header_bytes[0]) return "vectors: shorter than the header of 24 bytes";
  if (memcmp(file.start, "ATOMEVEC", 8) != 0) return "vectors: the magic is not ATOMEVEC";
  const uint32_t version = read_u32(file.start + 8);
  if (!inside(version, sizeof header_bytes)) return "vectors: the version is not 1, 2 or 3";
  if (version == 3u && !take_checksum(&file)) return "vectors: the checksum does not match";
  if (file.count < header_bytes[version - 1u]) return "vectors: shorter than its version's header";
  const char *reason = read_counts(result, version, file.start);
  if (reason == NULL && version == 1u) set_version_1(result);
  if (reason == NULL && version > 1u) reason = read_settings(result, file.start);
  if (reason != NULL) return reason;
  result->prompts = rest_after(file, header_bytes[version - 1u]);
  return check_prompts(result);
}

runner_bytes vectors_next(runner_bytes *rest) {
  const uint32_t length = read_u32(rest->start);
  const runner_bytes next = {rest->start + 4, length};
  *rest = rest_after(*rest, 4u + length);
  return next;
}
