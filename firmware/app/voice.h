/* All that the talking program knows of a model: it reads a token and says the next. There is one in a program. */
#ifndef VOICE_H
#define VOICE_H

#include "atome_vocabulary.h"

#include <stddef.h>
#include <stdint.h>

/* A name and a number of the shape, in the order in which they are printed. */
typedef struct voice_dimension {
  const char *name;
  uint32_t value;
} voice_dimension;

enum { VOICE_DIMENSIONS = 5 };

/* How many bytes of work memory the engine needs. NULL, or why that cannot be told. */
const char *voice_memory_size(const uint8_t *image, size_t image_size, uint32_t context, size_t *size);

/* Checks an image and prepares its engine. NULL, or why the image or the memory is refused. */
const char *voice_open(const uint8_t *image, size_t image_size, uint32_t context, void *memory, size_t memory_size);

/* What the engine computes with, for a person. */
const char *voice_arithmetic(void);

/* Fills in the opened image's shape, at most VOICE_DIMENSIONS of them, and returns how many there are. */
uint32_t voice_shape(voice_dimension *dimensions);

/* Forgets everything that was read. */
void voice_reset(void);

/* What the model's tokens stand for. */
const atome_vocabulary *voice_vocabulary(void);

/* Reads one token; returns the most likely next one. */
uint8_t voice_step(uint8_t token);

/* Whether the opened model is a classifier, which says a label and no text. WITHOUT_LABELS leaves that out. */
#if defined(WITHOUT_LABELS)
static inline int voice_is_classifier(void) { return 0; }
#else
int voice_is_classifier(void);
#endif

/* Reads the end of a text; returns the name of the text's label, or "none of these", and how many bytes it has. */
const char *voice_label(uint32_t *size);

/* After a step: the most likely of the next tokens that go on with `rest`; a tie goes to the smaller one. */
uint8_t voice_choose(const uint8_t *rest, uint32_t count);

#endif
