/* All that the talking program knows of an engine: a model that reads a byte and says the next. One file per engine
 * implements it (model_float.c). There is one model in a program. */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

/* A name and a number of the shape, in the order in which they are printed. */
typedef struct model_dimension {
  const char *name;
  uint32_t value;
} model_dimension;

enum { MODEL_DIMENSIONS = 5 };

/* What the engine computes with, for a person: "float32". */
extern const char model_arithmetic[];

/* How many bytes of work memory the engine needs. NULL, or why that cannot be told. */
const char *model_memory_size(const uint8_t *image, size_t image_size, uint32_t context, size_t *size);

/* Checks an image and prepares the engine. NULL, or why the image or the memory is refused. */
const char *model_open(const uint8_t *image, size_t image_size, uint32_t context, void *memory, size_t memory_size);

/* The opened image's shape: MODEL_DIMENSIONS of them. */
void model_shape(model_dimension *dimensions);

/* Forgets everything that was read. */
void model_reset(void);

/* Reads one byte; returns the most likely next one. */
uint8_t model_step(uint8_t byte);

#endif
