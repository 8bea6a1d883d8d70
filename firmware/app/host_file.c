#include "host_file.h"

#include <stdio.h>
#include <stdlib.h>

runner_bytes host_file_read(const char *path) {
  runner_bytes content = {NULL, 0};
  FILE *file = fopen(path, "rb");
  if (file == NULL) return content;
  uint8_t *bytes = NULL;
  size_t count = 0, capacity = 0, got = 0;
  do {
    count += got;
    if (count == capacity) {
      capacity = capacity == 0u ? 1u << 16 : 2u * capacity;
      uint8_t *larger = realloc(bytes, capacity);
      if (larger == NULL) break;
      bytes = larger;
    }
    got = fread(bytes + count, 1, capacity - count, file);
  } while (got > 0u);
  if (got == 0u && ferror(file) == 0) {
    content.start = bytes;
    content.count = count;
  } else {
    free(bytes);
  }
  fclose(file);
  return content;
}

uint32_t host_number(const char *text) {
  char *end = NULL;
  const unsigned long value = strtoul(text, &end, 10);
  return *text < '0' || *text > '9' || *end != '\0' || value > UINT32_MAX ? 0u : (uint32_t)value;
}
