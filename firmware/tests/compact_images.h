/* Random images of compact students, for tests and fuzz targets. */
#ifndef COMPACT_IMAGES_H
#define COMPACT_IMAGES_H

#include "tests.h"

typedef struct compact_shape {
  uint32_t d, layers, m, g, f;
} compact_shape;

/* `malloc`ed at its size, so that reading past its end is seen. */
typedef struct compact_file {
  uint8_t *bytes;
  size_t size;
  compact_shape shape;
} compact_file;

/* With usual numbers: states, hidden numbers and logits differ from token to token. */
compact_file make_compact(compact_shape shape, uint32_t seed);
/* With a table of so many rows: of fewer than 256, tokens chosen by the seed have one each, all others share the last.
 * A step goes `passes` times through all blocks. */
compact_file make_compact_of(compact_shape shape, uint32_t rows, uint32_t passes, uint32_t seed);
/* With most numbers at the format's limits. */
compact_file make_compact_at_limits(compact_shape shape, uint32_t seed);
/* The image with a vocabulary's section and a trained context; the one that was given is freed. */
compact_file with_compact_section(compact_file file, const test_section *section, uint32_t trained_context);
/* Writes a size and a checksum that fit again. */
void seal_compact(compact_file *file);

#endif
