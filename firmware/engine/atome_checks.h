/* What opening an image of any format needs. */
#ifndef ATOME_CHECKS_H
#define ATOME_CHECKS_H

#include "atome_engine.h"

#include <stdbool.h>

bool atome_equal_bytes(const uint8_t *left, const uint8_t *right, size_t count);

/* CRC-32 of IEEE 802.3, reflected. */
uint32_t atome_crc32(const uint8_t *bytes, size_t count);

bool atome_shape_is_valid(const atome_shape *shape);

#endif
