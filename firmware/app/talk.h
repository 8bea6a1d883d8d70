/* The talking program: says what it is, continues a prompt, then every line that it is sent. The same code on a board
 * and on the host, so that the host can say beforehand what a board will say. */
#ifndef TALK_H
#define TALK_H

#include <stddef.h>
#include <stdint.h>

typedef struct talk_settings {
  const char *board;      /* the name of its folder under boards */
  const char *image_name; /* the first digits of the image's SHA-256 */
  const uint8_t *image;   /* an .atome file with its trailer */
  size_t image_size;
  const uint8_t *prompt;
  size_t prompt_size;
  uint32_t context;    /* positions that attention sees */
  uint32_t byte_limit; /* a text ends after so many bytes, or at the byte 0 that ends a document */
  void *memory;        /* the engine's work memory */
  size_t memory_size;
} talk_settings;

/* Talks until the input ends. Returns 0, or 65 after a line that says why the image is refused. */
int talk(const talk_settings *settings);

#endif
