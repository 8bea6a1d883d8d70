/* @name@: a language model and the engine that runs it. No heap, no C library beyond memcpy and memset, no floats to
 * configure: the same bytes on every machine. All that is needed is this file and @name@.c.
 *
 *   static @name@_model model;
 *   if (@name@_open(&model) != NULL) return 1;
 *   @name@_read(&model, "> is it warm\n", 13);
 *   count = @name@_next(&model, text); // again and again, until @NAME@_END
 *
 * Made by Alambic @version@. SPDX-License-Identifier: Apache-2.0 (the engine; the model's licence is its maker's) */
#ifndef @NAME@_H
#define @NAME@_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The image that this library holds: @image_kind@. */
#define @NAME@_IMAGE_SHA256 "@sha256@"
#define @NAME@_IMAGE_BYTES @image_bytes@u
/* Positions that attention sees; a compact student has no such window. */
#define @NAME@_CONTEXT @context@u

/* RAM: the engine's work memory for this image and context, and with the library's own state. */
#define @NAME@_ENGINE_BYTES @engine_bytes@u
#define @NAME@_MEMORY_BYTES ((@NAME@_ENGINE_BYTES + @state_words@u * sizeof(void *) + @state_bytes@u + 7u) / 8u * 8u)

/* Room for what one call says, and what it returns at the end of a text. */
#define @NAME@_TEXT_BYTES 16u
#define @NAME@_END (-1)

/* A model at work: the caller's memory, which must stay in its place. Its contents are private. */
typedef union @name@_model {
  uint64_t memory[@NAME@_MEMORY_BYTES / 8u];
  void *alignment;
} @name@_model;

/* Checks the image and prepares the memory. NULL, or why not, in a few words. Takes the time of reading the image. */
const char *@name@_open(@name@_model *model);

/* Forgets everything that was read. */
void @name@_reset(@name@_model *model);

/* Reads text, in as many parts as one likes. What its end may still become of a longer token is held back. */
void @name@_read(@name@_model *model, const char *text, size_t size);

/* Goes on with the text by the likeliest token, and reads it before the next call. Returns how many bytes were written
 * to `text`, which has room for @NAME@_TEXT_BYTES and gets no '\0': 0 for a token that stands for nothing, or
 * @NAME@_END where the text ends. */
int @name@_next(@name@_model *model, char *text);

/* Reads one token and returns the 256 logits of the next, valid until the next call. For programs that choose by
 * themselves; its bits are the same on every machine. */
const @logit@ *@name@_step(@name@_model *model, uint8_t token);

/* Draws tokens by a temperature, the same ones from the same seed on every machine. */
typedef union @name@_sampler {
  uint64_t memory[134];
} @name@_sampler;

/* temperature: in thousandths, 10...100000, or 0 for the likeliest; top_k: 1...256 of the likeliest tokens; top_p: in
 * thousandths, 1...1000 of their share. NULL, or what is outside its limits. */
const char *@name@_sampler_open(
    @name@_sampler *sampler, uint32_t temperature, uint32_t top_k, uint32_t top_p, uint64_t seed);

/* @name@_next by a sampler. */
int @name@_draw(@name@_model *model, @name@_sampler *sampler, char *text);

#ifdef __cplusplus
}
#endif

#endif
