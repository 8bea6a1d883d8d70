/* @name@: a @noun@ and the engine that runs it. No heap, no C library beyond memcpy and memset, no floats to
 * configure: the same bytes on every machine. All that is needed is this file and @name@.c.
 *
@use@
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

/* Reads one token and returns the 256 logits of the next, valid until the next call. For programs that choose by
 * themselves; its bits are the same on every machine. */
const @logit@ *@name@_step(@name@_model *model, uint8_t token);

@declarations@

#ifdef __cplusplus
}
#endif

#endif
