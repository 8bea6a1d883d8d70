/* Files of the host, read whole. */
#ifndef HOST_FILE_H
#define HOST_FILE_H

#include "runner.h"

/* The file's bytes, in memory that lives as long as the process; `start` is NULL where it failed, and errno says
 * why. */
runner_bytes host_file_read(const char *path);

/* A number of 32 bits in decimal; 0 where the text is none. */
uint32_t host_number(const char *text);

#endif
