/* The image and, for the runner, the vectors, as they lie in flash. IMAGE_PATH and VECTORS_PATH come from the Makefile. */
    .syntax unified
    .section .rodata.payload, "a"

    .balign 4 /* integer images are read in words */
    .global payload_image, payload_image_end
payload_image:
    .incbin IMAGE_PATH
payload_image_end:

#if defined(VECTORS_PATH)
    .global payload_vectors, payload_vectors_end
payload_vectors:
    .incbin VECTORS_PATH
payload_vectors_end:
#endif
