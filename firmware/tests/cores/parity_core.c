/* parity.c on a core in QEMU. */
#include "parity.h"
#include "semihosting.h"

extern const uint8_t payload_image[], payload_image_end[];

int main(void);

void parity_say(const char *text) { semihosting_print(text); }

int main(void) { return parity_run(payload_image, (size_t)(payload_image_end - payload_image)); }
