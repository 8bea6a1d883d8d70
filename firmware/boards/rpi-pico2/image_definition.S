/* What the RP2350's boot ROM looks for in the first 4 KiB of flash: a block that says what is to be started (data sheet,
 * 5.9, "Metadata block details": the smallest block for Arm). Without one it becomes a USB drive. The vector table is
 * where the flash begins, as the boot ROM takes it where the block names no other place. Not run on silicon. */
    .syntax unified

    .section .vectors.image_definition, "a"
    .word 0xFFFFDED3    /* PICOBIN_BLOCK_MARKER_START */
    .word 0x10210142    /* IMAGE_TYPE, one word: an executable for Arm, secure, of the RP2350 */
    .word 0x000001FF    /* LAST: one word of items stands before */
    .word 0x00000000    /* the next block is this one: there are no others */
    .word 0xAB123579    /* PICOBIN_BLOCK_MARKER_END */
