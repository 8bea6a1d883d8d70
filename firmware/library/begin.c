/* @name@: a @noun@ (@image_kind@) and the engine that runs it, made by Alambic @version@ from its
 * sources; do not edit. @name@.h says how it is used.
 *
 * SPDX-License-Identifier: Apache-2.0 (the engine; the model's licence is its maker's)
 * Image: @image_bytes@ bytes, SHA-256 @sha256@
 *
 * Everything but the functions of @name@.h is static. Integer engines want a little-endian machine. */
#include "@name@.h"

/* Not every program needs every function. */
#if defined(__GNUC__)
#define ATOME_LOCAL static __attribute__((unused))
#else
#define ATOME_LOCAL static
#endif
