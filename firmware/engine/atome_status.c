#include "atome_engine.h"

const char *atome_status_message(atome_status status) {
  switch (status) {
    case ATOME_OK: return "done";
    case ATOME_TRUNCATED: return "the image ends before the last tensor";
    case ATOME_BAD_MAGIC: return "the image starts with neither ATOME01 nor ATOME02";
    case ATOME_NO_TRAILER: return "the image has no trailer and no shape was given";
    case ATOME_BAD_TRAILER: return "the bytes after the last tensor are not a valid trailer";
    case ATOME_BAD_CHECKSUM: return "the image differs from the checksum in its trailer";
    case ATOME_BAD_SHAPE: return "a dimension of the shape is outside its limits";
    case ATOME_SHAPE_MISMATCH: return "the given shape contradicts the image's trailer";
    case ATOME_BAD_TRIT: return "a tensor holds an invalid trit code or padding that is not zero";
    case ATOME_NOT_FINITE: return "a scale or float parameter is infinite or not a number";
    case ATOME_BAD_CONTEXT: return "the context is zero or too long";
    case ATOME_MEMORY_TOO_SMALL: return "the work memory is smaller than this image and context need";
    case ATOME_MEMORY_UNALIGNED: return "the work memory is not aligned to 4 bytes";
    case ATOME_IMAGE_UNALIGNED: return "the image is not aligned to 4 bytes";
    case ATOME_BAD_NUMBER: return "a number of the image is outside its limits";
    case ATOME_BAD_VOCABULARY: return "the vocabulary section is damaged";
    case ATOME_BAD_CODE: return "a matrix holds a nibble of 0";
    case ATOME_BAD_FILL: return "what fills a section is not zero, or a missing row not code 0";
    case ATOME_BAD_SAMPLING: return "a sampling setting is outside its limits";
  }
  return "unknown status";
}
