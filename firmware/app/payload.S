/* The image as it lies in flash; for the runner also the vectors, for the talking program the prompt. The paths come from
 * the Makefile. */
#if defined(__arm__)
    .syntax unified
#endif
#if defined(__linux__)
    .section .note.GNU-stack, "", %progbits
#endif
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

#if defined(PROMPT_PATH)
    .global payload_prompt, payload_prompt_end
payload_prompt:
    .incbin PROMPT_PATH
payload_prompt_end:
#endif
