#pragma once
#include <zlib.h>
/* inflateInit2 is a macro, which Swift does not import. 31: gzip, with the largest window. */
static inline int alambic_inflate_gzip(z_stream *stream) { return inflateInit2(stream, 31); }
